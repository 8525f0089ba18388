"""Where lines come from: a file to its end, a file that grows, is cut, or is replaced under its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alliancekit.errors import FileAccessError
from alliancekit.live.watch.source import MOST_LINES, Batch, Source
from alliancekit.live.watch.stopping import Stopping

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def stopping() -> Iterator[Stopping]:
    with Stopping() as found:
        yield found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "in.jsonl"


def add(path: Path, content: bytes) -> None:
    with path.open("ab") as file:
        file.write(content)


def test_a_file_is_read_to_its_end_in_batches(path: Path, stopping: Stopping) -> None:
    lines = [b"%d" % number for number in range(2 * MOST_LINES + 3)]
    path.write_bytes(b"\n".join(lines) + b"\n")
    batches = list(Source(path, stopping, None).batches())
    assert [line for batch in batches for line in batch.lines] == lines
    assert max(len(batch.lines) for batch in batches) == MOST_LINES
    assert batches[-1].place["lines"] == len(lines)


@pytest.mark.parametrize("done", range(1, 5))
def test_it_goes_on_after_any_batch(path: Path, stopping: Stopping, done: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alliancekit.live.watch.source.MOST_LINES", 1)
    path.write_bytes(b"a\nb\nc\nd")
    batches = list(Source(path, stopping, None).batches())
    again = list(Source(path, stopping, batches[done - 1].place).batches())
    assert again == batches[done:]


@pytest.mark.parametrize(("more", "expected"), [(b"", []), (b"\n", []), (b"\nb\n", [b"b"])])
def test_a_last_line_without_its_end_is_read_once(
    path: Path, stopping: Stopping, more: bytes, expected: list[bytes]
) -> None:
    path.write_bytes(b"a")
    (first,) = Source(path, stopping, None).batches()
    add(path, more)
    again = Source(path, stopping, first.place)
    assert not again.is_another
    assert [line for batch in again.batches() for line in batch.lines] == expected
    assert again.lines == 1 + len(expected)


def test_a_line_that_grows_is_waited_for(path: Path, stopping: Stopping) -> None:
    path.write_bytes(b"a\nb")
    batches = Source(path, stopping, None, follow=True).batches()
    assert next(batches).lines == [b"a"]
    add(path, b"c\n")
    assert next(batches).lines == [b"bc"]


def test_of_a_file_that_is_replaced_nothing_is_lost(path: Path, stopping: Stopping) -> None:
    path.write_bytes(b"a\n")
    batches = Source(path, stopping, None, follow=True).batches()
    assert next(batches).lines == [b"a"]
    add(path, b"late\nlast without its end")
    path.rename(path.with_suffix(".1"))
    path.write_bytes(b"new\n")
    found = [next(batches) for _ in range(3)]
    assert [(batch.lines, batch.place["lines"]) for batch in found] == [
        ([b"late"], 2),
        ([b"last without its end"], 3),
        ([b"new"], 1),
    ]


def test_a_file_that_was_cut_is_read_from_its_new_beginning(path: Path, stopping: Stopping) -> None:
    path.write_bytes(b"first\nsecond\n")
    batches = Source(path, stopping, None, follow=True).batches()
    place = next(batches).place
    path.write_bytes(b"new\n")
    found = next(batches)
    assert (found.lines, found.place["lines"]) == ([b"new"], 1)
    again = Source(path, stopping, place, follow=True)
    assert again.is_another
    assert next(again.batches()).lines == [b"new"]


def test_a_line_that_is_too_long_is_kept_no_longer_than_it_takes_to_say_so(path: Path, stopping: Stopping) -> None:
    path.write_bytes(b" " * (10 << 20) + b"\nb\n")
    batches: list[Batch] = list(Source(path, stopping, None).batches())
    lines = [line for batch in batches for line in batch.lines]
    assert len(lines[0]) < 5 << 20
    assert lines[1] == b"b"
    assert batches[-1].place["offset"] == path.stat().st_size


def test_a_folder_is_no_file(tmp_path: Path, stopping: Stopping) -> None:
    with pytest.raises(FileAccessError, match="is a folder"):
        Source(tmp_path, stopping, None)
