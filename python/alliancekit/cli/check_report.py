"""What `alliance check` found, for people and for programs."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import typer

from alliancekit import schema
from alliancekit.cli.advice import advice
from alliancekit.cli.tables import print_table
from alliancekit.labels import counted, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.readers import Checked, Problem
    from alliancekit.readers.counts import Counts

LISTED_FILES: Final = 40
LISTED_PROBLEMS: Final = 5
SEVERITIES: Final = ("error", "warning", "note")


def to_json(checked: Checked, limit: int | None) -> str:
    """Give everything as one JSON object."""
    files = [{"path": str(file.path), "format": file.format, **_numbers(file)} for file in checked.files]
    problems = [
        {
            "path": str(found.path),
            "row": found.row,
            "unit": found.unit,
            "column": found.column,
            "code": found.code,
            "severity": found.severity,
            "message": found.message,
            "what_to_do": advice(found),
        }
        for found in checked.problems
    ]
    total = {"files": len(checked.files), **_numbers(checked.total)}
    whole = {
        "total": total,
        "token_limit": limit,
        "conditions": checked.conditions,
        "files": files,
        "problems": problems,
    }
    return json.dumps(whole, indent=2)


def print_checked(checked: Checked, limit: int | None) -> None:
    """Print a table of the files, the conditions, and the problems, errors first."""
    header = ["file", "format", "sessions", "patient", "therapist", "blank", "words", "longest"]
    header += [] if limit is None else [f"> {limit} tokens"]
    rows = [_row(str(file.path), file, limit) for file in checked.files[:LISTED_FILES]]
    if len(checked.files) > LISTED_FILES:
        rows.append([f"{counted(len(checked.files) - LISTED_FILES, 'more file')}", *[""] * (len(header) - 1)])
    if len(checked.files) != 1:
        rows.append(_row(counted(len(checked.files), "file"), checked.total, limit))
    print_table(header, rows, numbers=len(header) - 2)
    typer.echo("sessions, turns of each role and without a text, median and most words of a turn")
    if checked.conditions is not None:
        shown = ", ".join(f"{printable(name)} {n}" for name, n in checked.conditions.items())
        typer.echo(f"sessions of each condition: {shown}")
    _print_problems(checked.problems)


def _print_problems(problems: Sequence[Problem]) -> None:
    numbers = {severity: sum(found.severity == severity for found in problems) for severity in SEVERITIES}
    typer.echo("\n" + ", ".join(counted(n, severity) for severity, n in numbers.items()))
    ordered = sorted(problems, key=lambda found: (SEVERITIES.index(found.severity), found.code))
    for _, group in groupby(ordered, key=lambda found: (found.severity, found.code)):
        alike = list(group)
        for found in alike[:LISTED_PROBLEMS]:
            typer.echo(printable(f"{found.severity}: {found}"))
        if len(alike) > LISTED_PROBLEMS:
            typer.echo(f"  and {len(alike) - LISTED_PROBLEMS} more of this kind; --json lists all")
        what_to_do = advice(alike[0])
        if what_to_do is not None:
            typer.echo(f"  -> {what_to_do}")


def _row(name: str, counts: Counts, limit: int | None) -> list[str]:
    lengths = counts.lengths()
    over = [] if limit is None else [_figure(counts.over_limit)]
    return [
        name,
        f"{counts.format} (not read to its end)" if counts.failed else counts.format,
        _figure(len(counts.sessions)),
        *(_figure(counts.turns[role]) for role in schema.ROLES),
        _figure(counts.blank),
        _figure(lengths["median"]),
        _figure(lengths["longest"]),
        *over,
    ]


def _figure(number: int | None) -> str:
    return "-" if number is None else f"{number:,}"


def _numbers(counts: Counts) -> dict[str, Any]:
    return {
        "read_to_the_end": not counts.failed,
        "sessions": len(counts.sessions),
        "turns": {**counts.turns, "blank": counts.blank, "over_limit": counts.over_limit},
        "words": counts.lengths(),
    }
