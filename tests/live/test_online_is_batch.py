"""After k turns a live session's numbers are those of score and sessions on the first k turns."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.live.conftest import ANSWERS, SAID

import alliancekit as ak
from alliancekit.live.running import NUMBERS
from alliancekit.live.scored_turn import ScoredTurn
from alliancekit.live.shares import SHARES
from alliancekit.live.state import SessionState

if TYPE_CHECKING:
    from alliancekit.live.reference import Reference

SCALES = ("bond", "total")
score = st.floats(-1, 1, width=32) | st.sampled_from([0.0, 0.25])
scored = st.builds(
    lambda role, tokens, cut, pair: ScoredTurn(role, tokens, cut, pair, None),
    st.sampled_from(["patient", "therapist"]),
    st.integers(3, 40),
    st.booleans(),
    st.tuples(score, score),
)
blank = st.sampled_from(["patient", "therapist"]).map(lambda role: ScoredTurn(role, None, None, (None, None), None))
talks = st.lists(st.one_of(scored, scored, scored, blank), min_size=1, max_size=30)
texts = st.sampled_from([*SAID, *ANSWERS, ""]) | st.none() | st.text(max_size=30)
spoken = st.lists(st.tuples(st.sampled_from(["patient", "therapist", "user", "assistant"]), texts), max_size=12)


def table(talk: list[ScoredTurn]) -> pl.DataFrame:
    columns = {
        "session_id": ["s"] * len(talk),
        "turn_index": list(range(len(talk))),
        "role": [turn.role for turn in talk],
        "n_tokens": pl.Series([turn.n_tokens for turn in talk], dtype=pl.UInt32),
        "truncated": pl.Series([turn.truncated for turn in talk], dtype=pl.Boolean),
    }
    scores = {scale: pl.Series([turn.scores[at] for turn in talk], dtype=pl.Float32) for at, scale in enumerate(SCALES)}
    return pl.DataFrame({**columns, **scores})


def same(found: Any, expected: Any) -> bool:  # noqa: ANN401 - numbers, words and nothing
    if isinstance(found, float) and isinstance(expected, float):
        return math.isclose(found, expected, rel_tol=1e-7, abs_tol=1e-9)
    return bool(found == expected)


@settings(max_examples=150)
@given(talk=talks, min_tokens=st.none() | st.integers(3, 20))
def test_running_numbers_are_those_of_sessions(talk: list[ScoredTurn], min_tokens: int | None) -> None:
    state = SessionState(SCALES, None, min_tokens)
    for turn in talk:
        update = state.include(turn)
    rows = ak.sessions(table(talk), scales=SCALES, min_tokens=min_tokens).rows(named=True)
    for row in rows:
        numbers = update.running[row["scale"]]
        assert set(numbers) == set(NUMBERS)
        for name in NUMBERS:
            if name in ("congruence", "reason") and is_nearly_constant(row, talk):
                continue
            if name == "reason" and "misalignment" in (row["reason"] or ""):
                # What misalignment lacks is no concern of a session that goes on.
                continue
            assert same(numbers[name], row[name]), name
        for name in SHARES:
            assert same(update.shares[name], row[name]), name


def is_nearly_constant(row: dict[str, Any], talk: list[ScoredTurn]) -> bool:
    """Tell whether only rounding decides if a side of the exchanges varies: sums are added up in another way."""
    most = max((abs(value) for turn in talk for value in turn.scores if value is not None), default=0.0)
    return row["var_p"] is not None and min(row["var_p"], row["var_t"]) < 1e-6 * (1 + most**2)


@given(talk=talks)
def test_means_have_the_same_bits(talk: list[ScoredTurn]) -> None:
    state = SessionState(SCALES, None)
    for turn in talk:
        update = state.include(turn)
    for row in ak.sessions(table(talk), scales=SCALES).rows(named=True):
        for name in ("patient_mean", "therapist_mean", "gap"):
            assert update.running[row["scale"]][name] == row[name]


@settings(max_examples=15)
@given(data=st.data(), talks=st.lists(spoken, min_size=1, max_size=3))
def test_scores_and_echo_have_the_same_bits_in_any_interleaving_with_any_break(
    tiny_scorer: ak.Scorer, tiny_reference: Reference, data: st.DataObject, talks: list[list[tuple[str, str | None]]]
) -> None:
    order = data.draw(st.permutations([number for number, talk in enumerate(talks) for _ in talk]))
    live = [ak.LiveSession(tiny_scorer, reference=tiny_reference) for _ in talks]
    unbroken = [ak.LiveSession(tiny_scorer, reference=tiny_reference) for _ in talks]
    waiting = [iter(talk) for talk in talks]
    rows = []
    for number in order:
        if data.draw(st.booleans()):
            kept = json.loads(json.dumps(live[number].snapshot()))
            live[number] = ak.LiveSession.restore(kept, tiny_scorer, reference=tiny_reference)
            assert live[number].snapshot() == kept
        role, text = next(waiting[number])
        update = live[number].push(role, text)
        assert update == unbroken[number].push(role, text)
        rows.append((f"s{number}", update.turn_index, role, text, update))
    if rows:
        check_against_batch(tiny_scorer, rows)


def check_against_batch(scorer: ak.Scorer, rows: list[tuple[Any, ...]]) -> None:
    names = ["session_id", "turn_index", "role", "text"]
    turns = pl.DataFrame([row[:4] for row in rows], schema=dict.fromkeys(names), orient="row")
    turns = turns.cast({"text": pl.String, "role": pl.String, "turn_index": pl.Int64})
    batch = scorer.score(turns, echo=True)
    for (*_, update), expected in zip(rows, batch.rows(named=True), strict=True):
        assert dict(update.scores) == {scale: expected[scale] for scale in scorer.scales}
        assert (update.n_tokens, update.truncated, update.echo) == (
            expected["n_tokens"],
            expected["truncated"],
            expected["echo"],
        )


def test_a_long_session_loses_no_digits() -> None:
    state = SessionState(SCALES, None)
    talk = [
        ScoredTurn(("patient", "therapist")[turn % 2], 9, None, (100 + 1e-3 * ((turn * 7919) % 13), 0.0), None)
        for turn in range(20_000)
    ]
    for turn in talk:
        update = state.include(turn)
    row = ak.sessions(table(talk).with_columns(bond=pl.Series([turn.scores[0] for turn in talk])), scales=["bond"]).row(
        0, named=True
    )
    for name in ("patient_slope", "gap_mid", "var_p"):
        assert update.running["bond"][name] == pytest.approx(row[name], rel=1e-3, abs=1e-6)


def test_time_and_memory_do_not_grow() -> None:
    state = SessionState(SCALES, None)
    sizes = []
    for turn in range(5000):
        state.include(ScoredTurn(("patient", "therapist")[turn % 2], 9, None, (0.1 * (turn % 7), 0.2), None))
        sizes.append(len(json.dumps(state.dump())))
    assert max(sizes[2500:]) <= max(sizes[:2500]) + 200
