"""`--config`: options from a TOML file, below those of the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alliancekit.cli import ExitCode
from alliancekit.scored import read_scored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended, FakeScorer

TALK = "session_id,turn_index,who,said\ns1,0,SPK_0,Yes.\ns1,1,SPK_0,No.\ns1,2,SPK_1,So?\n"
CONFIG = """
merge = true
leave-out = ["someone"]
metadata = "labels.csv"
output = "nowhere.csv"
forms = "own"
[map]
role = "who"
text = "said"
[roles]
SPK_0 = "patient"
SPK_1 = "therapist"
[score]
keep_text = true
output = "scores.csv"
"""


@pytest.fixture
def folder(tmp_path: Path, fake_scorer: type[FakeScorer]) -> Path:
    assert fake_scorer.threads == 1
    (tmp_path / "talk.csv").write_text(TALK)
    (tmp_path / "labels.csv").write_text("session_id,condition\ns1,grief\n")
    return tmp_path


def config(folder: Path, content: str) -> Path:
    (folder / "alliance.toml").write_text(content)
    return folder / "alliance.toml"


def test_options_are_taken_from_it(alliance: Callable[..., Ended], folder: Path) -> None:
    ended = alliance("score", folder / "talk.csv", "--config", config(folder, CONFIG))
    assert ended.code == ExitCode.CLEAN, ended.err
    turns, _ = read_scored(folder / "scores.csv")
    assert turns.select("role", "text", "condition").rows() == [
        ("patient", "Yes. No.", "grief"),
        ("therapist", "So?", "grief"),
    ]


def test_the_command_line_goes_first(alliance: Callable[..., Ended], folder: Path) -> None:
    more = ["--no-merge", "-o", folder / "mine.csv", "--roles", "SPK_0=therapist", "--roles", "SPK_1=patient"]
    ended = alliance("score", folder / "talk.csv", *more, "--config", config(folder, CONFIG))
    assert ended.code == ExitCode.CLEAN, ended.err
    turns, _ = read_scored(folder / "mine.csv")
    assert turns["role"].to_list() == ["therapist", "therapist", "patient"]
    assert not (folder / "scores.csv").exists()


def test_what_another_command_has_is_left_alone(alliance: Callable[..., Ended], folder: Path) -> None:
    content = CONFIG + "[gap]\nby = ['x']\n"
    assert alliance("score", folder / "talk.csv", "--config", config(folder, content)).code == ExitCode.CLEAN


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("mrege = true", ExitCode.USAGE, "'mrege' is no option and no command. Did you mean 'merge'?"),
        ("[scores]\nmerge = true", ExitCode.USAGE, "'scores' is no option and no command. Did you mean 'score'?"),
        ("[score]\nby = ['x']", ExitCode.USAGE, "'by' is no option"),
        ("merge = 1", ExitCode.USAGE, "'merge' is true or false"),
        ("metadata = true", ExitCode.USAGE, "'metadata' is not true or false"),
        ("metadata = ['a']", ExitCode.USAGE, "'metadata' is one value, not a list"),
        ("leave_out = 'a'", ExitCode.USAGE, "'leave-out' is a list"),
        ("[metadata]\na = 'b'", ExitCode.USAGE, "'metadata' is no table"),
        ("[roles]\na = 1", ExitCode.USAGE, "'roles': 'a' is a string"),
        ("non-speech = 'strp'", ExitCode.USAGE, "strp"),
        ("merge = ", ExitCode.USAGE, "not valid TOML"),
        (None, ExitCode.IO, "cannot be read: No such file"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    alliance: Callable[..., Ended], folder: Path, content: str | None, code: ExitCode, said: str
) -> None:
    path = folder / "none.toml" if content is None else config(folder, content)
    ended = alliance("score", folder / "talk.csv", "-o", folder / "s.csv", "--config", path)
    assert ended.code == code
    assert said in ended.err
