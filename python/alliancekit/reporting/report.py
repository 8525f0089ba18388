"""A report: scored sessions in, one HTML file out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from alliancekit.errors import ParameterError
from alliancekit.extras import require
from alliancekit.files import write_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike

    import polars as pl

    from alliancekit.reporting.choices import Origin
    from alliancekit.stats.inference.resample import Progress

SUFFIXES = (".html", ".htm")


def report(  # noqa: PLR0913 - each is a choice of the analysis
    turns: pl.DataFrame | pl.LazyFrame,
    path: str | PathLike[str],
    *,
    by: str | None = "condition",
    target: str | None = None,
    scales: Sequence[str] | None = None,
    title: str | None = None,
    bins: int = 10,
    margin: float = 0.2,
    minimum_turns: int = 10,
    most_sessions: int = 20,
    suppress_small_cells: bool = False,
    quotes: bool = False,
    resamples: int = 2000,
    seed: int = 0,
    threads: int | None = None,
    confidence: float = 0.95,
    bundle: str | PathLike[str] | None = None,
    origin: Origin | None = None,
    progress: Progress | None = None,
) -> None:
    """Write one self-contained HTML page that answers what a reader asks of scored sessions.

    The page loads nothing, and forbids itself to; it works without JavaScript, in light and dark and in print. Its
    numbers are those of `alliancekit.gap`, `compare`, `trajectories` and `convergence`. The same table and choices
    give the same bytes.

    Args:
        turns: Turn scores, or the result of `alliancekit.sessions` (then without forms and curves).
        path: The page, ends in ``.html``; an existing one is replaced.
        by: Column of conditions. The default one may be missing: the page says that there are no conditions.
        target: Condition that is compared with the others; none by default.
        scales: As for `alliancekit.sessions`.
        title: Heading of the page.
        bins: Parts of a session, for the curves.
        margin: As for `alliancekit.convergence`.
        minimum_turns: Scored turns of each role that a session needs to be listed.
        most_sessions: Sessions listed.
        suppress_small_cells: Leave out numbers of groups of fewer than 5 sessions, those from which these could be
            had by subtraction, and the list of sessions.
        quotes: Show turns of the listed sessions, which needs the column `text`. Without it no text is on the page.
        resamples: Bootstrap replicates and permutations.
        seed: The same seed gives the same page.
        threads: At most this many; by default one per core.
        confidence: Of intervals, and 1 less the level of tests.
        bundle: Folder of the model that made the scores, for the figures of its card; the packaged one by default.
        origin: Where the scores come from (file, hash, command), as `alliance report` knows it.
        progress: Called with (done, of) within each part of the work.

    Raises:
        MissingExtraError: Matplotlib or Jinja2 is not installed: ``pip install 'alliancekit[report]'``.
        ParameterError: The path has another suffix; choices exclude each other; the target is no condition.
        ColumnError, DataError, RoleError: As the functions of `alliancekit.stats`.
        FileAccessError: The file system refuses.

    Example:
        >>> import tempfile
        >>> from pathlib import Path
        >>> import alliancekit as ak
        >>> from alliancekit.stats.simulate import simulate
        >>> turns = simulate({"anxiety": 20, "suicidality": 8}, turns=30, gap=1.0, scales=("bond",), seed=1)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     ak.report(turns, f"{folder}/report.html", scales=["bond"], target="suicidality", resamples=399)
        ...     "On bond, therapists’ language was scored higher" in Path(folder, "report.html").read_text()
        True

    """
    target_file = Path(path)
    if target_file.suffix.lower() not in SUFFIXES:
        raise ParameterError(f"{target_file}: the report is written to a file that ends in .html.")
    require("report", "matplotlib", "jinja2")
    # What makes the page is imported where it is made: `import alliancekit` stays quick.
    from alliancekit.reporting.choices import Choices  # noqa: PLC0415
    from alliancekit.reporting.page.compose import page  # noqa: PLC0415

    choices = Choices(
        by=by,
        target=target,
        scales=None if scales is None else tuple(scales),
        bins=bins,
        margin=margin,
        minimum_turns=minimum_turns,
        most_sessions=most_sessions,
        resamples=resamples,
        seed=seed,
        threads=threads,
        confidence=confidence,
        suppress_small_cells=suppress_small_cells,
        quotes=quotes,
        progress=progress,
    )
    folder = None if bundle is None else Path(bundle)
    text = page(turns, choices, origin, title=title, bundle=folder)
    write_bytes(text.encode(), target_file)
