"""Which format reads a file: suffix, content, or the caller."""

from __future__ import annotations

from pathlib import Path

import pytest

from alliancekit.errors import DataError, ParameterError
from alliancekit.readers import FORMATS, expand, read, reader_for, registry
from alliancekit.readers.head import Head
from alliancekit.readers.protocol import Format

TALK = '[{"dialog": [{"speaker": "seeker", "content": "Yes."}]}]'


def stub(name: str, *, mark: bytes = b"", folder: str = "") -> Format:
    return Format(
        name,
        (".stub",),
        f"a file with {name}",
        lambda *_: iter(()),
        sniff=lambda head: mark in head.data,
        folder=lambda path: bool(folder) and (path / folder).exists(),
    )


@pytest.fixture
def stubs(monkeypatch: pytest.MonkeyPatch) -> None:
    known = (stub("First", mark=b"1"), stub("Second", mark=b"2", folder="corpus.mark"))
    monkeypatch.setattr(registry, "FORMATS", (*FORMATS, *known))


def test_the_first_that_recognises_the_content_reads_it(tmp_path: Path, stubs: None) -> None:
    assert stubs is None
    found = {}
    for content in ("1", "2", "12"):
        (tmp_path / "a.stub").write_text(content)
        found[content] = reader_for(tmp_path / "a.stub").name
    assert found == {"1": "First", "2": "Second", "12": "First"}


def test_content_that_nobody_recognises_is_refused_where_named_and_left_out_of_a_folder(
    tmp_path: Path, stubs: None
) -> None:
    assert stubs is None
    (tmp_path / "a.stub").write_text("3")
    (tmp_path / "b.stub").write_text("1")
    with pytest.raises(DataError, match=r"first \(a file with First\); second \(a file with Second\).*--format first"):
        reader_for(tmp_path / "a.stub")
    found = expand([tmp_path])
    assert found.files == (tmp_path / "b.stub",)
    assert [(problem.path.name, problem.code) for problem in found.problems] == [("a.stub", "left_out")]


def test_a_folder_may_be_one_corpus(tmp_path: Path, stubs: None) -> None:
    assert stubs is None
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "corpus.mark").touch()
    (tmp_path / "a.stub").write_text("1")
    assert expand([tmp_path]).files == (tmp_path / "a.stub", tmp_path / "corpus")
    assert expand([tmp_path / "corpus"]).files == (tmp_path / "corpus",)
    assert reader_for(tmp_path / "corpus").name == "Second"


def test_a_linked_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "talk.json").write_text(TALK)
    (tmp_path / "again").symlink_to(tmp_path)
    assert expand([tmp_path]).files == (tmp_path / "talk.json",)


def test_a_format_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "talk.data").write_text(TALK)
    assert read(tmp_path / "talk.data", format="esconv").turns.height == 1
    with pytest.raises(ParameterError, match="Did you mean 'esconv'"):
        read(tmp_path / "talk.data", format="esconf")


def test_of_a_folder_the_named_format_takes_its_own(tmp_path: Path) -> None:
    (tmp_path / "talk.json").write_text(TALK)
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    result = read(tmp_path, format="esconv")
    assert result.turns.height == 1
    assert result.problems[0].message == "Left out: ESConv goes by .json."


def test_a_file_that_is_something_else_is_left_out_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "talk.json").write_text(TALK)
    (tmp_path / "settings.json").write_text('{"a": 1}')
    found = expand([tmp_path])
    assert found.files == (tmp_path / "talk.json",)
    assert [problem.message for problem in found.problems] == ["Left out: the content is of no format known."]


def test_side_tables_are_no_transcripts(tmp_path: Path) -> None:
    (tmp_path / "talk.csv").write_text("role,text\npatient,Yes.\n")
    (tmp_path / "labels.csv").write_text("session_id,condition\ntalk,anxiety\n")
    assert expand([tmp_path], without=[tmp_path / "labels.csv"]).files == (tmp_path / "talk.csv",)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ('[{"a": {"b": "c: d", "e" : ["f"]}}]', {"a", "b", "e"}),
        (r'{"a": "\"x\": 1", "b\"": 1}', {"a", r"b\""}),
        ('{"a": "cut in the mid', {"a"}),
        ('no JSON "a": 1', set()),
    ],
)
def test_keys_of_json_are_seen(text: str, keys: set[str]) -> None:
    assert Head(Path("a"), text.encode()).json_keys == keys


def test_keys_are_told_apart_and_no_format_is_named_twice() -> None:
    keys = [known.key for known in FORMATS]
    assert len(set(keys)) == len(keys)
    assert all(key.replace("-", "").isalnum() and key.islower() for key in keys)
