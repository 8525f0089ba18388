"""From a file of scores to a result: what every statistical command does around its own function."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from alliancekit.cli.output_file import check_output
from alliancekit.cli.source import Source, open_scores
from alliancekit.cli.working import carry_out
from alliancekit.errors import DataError
from alliancekit.files import write_table
from alliancekit.records import records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from alliancekit.cli.working import Steps

Result = TypeVar("Result")


def opened(scores: Path, output: Path | None, *, force: bool) -> Source:
    """Check where the result goes, then open what it is made from.

    Raises:
        AllianceError: the output is refused, or the scores are.

    """
    if output is not None:
        check_output(output, force=force)
    with _damage_named(scores):
        return carry_out(lambda _: open_scores(scores))


def computed(source: Source, work: Callable[[Steps], Result]) -> Result:
    """Give the result of `work`, which is called with what to tell its progress.

    Raises:
        DataError: the file of scores is damaged inside.

    """
    with _damage_named(source.path):
        return carry_out(work)


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    # Fewer kinds than a reader takes for damage: in a computation, most errors of Polars would be our own mistakes.
    try:
        yield
    except (pl.exceptions.ComputeError, pl.exceptions.PanicException):
        raise DataError(f"{path}: cannot be read to its end; it is damaged. Make or copy it again.") from None


def deliver(table: pl.DataFrame, output: Path | None, *, as_json: bool, show: Callable[[], None]) -> None:
    """Write the table where it was asked for, and print it as JSON or as `show` does."""
    if output is not None:
        write_table(table, output)
    if as_json:
        print(to_json(table))  # noqa: T201 - the command's output
    else:
        show()


def to_json(table: pl.DataFrame) -> str:
    """Give the records as a JSON array in full precision; a number that JSON cannot hold is null.

    >>> json.loads(to_json(pl.DataFrame({"gap": [0.1, float("nan")]})))
    [{'gap': 0.1}, {'gap': None}]

    """
    return json.dumps(records(table), indent=2, default=str)
