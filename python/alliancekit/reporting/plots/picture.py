"""A picture with its title and description, and how it is drawn: the same bytes for the same picture."""

from __future__ import annotations

import io
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alliancekit.errors import ParameterError
from alliancekit.files import write_bytes
from alliancekit.reporting.plots.palette import FAINT, GRID, INK
from alliancekit.reporting.plots.svg import accessible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from os import PathLike

    from matplotlib.figure import Figure

FORMATS: Final = (".svg", ".pdf", ".png")
DOTS_PER_INCH: Final = 300
STYLE: Final = {
    "font.family": ["DejaVu Sans"],  # comes with matplotlib, so that every machine lays out alike
    "font.size": 9,
    "axes.facecolor": "none",
    "axes.labelsize": 9,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": FAINT,
    "ytick.color": FAINT,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": GRID,
    "text.color": INK,
    "text.parse_math": False,  # a label may hold dollar signs
    "svg.fonttype": "none",  # words stay words, for readers and for search
    "pdf.fonttype": 42,
    "axes.unicode_minus": True,
}


@dataclass(frozen=True, slots=True)
class Mark:
    """What a part of a picture stands for: shown where the pointer rests, and what a page filters by."""

    words: str
    group: str | None = None


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing that knows what it shows.

    Attributes:
        name: unlike that of any other picture on a page; letters, digits and hyphens.
        title: what it shows.
        description: what can be seen in it, in words.
        draw: makes the figure, with the style already set.
        marks: by the group id that a part was drawn with.

    """

    name: str
    title: str
    description: str
    draw: Callable[[], Figure] = field(repr=False)
    marks: dict[str, Mark] = field(default_factory=dict, repr=False)

    def svg(self, *, background: str = "white") -> str:
        """Give it as an SVG element with title and description: no style, script, link or date in it.

        Args:
            background: a colour, or ``none`` on a page that may be dark.

        """
        drawn = self._saved("svg", {"Date": None, "Creator": None, "Format": None, "Type": None}, background)
        return accessible(drawn.decode("utf-8"), self)

    def save(self, path: str | PathLike[str]) -> None:
        """Write it as SVG, PDF or PNG (300 dots an inch), by the suffix of `path`.

        Raises:
            ParameterError: Another suffix.
            FileAccessError: The file system refuses.

        """
        target = Path(path)
        suffix = target.suffix.lower()
        if suffix not in FORMATS:
            raise ParameterError(f"{target}: a picture is written to a file that ends in {', '.join(FORMATS)}.")
        content = self.svg().encode() if suffix == ".svg" else self._saved(suffix[1:], WITHOUT_DATE[suffix])
        write_bytes(content, target)

    def _repr_svg_(self) -> str:
        return self.svg()

    def _saved(self, kind: str, metadata: dict[str, None], background: str = "white") -> bytes:
        with style(self.name):
            file = io.BytesIO()
            self.draw().savefig(file, format=kind, metadata=metadata, dpi=DOTS_PER_INCH, facecolor=background)
        return file.getvalue()


WITHOUT_DATE: Final[dict[str, dict[str, None]]] = {
    ".pdf": {"CreationDate": None, "Creator": None, "Producer": None},
    ".png": {"Software": None},
}


@contextmanager
def style(salt: str) -> Iterator[None]:
    """Draw in the house style, with ids that depend on nothing but the picture and `salt`."""
    import matplotlib as mpl  # noqa: PLC0415 - takes half a second, and few need it

    with mpl.rc_context(), warnings.catch_warnings():
        # The font lacks scripts of other languages; the reader of the page, which has the words, need not.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        mpl.rcdefaults()
        settings: Any = {**STYLE, "svg.hashsalt": salt}
        mpl.rcParams.update(settings)
        yield
