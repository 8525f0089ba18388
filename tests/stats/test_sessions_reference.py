"""`sessions` against a slow and readable reference on small corpora of every shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.session_reference import reference

import alliancekit as ak

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SCALES = ("bond", "total")
SCHEMA = {
    "session_id": pl.String,
    "turn_index": pl.Int64,
    "role": pl.String,
    "n_tokens": pl.Int64,
    "bond": pl.Float64,
    "total": pl.Float64,
}
# Eighths: ties, constant sessions and exact lines come often, and no sum of them is rounded.
SCORES = st.none() | st.integers(-8, 8).map(lambda eighths: eighths / 8)


@st.composite
def corpora(draw: st.DrawFn) -> list[dict[str, object]]:
    """Up to nine sessions of up to 24 turns, in any order of rows."""
    rows = []
    for session in range(draw(st.integers(1, 9))):
        strict = draw(st.booleans())
        turns = draw(
            st.lists(st.tuples(st.booleans(), SCORES, SCORES, st.none() | st.integers(0, 12)), min_size=1, max_size=24)
        )
        places = draw(st.permutations(range(3, 3 + len(turns))))
        for rank, (side, bond, total, tokens) in enumerate(turns):
            role = ("patient", "therapist")[places[rank] % 2 if strict else side]
            rows.append((f"s{session}", places[rank], role, tokens, bond, total))
    return [dict(zip(SCHEMA, row, strict=True)) for row in draw(st.permutations(rows))]


def frame(rows: Sequence[Mapping[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA)


def different(mine: Mapping[str, object], theirs: Mapping[str, float | str | None]) -> dict[str, tuple[object, object]]:
    """Columns in which two rows differ, with both values."""
    return {
        name: (mine[name], value)
        for name, value in theirs.items()
        if mine[name] != (pytest.approx(value, rel=1e-9, abs=1e-9) if isinstance(value, float) else value)
    }


@given(corpora(), st.sampled_from(["turn", "token"]), st.sampled_from([None, 1, 4]))
def test_every_number_is_that_of_the_reference(
    rows: list[dict[str, object]], weight: str, min_tokens: int | None
) -> None:
    table = ak.sessions(frame(rows), weight=weight, min_tokens=min_tokens)
    for scale in SCALES:
        found = table.filter(scale=scale).to_dicts()
        expected = reference(rows, scale, weight, min_tokens)
        assert len(found) == len(expected)
        for mine, theirs in zip(found, expected, strict=True):
            assert different(mine, theirs) == {}


@given(corpora())
def test_a_null_has_a_reason(rows: list[dict[str, object]]) -> None:
    complete = ak.sessions(frame(rows)).filter(pl.col("reason").is_null())
    # What needs several sessions, or tokens, is null for a whole table and told in the docstring.
    of_table = {
        "reason",
        "token_share",
        *(name for name in complete.columns if "reliability" in name or "shrunken" in name),
    }
    missing = [name for name in complete.columns if name not in of_table and complete[name].null_count()]
    assert missing == ["truncated_share"] * (not complete.is_empty())


@given(corpora())
def test_no_number_is_nan_or_infinite(rows: list[dict[str, object]]) -> None:
    table = ak.sessions(frame(rows)).select(pl.selectors.float())
    assert table.select(pl.all().is_finite().all()).row(0) == (True,) * table.width
