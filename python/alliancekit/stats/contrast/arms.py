"""Who is compared with whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from alliancekit.errors import DataError, ParameterError
from alliancekit.labels import listing, nearest, quoted
from alliancekit.stats.contrast.request import EVERY_OTHER, REST

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from alliancekit.stats.contrast.conditions import Conditions
    from alliancekit.stats.contrast.request import Request

    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Arms:
    """Sessions with the target, and those of the reference, which do not have it."""

    reference: str
    target: Mask
    other: Mask


def arms(known: Conditions, asked: Request) -> list[Arms]:
    """Give the target's arm beside that of each reference: the other conditions in sorted order, then `rest`."""
    target = known.has[_checked(known, asked.target)]
    without = ~target & ~known.unknown[asked.target]
    found = {name: has & without for name, has in known.has.items() if name != asked.target}
    found = {name: other for name, other in found.items() if other.any()}
    if not found and not without.any():
        raise DataError(f"all sessions have the condition {quoted(asked.target)}: there is nothing to compare it with")
    same = len(found) == 1 and np.array_equal(without, next(iter(found.values())))
    found[REST] = without
    chosen = list(found) if asked.references is None else _chosen(found, asked.references)
    return [Arms(name, target, found[name]) for name in chosen if name != REST or not same or asked.references]


def _checked(known: Conditions, target: str) -> str:
    """Refuse a target that no session has, and conditions that have the names of our own references."""
    taken = {REST, EVERY_OTHER}.intersection(known.has)
    if taken:
        raise ParameterError(f"a condition is named {quoted(taken.pop())}, which is a name of `reference`: rename it")
    if target not in known.has:
        raise ParameterError(f"no session has the condition {quoted(target)}{_instead(target, known.has)}")
    if not known.has[target].any():
        raise DataError(f"no session has the condition {quoted(target)}: its column is never true")
    return target


def _chosen(found: Iterable[str], references: Iterable[str]) -> list[str]:
    """Restrict the references to those asked for, in the order of the rows."""
    options, asked = list(found), set(references)
    for name in sorted(asked.difference(options)):
        raise ParameterError(f"reference {quoted(name)} is none of the other conditions{_instead(name, options)}")
    return [name for name in options if name in asked]


def _instead(name: str, options: Iterable[str]) -> str:
    known = list(options)
    close = nearest(name, known)
    if close is not None:
        return f"; did you mean {quoted(close)}?"
    return f"; there are {listing(known)}" if known else "; no session has one"
