"""Several files: what they stand for, how they go together, and what is left out."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from alliancekit.errors import ColumnError, DataError, FileAccessError, ParameterError
from alliancekit.readers import expand, read, reader_for

ANNOMI = Path(__file__).parents[3] / "shared" / "data" / "AnnoMI-simple.csv"


def write(path: Path, session: str = "s", extra: str = "") -> Path:
    path.parent.mkdir(exist_ok=True, parents=True)
    name, value = ("," + extra.partition("=")[0], "," + extra.partition("=")[2]) if extra else ("", "")
    path.write_text(f"session_id,turn_index,role,text{name}\n{session},0,patient,Yes.{value}\n")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "b.csv", "b")
    write(tmp_path / "a" / "c.CSV", "c")
    write(tmp_path / ".hidden" / "d.csv", "d")
    (tmp_path / "notes.docx").touch()
    return tmp_path


def test_a_folder_is_its_known_files_in_sorted_order(folder: Path) -> None:
    found = expand([folder])
    assert found.files == (folder / "a" / "c.CSV", folder / "b.csv")
    assert [(problem.path, problem.code) for problem in found.problems] == [
        (folder / "notes.docx", "left_out"),
        (folder, "passed_over"),
    ]


def test_what_is_no_transcript_is_counted_and_no_warning(folder: Path) -> None:
    (folder / "notes.docx").unlink()
    (folder / "a" / "photo.JPG").touch()
    (folder / "a" / "README.txt").write_text("All about the talks.")
    (folder / "LICENSE").touch()
    for name in (".DS_Store", "Thumbs.db", "~$b.csv", "._b.csv"):
        (folder / name).touch()
    found = expand([folder])
    assert found.files == (folder / "a" / "c.CSV", folder / "b.csv")
    message = "8 files that are no transcripts were passed over: hidden or system 5, LICENSE 1, README 1, .jpg 1."
    assert [(problem.message, problem.severity) for problem in found.problems] == [(message, "note")]


def test_a_transcript_is_read_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "README.txt").write_text("Therapist: Yes?\nClient: No.\n")
    assert expand([tmp_path]).files == (tmp_path / "README.txt",)


def test_a_pattern_is_what_it_matches(folder: Path) -> None:
    assert expand([str(folder / "**" / "*.[cC]*")]).files == (folder / "a" / "c.CSV", folder / "b.csv")


def test_a_file_named_twice_is_read_once(folder: Path) -> None:
    assert expand([folder / "b.csv", folder]).files == (folder / "b.csv", folder / "a" / "c.CSV")


def test_a_name_like_a_pattern_is_that_file(tmp_path: Path) -> None:
    path = write(tmp_path / "b[1].csv")
    write(tmp_path / "b1.csv")
    assert expand([path]).files == (path,)


@pytest.mark.parametrize("name", ["none.csv", "*.csv", "empty"])
def test_a_path_that_stands_for_nothing_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileAccessError, match=r"no such file or folder|no file in this folder"):
        expand([tmp_path / name])


def test_an_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    (tmp_path / "talk.docx").touch()
    with pytest.raises(
        DataError, match=r"no reader for '\.docx'\. Save it as plain text .* Known: \.csv, \.tsv, .*\.jsonl"
    ):
        read(tmp_path / "talk.docx")
    with pytest.raises(DataError, match="no reader for a file without a suffix"):
        reader_for(Path("talk"))


def test_a_file_that_may_not_be_read_is_an_access_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path / "a.csv")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(FileAccessError, match=r"a\.csv: cannot be read: Permission denied"):
        read(path)


def test_files_follow_each_other_in_the_order_named(folder: Path) -> None:
    result = read([folder / "b.csv", folder / "a"])
    assert result.turns["session_id"].to_list() == ["b", "c"]
    assert result.files == (folder / "b.csv", folder / "a" / "c.CSV")


def test_columns_and_types_that_differ_are_said(tmp_path: Path) -> None:
    paths = [write(tmp_path / "a.csv", "a", "mood=1"), write(tmp_path / "b.csv", "b", "mood=low")]
    result = read([*paths, write(tmp_path / "c.csv", "c")])
    assert result.turns["mood"].to_list() == ["1", "low", None]
    assert [(problem.path.name, problem.code, problem.column) for problem in result.problems] == [
        ("b.csv", "column_types_differ", "mood"),
        ("c.csv", "column_not_everywhere", "mood"),
    ]


def test_a_session_may_be_spread_over_files(tmp_path: Path) -> None:
    write(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("session_id,turn_index,role,text\ns,1,patient,No.\n")
    assert read(tmp_path).turns["turn_index"].to_list() == [0, 1]


def test_a_turn_in_two_files_is_refused_with_both_places(tmp_path: Path) -> None:
    write(tmp_path / "a.csv")
    (tmp_path / "b.csv").write_text("session_id,turn_index,role,text\ns,1,patient,No.\n\ns,0,patient,Yes.\n")
    with pytest.raises(DataError) as raised:
        read(tmp_path)
    assert f"first {tmp_path / 'a.csv'}, row 1, and {tmp_path / 'b.csv'}, row 3," in str(raised.value)


def test_types_that_do_not_go_together_are_refused(tmp_path: Path) -> None:
    turn = {"session_id": ["a"], "turn_index": [0], "role": ["patient"], "text": ["Yes."]}
    pl.DataFrame({**turn, "meta": [{"x": 1}]}).write_parquet(tmp_path / "a.parquet")
    pl.DataFrame({**turn, "session_id": ["b"], "meta": [[1]]}).write_parquet(tmp_path / "b.parquet")
    with pytest.raises(ColumnError, match="the types of 'meta' differ too much"):
        read(tmp_path)


def test_nothing_to_read_is_refused() -> None:
    with pytest.raises(ParameterError, match="names no file"):
        read([])


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"columns": {"txt": "a"}}, "Did you mean 'text'"),
        ({"roles": {"a": "doctor"}}, "which is no role"),
        ({"separator": ";;"}, "one ASCII character"),
    ],
)
def test_options_are_checked_before_any_file(options: dict[str, object], said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        read("none.csv", **options)  # type: ignore[arg-type]


@pytest.mark.skipif(not ANNOMI.exists(), reason="../shared/data/AnnoMI-simple.csv is not there")
def test_annomi_is_read_whole() -> None:
    columns = {
        "session_id": "transcript_id",
        "turn_index": "utterance_id",
        "role": "interlocutor",
        "text": "utterance_text",
    }
    result = read(ANNOMI, columns=columns)
    assert [problem.code for problem in result.problems] == ["non_speech"]
    assert result.turns.height == 9699
    assert result.turns["session_id"].n_unique() == 133
    assert result.turns["text"].n_unique() == 7364
    assert set(result.turns["role"]) == {"patient", "therapist"}
