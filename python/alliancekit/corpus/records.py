"""The record of a part: what commits it, and what `resume` goes on from."""

from __future__ import annotations

import hashlib
import io
import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError, FileAccessError, IntegrityError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from alliancekit.corpus.layout import Layout
    from alliancekit.corpus.parts import Bad, Part


@dataclass(frozen=True, slots=True)
class Record:
    """What a part is.

    Attributes:
        part: name of the file.
        size: bytes of the file.
        sha256: of the file.
        turns: rows in it.
        scored: of these, with scores.
        blank: of these, without a text.
        truncated: of these, with an end that the model did not read.
        quarantined: reason code → rows that were quarantined.
        taken: turns of the input done with this part, of all parts until now.
        aside: rows quarantined while reading, of all parts until now.

    """

    part: str
    size: int
    sha256: str
    turns: int
    scored: int
    blank: int
    truncated: int
    quarantined: dict[str, int] = field(default_factory=dict)
    taken: int = 0
    aside: int = 0

    def to_json(self, bad: Sequence[Bad]) -> bytes:
        """Give the text of the file: the rows that were quarantined stand there too, and nowhere in memory."""
        return (json.dumps({**asdict(self), "bad": bad}) + "\n").encode()


def encoded(part: Part, metadata: dict[str, str]) -> bytes:
    """Give the bytes of a part's Parquet file: the same for the same turns."""
    file = io.BytesIO()
    part.turns.rechunk().write_parquet(file, metadata=metadata)
    return file.getvalue()


def make_record(part: Part, name: str, content: bytes) -> Record:
    """Describe a part that was encoded."""
    turns = part.turns
    tokens = turns.get_column(schema.N_TOKENS, default=pl.Series([], dtype=pl.UInt32))
    truncated = turns.get_column(schema.TRUNCATED, default=pl.Series([], dtype=pl.Boolean))
    blank = tokens.null_count()
    return Record(
        part=name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        turns=turns.height,
        scored=turns.height - blank,
        blank=blank,
        truncated=int(truncated.sum()),
        quarantined=dict(sorted(Counter(reason for _, _, reason, _ in part.bad).items())),
        taken=part.taken,
        aside=part.aside,
    )


def read_records(layout: Layout) -> list[Record]:
    """Read the records of an unfinished run, in order; a part without one does not count.

    Raises:
        FileAccessError, DataError: a record cannot be read or is damaged.

    """
    records: list[Record] = []
    while (path := layout.record(len(records))).exists():
        values = _values(path)
        del values["bad"]
        try:
            records.append(Record(**values))
        except TypeError:
            raise _damaged(path) from None
    return records


def bad_rows(layout: Layout, number: int) -> list[Bad]:
    """Read which rows were quarantined with a part.

    Raises:
        FileAccessError, DataError: the record cannot be read or is damaged.

    """
    return [(file, row, reason, message) for file, row, reason, message in _values(layout.record(number))["bad"]]


def part_content(path: Path, sha256: str) -> bytes:
    """Read a part, and compare it with the hash that it had when it was written.

    Raises:
        FileAccessError: it cannot be read.
        IntegrityError: it is not the file that was written.

    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise IntegrityError(f"{path}: is missing. Score again in another folder.") from None
    except OSError as error:
        raise FileAccessError(f"{path}: cannot be read: {error.strerror}.") from None
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise IntegrityError(
            f"{path}: is not the file that was written: its SHA-256 was {sha256}, and is {found}. "
            "Copy it again, or score again in another folder."
        )
    return content


def _values(path: Path) -> dict[str, Any]:
    try:
        values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        values["bad"] = list(values["bad"])
    except OSError as error:
        raise FileAccessError(f"{path}: cannot be read: {error.strerror}.") from None
    except (ValueError, TypeError, KeyError):
        raise _damaged(path) from None
    return values


def _damaged(path: Path) -> DataError:
    return DataError(f"{path}: is damaged. Score again in another folder.")
