"""The last step: the canonical turn table, checked, and problems under the names that may be shown."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from alliancekit.readers.protocol import Batch
from alliancekit.turns import canonical_turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.problem import Problem
    from alliancekit.readers.protocol import Table
    from alliancekit.readers.steps.context import Context


def check_turns(tables: Iterator[Table], context: Context) -> Iterator[Batch]:
    """Check what every canonical table has to be."""
    for table in tables:
        turns = canonical_turns(table.frame, place=context.place(table))
        problems = tuple(_shown(problem, context) for problem in table.problems)
        yield Batch(turns, table.rows, problems, context.path, context.unit)


def _shown(problem: Problem, context: Context) -> Problem:
    return replace(problem, path=context.shown_path) if problem.path == context.path else problem
