"""`alliance check`: everything that is there, everything that is wrong, and no transcript's text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.readers.test_privacy import BROKEN, PLANTED, TEXT

from alliancekit.cli import ExitCode
from alliancekit.cli.advice import ADVICE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended

HEADER = "session_id,turn_index,role,text,condition\n"
GOOD = (
    HEADER + "s1,0,client,Hello there.,grief\ns1,1,therapist,,grief\ns2,0,client,Yes.,fear\ns2,1,therapist,No.,fear\n"
)


@pytest.fixture
def checked(alliance: Callable[..., Ended], tiny_bundle: Path) -> Callable[..., tuple[int, dict[str, Any]]]:
    def run(*arguments: object) -> tuple[int, dict[str, Any]]:
        ended = alliance("check", *arguments, "--bundle", tiny_bundle, "--json")
        return ended.code, json.loads(ended.out)

    return run


def of_kind(found: dict[str, Any], code: str) -> list[dict[str, Any]]:
    return [problem for problem in found["problems"] if problem["code"] == code]


def test_what_is_there_is_counted(checked: Callable[..., tuple[int, dict[str, Any]]], tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    (tmp_path / "b.csv").write_text(HEADER + "s3,0,client," + "word " * 60 + ",grief\ns3,1,therapist,So.,grief\n")
    code, found = checked(tmp_path)
    assert code == ExitCode.DATA
    assert found["total"] == {
        "files": 2,
        "read_to_the_end": True,
        "sessions": 3,
        "turns": {"patient": 3, "therapist": 3, "blank": 1, "over_limit": 1},
        "words": {"median": 1, "p95": 60, "longest": 60},
    }
    assert [(file["path"], file["format"]) for file in found["files"]] == [
        (str(tmp_path / "a.csv"), "CSV"),
        (str(tmp_path / "b.csv"), "CSV"),
    ]
    assert (found["conditions"], found["token_limit"]) == ({"fear": 1, "grief": 2}, 40)
    assert [(problem["code"], problem["row"], problem["severity"]) for problem in found["problems"]] == [
        ("blank_turns", None, "note"),
        ("over_limit", 1, "warning"),
    ]
    assert "more than the 40 tokens" in found["problems"][1]["message"]
    assert found["problems"][1]["what_to_do"] == ADVICE["over_limit"]


def test_it_does_not_stop_at_what_is_wrong(checked: Callable[..., tuple[int, dict[str, Any]]], tmp_path: Path) -> None:
    (tmp_path / "1.csv").write_text(HEADER + "s,0,client,x\n\n")
    (tmp_path / "2.csv").write_text(HEADER + "s,0,nobody,x,y\n")
    (tmp_path / "3.jsonl").write_text('{"role": "client"\n')
    (tmp_path / "4.csv").write_text(GOOD)
    (tmp_path / "5.docx").touch()
    code, found = checked(tmp_path, tmp_path / "none.csv")
    assert code == ExitCode.DATA
    errors = {problem["path"].rsplit("/", 1)[1]: problem["message"] for problem in of_kind(found, "unreadable")}
    assert list(errors) == ["none.csv", "2.csv", "3.jsonl"]
    assert errors["2.csv"].startswith("the column 'role' has an unknown role in 1 of 1 rows, first in row 1")
    assert [file["read_to_the_end"] for file in found["files"]] == [True, False, False, True]
    assert found["total"]["sessions"] == 3
    assert [problem["severity"] for problem in of_kind(found, "left_out")] == ["warning"]


def test_repeats_and_labels_and_sides_are_found_over_all_files(
    checked: Callable[..., tuple[int, dict[str, Any]]], tmp_path: Path
) -> None:
    talk = "".join(f"s,{n},{who},Word {n}.,grief\n" for n, who in enumerate(["client", "therapist"] * 2))
    (tmp_path / "a.csv").write_text(HEADER + talk)
    (tmp_path / "b.csv").write_text(HEADER + talk.replace("s,", "t,"))
    (tmp_path / "c.csv").write_text(HEADER + "s,3,client,Other.,fear\nu,0,client,Alone.,fear\n")
    code, found = checked(tmp_path)
    assert code == ExitCode.DATA
    kinds = {problem["code"]: (problem["path"].rsplit("/", 1)[1], problem["row"]) for problem in found["problems"]}
    assert kinds == {
        "one_sided": ("c.csv", None),
        "label_differs": ("c.csv", 1),
        "repeated_turn": ("c.csv", 1),
        "repeated_session": ("b.csv", None),
    }
    assert f"this one's in {tmp_path / 'a.csv'}, row 4." in of_kind(found, "repeated_turn")[0]["message"]
    assert "2 sessions of the same 4 turns, word for word" in of_kind(found, "repeated_session")[0]["message"]


def test_clean_files_are_clean(alliance: Callable[..., Ended], tiny_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    ended = alliance("check", tmp_path, "--bundle", tiny_bundle)
    assert (ended.code, ended.err) == (ExitCode.CLEAN, "")
    assert "sessions of each condition: fear 1, grief 1" in ended.out
    assert "0 errors, 0 warnings, 1 note" in ended.out


def test_many_problems_are_listed_in_part(alliance: Callable[..., Ended], tiny_bundle: Path, tmp_path: Path) -> None:
    for n in range(45):
        (tmp_path / f"{n:02}.csv").write_text(f"role,text\nclient,x\ntherapist,y{n}\n")
    ended = alliance("check", tmp_path, "--bundle", tiny_bundle)
    assert ended.code == ExitCode.CLEAN
    assert "5 more files" in ended.out
    assert "and 40 more of this kind; --json lists all" in ended.out


def test_pseudonyms_hold_for_what_it_prints(checked: Callable[..., tuple[int, dict[str, Any]]], tmp_path: Path) -> None:
    key = tmp_path / "key"
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    (tmp_path / "Zebra").mkdir()
    (tmp_path / "Zebra" / "zebra.csv").write_text("role,text\nclient,x\n")
    (tmp_path / "Zebra" / "zebra2.csv").write_text("role,text\n")
    _, found = checked(tmp_path / "Zebra", "--pseudonymise", key)
    assert len(of_kind(found, "unreadable")) == 1
    assert "zebra" not in json.dumps(found).lower()


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("options", [[], ["--json"]], ids=["text", "json"])
def test_no_text_is_shown(
    alliance: Callable[..., Ended], tiny_bundle: Path, tmp_path: Path, name: str, options: list[str]
) -> None:
    content = BROKEN[name]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    (tmp_path / "good.csv").write_text(f"session_id,turn_index,role,text\ns,0,client,{TEXT}\n")
    ended = alliance("--debug", "check", path, tmp_path / "good.csv", "--bundle", tiny_bundle, *options)
    assert ended.code == ExitCode.DATA
    assert PLANTED not in ended.out + ended.err
