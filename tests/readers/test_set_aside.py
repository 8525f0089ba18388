"""Rows that no turn can be made of are taken out and named, where the caller asks; else they are refused as ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from alliancekit.errors import DataError
from alliancekit.readers import ReadOptions, batches
from alliancekit.readers.set_aside import SetAside
from alliancekit.readers.sides import read_sides

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "session_id,turn_index,role,text\n"


def read(path: Path, **options: object) -> tuple[pl.DataFrame, list[int], list[tuple[int, str]]]:
    choices = ReadOptions(**options)  # type: ignore[arg-type] # any option's value
    sides = read_sides(choices)
    sides.set_aside = SetAside()
    found = list(batches(path, choices, sides=sides))
    rows = [row for batch in found for row in batch.rows.to_list()]
    return pl.concat([batch.turns for batch in found]), rows, sides.set_aside.take().rows()


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",1,client,Yes.", "session_id_missing"),
        ("s,,client,Yes.", "turn_index_missing"),
        ("s,one,client,Yes.", "turn_index_not_whole"),
        ("s,1,,Yes.", "role_missing"),
        ("s,1,SPK_7,Yes.", "role_unknown"),
        ("s,0,client,Yes.", "repeated_turn"),
    ],
)
def test_a_bad_row_is_set_aside_and_the_others_are_read(tmp_path: Path, row: str, reason: str) -> None:
    path = tmp_path / "talk.csv"
    path.write_text(f"{HEADER}s,0,counsellor,Hello.\n{row}\ns,2,client,No.\n")
    turns, rows, aside = read(path)
    assert (turns["text"].to_list(), rows, aside) == (["Hello.", "No."], [1, 3], [(2, reason)])
    with pytest.raises(DataError):
        list(batches(path))


def test_speakers_who_are_left_out_are_not_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "talk.csv"
    path.write_text(f"{HEADER}s,0,counsellor,Hello.\ns,1,mother,Yes.\ns,2,,No.\n")
    assert read(path, unnamed="leave-out")[1:] == ([1], [])
    assert read(path, unnamed="previous")[1:] == ([1], [])


def test_a_column_that_is_mostly_no_number_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "talk.csv"
    path.write_text(f"{HEADER}s,a,counsellor,Hello.\ns,b,client,Yes.\ns,2,client,No.\n")
    with pytest.raises(DataError, match="turn_index"):
        read(path)


def test_what_is_set_aside_does_not_depend_on_the_size_of_a_batch(tmp_path: Path) -> None:
    path = tmp_path / "talk.csv"
    lines = [f"s{n // 7},{n % 7},{'client' if n % 5 else 'who'},Said {n}." for n in range(200)]
    path.write_text(HEADER + "\n".join(lines))
    whole = read(path)
    parts = read(path, batch_rows=13)
    assert whole[0].equals(parts[0])
    assert whole[1:] == parts[1:]
    assert len(whole[2]) == 40
