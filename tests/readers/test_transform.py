"""The caller's own tool over each text."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

import pytest

from alliancekit.errors import DataError
from alliancekit.readers import read

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.jsonl"
    lines = ['"role": "client", "text": "I am Anna [laughs]"', '"role": "observer", "text": "Anna"', '"role": "client"']
    path.write_text("".join(f'{{"session_id": "s", "turn_index": {n}, {line}}}\n' for n, line in enumerate(lines)))
    return path


def test_it_gets_each_text_that_is_left_and_its_changes_are_counted(talk: Path) -> None:
    seen: list[str] = []

    def without_names(text: str) -> str:
        seen.append(text)
        return text.replace("Anna", "[NAME]")

    result = read(talk, transform=without_names, non_speech="strip")
    assert seen == ["I am Anna"]
    assert result.turns["text"].to_list() == ["I am [NAME]", None]
    assert [problem.message for problem in result.problems if problem.code == "transformed"] == [
        "The caller's transform changed 1 text; what it took out or left in is its own affair."
    ]


def test_its_error_says_where_and_quotes_nothing(talk: Path) -> None:
    def fail(text: str) -> str:
        raise KeyError(text)

    with pytest.raises(DataError) as raised:
        read(talk, transform=fail)
    assert str(raised.value).startswith(f"{talk}: row 1: the transform failed with KeyError")
    assert "Anna" not in "".join(traceback.format_exception(raised.value))


def test_it_gives_strings(talk: Path) -> None:
    with pytest.raises(DataError, match="row 1: the transform gave NoneType, not a string"):
        read(talk, transform=lambda _: None)  # type: ignore[arg-type,return-value] # it is what is wrong
