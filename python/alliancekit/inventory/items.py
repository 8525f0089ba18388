"""What an inventory is: scales, and items worded for the patient and for the therapist."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from alliancekit.schema import PATIENT, ROLES, Form

if TYPE_CHECKING:
    from collections.abc import Iterator

FORMS: Final[tuple[Form, ...]] = ROLES
"""The forms of every inventory, in the order in which tables and tensors hold them."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The sentences that express an item in one form (`agree`) and that deny it (`disagree`, may be empty)."""

    agree: tuple[str, ...]
    disagree: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One statement. `key` is +1 where agreeing with it speaks for its scale, -1 where it speaks against it."""

    id: str
    scale: str
    key: int
    statement: str
    patient: Wording
    therapist: Wording

    def wording(self, form: Form) -> Wording:
        """Return the sentences of one form."""
        return self.patient if form == PATIENT else self.therapist


@dataclass(frozen=True, slots=True)
class Example:
    """What is said of one scale by one speaker: sentences that show it (`agree`) and that show its lack (`disagree`).

    `gated` is fitted to them; the published methods, which compare with items, do not look at them.
    """

    id: str
    scale: str
    form: Form
    agree: tuple[str, ...]
    disagree: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """What is said in a session by one speaker and is about none of the scales: `gated` learns to leave it at zero."""

    id: str
    form: Form
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """A set of items and the ordered scales that they belong to; `examples` and `beside` may be empty.

    Example:
    >>> trust = Item("t", "bond", 1, "Trust", Wording(("I trust you.",)), Wording(("My client trusts me.",)))
    >>> Inventory("Mine", "1", "en", "CC0-1.0", ("bond",), (trust,)).sentences()
    ('I trust you.', 'My client trusts me.')

    """

    name: str
    version: str
    language: str
    license: str
    scales: tuple[str, ...]
    items: tuple[Item, ...]
    examples: tuple[Example, ...] = ()
    beside: tuple[Beside, ...] = ()

    def of_scale(self, scale: str) -> tuple[Item, ...]:
        """Return the items of one scale, in the order of the file."""
        return tuple(item for item in self.items if item.scale == scale)

    def sentences(self) -> tuple[str, ...]:
        """Return each distinct sentence once, in the order of the file."""
        return tuple(dict.fromkeys(self._all_sentences()))

    def _all_sentences(self) -> Iterator[str]:
        for item in self.items:
            for form in FORMS:
                yield from item.wording(form).agree
                yield from item.wording(form).disagree
        for example in self.examples:
            yield from (*example.agree, *example.disagree)
        for beside in self.beside:
            yield from beside.sentences
