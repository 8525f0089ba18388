"""A file without session_id is a session by its name, or by its path where another file has that name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alliancekit.errors import DataError
from alliancekit.readers import read

if TYPE_CHECKING:
    from pathlib import Path


def talk(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("role,text\nclient,x\ntherapist,y\n")
    return path


def test_files_of_one_name_in_different_folders_are_named_by_their_paths(tmp_path: Path) -> None:
    talk(tmp_path / "a" / "x" / "talk.csv")
    talk(tmp_path / "a" / "talk.csv")
    talk(tmp_path / "b" / "talk.csv")
    talk(tmp_path / "b" / "other.csv")
    result = read(tmp_path)
    names = result.turns["session_id"].unique(maintain_order=True).to_list()
    assert names == ["a/talk", "a/x/talk", "other", "b/talk"]
    named = [problem for problem in result.problems if "named by the path" in problem.message]
    assert [problem.code for problem in named] == ["session_id_from_file"] * 3
    assert named[0].message.endswith("'a/talk'.")


def test_the_folder_that_they_share_is_not_in_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    talk(tmp_path / "deep" / "a" / "talk.csv")
    talk(tmp_path / "deep" / "b" / "talk.csv")
    monkeypatch.chdir(tmp_path / "deep")
    names = read(["a/talk.csv", "../deep/b"]).turns["session_id"].unique(maintain_order=True).to_list()
    assert names == ["a/talk", "b/talk"]


def test_files_of_one_name_in_one_folder_are_one_session_twice(tmp_path: Path) -> None:
    talk(tmp_path / "talk.csv")
    (tmp_path / "talk.tsv").write_text((tmp_path / "talk.csv").read_text().replace(",", "\t"))
    with pytest.raises(DataError, match="4 of 4 turns share their session_id"):
        read(tmp_path)
