"""Any bytes, in any format: turns that are accounted for or an error of ours, and no message shows a text."""

from __future__ import annotations

import re
import tempfile
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.transcripts import MADE, TEXTS, WORDS, transcripts

from alliancekit.errors import AllianceError
from alliancekit.readers import FORMATS, read, scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hypothesis.strategies import DrawFn

    from alliancekit.readers import Batch, Problem
    from alliancekit.readers.options import Choices

SEEDS: Final = transcripts()
KEYS: Final = tuple(known.key for known in FORMATS)
NOTED: Final = frozenset({"session_id_from_file", "turn_index_from_order", "preset", "consecutive_messages"})
"""Problems that explain no row that is missing."""
ROW_BY_ROW: Final = frozenset({"row", "message", "element"})
"""Units of which each is one turn."""
COUNTED: Final = ROW_BY_ROW | {"cue", "segment"}
"""Units of which each is a turn, or several, or is explained."""
TOKENS: Final = [
    *(
        b"\n",
        b"\r\n",
        b'"',
        b"'",
        b",",
        b"\t",
        b";",
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b"<",
        b">",
        b"&amp;",
        b"<!",
        b"]]>",
        b"-->",
    ),
    *(
        b"\\",
        b"\\u",
        b"\\ud83d",
        b"\0",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xed\xa0\x80",
        b"NaN",
        b"null",
        b"1e999",
    ),
    *(
        b"-1",
        b"99999999999999999999",
        b"00:00:00.000",
        b"*",
        b"@End",
        b"\x15",
        b"NOTE",
        b"WEBVTT",
        b"  ",
        b"\x85",
        b"=",
    ),
]
CHOICES: Final[st.SearchStrategy[Any]] = st.fixed_dictionaries(
    {},
    optional={
        "unnamed": st.sampled_from(["refuse", "leave-out", "previous"]),
        "non_speech": st.sampled_from(["keep", "strip", "drop-turns"]),
        "merge": st.booleans(),
        "guess_roles": st.booleans(),
        "guess_columns": st.booleans(),
        "encoding": st.sampled_from(["cp1252", "utf-16-le", "utf-8"]),
    },
)
PIECE: Final = st.one_of(st.sampled_from(TOKENS), st.binary(max_size=8))


@st.composite
def mutations(draw: DrawFn, key: str) -> bytes:
    """Cut a file off, flip bits, take pieces out, double them, put others in, or pieces of other formats."""
    data = SEEDS[key][1]
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(0, 60)))
        match draw(st.sampled_from(["cut", "flip", "drop", "double", "put", "splice"])):
            case "cut":
                data = data[:at]
            case "flip":
                data = bytes(
                    (
                        *data[:at],
                        *(byte ^ (1 << draw(st.integers(0, 7))) for byte in data[at : at + 1]),
                        *data[at + 1 :],
                    )
                )
            case "drop":
                data = data[:at] + data[end:]
            case "double":
                data = data[:end] + data[at:end] + data[end:]
            case "put":
                data = data[:at] + draw(PIECE) + data[end:]
            case _:
                other = SEEDS[draw(st.sampled_from(KEYS))][1]
                start = draw(st.integers(0, len(other)))
                data = data[:at] + other[start : start + 200] + data[at:]
    return data


@pytest.mark.timeout(300)
@pytest.mark.parametrize("key", KEYS)
@given(data=st.data())
def test_a_damaged_file_is_turns_or_an_error(key: str, data: st.DataObject) -> None:
    content = data.draw(st.one_of(mutations(key), mutations(key), st.binary(max_size=200)))
    drive(key, content, data.draw(CHOICES))


@pytest.mark.parametrize("key", KEYS)
def test_a_file_cut_anywhere_is_turns_or_an_error(key: str) -> None:
    content = SEEDS[key][1]
    for length in range(0, len(content), max(1, len(content) // 60)):
        drive(key, content[:length], {})


@pytest.mark.parametrize("key", KEYS)
def test_a_whole_file_is_its_three_turns(key: str) -> None:
    with written(key, SEEDS[key][1]) as path:
        turns = read(path, format=key).turns
    assert turns["text"].to_list() == list(TEXTS)
    assert turns["role"].to_list() == ["therapist", "patient", "therapist"]


def test_each_format_has_a_file() -> None:
    assert set(KEYS) == set(MADE)


class written:  # noqa: N801 - used as a function
    """A file of a format in a folder of its own."""

    def __init__(self, key: str, content: bytes) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._path = Path(self._folder.name, f"talk{SEEDS[key][0]}")
        if key == "convokit":
            self._path = Path(self._folder.name, "utterances.jsonl")
            self._path.with_name("conversations.json").write_text("{}")
            self._path.with_name("speakers.json").write_text("{}")
        self._path.write_bytes(content)
        self._given = self._path.parent if key == "convokit" else self._path

    def __enter__(self) -> Path:
        return self._given

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


def drive(key: str, content: bytes, choices: Choices) -> None:
    """Read, and hold what comes against what has to hold whatever the bytes are."""
    with written(key, content) as path:
        batches: list[Batch] = []
        refusal: AllianceError | None = None
        try:
            asked: Choices = {"unnamed": "leave-out", **choices}
            asked |= {"format": key, "batch_rows": 2, "max_record_bytes": 1 << 20}
            batches = list(scan(path, **asked).batches)
        except AllianceError as error:
            refusal = error
    shown = "".join(traceback.format_exception(refusal)) if refusal else "".join(map(str, problems_of(batches)))
    assert not [word for word in texts_of(content) if word in shown], shown
    if refusal:
        assert str(path) in str(refusal)
    else:
        accounted_for(batches, problems_of(batches))


def texts_of(content: bytes) -> list[str]:
    """Give the planted words that are not in the name of a column, which may be shown, wherever damage has put them."""
    header = content.split(b"\n", 1)[0]
    keys = b" ".join(re.findall(rb'"([^"]*)"\s*:', content))
    return [word for word in WORDS if word.encode() not in header + keys]


def problems_of(batches: list[Batch]) -> list[Problem]:
    return [problem for batch in batches for problem in batch.problems]


def accounted_for(batches: list[Batch], problems: list[Problem]) -> None:
    """No row is given twice, and one that is not given is explained."""
    rows = list(rows_of(batches))
    assert all(batch.turns.height == len(batch.rows) for batch in batches)
    assert min(rows, default=1) >= 1
    unit = batches[0].unit
    if unit in ROW_BY_ROW:
        assert len(set(rows)) == len(rows)
    if unit in COUNTED:
        missing = set(range(1, max(rows, default=0))) - set(rows)
        assert not missing or {problem.code for problem in problems} - NOTED


def rows_of(batches: list[Batch]) -> Iterator[int]:
    for batch in batches:
        yield from batch.rows
