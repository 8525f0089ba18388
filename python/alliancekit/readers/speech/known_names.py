"""Names of which it is known who they are, without asking the caller."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit import schema
from alliancekit.roles import exact, known_role, loose

if TYPE_CHECKING:
    from alliancekit.readers.options import ReadOptions


def says_who(name: str) -> bool:
    """Tell whether a name is that of a patient, a therapist or someone who is left out.

    >>> says_who("Therapist 2"), says_who("Observer"), says_who("SPEAKER_00")
    (True, True, False)
    """
    return known_role(name) is not None or bool({exact(name), loose(name)} & schema.LEFT_OUT_NAMES)


def named_by_caller(options: ReadOptions) -> frozenset[str]:
    """Give the folded names of which the caller says who they are.

    >>> from alliancekit.readers.options import ReadOptions
    >>> sorted(named_by_caller(ReadOptions(roles={"Anna": "patient"}, leave_out=["Cat"])))
    ['anna', 'cat']
    """
    return frozenset(exact(name) for name in (*options.roles, *options.leave_out))
