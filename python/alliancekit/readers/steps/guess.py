"""A guess at who is the therapist: by convention of names, by exclusion, else by who asks and who talks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.roles import exact, loose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alliancekit.readers.shown import Shown
    from alliancekit.readers.steps.talk import Talk

LETTERS: Final[tuple[dict[str, str], ...]] = (
    {"t": schema.THERAPIST, "p": schema.PATIENT},
    {"t": schema.THERAPIST, "c": schema.PATIENT},
    {"t": schema.THERAPIST, "k": schema.PATIENT},
    {"d": schema.THERAPIST, "p": schema.PATIENT},
    {"c": schema.THERAPIST, "p": schema.PATIENT},
)
"""Single letters that transcribers use in pairs: a letter alone says nothing, ``C`` being client and counsellor."""
TWO: Final = 2
FEWEST_ASKING: Final = 3
CLEARLY_MORE: Final = 1.5
"""How many times more often one has to ask, or more words the other has to say, for it to tell them apart."""


@dataclass(frozen=True, slots=True)
class Guess:
    """A guess, or why there is none.

    Attributes:
        roles: name of each speaker whose name says nothing → role; empty where there is no guess.
        reason: what it rests on, or why there is none.
        doubtful: whether the evidence is thin, or some of it speaks against it.
        talks: the evidence.

    """

    roles: Mapping[str, str]
    reason: str
    doubtful: bool = False
    talks: Sequence[Talk] = field(default=())

    def folded(self) -> dict[str, str]:
        """Give the roles by folded name."""
        return {exact(name): role for name, role in self.roles.items()}

    def told(self, shown: Shown) -> str:
        """Put the guess and its evidence in words."""
        said = {talk.name: _told(talk) for talk in self.talks}
        who = ", ".join(f"{shown.name(name)} is the {role} ({said[name]})" for name, role in self.roles.items())
        return f"{who}: {self.reason}"


def guess_session(talks: Sequence[Talk], known: Mapping[str, str]) -> Guess:
    """Guess the roles of a session's speakers.

    Args:
        talks: those of speakers who are not left out.
        known: name → `patient` or `therapist`, for those whose names say it.

    >>> from alliancekit.readers.steps.talk import Talk
    >>> guess_session([Talk("A", 10, 6, 90), Talk("B", 9, 1, 300)], {}).roles
    {'A': 'therapist', 'B': 'patient'}
    """
    unknown = [talk for talk in talks if talk.name not in known]
    if not unknown:
        return Guess({}, "all names are known")
    if len(talks) != TWO:
        return Guess({}, f"there are {len(talks)} speakers, and a guess is for two", talks=talks)
    if len(unknown) == 1:
        role = _other(next(iter(known.values())))
        return Guess({unknown[0].name: role}, f"the other of two speakers is the {_other(role)}", talks=talks)
    return _by_letters(talks) or _by_talk(*talks)


def _by_letters(talks: Sequence[Talk]) -> Guess | None:
    letters = {loose(talk.name): talk.name for talk in talks}
    for pair in LETTERS:
        if letters.keys() == pair.keys():
            roles = {letters[letter]: pair[letter] for letter in letters}
            return Guess(roles, "the names are the letters that transcribers use for the two", talks=talks)
    return None


def _by_talk(one: Talk, other: Talk) -> Guess:
    asker = _clearly(one, other, one.rate, other.rate) if one.asking + other.asking >= FEWEST_ASKING else None
    talker = _clearly(one, other, one.words, other.words)
    talks = (one, other)
    if asker is None and talker is None:
        return Guess({}, "the two ask and talk about as much", talks=talks)
    if asker is None:
        therapist = other if talker is one else one
        reason = "the therapist is taken to be the one who talks less, since both ask as much"
        return Guess(_roles(therapist, talks), reason, doubtful=True, talks=talks)
    reason = "the therapist is taken to be the one who asks more"
    if talker is asker:
        return Guess(_roles(asker, talks), f"{reason}, though the same one talks more", doubtful=True, talks=talks)
    also = "" if talker is None else " and talks less"
    return Guess(_roles(asker, talks), reason + also, talks=talks)


def _clearly(one: Talk, other: Talk, first: float, second: float) -> Talk | None:
    if first > second * CLEARLY_MORE:
        return one
    return other if second > first * CLEARLY_MORE else None


def _roles(therapist: Talk, talks: Sequence[Talk]) -> dict[str, str]:
    return {talk.name: schema.THERAPIST if talk is therapist else schema.PATIENT for talk in talks}


def _other(role: str) -> str:
    return schema.PATIENT if role == schema.THERAPIST else schema.THERAPIST


def _told(talk: Talk) -> str:
    return f"asks in {talk.asking} of {talk.turns} turns, {talk.words} words"
