"""The work of `alliance score`: a progress bar, the scores, the file, a summary."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from alliancekit import schema
from alliancekit.labels import printable
from alliancekit.scored import provenance, write_scored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import polars as pl

    from alliancekit.readers import ReadResult
    from alliancekit.scorer import Scorer


def score_and_write(  # noqa: PLR0913 - each is a choice of the user, by name
    scorer: Scorer, result: ReadResult, output: Path, *, forms: schema.Forms, keep_text: bool, echo: bool = False
) -> None:
    """Score what was read, write it to `output` and say on stderr what was done."""
    start = time.perf_counter()
    with _progress() as progress:
        scored = scorer.score(result.turns, forms=forms, keep_text=keep_text, echo=echo, progress=progress)
    seconds = time.perf_counter() - start
    write_scored(scored, output, provenance(scorer, forms))
    sys.stderr.write(summary(result, scored, output, seconds=seconds, scorer=scorer))


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None] | None]:
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - takes time, and a pipe needs no bar
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("scoring", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def summary(result: ReadResult, scored: pl.DataFrame, output: Path, *, seconds: float, scorer: Scorer) -> str:
    """Give the lines that say what was done."""
    turns, text = result.turns, result.turns[schema.TEXT]
    missing = scored[schema.N_TOKENS].null_count()
    truncated = scored[schema.TRUNCATED].sum()
    distinct = text.filter(scored[schema.N_TOKENS].is_not_null()).n_unique()
    rate = turns.height / seconds if seconds > 0 else 0.0
    return (
        f"{len(result.files)} files, {turns[schema.SESSION_ID].n_unique()} sessions, {turns.height} turns: "
        f"{turns.height - missing} scored, {missing} null or blank, {truncated} truncated, {distinct} distinct texts\n"
        f"{seconds:.1f} s with {scorer.threads} threads in {scorer.info.precision}, {rate:,.0f} turns/s\n"
        f"written to {printable(str(output))}\n"
    )
