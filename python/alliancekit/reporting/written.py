"""A result's table as a file: for Word, for Markdown, for LaTeX."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from alliancekit.errors import ParameterError
from alliancekit.files import write_bytes
from alliancekit.reporting.apa.html import document
from alliancekit.reporting.apa.latex import table_latex
from alliancekit.reporting.apa.markdown import table_markdown

if TYPE_CHECKING:
    from collections.abc import Callable
    from os import PathLike

    from alliancekit.reporting.apa.table import Table

WRITERS: Final[dict[str, Callable[[Table], str]]] = {
    ".html": document,
    ".md": table_markdown,
    ".tex": table_latex,
}
"""How a table is written, by the suffix of the file; HTML can be opened in Word or pasted into it."""


def write_written(table: Table, path: str | PathLike[str]) -> None:
    """Write a table by the suffix of `path`.

    Raises:
        ParameterError: Another suffix.
        FileAccessError: The file system refuses.

    """
    target = Path(path)
    write = WRITERS.get(target.suffix.lower())
    if write is None:
        raise ParameterError(f"{target}: a table is written to a file that ends in {', '.join(WRITERS)}.")
    write_bytes(write(table).encode(), target)
