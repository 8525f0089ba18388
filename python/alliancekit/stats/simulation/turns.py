"""Turns of a block of sessions: errors with autocorrelation and coupling around the session's means."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.stats.simulation import values
from alliancekit.stats.simulation.draws import correlated, stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.simulation.effects import SessionMeans
    from alliancekit.stats.simulation.layout import Layout
    from alliancekit.stats.simulation.plan import SimulationPlan

BLOCK = 4096
"""Sessions drawn from one stream: a constant, because the numbers depend on it."""

FIRST_BLOCK_STREAM = 16
TOKEN_LIMIT = 256
_MEAN_TOKENS = 22.0
_SPECIAL_TOKENS = 2


def block_scores(
    plan: SimulationPlan, layout: Layout, means: SessionMeans, generator: np.random.Generator, rows: slice
) -> NDArray[np.float32]:
    """Scores in turn order, a session's padded to the longest: float32 [sessions, longest, scales]."""
    turns = layout.turns[rows]
    coupling = values.per_condition(plan, plan.coupling, 0.0)[layout.condition[rows]]
    scores = _errors(plan, coupling, int(turns.max() + 1) // 2, generator)
    scores *= means.error_sd[rows, None, None].astype(np.float32)
    centred = (np.arange(scores.shape[1])[None, :] / (turns[:, None] - 1) - 0.5).astype(np.float32)
    side = np.where(np.arange(scores.shape[1]) % 2 == 0, -0.5, 0.5).astype(np.float32)[None, :, None]
    shared, gap, slope = (part[rows, None, :].astype(np.float32) for part in (means.shared, means.gap, means.slope))
    scores += shared + np.float32(plan.drift) * centred[:, :, None] + side * (gap + slope * centred[:, :, None])
    return scores


def block_frame(plan: SimulationPlan, layout: Layout, means: SessionMeans, seed: int, start: int) -> pl.DataFrame:
    """Turn scores of the sessions from `start` on, without the sessions' labels but with their row ``session``."""
    rows = slice(start, min(start + BLOCK, len(layout)))
    generator = stream(seed, FIRST_BLOCK_STREAM + start // BLOCK)
    scores = block_scores(plan, layout, means, generator, rows)
    turns = layout.turns[rows]
    present = np.arange(scores.shape[1])[None, :] < turns[:, None]
    index = np.nonzero(present)[1]
    tokens = generator.standard_exponential(len(index), dtype=np.float32) * np.float32(_MEAN_TOKENS)
    n_tokens = pl.Series(tokens.astype(np.int64) + _SPECIAL_TOKENS + 1)
    flat = scores[present]
    return pl.DataFrame(
        {
            "session": np.repeat(np.arange(rows.start, rows.stop), turns),
            schema.TURN_INDEX: index,
            schema.ROLE: pl.Series(schema.ROLES, dtype=pl.String).gather(index % 2),
            schema.N_TOKENS: n_tokens,
            schema.TRUNCATED: n_tokens > TOKEN_LIMIT,
            **{scale: flat[:, column] for column, scale in enumerate(plan.scales)},
            schema.TOTAL: flat.mean(axis=1, dtype=np.float32),
        }
    )


def _errors(
    plan: SimulationPlan, coupling: NDArray[np.float64], exchanges: int, generator: np.random.Generator
) -> NDArray[np.float32]:
    """Unit-variance errors, patient and therapist by turns: float32 [sessions, 2·exchanges, scales]."""
    shape = (exchanges, len(coupling))
    roles = [_autoregress(correlated(generator, plan, shape), plan.autocorrelation) for _ in schema.ROLES]
    if np.any(coupling):
        common = _autoregress(correlated(generator, plan, shape), plan.autocorrelation)
        roles = [_blend(role, common, coupling, sign) for role, sign in zip(roles, (False, True), strict=True)]
    stacked = np.stack(roles)  # [role, exchange, session, scale]
    return np.ascontiguousarray(stacked.transpose(2, 1, 0, 3)).reshape(len(coupling), 2 * exchanges, -1)


def _autoregress(noise: NDArray[np.float32], phi: float) -> NDArray[np.float32]:
    """Turn white noise into an AR(1) of variance 1 along the first axis, in place."""
    if phi:
        noise[1:] *= np.float32((1 - phi**2) ** 0.5)
        for step in range(1, len(noise)):
            noise[step] += np.float32(phi) * noise[step - 1]
    return noise


def _blend(
    own: NDArray[np.float32],
    common: NDArray[np.float32],
    coupling: NDArray[np.float64],
    signed: bool,  # noqa: FBT001
) -> NDArray[np.float32]:
    """``√(1 - |c|)·own + √|c|·common``; the common part takes c's sign for one of the roles."""
    strength = np.abs(coupling)[None, :, None].astype(np.float32)
    share = np.sqrt(strength) * (np.sign(coupling)[None, :, None].astype(np.float32) if signed else np.float32(1))
    return np.asarray(np.sqrt(1 - strength) * own + share * common)
