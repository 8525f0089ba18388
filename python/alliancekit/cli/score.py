"""`alliance score`: transcripts in, a table of turn scores out; a folder of them for corpora of any size."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliancekit.cli.options import (
    Bundle,
    Method,
    PrecisionChoice,
    PrecisionOption,
    ProgressChoice,
    RunProgress,
    Strict,
    Threads,
)
from alliancekit.cli.reading import Inputs, with_reading

if TYPE_CHECKING:
    from alliancekit.readers import ReadResult


class FormsChoice(StrEnum):
    """Whose wording a turn is compared with."""

    OWN = "own"
    ALL = "all"


@with_reading
def score(  # noqa: PLR0913 - a command has as many parameters as options
    inputs: Inputs,
    *,
    output: Annotated[
        Path,
        typer.Option(
            "-o", "--output", help="The scores: a .parquet or .csv file, or a folder for corpora of any size."
        ),
    ],
    choices: dict[str, Any],
    forms: Annotated[
        FormsChoice, typer.Option(help="own: each turn in its speaker's wording; all: in both as well.")
    ] = FormsChoice.OWN,
    method: Method = None,
    bundle: Bundle = None,
    threads: Threads = None,
    precision: PrecisionOption = PrecisionChoice.AUTO,
    keep_text: Annotated[bool, typer.Option("--keep-text", help="Keep the turns' text in the output.")] = False,
    echo: Annotated[
        bool,
        typer.Option("--echo", help="Add echo: how far a therapist's turn restates the patient's turn before it."),
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace an output file that exists.")] = False,
    strict: Strict = False,
    progress: RunProgress = ProgressChoice.AUTO,
    shard_turns: Annotated[
        int | None, typer.Option(min=1, help="Into a folder: turns after which a part ends; 50000 otherwise.")
    ] = None,
) -> None:
    """Score each turn of transcripts on task, bond, goal and their total."""
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.corpus_run import begin_run  # noqa: PLC0415
    from alliancekit.cli.output_file import check_output, is_folder  # noqa: PLC0415
    from alliancekit.cli.problems import print_problems  # noqa: PLC0415
    from alliancekit.cli.scoring import score_and_write  # noqa: PLC0415
    from alliancekit.readers import read  # noqa: PLC0415
    from alliancekit.scorer import Scorer  # noqa: PLC0415

    if is_folder(output, force=force):
        _refuse_echo(output, echo=echo)
        scoring = {
            "bundle": bundle,
            "method": method,
            "precision": precision.value,
            "forms": forms.value,
            "keep_text": keep_text,
        }
        begin_run(inputs, output, choices, scoring, shard_turns, threads=threads, strict=strict, progress=progress)
        return
    _refuse_of_folders(
        output, {"--shard-turns": shard_turns is not None, "--progress": progress != ProgressChoice.AUTO}
    )
    check_output(output, force=force)
    result = read(inputs, **choices)
    print_problems(result.problems)
    _check_result(result, output, keep_text=keep_text)
    scorer = Scorer(bundle, threads=threads, method=method, precision=precision.value)
    score_and_write(scorer, result, output, forms=forms.value, keep_text=keep_text, echo=echo)


def _refuse_echo(output: Path, *, echo: bool) -> None:
    from alliancekit.errors import ParameterError  # noqa: PLC0415 - as above

    if echo:
        raise ParameterError(f"{output}: a folder of parts has no column of echo. Write one file: -o scores.parquet.")


def _refuse_of_folders(output: Path, given: dict[str, bool]) -> None:
    from alliancekit.errors import ParameterError  # noqa: PLC0415 - as above

    for option in (name for name, is_given in given.items() if is_given):
        raise ParameterError(
            f"{option} is for runs into a folder, and {output} is one file: leave it out, or name a folder."
        )


def _check_result(result: "ReadResult", output: Path, *, keep_text: bool) -> None:
    from alliancekit.errors import ParameterError  # noqa: PLC0415 - as above
    from alliancekit.files import check_writable  # noqa: PLC0415

    if output.resolve() in {path.resolve() for path in result.files}:
        raise ParameterError(f"{output}: the output is one of the inputs. Name another file.")
    kept = result.turns if keep_text else result.turns.drop("text")
    check_writable(kept.schema, output)
