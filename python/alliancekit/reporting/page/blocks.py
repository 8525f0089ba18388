"""What a section is made of. The template knows how each is written; a block only says what."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.reporting.apa.table import Table
    from alliancekit.reporting.plots.picture import Picture


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    text: str
    kind: Literal["text"] = "text"


@dataclass(frozen=True, slots=True)
class Callout:
    """A paragraph that must not be overlooked."""

    text: str
    kind: Literal["callout"] = "callout"


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what they are."""

    rows: Sequence[tuple[str, str]]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Items:
    """A list of sentences, under a heading of its own where there is one."""

    items: Sequence[str]
    heading: str | None = None
    kind: Literal["items"] = "items"


@dataclass(frozen=True, slots=True)
class Code:
    """A command, as it is typed."""

    text: str
    kind: Literal["code"] = "code"


@dataclass(frozen=True, slots=True)
class Figure:
    """Pictures, and the numbers that they show in a table beneath.

    Attributes:
        caption: what it shows.
        table: the numbers.
        pictures: none where there is nothing to draw.
        heading: stands above, where a section has several figures alike.
        folded: whether the table is opened by the reader.
        group: label by which the whole figure is filtered.

    """

    caption: str
    table: Table
    pictures: Sequence[Picture] = ()
    heading: str | None = None
    folded: bool = False
    group: str | None = None
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True, slots=True)
class Quotation:
    """A turn's text, shown because it was asked for."""

    session: str
    role: str
    turn_index: int
    text: str


@dataclass(frozen=True, slots=True)
class Quotations:
    """Turns of sessions."""

    turns: Sequence[Quotation]
    kind: Literal["quotations"] = "quotations"


Block = Text | Callout | Facts | Items | Code | Figure | Quotations


@dataclass(frozen=True, slots=True)
class Section:
    """One question and its answer.

    Attributes:
        name: its place on the page, for links.
        question: the heading.
        answer: the sentence that the page begins with.
        blocks: the rest.

    """

    name: str
    question: str
    answer: str
    blocks: Sequence[Block] = field(default_factory=list)
