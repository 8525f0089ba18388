"""How far the results of a precision are from those of float32, on texts that nothing was calibrated with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import runtime
from alliancekit.model.manifest import Tier

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from alliancekit import _native
    from alliancekit.model.calibration.texts import CheckTurns
    from alliancekit.precision import Precision

AGAINST: Final = "float32, on the turns of invented sessions"

DIGITS: Final = 5
"""Of cosines and correlations, rounded down: more would differ from machine to machine."""


def open_engine(bundle: Path, precision: Precision) -> _native.Engine | None:
    """Open a bundle with `precision`, emulated where the processor lacks it; None if its encoder can't run so."""
    engine = runtime.open_engine(bundle, threads=1, precision=precision, emulate=True)
    return engine if engine.tier[0] == precision else None


@dataclass(frozen=True, slots=True)
class Results:
    """What an engine makes of the turns: unit-norm embeddings, similarities to items by role, scores in each form."""

    vectors: NDArray[np.float32]
    items: dict[str, NDArray[np.float32]]
    scores: pl.DataFrame


def results(engine: _native.Engine, turns: CheckTurns) -> Results:
    """Run the engine on the turns."""
    table, vectors = engine.score_and_embed(turns.text)
    items = {role: engine.items(turns.text, role) for role in _roles(turns)}
    return Results(vectors, items, pl.DataFrame(table))


def measure(found: Results, expected: Results, turns: CheckTurns, scales: Sequence[str]) -> Tier:
    """Compare embeddings, item similarities and scale scores of the default method, a role each in its own form."""
    a, b = found.vectors.astype(np.float64), expected.vectors.astype(np.float64)
    cosine = (a * b).sum(axis=1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))
    tables = (found.scores, expected.scores)
    items = [
        _correlate(one, other)
        for role in _roles(turns)
        for one, other in zip(found.items[role].T, expected.items[role].T, strict=True)
    ]
    return Tier(
        embedding_mean_cosine=_down(float(cosine.mean())),
        embedding_min_cosine=_down(float(cosine.min())),
        items_mean_correlation=_down(float(np.mean(items))),
        items_min_correlation=_down(min(items)),
        scores={role: {scale: _correlation(tables, turns, role, scale) for scale in scales} for role in _roles(turns)},
        session_gaps={scale: _gap_correlation(tables, turns, scale) for scale in scales},
        n_texts=len(turns.text),
        against=AGAINST,
    )


def _roles(turns: CheckTurns) -> list[str]:
    return sorted(turns.role.unique())


def _correlation(tables: tuple[pl.DataFrame, pl.DataFrame], turns: CheckTurns, role: str, scale: str) -> float:
    one, other = (table.filter(turns.role == role)[f"{scale}_{role}_form"].to_numpy() for table in tables)
    return _down(_correlate(one, other))


def _gap_correlation(tables: tuple[pl.DataFrame, pl.DataFrame], turns: CheckTurns, scale: str) -> float:
    one, other = (_gaps(table, turns, scale) for table in tables)
    return _down(_correlate(one, other))


def _gaps(table: pl.DataFrame, turns: CheckTurns, scale: str) -> NDArray[np.float64]:
    """Give each session's therapist mean minus patient mean."""
    scored = table.with_columns(turns.session_id.alias("session"), turns.role.alias("role"))
    mean = {role: pl.col(f"{scale}_{role}_form").filter(pl.col("role") == role).mean() for role in _roles(turns)}
    gaps = scored.group_by("session", maintain_order=True).agg(gap=mean["therapist"] - mean["patient"])
    return gaps["gap"].to_numpy()


def _correlate(found: NDArray[np.floating], expected: NDArray[np.floating]) -> float:
    """Give Pearson's r in float64; 1 where nothing varies and nothing differs."""
    a, b = found.astype(np.float64), expected.astype(np.float64)
    spread = float(a.std() * b.std())
    return float(((a - a.mean()) * (b - b.mean())).mean() / spread) if spread > 0 else float(np.array_equal(a, b))


def _down(value: float) -> float:
    return float(np.floor(value * 10**DIGITS) / 10**DIGITS)
