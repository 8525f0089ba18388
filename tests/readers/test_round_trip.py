"""What is written comes back: any text, in every format."""

from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.readers import read

if TYPE_CHECKING:
    from collections.abc import Callable

HARD = [
    "=1+1",
    "-",
    "'tis",
    '"',
    '""',
    ",",
    "\t",
    ";",
    "\r\n",
    "\n\n",
    "\r",
    "null",
    "NA",
    "1e5",
    "\ufeff",
    "\0",
    " x ",
    "é\u2028",
]
CHARACTERS = st.characters(exclude_categories=["Cs"])
TEXTS = st.lists(st.sampled_from(HARD) | st.text(CHARACTERS) | st.lists(st.sampled_from(HARD)).map("".join), min_size=1)
IDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1)


def turns_of(session: str, texts: list[str]) -> pl.DataFrame:
    n = len(texts)
    return pl.DataFrame(
        {
            "session_id": [session] * n,
            "turn_index": range(n),
            "role": ["patient", "therapist"] * (n // 2) + ["patient"] * (n % 2),
            "text": texts,
        },
        schema={"session_id": pl.String, "turn_index": pl.Int64, "role": pl.String, "text": pl.String},
    )


def check(name: str, session: str, texts: list[str], write: Callable[[pl.DataFrame, Path], object]) -> None:
    turns = turns_of(session, texts)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, name)
        write(turns, path)
        result = read(path)
    assert result.turns.rows() == turns.rows()
    assert {problem.code for problem in result.problems} <= {"non_speech"}


def write_by_the_standard_library(turns: pl.DataFrame, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_NONNUMERIC)
        writer.writerow(turns.columns)
        writer.writerows(turns.iter_rows())


def write_json_lines(turns: pl.DataFrame, path: Path) -> None:
    path.write_text("".join(json.dumps(turn) + "\n" for turn in turns.to_dicts()), encoding="utf-8")


@given(session=IDS, texts=TEXTS)
def test_csv_of_polars(session: str, texts: list[str]) -> None:
    check("t.csv", session, texts, pl.DataFrame.write_csv)


@given(session=IDS, texts=TEXTS)
def test_csv_of_python(session: str, texts: list[str]) -> None:
    check("t.csv", session, texts, write_by_the_standard_library)


@given(session=IDS, texts=TEXTS)
def test_tsv(session: str, texts: list[str]) -> None:
    check("t.tsv", session, texts, lambda turns, path: turns.write_csv(path, separator="\t"))


@given(session=IDS, texts=TEXTS)
def test_json_lines_of_python(session: str, texts: list[str]) -> None:
    check("t.jsonl", session, texts, write_json_lines)


@given(session=IDS, texts=TEXTS)
def test_json_lines_of_polars(session: str, texts: list[str]) -> None:
    check("t.ndjson", session, texts, pl.DataFrame.write_ndjson)


@given(session=IDS, texts=TEXTS)
def test_parquet(session: str, texts: list[str]) -> None:
    check("t.parquet", session, texts, pl.DataFrame.write_parquet)
