"""The work of `alliance export`: which table, which format."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from alliancekit.cli.output_file import check_output, say_written
from alliancekit.cli.results import computed, opened
from alliancekit.errors import FileAccessError, ParameterError
from alliancekit.files import TABLE_SUFFIXES, write_table
from alliancekit.labels import listing
from alliancekit.reporting.apa.results import result_table
from alliancekit.reporting.export.r_folder import write_r_folder
from alliancekit.reporting.export.spss import require_spss, write_sav
from alliancekit.reporting.export.tidy import Tidy, tidy_result, tidy_sessions, tidy_turns
from alliancekit.reporting.written import WRITERS, write_written
from alliancekit.stats import compare, convergence, gap, trajectories
from alliancekit.stats.sessions import session_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

    from alliancekit.cli.source import Source
    from alliancekit.cli.working import Steps

SPSS: Final = ".sav"
SUFFIXES: Final = (*TABLE_SUFFIXES, SPSS, *WRITERS)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for, as the options of `alliance export` say it."""

    scores: Path
    output: Path
    what: str
    by: list[str] | None
    target: str | None
    reference: str | None
    outcome: str | None
    scale: list[str] | None
    resamples: int
    seed: int
    threads: int | None
    confidence: float
    force: bool

    def plan(self, progress: Steps) -> dict[str, Any]:
        """Give what every function of the statistics takes."""
        names = ("resamples", "seed", "threads", "confidence")
        return {**{name: getattr(self, name) for name in names}, "progress": progress}


def export_table(request: Request) -> None:
    """Write one table to one file."""
    output, suffix = request.output, request.output.suffix.lower()
    check_output(output, force=request.force, suffixes=SUFFIXES)
    if suffix in WRITERS and request.what == "turns":
        raise ParameterError(f"{output}: turns are data, not a table for a paper. Write .csv, .parquet or .sav.")
    if suffix == SPSS:
        require_spss()
    source = opened(request.scores, None, force=request.force)
    groups = source.grouping(request.by)
    found = computed(source, lambda progress: _tidy(source, groups, request, progress))
    if suffix in WRITERS:
        write_written(result_table(found.table, confidence=request.confidence), output)
    elif suffix == SPSS:
        write_sav(found.table, output, categories=groups)
    else:
        write_table(found.table, output)
    _say_left_out(found)
    say_written(output)


def export_to_r(request: Request) -> None:
    """Write the folder for R."""
    _check_folder(request.output, force=request.force)
    source = opened(request.scores, None, force=request.force)
    source.refuse_sessions()
    groups, scales = source.grouping(request.by), source.chosen(request.scale)
    if len(groups) > 1:
        raise ParameterError("the model takes one column of conditions: give --by once.")
    computed(
        source,
        lambda progress: write_r_folder(
            source.table,
            request.output,
            scales=scales,
            by=groups[0] if groups else None,
            reference=request.reference,
            outcome=request.outcome,
            progress=progress,
        ),
    )
    say_written(request.output)


def _check_folder(folder: Path, *, force: bool) -> None:
    if folder.exists() and not folder.is_dir():
        raise FileAccessError(f"{folder}: is a file. Name a folder, or a file with a suffix.")
    if not folder.absolute().parent.is_dir():
        raise FileAccessError(f"{folder}: there is no folder '{folder.parent}'. Make it first.")
    if folder.exists() and not force:
        raise ParameterError(f"{folder}: exists. Name another folder, or replace our files in it with --force.")


def _tidy(source: Source, groups: list[str], request: Request, progress: Steps) -> Tidy:
    scales = source.chosen(request.scale)
    if request.what == "turns":
        source.refuse_sessions()
        return tidy_turns(source.table, scales, progress=progress)
    if request.what == "sessions":
        return tidy_sessions(session_table(source.table, scales=scales, by=groups))
    return tidy_result(_result(source, groups, scales, request, progress))


def _result(source: Source, groups: list[str], scales: list[str], request: Request, progress: Steps) -> pl.DataFrame:
    plan = request.plan(progress)
    if request.what == "compare":
        if request.target is None:
            raise ParameterError("--what compare needs --target: the condition that is compared.")
        by = source.labels(request.by)
        whose = by[0] if len(by) == 1 else by
        return compare(source.table, by=whose, target=request.target, scales=scales, largest=True, **plan)
    functions: dict[str, Callable[..., pl.DataFrame]] = {
        "gap": gap,
        "trajectories": trajectories,
        "convergence": convergence,
    }
    return functions[request.what](source.table, by=groups, scales=scales, **plan)


def _say_left_out(found: Tidy) -> None:
    if found.left_out:
        sys.stderr.write(f"left out, since they may hold talk: {listing(found.left_out)}\n")
