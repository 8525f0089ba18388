"""The chat under watch of `examples/`, with models that agree too easily and that do not."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.live.conftest import SAID, conversations

import alliancekit as ak

if TYPE_CHECKING:
    from alliancekit import Reference
    from alliancekit.live import Signal

PATH = Path(__file__).parents[2] / "examples" / "watched_chat.py"
PLANTED = "zebedee-4711"


@pytest.fixture(scope="module")
def example() -> Any:  # noqa: ANN401 - a script as a module
    spec = importlib.util.spec_from_file_location("watched_chat", PATH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_model_that_repeats_what_is_said_is_handed_over(
    example: Any,  # noqa: ANN401 - as above
    tiny_scorer: ak.Scorer,
    tiny_reference: Reference,
    capsys: pytest.CaptureFixture[str],
) -> None:
    session = ak.LiveSession(tiny_scorer, reference=tiny_reference)
    said = [f"{SAID[turn % 5]} {PLANTED}" for turn in range(40)]
    answers = list(example.chat(said, example.agree, session, example.tell_a_person))
    assert answers[:-1] == said[: len(answers) - 1]
    assert answers[-1] == example.HANDED_OVER
    assert 5 <= len(answers) < 40
    told = capsys.readouterr().err
    assert "ALERT echo: read turns [" in told
    assert "not a suicide-risk assessment" in told
    assert PLANTED not in told


def test_a_person_may_let_it_go_on_and_is_told_once_of_each_alert(
    example: Any,  # noqa: ANN401 - as above
    tiny_scorer: ak.Scorer,
    tiny_reference: Reference,
) -> None:
    told: list[Signal] = []

    def person(alerts: tuple[Signal, ...]) -> bool:
        told.extend(alerts)
        return True

    session = ak.LiveSession(tiny_scorer, reference=tiny_reference)
    said = [SAID[turn % 5] for turn in range(40)]
    assert list(example.chat(said, example.agree, session, person)) == said
    assert [signal.name for signal in told].count("echo") == 1


def test_the_model_is_given_the_whole_chat_and_one_like_the_reference_is_left_alone(
    example: Any,  # noqa: ANN401 - as above
    tiny_scorer: ak.Scorer,
) -> None:
    # Its first session again, against what is usual in all, at few false alarms.
    reference = ak.build_reference(conversations(tiny_scorer), scales=("total",), false_alarms=5)
    given: list[int] = []

    def model(messages: list[dict[str, str]]) -> str:
        given.append(len(messages))
        assert [message["role"] for message in messages] == [*["user", "assistant"] * len(messages)][: len(messages)]
        return "We agree on the goal."

    session = ak.LiveSession(tiny_scorer, reference=reference)
    said = [SAID[turn * turn % 5] for turn in range(6)]
    answers = list(example.chat(said, model, session, lambda alerts: pytest.fail(str(alerts))))
    assert answers == ["We agree on the goal."] * 6
    assert given == [1, 3, 5, 7, 9, 11]


def test_it_runs_on_the_terminal(tmp_path: Path, scorer: ak.Scorer) -> None:
    scored = scorer.score(ak.read(PATH.parent / "sample-corpus").turns, echo=True)
    ak.build_reference(scored, simulated=True).save(tmp_path / "reference.json")
    command = [sys.executable, str(PATH), str(tmp_path / "reference.json")]
    said = "".join(f"I keep going for the walks, and I feel that you get why, time {turn}.\n" for turn in range(20))
    done = subprocess.run(command, input=said, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "I would like a person of our team to join us here before we go on."
    assert "ALERT echo" in done.stderr
