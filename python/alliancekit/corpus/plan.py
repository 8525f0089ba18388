"""What a run is to do and what it is made from: written before its first part, held against what is there later."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alliancekit.corpus.layout import FORMAT_VERSION
from alliancekit.errors import DataError, FileAccessError, IntegrityError, ParameterError

if TYPE_CHECKING:
    from alliancekit import schema
    from alliancekit.precision import Precision

PATHS: Final = ("metadata", "roles_file", "pseudonymise")
"""Choices of reading that are files."""

PACKAGES: Final = ("alliancekit", "polars", "onnxruntime")
"""Packages of which another version may give other bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is asked for.

    Attributes:
        inputs: files, folders and patterns, as they were given.
        folder: from which relative ones are meant.
        choices: how they are read: fields of `ReadOptions`.
        bundle: folder of the model bundle.
        method: scoring method.
        precision: as in `Scorer`.
        forms: `own` or `all`.
        keep_text: whether the text is in the output.
        shard_turns: turns after which a part ends with the session.

    """

    inputs: tuple[str, ...]
    folder: str
    choices: Mapping[str, Any]
    bundle: str
    method: str | None
    precision: Precision
    forms: schema.Forms
    keep_text: bool
    shard_turns: int

    def path(self, given: str) -> Path:
        """Give a path as it is meant wherever the process runs."""
        return Path(given) if Path.cwd() == Path(self.folder) else Path(self.folder, given)

    def paths(self) -> list[Path]:
        """Give the inputs."""
        return [self.path(given) for given in self.inputs]

    def reading(self) -> dict[str, Any]:
        """Give the choices of reading, with files as they are meant."""
        return {name: self.path(value) if name in PATHS else value for name, value in self.choices.items()}

    def config(self) -> dict[str, Any]:
        """Give what decides on the scores besides files: names of speakers are among the choices."""
        others = {name: value for name, value in self.choices.items() if name not in PATHS}
        own = {
            "method": self.method,
            "precision": self.precision,
            "forms": self.forms,
            "keep_text": self.keep_text,
            "shard_turns": self.shard_turns,
        }
        return {**own, **others}


@dataclass(frozen=True, slots=True)
class Plan:
    """A task and what it is made from.

    Attributes:
        task: what is asked for.
        bundle: file of the bundle → SHA-256.
        inputs: file as it is called in outputs → SHA-256, in the order of reading.
        sides: name of the choice → SHA-256 of the side table.
        versions: package → version.
        engine: what runs the model and with which instructions: the precision, engine and instruction set.

    """

    task: Task
    bundle: Mapping[str, str]
    inputs: Mapping[str, str]
    sides: Mapping[str, str]
    versions: Mapping[str, str]
    engine: Mapping[str, str]

    def to_json(self) -> str:
        """Give the text of the file."""
        return json.dumps({"format_version": FORMAT_VERSION, **asdict(self)}, indent=1) + "\n"

    def refuse_other(self, now: Plan, folder: Path) -> None:
        """Refuse to go on with something else.

        Args:
            now: made of what is there now.
            folder: of the run.

        Raises:
            IntegrityError: inputs, configuration, bundle, versions or engine differ; the message says which.

        """
        found = [
            *_differences("input", self.inputs, now.inputs),
            *_differences("side table", self.sides, now.sides),
            *_differences("configuration", _shown(self.task.config()), _shown(now.task.config())),
            *_differences("bundle", self.bundle, now.bundle),
            *_differences("version of", self.versions, now.versions),
            *_changes(self.engine, now.engine),
        ]
        if list(self.inputs) != list(now.inputs) and not found:
            found = ["the order of the inputs differs"]
        if found:
            more = f"; and {len(found) - 5} more" if len(found) > 5 else ""  # noqa: PLR2004 - as many as are readable
            raise IntegrityError(
                f"{folder}: the run cannot go on, since it would not be the same: {'; '.join(found[:5])}{more}. "
                "Put it back as it was, or start again in another folder."
            )


def make_task(  # noqa: PLR0913 - as many as a run has choices
    inputs: Sequence[str | os.PathLike[str]],
    choices: Mapping[str, Any],
    *,
    bundle: Path,
    method: str | None,
    precision: Precision = "auto",
    forms: schema.Forms,
    keep_text: bool,
    shard_turns: int,
) -> Task:
    """Make a task that can be written down.

    Raises:
        ParameterError: a choice cannot be, or `shard_turns` is not positive.

    """
    if shard_turns < 1:
        raise ParameterError(f"shard_turns is at least 1, not {shard_turns}.")
    if choices.get("transform") is not None:
        raise ParameterError(
            "transform is a function, which a run that can be resumed cannot write down. Apply it first."
        )
    given = {name: _plain(value) for name, value in choices.items() if value is not None}
    return Task(
        inputs=tuple(os.fspath(path) for path in inputs),
        folder=str(Path.cwd()),
        choices=dict(sorted(given.items())),
        bundle=str(bundle.resolve()),
        method=method,
        precision=precision,
        forms=forms,
        keep_text=keep_text,
        shard_turns=shard_turns,
    )


def versions() -> dict[str, str]:
    """Give the versions that may not change while a run is unfinished."""
    return {name: version(name) for name in PACKAGES}


def read_plan(path: Path) -> Plan:
    """Read the plan of an unfinished run.

    Raises:
        FileAccessError: it is not there.
        DataError: it is damaged, or of another format.

    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        if values.pop("format_version") != FORMAT_VERSION:
            raise DataError(f"{path}: the run was begun by another version of alliancekit. Go on with that one.")
        task = values.pop("task")
        return Plan(Task(**{**task, "inputs": tuple(task["inputs"])}), **values)
    except OSError as error:
        raise FileAccessError(f"{path}: cannot be read: {error.strerror}. There is no run to go on with.") from None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"{path}: is damaged. Start again in another folder.") from None


def _plain(value: Any) -> Any:  # noqa: ANN401 - any option's value
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, Mapping):
        return {str(key): str(name) for key, name in value.items()}
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _shown(config: Mapping[str, Any]) -> dict[str, str]:
    return {name: json.dumps(value, sort_keys=True) for name, value in config.items()}


def _differences(what: str, before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Name what differs, and not how: a value may be a name."""
    names = dict.fromkeys([*before, *now])
    kinds = {name: _difference(before.get(name), now.get(name)) for name in names}
    return [f"{what} {name} {kind}" for name, kind in kinds.items() if kind]


def _changes(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    """Say how the engine differs: nothing there is a name."""
    names = dict.fromkeys([*before, *now])
    pairs = ((name, before.get(name), now.get(name)) for name in names)
    return [f"the {name} was {old} and is {new}" for name, old, new in pairs if old != new]


def _difference(before: str | None, now: str | None) -> str | None:
    if before == now:
        return None
    return "is new" if before is None else "is missing" if now is None else "has changed"
