"""What the readers assumed and found, on stderr: one line a kind, however many files."""

from __future__ import annotations

import sys
from itertools import groupby
from typing import TYPE_CHECKING

from alliancekit.labels import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.readers import Problem


def print_problems(problems: Sequence[Problem]) -> None:
    """Print the first problem of each kind and how many more there are, warnings first."""
    kinds = sorted(problems, key=lambda problem: (problem.severity != "warning", problem.code))
    for _, group in groupby(kinds, key=lambda problem: (problem.severity, problem.code)):
        alike = list(group)
        more = f" ({len(alike) - 1} more of this kind)" if len(alike) > 1 else ""
        sys.stderr.write(printable(f"{alike[0].severity}: {alike[0]}{more}") + "\n")
