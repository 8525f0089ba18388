"""Batches of whole sessions: where the table is cut, and how its rows lie, changes no bit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import alliancekit as ak
from alliancekit.errors import DataError
from alliancekit.stats.reduction import batches
from alliancekit.stats.simulate import simulate

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def turns() -> pl.DataFrame:
    """Some sessions of different lengths in two conditions, with nulls and a list of labels."""
    one, other = pl.lit(["sleep", "work"]), pl.lit(["work", "sleep"])
    drawn = simulate({"anxiety": 11, "grief": 6}, turns=14, turns_cv=0.5, scales=("bond",), seed=2)
    gone = pl.int_range(pl.len()) % 7 == 3
    return drawn.with_columns(
        bond=pl.when(~gone).then("bond"),
        themes=pl.when(pl.col("turn_index") % 2 == 0).then(one).otherwise(other),
        mood=pl.col("turn_index") % 3,
    )


@pytest.mark.parametrize("size", [5, 60, 10_000])
@given(data=st.data())
@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_neither_cuts_nor_the_order_of_rows_change_a_bit(
    turns: pl.DataFrame, size: int, data: st.DataObject, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = ak.sessions(turns)
    order = data.draw(st.permutations(range(turns.height)))
    monkeypatch.setattr(batches, "BATCH", size)
    assert_frame_equal(ak.sessions(turns), whole, check_exact=True)
    assert_frame_equal(ak.sessions(turns[order]), whole, check_exact=True)


def test_sessions_in_any_order_are_read_once(turns: pl.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_twice(_turns: pl.LazyFrame) -> None:
        pytest.fail("each session's turns stand together")

    monkeypatch.setattr(batches, "_gathered", read_twice)
    monkeypatch.setattr(batches, "BATCH", 20)
    backwards = pl.concat(reversed(turns.partition_by("session_id")))
    assert_frame_equal(ak.sessions(backwards), ak.sessions(turns), check_exact=True)


def test_files_give_what_the_frame_gives(turns: pl.DataFrame, tmp_path: Path) -> None:
    # The second file goes on in the middle of a session, and a row group is smaller than one.
    for at, part in enumerate((turns.head(50), turns.slice(50))):
        part.write_parquet(tmp_path / f"{at}.parquet", row_group_size=5)
    assert_frame_equal(ak.sessions(pl.scan_parquet(tmp_path / "*.parquet")), ak.sessions(turns), check_exact=True)


def test_progress_counts_turns_to_the_last(turns: pl.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(batches, "BATCH", 60)
    ak.sessions(turns.lazy(), progress=lambda done, total: told.append((done, total)))
    assert len(told) > 2
    assert told == sorted(told)
    assert told[-1] == (turns.height, turns.height)


def test_labels_are_what_is_constant_and_lists_are_sets(turns: pl.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 20)
    table = ak.sessions(turns)
    assert table["themes"].to_list() == [["sleep", "work"]] * table.height
    assert "mood" not in table.columns
    assert dict(table.select("session_id", "condition").iter_rows()) == dict(
        turns.select("session_id", "condition").iter_rows()
    )


@pytest.mark.parametrize("size", [20, 10_000])
def test_a_label_that_varies_in_the_last_session_alone(
    turns: pl.DataFrame, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", size)
    last = turns["session_id"].max()
    here = (pl.col("session_id") == last) & (pl.col("turn_index") == 0)
    other = turns.with_columns(site=pl.when(here).then(pl.lit("north")).otherwise(pl.lit("south")))
    assert "site" not in ak.sessions(other).columns
    with pytest.raises(DataError, match=f"'site' varies within session {last!r}"):
        ak.sessions(other, by=["site"])
    missing = turns.with_columns(condition=pl.when(~here).then("condition"))
    with pytest.raises(DataError, match=f"'condition' varies within session {last!r}"):
        ak.sessions(missing)


def test_threads_change_no_bit(turns: pl.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for threads in (1, 3):
        monkeypatch.setattr(pl, "thread_pool_size", lambda threads=threads: threads)
        found.append(ak.sessions(turns, weight="token"))
    assert_frame_equal(*found, check_exact=True)


def test_batches_that_end_early_are_noticed(turns: pl.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pl.LazyFrame, "collect_batches", lambda *_, **__: iter([turns.head(30)]))
    with pytest.raises(DataError, match=f"{turns.height} turns are there, and 30 could be read"):
        ak.sessions(turns)
