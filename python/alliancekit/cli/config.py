"""`--config FILE`: options from a TOML file, below those of the command line.

A key is a long option's name, with - or _; `map` and `roles` may be tables; a table with a command's name holds for
that command alone. Paths are taken from the file's folder.
"""

import inspect
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from alliancekit.errors import FileAccessError, ParameterError
from alliancekit.labels import nearest, quoted


def take_config(context: typer.Context, path: Path | None) -> Path | None:
    """Make the file's options the defaults of the command that runs."""
    if path is not None:
        table = _read(path)
        commands = getattr(context.find_root().command, "commands", {})
        known = {name for command in commands.values() for name in _options(command)}
        own = _options(context.command)
        given = {**_common(table, known, commands, path), **_of_command(table, context, own, path)}
        paths = _paths(context.command)
        context.default_map = {}
        for name, option in own.items():
            if name in given:
                value = _value(given[name], option, f"{path}: '{name}'")
                # A path in the file means the same wherever the command is run.
                context.default_map[option.name] = str(path.parent / value) if option.name in paths else value
    return path


Config = Annotated[
    Path | None,
    typer.Option(
        "--config", is_eager=True, callback=take_config, help="TOML file of options; the command line goes first."
    ),
]


def _read(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise FileAccessError(f"{path}: cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParameterError(f"{path}: not valid TOML: {error}.") from None


def _options(command: Any) -> dict[str, Any]:  # noqa: ANN401 - Typer's classes are private
    """Give a command's options by their long names, those of flags in the positive."""
    return {
        name.removeprefix("--"): option
        for option in getattr(command, "params", ())
        for name in option.opts
        if name.startswith("--") and name not in ("--config", "--help")
    }


def _common(table: dict[str, Any], known: set[str], commands: Any, path: Path) -> dict[str, Any]:  # noqa: ANN401 - as above
    found = {}
    for key, value in table.items():
        name = key.replace("_", "-")
        if name in known:
            found[name] = value
        elif not (name in commands and isinstance(value, dict)):
            raise _unknown(key, [*known, *commands], path)
    return found


def _of_command(table: dict[str, Any], context: typer.Context, own: dict[str, Any], path: Path) -> dict[str, Any]:
    found = table.get(context.info_name or "", {})
    options = {key.replace("_", "-"): value for key, value in found.items()} if isinstance(found, dict) else {}
    for name in options:
        if name not in own:
            raise _unknown(name, list(own), path)
    return options


def _unknown(key: str, known: list[str], path: Path) -> ParameterError:
    near = nearest(key.replace("_", "-"), known)
    hint = f" Did you mean '{near}'?" if near else ""
    return ParameterError(
        f"{path}: {quoted(key)} is no option and no command.{hint} Known: {', '.join(sorted(known))}."
    )


def _paths(command: Any) -> set[str]:  # noqa: ANN401 - as above
    parameters = inspect.signature(command.callback).parameters
    kinds = {name: get_args(parameter.annotation)[:1] for name, parameter in parameters.items()}
    return {name for name, kind in kinds.items() if kind and Path in (kind[0], *get_args(kind[0]))}


def _value(value: Any, option: Any, place: str) -> Any:  # noqa: ANN401 - as TOML and Typer have it
    if isinstance(value, dict):
        if option.name not in ("columns", "roles"):
            raise ParameterError(f"{place} is no table.")
        return [f"{left}={right}" for left, right in _pairs(value, place)]
    if option.multiple != isinstance(value, list):
        raise ParameterError(f"{place} is {'a list, or a table' if option.multiple else 'one value, not a list'}.")
    if bool(option.is_flag) != isinstance(value, bool):
        raise ParameterError(f"{place} is {'true or false' if option.is_flag else 'not true or false'}.")
    return value


def _pairs(table: dict[str, Any], place: str) -> Iterator[tuple[str, str]]:
    for left, right in table.items():
        if not isinstance(right, str):
            raise ParameterError(f"{place}: {quoted(left)} is a string.")
        yield left, right
