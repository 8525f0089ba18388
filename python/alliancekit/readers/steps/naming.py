"""Which speakers' names say who they are: by the caller's choices, else by what is known of names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.roles import check_roles, exact, known_role, loose

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alliancekit.readers.steps.context import Context

LEAVE_OUT: Final = "leave-out"
"""What stands for a role where a speaker is neither patient nor therapist."""


@dataclass(frozen=True, slots=True)
class Naming:
    """What names mean in one file.

    Attributes:
        roles: folded name → `patient` or `therapist`, as the caller says.
        left_out: folded names of speakers whom the caller leaves out.

    >>> Naming({"anna": "patient"}, frozenset({"ben"})).meaning("Anna"), Naming({}, frozenset()).meaning("Observer 2:")
    ('patient', 'leave-out')
    """

    roles: Mapping[str, str]
    left_out: frozenset[str]

    def meaning(self, name: str) -> str | None:
        """Give `patient`, `therapist` or `LEAVE_OUT`; None for a name that may be anyone's."""
        folded = exact(name)
        if folded in self.left_out:
            return LEAVE_OUT
        role = self.roles.get(folded) or known_role(name)
        return role or (LEAVE_OUT if {folded, loose(name)} & schema.LEFT_OUT_NAMES else None)


def naming(context: Context) -> Naming:
    """Put together what the options and the roles file say of the names in this file; the latter goes first."""
    options = context.options
    of_file = roles_of_file(context)
    by_file = {name for name, role in of_file.items() if role == LEAVE_OUT}
    asked = {exact(name) for name in options.leave_out} - (of_file.keys() - by_file)
    roles = {name: role for name, role in (check_roles(options.roles) | of_file).items() if role != LEAVE_OUT}
    return Naming(roles, frozenset(asked | by_file))


def roles_of_file(context: Context) -> dict[str, str]:
    """Give what the roles file says of this file's speakers: folded name → role or `LEAVE_OUT`."""
    return {} if context.sides.roles is None else context.sides.roles.of_file(context.path, context.name)
