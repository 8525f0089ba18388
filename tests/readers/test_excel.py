"""Excel workbooks, as Excel, LibreOffice and R's writexl store them: one sheet of typed cells."""

from __future__ import annotations

import datetime as dt
import io
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

import pytest
import xlsxwriter  # type: ignore[import-untyped] # it has no types
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.errors import AllianceError, ColumnError, DataError, MissingExtraError, ParameterError, RoleError
from alliancekit.readers import ReadOptions, batches, read, reader_for
from alliancekit.readers.formats import workbook_limits

HEADER: Final = ("session_id", "turn_index", "role", "text", "onset", "rating")
TALK: Final[list[tuple[object, ...]]] = [
    HEADER,
    (7, 0, "Client", "Hello\nthere, \N{GRINNING FACE}", dt.time(0, 0, 13), 1.5),
    (7, 1, "Therapist", 42, dt.time(0, 1, 2, 500_000), 2),
    (None, None, None, None, None, None),
    ("8a", 0, "Client", "=1+1 _x0041_", None, None),
]
# Workbooks keep no control characters, and no more than 32,767 characters in a cell.
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=50)


def workbook(path: Path | io.BytesIO, sheets: dict[str, list[tuple[object, ...]]], *, top: int = 0) -> None:
    with xlsxwriter.Workbook(path) as book:
        clock = book.add_format({"num_format": "hh:mm:ss"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows, start=top):
                for column, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(line, column, value)
                    elif value is not None:
                        sheet.write(line, column, value, clock if isinstance(value, dt.time) else None)


def written(folder: Path, *rows: tuple[object, ...], name: str = "talks.xlsx") -> Path:
    workbook(folder / name, {"Talks": list(rows)})
    return folder / name


def test_cells_are_read_as_a_csv_would_be(tmp_path: Path) -> None:
    result = read(written(tmp_path, *TALK))
    assert result.turns.columns == ["session_id", "turn_index", "role", "text", "onset", "rating"]
    assert result.turns.rows() == [
        ("7", 0, "patient", "Hello\nthere, \N{GRINNING FACE}", 13.0, 1.5),
        ("7", 1, "therapist", "42", 62.5, 2.0),
        ("8a", 0, "patient", "=1+1 _x0041_", None, None),
    ]
    assert [problem.code for problem in result.problems] == ["blank_row", "times_in_seconds"]


def test_rows_count_below_the_header_blank_ones_too(tmp_path: Path) -> None:
    path = tmp_path / "talks.xlsx"
    workbook(path, {"Talks": [*TALK, (9, 0, None, "Who?", None, None)]}, top=3)
    with pytest.raises(RoleError, match="first in row 5"):
        read(path)


def test_pieces_of_any_size_give_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, *TALK)
    parts = list(batches(path, ReadOptions(batch_rows=1)))
    assert [part.turns.row(0) for part in parts if part.turns.height] == read(path).turns.rows()
    assert [row for part in parts for row in part.rows] == [1, 2, 4]


def test_annomi_as_a_workbook(tmp_path: Path) -> None:
    header = ("transcript_id", "mi_quality", "utterance_id", "interlocutor", "timestamp", "utterance_text")
    path = written(tmp_path, header, (0, "high", 0, "client", dt.time(0, 1, 2), "Fine."))
    turns = read(path).turns
    assert turns.select("session_id", "turn_index", "role", "text", "start_s").rows() == [
        ("0", 0, "patient", "Fine.", 62.0)
    ]


def test_the_first_sheet_is_read_and_the_others_are_named(tmp_path: Path) -> None:
    path = tmp_path / "talks.xlsx"
    workbook(path, {"One": TALK, "Two": [HEADER, (1, 0, "client", "Second.", None, None)]})
    result = read(path)
    assert result.turns.height == 3
    assert (result.problems[0].code, result.problems[0].severity) == ("first_sheet", "warning")
    assert "'Two'" in result.problems[0].message
    named = read(path, sheet="Two")
    assert named.turns["text"].to_list() == ["Second."]
    assert named.problems == ()
    with pytest.raises(ParameterError, match=r"no sheet 'Tow'\. Did you mean 'Two'"):
        read(path, sheet="Tow")


@pytest.mark.parametrize(
    ("rows", "error", "said"),
    [
        ([], DataError, "the sheet 'Talks' is empty"),
        ([HEADER], DataError, "a header and no rows"),
        ([("My talks",), HEADER, TALK[1]], ColumnError, "the first row of the sheet has one name only"),
        ([("role", "text", "role"), ("client", "a", "b")], ColumnError, "columns 1 and 3 have one name"),
        ([("role", "said"), ("client", "Yes.")], ColumnError, "text"),
    ],
)
def test_a_sheet_that_is_no_table_is_refused(
    tmp_path: Path, rows: list[tuple[object, ...]], error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        read(written(tmp_path, *rows))


def test_a_column_without_a_name_is_called_by_its_place(tmp_path: Path) -> None:
    turns = read(written(tmp_path, ("role", None, "text"), ("client", "aside", "Yes."))).turns
    assert turns["column_2"].to_list() == ["aside"]


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x03\x04" + bytes(100), b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_what_is_no_workbook_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "talks.xlsx").write_bytes(content)
    with pytest.raises(DataError, match=r"empty|not an Excel workbook|protected by a password"):
        read(tmp_path / "talks.xlsx")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_refused(tmp_path: Path, share: float) -> None:
    path = written(tmp_path, *TALK)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DataError, match="not an Excel workbook, or a damaged one"):
        read(path)


