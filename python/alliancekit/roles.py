"""Role mapping: the data's names for the speakers to `patient` and `therapist`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError, ParameterError, RoleError
from alliancekit.labels import is_label, nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alliancekit.place import Place

FEW_NAMES: Final = 12
"""A role column holds few names; a column with more may be anything, and its values are not quoted."""
REPEATED: Final = 3
"""Rows that a name must have to be quoted when it resembles no known role."""
LISTED: Final = 5
OUTER: Final = " \t:.,;()[]<>{}*#_-"
NUMBER: Final = re.compile(r"[\s_\-#.]*\d+$")


def map_roles(role: pl.Series, roles: Mapping[str, str], place: Place) -> pl.Series:
    """Give each row's role as `patient` or `therapist`.

    Args:
        role: names as the data has them: String, Categorical, Enum or integer; case and outer white space
            do not matter, and to the names known by default neither outer punctuation nor a number at the end.
        roles: name in the data → `patient` or `therapist`, over the names of `schema.ROLE_NAMES`.
        place: where the column came from, for messages.

    Returns:
        String series of the same length.

    Raises:
        ParameterError: a value of `roles` is neither `patient` nor `therapist`.
        ColumnError: the column is neither of strings nor of integers.
        RoleError: a role is null or not known.

    >>> from alliancekit.place import Place
    >>> map_roles(pl.Series("role", [" Client", "SPK_1"]), {"spk_1": "therapist"}, Place()).to_list()
    ['patient', 'therapist']
    """
    mapping = check_roles(roles)
    names = names_of(role, place)
    distinct = names.unique().drop_nulls()
    mapped = [mapping.get(exact(name)) or known_role(name) for name in distinct]
    result = names.replace_strict(distinct, pl.Series(mapped, dtype=pl.String), default=None, return_dtype=pl.String)
    if names.null_count():
        _refuse_null(names, place)
    if result.null_count():
        _refuse_unknown(names, result, schema.ROLE_NAMES | mapping, place)
    return result


def known_role(name: str) -> str | None:
    """Give the role that a name has by default: ``Client 2:`` is a client, ``SPEAKER_00`` anyone.

    >>> known_role("Client 2:"), known_role("SPEAKER_00")
    ('patient', None)
    """
    return schema.ROLE_NAMES.get(exact(name)) or schema.ROLE_NAMES.get(loose(name))


def exact(name: str) -> str:
    """Fold case and outer white space: two names that are then one are one speaker."""
    return name.strip().casefold()


def loose(name: str) -> str:
    """Fold outer punctuation and a number at the end as well, to look a name up among those known by default.

    >>> loose(" THERAPIST-01: "), loose("(Pt.)")
    ('therapist', 'pt')
    """
    return NUMBER.sub("", exact(name).strip(OUTER)).strip(OUTER)


def check_roles(roles: Mapping[str, str]) -> dict[str, str]:
    """Give the mapping with folded names; refuse a value that is no role.

    >>> check_roles({"Coach": "therapist"})
    {'coach': 'therapist'}
    """
    for name, role in roles.items():
        if role not in schema.ROLES:
            near = nearest(role, schema.ROLES)
            hint = f" Did you mean '{near}'?" if near else ""
            raise ParameterError(
                f"{quoted(name)} is mapped to {quoted(role)}, which is no role.{hint} "
                "A role mapping goes from the data's name to 'patient' or 'therapist'."
            )
    return {exact(name): role for name, role in roles.items()}


def names_of(role: pl.Series, place: Place) -> pl.Series:
    """Give a role column as strings.

    Raises:
        ColumnError: it is neither of strings nor of integers.

    """
    if role.dtype in (pl.String, pl.Categorical, pl.Enum, pl.Null) or role.dtype.is_integer():
        return role.cast(pl.String)
    raise ColumnError(
        f"{place.prefix}the column 'role' holds {role.dtype}, not names. Is it the right column? "
        'Map another with columns={"role": "NAME"} (command line: --map role=NAME).'
    )


def _refuse_null(names: pl.Series, place: Place) -> None:
    missing = names.is_null()
    position = missing.arg_max()
    raise RoleError(
        f"{place.prefix}the column 'role' is empty in {missing.sum()} of {len(names)} {place.unit}s, "
        f"first in {place.unit} {place.row(position or 0)}. Every turn needs a speaker: fill it in, leave those "
        "turns out with unnamed='leave-out' (command line: --unnamed leave-out), or give each to the speaker before "
        "with unnamed='previous'."
    )


def _refuse_unknown(names: pl.Series, result: pl.Series, known: Mapping[str, str], place: Place) -> None:
    unknown = names.filter(result.is_null())
    counts = unknown.value_counts(sort=True, name="n").rows()
    few = names.n_unique() <= FEW_NAMES
    first = sorted(counts, key=lambda row: (-row[1], row[0]))[:LISTED]
    found = [_describe(name, n, known, few=few) for name, n in first]
    more = f", and {len(counts) - LISTED:,} more names" if len(counts) > LISTED else ""
    position = result.is_null().arg_max()
    raise RoleError(
        f"{place.prefix}the column 'role' has an unknown role in {len(unknown)} of {len(names)} {place.unit}s, "
        f"first in {place.unit} {place.row(position or 0)}: {', '.join(found)}{more}. "
        'Map each with roles={"NAME": "therapist"} (command line: --roles NAME=therapist); '
        "if these are not speakers, another column is the role (--map role=NAME)."
    )


def _describe(name: str, n: int, known: Mapping[str, str], *, few: bool) -> str:
    rows = f"{n} row{'s' if n > 1 else ''}"
    near = nearest(name, known)
    # With a wrong mapping this column is the transcript: a value is shown when it can hardly be a turn.
    if not is_label(name) or not (near or (few and n >= REPEATED)):
        return f"a value of {len(name)} characters ({rows}; not shown, since it may be transcript text)"
    hint = f", nearest '{near}'" if near else ""
    return f"{quoted(name)} ({rows}{hint})"
