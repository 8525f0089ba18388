"""From turn scores to sums per session and role, in one lazy pass.

Everything a session's statistics need is a sum over its turns, so that the turns are read once and never held
per session. ``u`` is a turn's normalised position: its rank among **all** turns of the session, scored or not,
divided by their number less one; ``x = u - 0.5``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

OUTER: Final = (0.2, 0.8)
INNER: Final = (0.3, 0.7)
"""The two blocks of turns that misalignment needs: ``u`` outside of OUTER, and ``u`` inside of INNER.

Both have their middle at .5, so that a linear drift of the gap is the same in both; the turns between them
(a tenth of the session at each border) keep autocorrelated errors apart.
"""

BLOCK_SHARE: Final = 0.4
"""The share of a session's turns in each block."""

_X: Final = pl.col("x")


def ordered(turns: pl.LazyFrame, scales: Sequence[str], columns: Sequence[str]) -> pl.LazyFrame:
    """Sort the turns and give each its centred position ``x`` and its repeat mark, `duplicate`."""
    keys = [schema.SESSION_ID, schema.TURN_INDEX, schema.ROLE]
    extra = [name for name in (schema.N_TOKENS, schema.TRUNCATED) if name in columns]
    session = pl.col(schema.SESSION_ID)
    rank = pl.int_range(pl.len()).over(schema.SESSION_ID)
    last = (pl.len().over(schema.SESSION_ID) - 1).cast(pl.Float64)
    same = session == session.shift(1)
    return (
        turns.select(*keys, *extra, *[pl.col(scale).cast(pl.Float64) for scale in scales])
        .sort(schema.SESSION_ID, schema.TURN_INDEX)
        .with_columns(
            x=pl.when(last > 0).then(rank / last).otherwise(0.5) - 0.5,
            follows=same.fill_null(value=False),
            follows_two=(session == session.shift(2)).fill_null(value=False),
            duplicate=(same & (pl.col(schema.TURN_INDEX) == pl.col(schema.TURN_INDEX).shift(1))).fill_null(value=False),
        )
    )


def weighted(turns: pl.LazyFrame, scales: Sequence[str], *, weight: str, min_tokens: int | None) -> pl.LazyFrame:
    """Blank the scores of turns under `min_tokens`, and give each turn its weight ``w``."""
    weights = pl.col(schema.N_TOKENS).cast(pl.Float64) if weight == "token" else pl.lit(1.0)
    turns = turns.with_columns(w=weights)
    if min_tokens is None:
        return turns
    long_enough = pl.col(schema.N_TOKENS) >= min_tokens
    return turns.with_columns(pl.when(long_enough).then(pl.col(scale)).alias(scale) for scale in scales)


def summed(turns: pl.LazyFrame, scales: Sequence[str], columns: Sequence[str]) -> pl.LazyFrame:
    """Sums per session and role; a scale's are named ``<scale>:<sum>``."""
    general = [pl.len().alias("turns"), pl.col("duplicate").sum().alias("duplicates")]
    if schema.N_TOKENS in columns:
        general.append(pl.col(schema.N_TOKENS).sum().cast(pl.Float64).alias("tokens"))
    if schema.TRUNCATED in columns:
        general.append(pl.col(schema.TRUNCATED).sum().cast(pl.Float64).alias("truncated"))
    neighbours = [column for scale in scales for column in _neighbours(scale)]
    sums = [column for scale in scales for column in (*_own_sums(scale), *_pair_sums(scale))]
    return (
        turns.with_columns(neighbours)
        .group_by(schema.SESSION_ID, schema.ROLE, maintain_order=True)
        .agg(*general, *sums)
    )


def _neighbours(scale: str) -> list[pl.Expr]:
    """Give the same speaker's previous score (one or two turns back), and the patient's just before a therapist's."""
    score, role = pl.col(scale), pl.col(schema.ROLE)
    previous = (
        pl.when(pl.col("follows") & (role == role.shift(1)))
        .then(score.shift(1))
        .when(pl.col("follows_two") & (role == role.shift(2)))
        .then(score.shift(2))
    )
    answered = pl.col("follows") & (role == schema.THERAPIST) & (role.shift(1) == schema.PATIENT)
    return [
        (score - previous).alias(f"{scale}:step"),
        pl.when(answered & score.is_not_null()).then(score.shift(1)).alias(f"{scale}:before"),
    ]


def _own_sums(scale: str) -> list[pl.Expr]:
    """Sums for mean, slope, residual variance, blocks and autocorrelation."""
    score = pl.col(scale)
    weight = pl.when(score.is_not_null()).then(pl.col("w"))
    outer = (pl.col("x") < OUTER[0] - 0.5) | (pl.col("x") > OUTER[1] - 0.5)
    inner = (pl.col("x") > INNER[0] - 0.5) & (pl.col("x") < INNER[1] - 0.5)
    step = pl.col(f"{scale}:step")
    sums = {
        "n": score.count().cast(pl.Float64),
        "w": weight.sum(),
        "ww": (weight * weight).sum(),
        "wx": (weight * _X).sum(),
        "wxx": (weight * _X * _X).sum(),
        "wy": (weight * score).sum(),
        "wxy": (weight * _X * score).sum(),
        "wyy": (weight * score * score).sum(),
        "outer_w": pl.when(outer).then(weight).sum(),
        "outer_wy": pl.when(outer).then(weight * score).sum(),
        "inner_w": pl.when(inner).then(weight).sum(),
        "inner_wy": pl.when(inner).then(weight * score).sum(),
        "steps": step.count().cast(pl.Float64),
        "step_squares": (step * step).sum(),
        "not_finite": (score.is_nan() | score.is_infinite()).sum(),
    }
    return [value.alias(f"{scale}:{name}") for name, value in sums.items()]


def _pair_sums(scale: str) -> list[pl.Expr]:
    """Sums over exchanges, a patient's turn and the therapist's answer, for congruence."""
    before = pl.col(f"{scale}:before")
    answer = pl.when(before.is_not_null()).then(pl.col(scale))
    place = pl.when(before.is_not_null()).then(_X)
    sums = {
        "m": before.count().cast(pl.Float64),
        "v": place.sum(),
        "vv": (place * place).sum(),
        "p": before.sum(),
        "t": answer.sum(),
        "pv": (before * place).sum(),
        "tv": (answer * place).sum(),
        "pp": (before * before).sum(),
        "tt": (answer * answer).sum(),
        "pt": (before * answer).sum(),
    }
    return [value.alias(f"{scale}:pair_{name}") for name, value in sums.items()]