def with_sheet(path: Path, sheet: bytes, texts: bytes | None = None) -> Path:
    """Write a workbook whose one sheet has that XML."""
    parts = io.BytesIO()
    workbook(parts, {"Talks": TALK})
    with zipfile.ZipFile(parts) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = content[: content.index(b"<sheetData>")] + sheet + b"</worksheet>"
            target.writestr(name, texts if texts is not None and name == "xl/sharedStrings.xml" else content)
    return path


def test_a_bomb_is_refused_whatever_its_header_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_limits, "MOST_BYTES", 1 << 20)
    path = with_sheet(tmp_path / "talks.xlsx", b"<sheetData>" + b" " * (8 << 20) + b"</sheetData>")
    honest = path.read_bytes()
    size = max(info.file_size for info in zipfile.ZipFile(path).infolist())
    with pytest.raises(DataError, match="it unpacks to more than"):
        read(path)
    path.write_bytes(honest.replace(size.to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    assert max(info.file_size for info in zipfile.ZipFile(path).infolist()) < 1 << 20
    with pytest.raises(DataError, match="it unpacks to more than"):
        read(path)


def test_a_stray_cell_far_away_is_refused(tmp_path: Path) -> None:
    rows = b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    with pytest.raises(DataError, match="a sheet's cells span 17179869184 places"):
        read(with_sheet(tmp_path / "talks.xlsx", rows + b"</sheetData>"))


def test_a_long_text_that_all_cells_share_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_limits, "MOST_BYTES", 4 << 20)
    monkeypatch.setattr(workbook_limits, "RATIO", 1)
    cells = b"".join(b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(1, 1001))
    texts = b"<sst><si><t>" + b"a" * 30_000 + b"</t></si></sst>"
    with pytest.raises(DataError, match="its cells repeat texts"):
        read(with_sheet(tmp_path / "talks.xlsx", b"<sheetData>" + cells + b"</sheetData>", texts))


@pytest.mark.parametrize("piece", [b"<c ", b"<c " + b"r='A1' " * 30, b"<c" + b" " * 500, b"<v" + b" " * 500])
def test_no_content_makes_the_check_slow(tmp_path: Path, piece: bytes) -> None:
    with pytest.raises(DataError, match="not an Excel workbook, or a damaged one"):
        read(with_sheet(tmp_path / "talks.xlsx", b"<sheetData>" + piece * ((1 << 21) // len(piece))))


def test_without_the_package_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fastexcel", None)
    with pytest.raises(MissingExtraError, match=r"alliancekit\[excel\]"):
        read(written(tmp_path, *TALK))


@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
def test_what_is_written_comes_back(texts: list[str]) -> None:
    rows: list[tuple[object, ...]] = [("s", index, "patient", said) for index, said in enumerate(texts)]
    with tempfile.TemporaryDirectory() as folder:
        turns = read(written(Path(folder), HEADER[:4], *rows)).turns
    assert turns.rows() == rows


def seed() -> bytes:
    file = io.BytesIO()
    workbook(file, {"Talks": TALK})
    return file.getvalue()


SEEDS: Final = [seed()]
SUFFIX: Final = ".xlsx"


@given(at=st.integers(0, len(SEEDS[0])), cut=st.integers(0, 40), put=st.binary(max_size=20))
def test_any_bytes_are_turns_or_an_error_of_ours(at: int, cut: int, put: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "talks.xlsx")
        path.write_bytes(SEEDS[0][:at] + put + SEEDS[0][at + cut :])
        try:
            assert read(path).turns.height
        except AllianceError as error:
            assert str(error).startswith(str(path))  # noqa: PT017 - most mutations are still turns


def test_the_suffix_decides_in_any_case(tmp_path: Path) -> None:
    assert reader_for(written(tmp_path, *TALK, name="TALKS.XLSX")).name == "Excel"


@pytest.mark.parametrize("header", [("role", "zebrafinch sang to me"), ("who", "zebrafinch", "zebrafinch")])
def test_no_error_quotes_a_cell(tmp_path: Path, header: tuple[object, ...]) -> None:
    path = written(tmp_path, header, *[("Anna", "the zebrafinch sang", "zebrafinch")[: len(header)]] * 2)
    with pytest.raises(AllianceError) as raised:
        read(path)
    assert "zebrafinch sang" not in str(raised.value)
