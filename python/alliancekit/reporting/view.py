"""A result in a notebook: a table with APA conventions, a picture, and both as files, without the text of any turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit.extras import require

if TYPE_CHECKING:
    from os import PathLike

    import polars as pl

    from alliancekit.reporting.apa.table import Table
    from alliancekit.reporting.plots.picture import Picture

# What makes tables and pictures is imported where it is used: `import alliancekit` stays quick.


class View:
    """How a result looks: `alliancekit.view(table)`, or `table.alliance` on any Polars frame.

    Args:
        table: Result of `gap`, `compare`, `convergence`, `trajectories` or `sessions`, or a frame of `MixedModel`.

    Raises:
        DataError: On rendering: the table is none of these.

    Example:
        >>> import alliancekit as ak
        >>> from alliancekit.stats.simulate import simulate
        >>> turns = simulate({"anxiety": 20}, turns=30, gap=0.4, scales=("bond",), seed=1)
        >>> view = ak.view(ak.gap(turns, scales=["bond"], resamples=399))
        >>> print(view.markdown().splitlines()[0])
        **Gap between therapist and patient**
        >>> view.plot().title
        'Gap between therapist and patient'

    """

    def __init__(self, table: pl.DataFrame) -> None:
        self._table = table

    def plot(self, *, confidence: float = 0.95) -> Picture:
        """Draw it: curves for `trajectories`, a forest plot for the others.

        Args:
            confidence: Of the intervals that the table holds, for the axis.

        Returns:
            A picture that a notebook shows; its `save` writes SVG, PDF or PNG.

        Raises:
            DataError: The table is no result that can be drawn, or too large to be read as a picture.
            MissingExtraError: Matplotlib is not installed: ``pip install 'alliancekit[report]'``.

        """
        require("report", "matplotlib")
        from alliancekit.reporting.plots.results import result_picture  # noqa: PLC0415 - as above

        return result_picture(self._table, confidence=confidence)

    def table(self, *, confidence: float = 0.95) -> Table:
        """Give the table as it is written, before it is HTML, Markdown or LaTeX."""
        from alliancekit.reporting.apa.results import result_table  # noqa: PLC0415 - as above

        return result_table(self._table, confidence=confidence)

    def html(self, *, confidence: float = 0.95) -> str:
        """Give the table as an HTML fragment."""
        from alliancekit.reporting.apa.html import table_html  # noqa: PLC0415 - as above

        return table_html(self.table(confidence=confidence), inline=True)

    def markdown(self, *, confidence: float = 0.95) -> str:
        """Give the table in Markdown."""
        from alliancekit.reporting.apa.markdown import table_markdown  # noqa: PLC0415 - as above

        return table_markdown(self.table(confidence=confidence))

    def latex(self, *, confidence: float = 0.95) -> str:
        """Give the table in LaTeX, for the package booktabs."""
        from alliancekit.reporting.apa.latex import table_latex  # noqa: PLC0415 - as above

        return table_latex(self.table(confidence=confidence))

    def save(self, path: str | PathLike[str], *, confidence: float = 0.95) -> None:
        """Write the table as HTML (for Word), Markdown or LaTeX, by the suffix of `path`.

        Raises:
            ParameterError: Another suffix.
            FileAccessError: The file system refuses.

        """
        from alliancekit.reporting.written import write_written  # noqa: PLC0415 - as above

        write_written(self.table(confidence=confidence), path)

    def __repr__(self) -> str:
        return self.markdown()

    def _repr_html_(self) -> str:
        return self.html()


def view(table: pl.DataFrame) -> View:
    """Give a result as a notebook shows it; see `View`."""
    return View(table)
