"""The work of `alliance score -o FOLDER/` and `alliance resume`: run, show how far it is, say what was done."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import typer

from alliancekit.cli.corpus_progress import Display, display
from alliancekit.cli.exit_codes import ExitCode
from alliancekit.corpus.plan import make_task
from alliancekit.corpus.score import SHARD_TURNS, Settings, begin, go_on
from alliancekit.labels import counted, printable
from alliancekit.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from alliancekit.cli.options import ProgressChoice
    from alliancekit.corpus.score import ScoredCorpus


def begin_run(  # noqa: PLR0913 - as many as the command has
    inputs: Sequence[Path],
    output: Path,
    choices: Mapping[str, Any],
    scoring: Mapping[str, Any],
    shard_turns: int | None,
    *,
    threads: int | None,
    strict: bool,
    progress: ProgressChoice,
) -> None:
    """Score into a folder.

    Raises:
        AllianceError: see `alliancekit.score_corpus`.
        typer.Exit: with the code of a run with quarantined rows.

    """

    def work(settings: Settings) -> ScoredCorpus:
        scorer = Scorer(scoring["bundle"], threads=threads, method=scoring["method"], precision=scoring["precision"])
        asked = {**scoring, "bundle": scorer.bundle_path, "method": scorer.method}
        task = make_task(inputs, choices, shard_turns=shard_turns or SHARD_TURNS, **asked)
        return begin(task, output, scorer, settings)

    _carry_out(work, threads=threads, strict=strict, progress=progress)


def go_on_with(output: Path, *, threads: int | None, strict: bool, progress: ProgressChoice) -> None:
    """Go on with a run. Raises as `begin_run` does."""
    _carry_out(lambda settings: go_on(output, settings), threads=threads, strict=strict, progress=progress)


def _carry_out(
    work: Callable[[Settings], ScoredCorpus], *, threads: int | None, strict: bool, progress: ProgressChoice
) -> None:
    with display(progress) as shown:
        made = work(Settings(threads, strict, shown.progress, shown.problem))
        _tell(made, shown)
    if made.quarantined:
        raise typer.Exit(ExitCode.QUARANTINED)


def _tell(made: ScoredCorpus, shown: Display) -> None:
    if shown.as_json:
        found = {"event": "summary", "folder": str(made.folder), **made.manifest["totals"]}
        sys.stderr.write(json.dumps(found) + "\n")
    else:
        shown.close()
        sys.stderr.write(summary(made))


def summary(made: ScoredCorpus) -> str:
    """Give the lines that say what was done."""
    totals, status = made.manifest["totals"], made.status
    known = f", {1 - status.new_texts / status.texts:.0%} of texts known from before" if status.texts else ""
    first = (
        f"{counted(len(made.manifest['inputs']), 'file')}, {counted(totals['sessions'], 'session')}, "
        f"{counted(totals['turns'], 'turn')}: {totals['scored']:,} scored, {totals['blank']:,} null or blank, "
        f"{totals['truncated']:,} truncated{known}"
    )
    lines = [first]
    if totals["quarantined"]:
        reasons = ", ".join(f"{reason} {n:,}" for reason, n in totals["quarantined"].items())
        lines.append(f"quarantined rows, listed in {made.folder / 'quarantine.csv'}: {reasons}")
    if totals["sessions_again"]:
        lines.append(
            f"{counted(totals['sessions_again'], 'session')} with turns in several parts: a turn that stands twice is "
            "found within a part only; `alliance check` finds it everywhere"
        )
    if status.texts:
        lines.append(f"{status.seconds:.1f} s, {status.rate:,.0f} turns/s")
    lines.append(f"written to {made.folder}, {counted(len(made.manifest['parts']), 'part')}")
    return "".join(printable(line) + "\n" for line in lines)
