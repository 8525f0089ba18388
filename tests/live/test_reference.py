"""References: what they learn, the rate of false alarms they promise, what they refuse."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.live.conftest import with_echo

import alliancekit as ak
from alliancekit.errors import ColumnError, DataError, FileAccessError, ParameterError
from alliancekit.live.calibrating.furthest import furthest
from alliancekit.live.calibrating.limits import allowed, limits
from alliancekit.live.reference import Reference

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

columns = st.integers(20, 120).flatmap(
    lambda n: st.lists(st.lists(st.floats(0, 9), min_size=n, max_size=n), min_size=1, max_size=3)
)


def test_what_was_planted_is_found() -> None:
    reference = ak.build_reference(ak.simulate({"a": 1500}, icc=0.2, autocorrelation=0.3, turns=40, seed=4))
    usual = reference.sides["total"]["patient"].usual
    assert usual.level == pytest.approx(0.2, abs=0.04)
    assert usual.correlation == pytest.approx(0.3, abs=0.04)


def test_scores_are_compared_with_turns_of_their_length() -> None:
    turns = ak.simulate({"a": 100}, seed=2).with_columns(
        total=pl.when(pl.col("n_tokens") < 12).then(5 + 3 * pl.col("total")).otherwise(pl.col("total"))
    )
    made = ak.build_reference(turns).sides["total"]["therapist"].standard
    assert len(made.means) == 4
    assert made.means[0] > 4.5
    assert abs(made.means[-1]) < 0.5
    assert made.sds[0] > 2 * made.sds[-1]


def test_new_sessions_raise_as_many_alerts_as_asked_for() -> None:
    reference = ak.build_reference(ak.simulate({"a": 1500}, turns=30, autocorrelation=0.3, seed=1), false_alarms=10)
    fresh = ak.simulate({"a": 1500}, turns=30, autocorrelation=0.3, seed=2)
    largest = furthest(fresh, reference, lambda _: None)
    beyond = np.stack([largest[name] > reference.limits[name].alert for name in largest])
    # Standard errors of the rate in new sessions and of the limits' own are .8 % each.
    assert beyond.any(axis=0).mean() == pytest.approx(0.1, abs=0.035)
    watched = np.stack([largest[name] > reference.limits[name].watch for name in largest])
    assert watched.any(axis=0).mean() == pytest.approx(0.4, abs=0.06)


@given(largest=columns, rate=st.floats(5, 50))
def test_no_more_sessions_than_asked_for_are_beyond_the_limits(largest: list[list[float]], rate: float) -> None:
    table = {str(number): np.array(values) for number, values in enumerate(largest)}
    sessions = len(largest[0])
    try:
        found = limits(table, rate)
    except DataError:
        moved = min(sum(value > 0 for value in values) for values in largest)
        assert len(largest) > allowed(sessions, rate) or moved < allowed(sessions, rate)
        return
    beyond = np.stack([table[name] > found[name].alert for name in found]).any(axis=0).sum()
    assert beyond <= allowed(sessions, rate)
    assert all(limit.alert > 0 and limit.watch <= limit.alert for limit in found.values())


@given(
    table=st.integers(1, 3).flatmap(
        lambda signals: st.lists(
            st.lists(st.sampled_from([1.0, 2.0, 3.0]) | st.floats(0.1, 9), min_size=signals, max_size=signals),
            min_size=25,
            max_size=60,
        )
    )
)
def test_each_session_against_all_others_raises_as_many_alerts_as_asked_for(table: list[list[float]]) -> None:
    values, alerts = np.array(table).T, 0
    for session in range(len(table)):
        others = np.delete(values, session, axis=1)
        found = limits({str(number): row for number, row in enumerate(others)}, 20)
        alerts += any(values[int(name), session] > limit.alert for name, limit in found.items())
    assert alerts <= allowed(len(table) - 1, 20) + (len(values) > 1)


def test_sessions_that_go_equally_far_do_not_use_up_the_false_alarms() -> None:
    # A third of the sessions reach the very same number on two statistics, a few go beyond it on one.
    first, second = np.full(300, 1.0), np.full(300, 1.0)
    first[:100] = second[100:200] = 4.0
    first[:10] = 5.0 + np.arange(10)
    found = limits({"first": first, "second": second}, 5)
    assert found["second"].alert == 4.0
    assert (first > found["first"].alert).sum() <= allowed(300, 5)
    assert found["first"].alert == 8.0  # the 7th: half of the 15 that are allowed


def test_sessions_too_short_for_a_signal_are_said_to_be_so() -> None:
    with pytest.raises(DataError, match="too short for the signal 'patient falling:total'"):
        ak.build_reference(ak.simulate({"a": 200}, turns=6, seed=1))


def test_limits_can_come_from_a_simulation() -> None:
    small = with_echo(ak.simulate({"a": 12}, seed=3))
    with pytest.raises(DataError, match="19"):
        ak.build_reference(small)
    reference = ak.build_reference(small, simulated=True)
    assert (reference.limits_from, reference.sessions) == ("simulation", 12)
    assert set(reference.limits) == {"patient falling:total", "sides parting:total", "echo"}
    assert reference == ak.build_reference(small, simulated=True)
    assert reference != ak.build_reference(small, simulated=True, seed=1)


def test_rows_in_any_order_give_the_same_reference() -> None:
    turns = with_echo(ak.simulate({"a": 40}, seed=3))
    assert ak.build_reference(turns.sample(fraction=1.0, shuffle=True, seed=1)) == ak.build_reference(turns.lazy())


def test_a_file_gives_the_reference_back(tmp_path: Path, simulated_reference: Reference) -> None:
    path = tmp_path / "reference.json"
    simulated_reference.save(path)
    assert Reference.load(path) == simulated_reference


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"\xff", b'{"format_version": 9}', b"null"])
def test_a_file_that_is_no_reference_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "reference.json"
    path.write_bytes(content)
    with pytest.raises(DataError):
        Reference.load(path)
    with pytest.raises(FileAccessError):
        Reference.load(tmp_path / "none.json")


def test_a_damaged_reference_is_refused(tmp_path: Path, simulated_reference: Reference) -> None:
    data = json.loads(json.dumps(simulated_reference.to_dict()))
    for key in data:
        path = tmp_path / "reference.json"
        path.write_text(
            json.dumps({**data, key: {"total": 7}} if key == "sides" else {k: data[k] for k in data if k != key})
        )
        if key in ("limits_from", "bundle_sha256", "method"):
            continue
        with pytest.raises(DataError):
            Reference.load(path)


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda turns: turns.drop("total"), ColumnError),
        (lambda turns: turns.drop("role"), ColumnError),
        (lambda turns: turns.clear(), DataError),
        (lambda turns: turns.with_columns(total=pl.lit(0.5)), DataError),
        (lambda turns: turns.with_columns(total=pl.lit(None, dtype=pl.Float32)), DataError),
        (lambda turns: pl.concat([turns, turns]), DataError),
        (lambda turns: turns.filter(pl.col("role") == "patient"), DataError),
    ],
)
def test_a_corpus_that_says_nothing_is_refused(
    change: Callable[[pl.DataFrame], pl.DataFrame], error: type[Exception]
) -> None:
    with pytest.raises(error):
        ak.build_reference(change(ak.simulate({"a": 30}, turns=10, seed=1)))


@pytest.mark.parametrize("rate", [0, -1, 51, float("nan")])
def test_a_rate_that_cannot_be_is_refused(rate: float) -> None:
    with pytest.raises(ParameterError):
        ak.build_reference(ak.simulate({"a": 30}, turns=10, seed=1), false_alarms=rate)


def test_short_turns_are_left_out_when_asked_for() -> None:
    turns = ak.simulate({"a": 60}, seed=3)
    loud = turns.with_columns(
        total=pl.when(pl.col("n_tokens") < 8).then(1e3 * pl.col("total")).otherwise(pl.col("total"))
    )
    made = ak.build_reference(loud, min_tokens=8)
    assert made.min_tokens == 8
    assert max(made.sides["total"]["patient"].standard.sds) < 2
