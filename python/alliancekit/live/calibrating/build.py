"""`build_reference`: from turn scores of a corpus to what is usual and to limits with a known rate of false alarms."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.echo import ECHO
from alliancekit.errors import DataError, RoleError
from alliancekit.live.calibrating.furthest import furthest
from alliancekit.live.calibrating.limits import allowed, limits
from alliancekit.live.calibrating.simulated import simulated_like
from alliancekit.live.calibrating.usual import standard, usual
from alliancekit.live.reference import Reference, Side
from alliancekit.live.signals.standard import Standard
from alliancekit.stats import arguments
from alliancekit.stats.reduction import labels
from alliancekit.stats.reduction.batches import in_order
from alliancekit.stats.reduction.numbers import numbers, require_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Progress = Callable[[int, int], object]

FOLDS: Final = 5
"""Parts of the corpus; what is usual for one is taken from the others, as it will be for a session to come."""


def build_reference(  # noqa: PLR0913 - each is a choice of the caller, by name
    turns: pl.DataFrame | pl.LazyFrame,
    *,
    scales: Sequence[str] = (schema.TOTAL,),
    false_alarms: float = 5.0,
    min_tokens: int | None = None,
    simulated: bool = False,
    seed: int = 0,
    progress: Progress | None = None,
) -> Reference:
    """Learn from a corpus what is usual, and how far a session goes in which nothing is wrong.

    Args:
        turns: turn scores as `Scorer.score` gives them: `session_id`, `turn_index`, `role`, the scales, and where the
            table has them `n_tokens` (turns are then compared with turns of their length) and `echo` (from
            ``echo=True``; without it there is no signal of echo). Held in memory.
        scales: scales that the signals look at.
        false_alarms: sessions per 100 that may raise an alert, on any signal, though they are like the corpus.
        min_tokens: leave out the scores of shorter turns, here and live.
        simulated: take the limits from simulated sessions like those of the corpus, where it has too few of its own.
        seed: of that simulation.
        progress: called with (turns done, of).

    Raises:
        ColumnError: a column is missing or not of numbers.
        DataError: there are too few sessions or turns, a score is NaN, or the scores do not vary.
        RoleError: a role is neither `patient` nor `therapist`.
        ParameterError: an argument is not allowed.

    Example:
        >>> import alliancekit as ak
        >>> corpus = ak.simulate({"anxiety": 60}, turns=20, seed=1)
        >>> reference = ak.build_reference(corpus)
        >>> sorted(reference.limits), reference.sessions
        (['patient falling:total', 'sides parting:total'], 60)

    """
    table = _checked(turns, scales, min_tokens)
    sessions = table[schema.SESSION_ID].n_unique()
    made = replace(_usual(table, scales), false_alarms=false_alarms, min_tokens=min_tokens)
    if not simulated:
        allowed(sessions, false_alarms)
        found = limits(_furthest(table, scales, progress), false_alarms)
        return replace(made, limits=found, sessions=sessions, turns=table.height)
    drawn = simulated_like(table, made, seed)
    if made.echo is None:
        drawn = drawn.drop(ECHO)
    largest = furthest(drawn, _plain(made), _counter(progress, drawn.height))
    found = limits(largest, false_alarms)
    return replace(made, limits=found, sessions=sessions, turns=table.height, limits_from="simulation")


def _checked(turns: pl.DataFrame | pl.LazyFrame, scales: Sequence[str], min_tokens: int | None) -> pl.DataFrame:
    """Give the columns that are needed, each session's turns together and in order."""
    frame = arguments.lazy(turns)
    columns = frame.collect_schema()
    keys = (schema.SESSION_ID, schema.TURN_INDEX, schema.ROLE)
    optional = [name for name in (schema.N_TOKENS, ECHO) if name in columns]
    labels.require(columns, (*keys, *scales, *((schema.N_TOKENS,) if min_tokens is not None else ())))
    require_numbers(columns, (*scales, *optional))
    table = frame.select(*keys, *scales, *optional).collect()
    if not table.height:
        raise DataError("the table has no turns: there is nothing to learn from")
    order = table.sort(schema.SESSION_ID, schema.TURN_INDEX)
    table, _ = in_order(order)
    _refuse_unknown_roles(table)
    for name in (*scales, *optional):
        numbers(table, name, missing=np.nan)
    scores = [pl.col(name).cast(pl.Float64) for name in (*scales, *optional) if name != schema.N_TOKENS]
    return _without_short(table.with_columns(scores), scales, min_tokens)


