"""Names and labels of variables as SPSS allows them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_NAME: Final = 64
LONGEST_LABEL: Final = 255
LONGEST_VALUE_LABEL: Final = 120
"""Bytes (IBM SPSS Statistics, Command Syntax Reference: variable names, VARIABLE LABELS, VALUE LABELS)."""

RESERVED: Final = frozenset(["ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"])
FOREIGN: Final = re.compile(r"[^A-Za-z0-9_]")


def variable_names(columns: Iterable[str]) -> dict[str, str]:
    """Give each column a name that SPSS takes, unlike the others whatever the case.

    >>> variable_names(["bond", "Bond", "my label", "by", "1st"])
    {'bond': 'bond', 'Bond': 'Bond_2', 'my label': 'my_label', 'by': 'v_by', '1st': 'v_1st'}

    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for column in columns:
        name = _unlike(_allowed(column), taken)
        taken.add(name.casefold())
        names[column] = name
    return names


def shortened(text: str, longest: int) -> str:
    """Cut a label to its bytes, and say so by an ellipsis.

    >>> shortened("abcdef", 5)
    'ab…'

    """
    content = text.encode()
    if len(content) <= longest:
        return text
    return content[: longest - len("…".encode())].decode(errors="ignore") + "…"


def _allowed(column: str) -> str:
    name = FOREIGN.sub("_", column).strip("_") or "variable"
    if not name[0].isalpha() or name.upper() in RESERVED:
        name = f"v_{name}"
    return name[: LONGEST_NAME - 4]


def _unlike(name: str, taken: set[str]) -> str:
    candidate, number = name, 2
    while candidate.casefold() in taken:
        candidate, number = f"{name}_{number}", number + 1
    return candidate
