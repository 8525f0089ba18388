"""SPSS files as pyreadstat and SPSS write them, Stata files as pandas and Stata do: labels for codes, codes kept."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from pathlib import Path
from typing import Final, Literal

import pandas as pd
import polars as pl
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.errors import AllianceError, DataError, MissingExtraError
from alliancekit.readers import ReadOptions, batches, read, reader_for

TALK: Final = pl.DataFrame(
    {
        "session_id": [7.0, 7.0, 8.0],
        "turn_index": [0.0, 1.0, 0.0],
        "role": [1.0, 2.0, 2.0],
        "text": ["Hello,\nwe start.", "é \N{GRINNING FACE} fine", "Yes."],
        "start_s": [dt.time(0, 0, 13), dt.time(0, 1, 2), None],
        "topic": [3.0, 3.0, None],
        "bond": [1.0, 4.0, 7.0],
        "score": [1.5, None, 2.0],
    }
)
LABELS: Final[dict[str, dict[int | float, str]]] = {
    "role": {1: "Therapist", 2: "Client"},
    "topic": {3: "alcohol"},
    "bond": {1: "never", 7: "always"},
}
# Trailing white space is no part of a text in SPSS, nor a NUL in either.
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=50).map(str.strip)


def sav(
    path: Path,
    turns: pl.DataFrame = TALK,
    labels: dict[str, dict[int | float, str]] = LABELS,
    *,
    compress: bool = False,
) -> Path:
    pyreadstat.write_sav(turns, path, variable_value_labels=labels, compress=compress)
    return path


def dta(path: Path, *, texts: tuple[str, ...] = ("Hello.", "Fine."), version: Literal[114, 118] = 118) -> Path:
    roles = pd.Categorical(["Therapist", "Client"])
    frame = pd.DataFrame({"session_id": ["007", "007"], "turn_index": [0, 1], "role": roles, "text": texts})
    frame.to_stata(path, version=version, write_index=False, convert_strl=["text"] if version > 114 else None)
    return path


def test_labels_take_the_place_of_codes_and_codes_are_kept(tmp_path: Path) -> None:
    result = read(sav(tmp_path / "talks.sav"))
    assert result.turns.to_dict(as_series=False) == {
        "session_id": [7, 7, 8],
        "turn_index": [0, 1, 0],
        "role": ["therapist", "patient", "patient"],
        "role_code": [1, 2, 2],
        "text": ["Hello,\nwe start.", "é \N{GRINNING FACE} fine", "Yes."],
        "start_s": [13.0, 62.0, None],
        "topic": ["alcohol", "alcohol", None],
        "topic_code": [3, 3, None],
        "bond": [1, 4, 7],
        "bond_label": ["never", None, "always"],
        "score": [1.5, None, 2.0],
    }
    assert [(problem.code, problem.severity) for problem in result.problems] == [
        ("value_labels", "note"),
        ("value_labels_partial", "note"),
    ]
    assert "'role', 'topic': labels were taken for the values; the codes are in 'role_code'" in str(result.problems[0])


def test_a_role_without_a_label_is_its_code(tmp_path: Path) -> None:
    path = sav(tmp_path / "talks.sav", labels={"role": {1: "Therapist"}})
    assert read(path, roles={"2": "patient"}).turns["role"].to_list() == ["therapist", "patient", "patient"]


def test_a_column_of_the_name_that_codes_would_get_is_left_alone(tmp_path: Path) -> None:
    turns = read(sav(tmp_path / "talks.sav", TALK.with_columns(role_code=pl.lit("mine")))).turns
    assert turns["role_code"].to_list() == ["mine"] * 3
    assert turns["role_code_"].to_list() == [1, 2, 2]


def test_missing_values_of_the_user_are_null(tmp_path: Path) -> None:
    path = tmp_path / "talks.sav"
    pyreadstat.write_sav(TALK, path, variable_value_labels=LABELS, missing_ranges={"bond": [4]})
    assert read(path).turns["bond"].to_list() == ["never", None, "always"]


def test_stata_files_with_long_texts(tmp_path: Path) -> None:
    path = dta(tmp_path / "talks.dta", texts=("Hello \N{GRINNING FACE}.", "x" * 5000))
    assert read(path).turns.drop("role_code").rows() == [
        ("007", 0, "therapist", "Hello \N{GRINNING FACE}."),
        ("007", 1, "patient", "x" * 5000),
    ]


def test_old_stata_files(tmp_path: Path) -> None:
    path = dta(tmp_path / "talks.dta", version=114)
    assert read(path).turns["role"].to_list() == ["therapist", "patient"]
    assert read(path).problems[0].code == "value_labels"


def test_texts_that_fill_the_widest_variable_are_warned_about(tmp_path: Path) -> None:
    cut = read(dta(tmp_path / "talks.dta", texts=("Hello.", "x" * 244), version=114)).problems[0]
    assert (cut.code, cut.severity, cut.row) == ("text_may_be_cut", "warning", 2)


def test_pieces_of_any_size_give_the_same(tmp_path: Path) -> None:
    path = sav(tmp_path / "talks.sav")
    parts = list(batches(path, ReadOptions(batch_rows=1)))
    assert pl.concat([part.turns for part in parts]).equals(read(path).turns)
    assert [row for part in parts for row in part.rows] == [1, 2, 3]


@given(texts=st.lists(TEXTS, min_size=1, max_size=4))
def test_what_is_written_comes_back(texts: list[str]) -> None:
    turns = pl.DataFrame(
        {"session_id": ["s"] * len(texts), "turn_index": range(len(texts)), "role": "patient", "text": texts}
    )
    with tempfile.TemporaryDirectory() as folder:
        pyreadstat.write_sav(turns, Path(folder, "talks.sav"))
        found = read(Path(folder, "talks.sav")).turns
    assert found.rows() == turns.rows()


@given(texts=st.lists(TEXTS.filter(bool), min_size=2, max_size=2))
def test_what_is_written_to_stata_comes_back(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        found = read(dta(Path(folder, "talks.dta"), texts=(texts[0], texts[1]))).turns
    assert found["text"].to_list() == texts


@pytest.mark.parametrize("name", ["talks.sav", "talks.dta"])
@pytest.mark.parametrize("content", [b"", b"no data file", b"$FL2 junk", b"<stata_dta>junk", b"\x72\x01\x01\x00junk"])
def test_what_is_no_data_file_is_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=r"the file is empty|not a file of \w+, or a damaged one|cut off"):
        read(tmp_path / name)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99, 0.999])
@pytest.mark.parametrize("name", ["talks.sav", "talks.dta"])
def test_a_truncated_file_is_refused(tmp_path: Path, name: str, share: float) -> None:
    path = sav(tmp_path / name) if name.endswith("sav") else dta(tmp_path / name)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DataError, match=r"not a file of \w+, or a damaged one|cut off"):
        read(path)


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="variables and no rows"):
        read(sav(tmp_path / "talks.sav", TALK.clear().drop("start_s"), {}))


def test_more_rows_than_memory_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alliancekit.readers.formats.statistics_files.MOST_BYTES", 100)
    with pytest.raises(DataError, match=r"3 rows of \d+ bytes are too large"):
        read(sav(tmp_path / "talks.sav"))


def test_texts_of_another_encoding_than_the_file_says(tmp_path: Path) -> None:
    path = sav(tmp_path / "talks.sav")
    path.write_bytes(path.read_bytes().replace("é ".encode(), b"\xe9  "))
    with pytest.raises(DataError, match="encoding='cp1252'"):
        read(path)
    assert read(path, encoding="cp1252").turns["text"][1].startswith("é")


def test_without_the_package_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sav(tmp_path / "talks.sav")
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(MissingExtraError, match=r"alliancekit\[spss\]"):
        read(path)


def test_the_suffix_decides(tmp_path: Path) -> None:
    assert reader_for(sav(tmp_path / "TALKS.SAV")).key == "spss"
    assert reader_for(dta(tmp_path / "talks.dta")).key == "stata"


def seeds() -> list[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        paths = [sav(Path(folder, "a.sav")), sav(Path(folder, "b.sav"), compress=True)]
        paths += [dta(Path(folder, "a.dta")), dta(Path(folder, "b.dta"), version=114)]
        return [path.read_bytes() for path in paths]


SEEDS: Final = seeds()
SUFFIX: Final = (".sav", ".sav", ".dta", ".dta")


@given(which=st.integers(0, 3), at=st.integers(0, 1500), cut=st.integers(0, 40), put=st.binary(max_size=20))
def test_any_bytes_are_turns_or_an_error_of_ours(which: int, at: int, cut: int, put: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"talks{SUFFIX[which]}")
        path.write_bytes(SEEDS[which][:at] + put + SEEDS[which][at + cut :])
        try:
            assert read(path).turns.height
        except AllianceError as error:
            assert str(path) in str(error) or "share their" in str(error)  # noqa: PT017 - most are still turns