def _refuse_unknown_roles(table: pl.DataFrame) -> None:
    unknown = table.filter(~pl.col(schema.ROLE).cast(pl.String).is_in(schema.ROLES).fill_null(value=False))
    if unknown.height:
        raise RoleError(f"{unknown.height} turns have a role that is neither {' nor '.join(schema.ROLES)}")


def _without_short(table: pl.DataFrame, scales: Sequence[str], min_tokens: int | None) -> pl.DataFrame:
    if min_tokens is None:
        return table
    long = pl.col(schema.N_TOKENS).fill_null(0) >= min_tokens
    kept = [pl.when(long).then(pl.col(scale)).alias(scale) for scale in scales]
    pair = long & long.shift(1, fill_value=False)
    echo = [pl.when(pair).then(pl.col(ECHO)).alias(ECHO)] if ECHO in table.columns else []
    return table.with_columns(*kept, *echo)


def _usual(table: pl.DataFrame, scales: Sequence[str]) -> Reference:
    """Give what is usual, without limits."""
    sides = {scale: {role: _side(table, scale, role) for role in schema.ROLES} for scale in scales}
    return Reference(sides, _echo(table), {}, 5.0, None, 0, 0)


def _side(table: pl.DataFrame, scale: str, role: str) -> Side:
    mine = table.filter((pl.col(schema.ROLE) == role) & pl.col(scale).is_not_null())
    scores, tokens = mine[scale].to_numpy(), _tokens(mine)
    made = standard(scores, tokens, f"scored {role} turns on {scale}")
    return Side(made, usual(mine, _standardised(made, scores, tokens)))


def _echo(table: pl.DataFrame) -> Standard | None:
    if ECHO not in table.columns:
        return None
    tokens = [pl.col(schema.N_TOKENS).shift(1)] if schema.N_TOKENS in table.columns else []
    answers = table.with_columns(tokens).filter(pl.col(ECHO).is_not_null())
    return standard(answers[ECHO].to_numpy(), _tokens(answers), "therapist's answers with an echo")


def _tokens(turns: pl.DataFrame) -> NDArray[np.float64] | None:
    if schema.N_TOKENS not in turns.columns:
        return None
    return turns[schema.N_TOKENS].cast(pl.Float64).fill_null(0.0).to_numpy()


def _standardised(
    made: Standard, scores: NDArray[np.float64], tokens: NDArray[np.float64] | None
) -> NDArray[np.float64]:
    edges = np.array(made.edges)
    at = np.full(len(scores), len(edges) // 2) if tokens is None else np.searchsorted(edges, tokens, side="left")
    return np.asarray((scores - np.array(made.means)[at]) / np.array(made.sds)[at])


def _furthest(table: pl.DataFrame, scales: Sequence[str], progress: Progress | None) -> dict[str, NDArray[np.float64]]:
    """Give how far each session goes against what is usual in the other folds."""
    tell = _counter(progress, table.height)
    fold = pl.col(schema.SESSION_ID).rle_id() % FOLDS
    parts = [
        furthest(table.filter(fold == number), _usual(table.filter(fold != number), scales), tell)
        for number in range(FOLDS)
    ]
    return {name: np.concatenate([part[name] for part in parts if part]) for name in next(filter(None, parts))}


def _counter(progress: Progress | None, total: int) -> Callable[[int], None]:
    done = 0

    def tell(turns: int) -> None:
        nonlocal done
        done += turns
        if progress is not None:
            progress(done, total)

    return tell


def _plain(reference: Reference) -> Reference:
    """Give a reference for standardised scores: mean 0, SD 1, whatever the length."""
    unit = Standard((), (0.0,), (1.0,))
    sides = {
        scale: {role: Side(unit, side.usual) for role, side in roles.items()}
        for scale, roles in reference.sides.items()
    }
    return replace(reference, sides=sides, echo=None if reference.echo is None else unit)
