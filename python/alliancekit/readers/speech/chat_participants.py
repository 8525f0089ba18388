"""Who the speakers of a CHAT file are, by its header."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from alliancekit.readers.speech.known_names import named_by_caller, says_who
from alliancekit.roles import exact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alliancekit.readers.options import ReadOptions

ANYONE: Final = "participant"
"""CHAT's role of whoever is recorded, a therapist or a patient; it says something of one speaker only."""


def speakers(header: str, options: ReadOptions) -> dict[str, str]:
    """Give each speaker's code with what the speaker is to be called.

    It is the code or the name, if the caller gives that one a role; else the role in the header, if that says who it
    is (Therapist, Patient, Observer); else the code.

    Args:
        header: the value of ``@Participants``: code, it may be a name, and role of each, with commas between.
        options: how files are read.

    >>> from alliancekit.readers.options import ReadOptions
    >>> header = "THE Anna Therapist, PAR Ben Participant, INV Investigator"
    >>> speakers(header, ReadOptions(roles={"Ben": "patient"}))
    {'THE': 'Therapist', 'PAR': 'Ben', 'INV': 'INV'}
    """
    entries = {words[0]: words for entry in header.split(",") if (words := entry.split())}
    asked = named_by_caller(options)
    counts = Counter(exact(words[-1]) for words in entries.values())
    return {code: _called(words, asked, counts) for code, words in entries.items()}


def _called(words: list[str], asked: frozenset[str], counts: Mapping[str, int]) -> str:
    code, *names, role = words if len(words) > 1 else [*words, ""]
    for own in (code, " ".join(names).replace("_", " "), *names):
        if exact(own) in asked:
            return own
    readable = role.replace("_", " ")
    shared = exact(role) == ANYONE and counts[exact(role)] > 1
    return readable if says_who(readable) and not shared else code
