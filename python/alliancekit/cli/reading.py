"""How transcripts are read: the options that every command which reads them has, each said once."""

import functools
import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from alliancekit.cli.config import Config
from alliancekit.cli.pairs import column_pairs, role_pairs

Inputs = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="Files, folders or patterns of transcripts, of any format known."),
]


def reading_choices(  # noqa: PLR0913 - as many parameters as options
    *,
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="canonical=name, e.g. text=utterance_text; as often as needed.")
    ] = None,
    guess_columns: Annotated[
        bool | None,
        typer.Option("--guess-columns/--no-guess-columns", help="Take the guess where column names are not known."),
    ] = None,
    roles: Annotated[
        list[str] | None, typer.Option("--roles", help="name=role, e.g. SPEAKER_00=therapist; as often as needed.")
    ] = None,
    roles_file: Annotated[
        Path | None, typer.Option("--roles-file", help="Table with the columns file (or session_id), speaker, role.")
    ] = None,
    guess_roles: Annotated[
        bool | None,
        typer.Option(
            "--guess-roles/--no-guess-roles", help="Take the guess where names do not say who the therapist is."
        ),
    ] = None,
    leave_out: Annotated[
        list[str] | None,
        typer.Option("--leave-out", help="Name of a speaker who is neither; as often as needed."),
    ] = None,
    unnamed: Annotated[
        Literal["refuse", "leave-out", "previous"] | None,
        typer.Option("--unnamed", help="Turns without a speaker: an error, left out, or of the speaker before."),
    ] = None,
    metadata: Annotated[
        Path | None, typer.Option("--metadata", help="Table of session labels, joined by session_id.")
    ] = None,
    metadata_id: Annotated[
        str | None, typer.Option("--metadata-id", help="Its column with the ids, if not session_id.")
    ] = None,
    merge: Annotated[
        bool | None, typer.Option("--merge/--no-merge", help="Join consecutive utterances of one speaker.")
    ] = None,
    non_speech: Annotated[
        Literal["keep", "strip", "drop-turns"] | None,
        typer.Option(
            "--non-speech", help="[laughter], (inaudible), times: kept, taken out, or turns of them left out."
        ),
    ] = None,
    pseudonymise: Annotated[
        Path | None,
        typer.Option("--pseudonymise", help="Key file: ids of sessions, patients, therapists become keyed hashes."),
    ] = None,
    format: Annotated[  # noqa: A002 - the option's name
        str | None, typer.Option("--format", help="Format of the files, where suffix and content are not to decide.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Of files that are neither UTF-8 nor marked UTF-16, e.g. cp1252.")
    ] = None,
    separator: Annotated[
        str | None, typer.Option("--separator", help="Between columns, if not a comma (CSV) or a tab (TSV).")
    ] = None,
    sheet: Annotated[str | None, typer.Option("--sheet", help="Sheet of a workbook, if not its first.")] = None,
    max_record_bytes: Annotated[
        int | None, typer.Option("--max-record-bytes", help="Most bytes of a row, line or message.")
    ] = None,
    config: Config = None,  # noqa: ARG001 - its callback does the work
) -> dict[str, Any]:
    """Give the options as keyword arguments of `alliancekit.read`."""
    given: dict[str, Any] = {
        "guess_columns": guess_columns,
        "roles_file": roles_file,
        "guess_roles": guess_roles,
        "leave_out": leave_out or None,
        "unnamed": unnamed,
        "metadata": metadata,
        "metadata_id": metadata_id,
        "merge": merge,
        "non_speech": non_speech,
        "pseudonymise": pseudonymise,
        "format": format,
        "encoding": encoding,
        "separator": separator,
        "sheet": sheet,
        "max_record_bytes": max_record_bytes,
    }
    return {"columns": column_pairs(columns), "roles": role_pairs(roles), **given}


def with_reading(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options above in the place of its parameter `choices`."""
    shared = inspect.signature(reading_choices).parameters
    own = inspect.signature(command)
    kept = [parameter for name, parameter in own.parameters.items() if name != "choices"]

    @functools.wraps(command)
    def run(**given: Any) -> None:  # noqa: ANN401 - any option's value
        choices = reading_choices(**{name: given.pop(name) for name in shared})
        command(**given, choices=choices)

    # Typer takes a command's options from its signature.
    run.__signature__ = own.replace(parameters=[*kept, *shared.values()])  # type: ignore[attr-defined] # Python documents it
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in (*kept, *shared.values())}
    return run
