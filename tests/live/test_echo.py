"""Echo: which turns have one, and that it is the same whatever is around them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.live.conftest import ANSWERS, SAID

from alliancekit.cli import main
from alliancekit.echo import ECHO, echo_column, echo_of
from alliancekit.errors import ColumnError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from alliancekit import Scorer

turn = st.tuples(
    st.sampled_from(["a", "b"]), st.sampled_from(["patient", "therapist"]), st.booleans(), st.integers(0, 10**6)
)


def table(turns: list[tuple[str, str, bool, int]]) -> tuple[pl.DataFrame, NDArray[np.float32]]:
    """Give turns in their order, and their embeddings; NaN where a turn is blank."""
    rows = [(session, index, role) for index, (session, role, *_) in enumerate(turns)]
    vectors = np.array([vector(seed) if spoken else [np.nan] * 4 for *_, spoken, seed in turns], dtype=np.float32)
    schema = {"session_id": pl.String, "turn_index": pl.Int64, "role": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row"), vectors.reshape(-1, 4)


def vector(seed: int) -> NDArray[np.float32]:
    drawn = np.random.default_rng(seed).normal(size=4)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)


@given(turns=st.lists(turn, max_size=25), data=st.data())
def test_only_an_answer_to_what_was_said_right_before_has_an_echo(
    turns: list[tuple[str, str, bool, int]], data: st.DataObject
) -> None:
    rows, vectors = table(turns)
    found = echo_column(rows, vectors).to_list()
    before: dict[str, int] = {}
    for at, (session, role, spoken, _) in enumerate(turns):
        asked = before.get(session)
        before[session] = at
        if asked is None or (turns[asked][1], role) != ("patient", "therapist") or not (spoken and turns[asked][2]):
            assert found[at] is None
            continue
        assert found[at] == echo_of(vectors[asked], vectors[at])
        assert found[at] == pytest.approx(float(vectors[asked] @ vectors[at]), abs=1e-6)
    order = data.draw(st.permutations(range(len(turns))))
    shuffled = echo_column(rows[order], vectors[order]).to_list()
    assert shuffled == [found[at] for at in order]


def test_an_echo_is_symmetric_and_exact_for_equal_turns() -> None:
    for seed in range(50):
        left, right = vector(seed), vector(seed + 1000)
        assert echo_of(left, right) == echo_of(right, left)
        assert echo_of(left, left) == pytest.approx(1, abs=1e-6)
        assert echo_of(left, -left) == -echo_of(left, left)


def test_a_table_that_has_a_column_of_that_name_is_refused(tiny_scorer: Scorer) -> None:
    turns = pl.DataFrame({"session_id": "s", "turn_index": 0, "role": "patient", "text": "No.", ECHO: 1.0})
    with pytest.raises(ColumnError, match=ECHO):
        tiny_scorer.score(turns, echo=True)
    assert tiny_scorer.score(turns)[ECHO].to_list() == [1.0]


def conversation(tmp_path: Path, sessions: int = 30) -> Path:
    path = tmp_path / "talk.csv"
    rows = [
        (
            f"s{session}",
            index,
            ("client", "counselor")[index % 2],
            (SAID, ANSWERS)[index % 2][(3 * session + index**2) % 5],
        )
        for session in range(sessions)
        for index in range(24)
    ]
    pl.DataFrame(rows, schema=["session_id", "turn_index", "role", "text"], orient="row").write_csv(path)
    return path


def built(tmp_path: Path, *options: object) -> dict[str, Any]:
    output = tmp_path / "reference.json"
    arguments = ["reference", "build", tmp_path / "scores.parquet", "-o", output, "--force", *options]
    assert main([str(argument) for argument in arguments]) == 0
    found: dict[str, Any] = json.loads(output.read_text())
    return found


def test_from_transcripts_to_a_reference_at_the_command_line(
    tiny_bundle: Path, tiny_scorer: Scorer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scores = tmp_path / "scores.parquet"
    score = ["score", conversation(tmp_path), "-o", scores, "--echo", "--bundle", tiny_bundle, "--threads", 1]
    assert main([str(argument) for argument in score]) == 0
    assert pl.read_parquet(scores)[ECHO].null_count() < 30 * 24
    found = built(tmp_path, "--false-alarms", 20)
    assert (found["bundle_sha256"], found["method"]) == (tiny_scorer.bundle_sha256, tiny_scorer.method)
    assert (found["sessions"], found["false_alarms"], found["limits_from"]) == (30, 20.0, "corpus")
    assert set(found["limits"]) == {"patient falling:total", "sides parting:total", "echo"}
    said = capsys.readouterr().err
    assert "20 of 100 sessions like these raise an alert (limits from the corpus)" in said
    assert "not a suicide-risk assessment" in said
    more = built(tmp_path, "--scale", "bond", "--scale", "goal", "--min-tokens", 3, "--simulate", "--seed", 4)
    assert list(more["sides"]) == ["bond", "goal"]
    assert (more["min_tokens"], more["limits_from"]) == (3, "simulation")


def test_what_cannot_be_a_reference_is_refused_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def ends(*arguments: object) -> int:
        return main(["reference", "build", *map(str, arguments)])

    output = tmp_path / "reference.json"
    few = tmp_path / "few.csv"
    few.write_text("session_id,turn_index,role,total\ns,0,patient,.1\n")
    assert ends(few, "-o", output) == 3
    assert "a reference needs 20" in capsys.readouterr().err
    assert ends(few, "-o", tmp_path / "reference.txt") == 2
    assert ends(few, "-o", output, "--scale", "warmth") == 3
    assert ends(tmp_path / "none.csv", "-o", output) == 4
    assert not output.exists()
