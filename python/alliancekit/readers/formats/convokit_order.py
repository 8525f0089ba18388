"""The order of a ConvoKit corpus's utterances: by their times, else by what each replies to, else the file's."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence


class Key(NamedTuple):
    """What tells an utterance's place in its conversation."""

    id: str
    conversation: str
    reply_to: str | None
    timestamp: float | None


def order_of(keys: Sequence[Key]) -> tuple[list[int] | None, int]:
    """Give the positions of the utterances in the order in which they were said, and how many conversations that moves.

    Args:
        keys: in the file's order.

    Returns:
        Each conversation keeps the places that it has in the file; within them, its utterances stand by their
        timestamps if each has one, else along their replies if these make one chain, else as in the file. None where
        that is the file's order.

    >>> order_of([Key("b", "1", "a", None), Key("a", "1", None, None)])
    ([1, 0], 1)
    """
    places: dict[str, list[int]] = {}
    for position, key in enumerate(keys):
        places.setdefault(key.conversation, []).append(position)
    order = list(range(len(keys)))
    moved = 0
    for own in places.values():
        said = _said(own, keys)
        moved += said != own
        for place, position in zip(own, said, strict=True):
            order[place] = position
    return (order, moved) if moved else (None, 0)


def _said(own: list[int], keys: Sequence[Key]) -> list[int]:
    times = [time for position in own if (time := keys[position].timestamp) is not None]
    # Equal times, such as a 0 everywhere, tell nothing.
    if len(times) == len(own) and len(set(times)) > 1:
        return sorted(own, key=dict(zip(own, times, strict=True)).__getitem__)
    return _chain(own, keys) or own


def _chain(own: list[int], keys: Sequence[Key]) -> list[int] | None:
    """Give the utterances from the one that replies to none, each after the one it replies to; None for a tree."""
    after = {keys[position].reply_to: position for position in own}
    chain: list[int] = []
    at = after.get(None)
    while at is not None and len(chain) < len(own):
        chain.append(at)
        at = after.get(keys[at].id)
    return chain if len(chain) == len(own) == len(after) else None
