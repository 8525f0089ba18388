"""Inferred scores and ratings of the same sessions, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError, DataError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

RATED: Final = tuple(f"{role}_rating" for role in schema.ROLES)


def rating_columns(ratings: pl.DataFrame, columns: Mapping[str, str] | None) -> dict[tuple[str, str], str]:
    """Return the column that holds each role's rating of each scale.

    A column is named `patient_bond`, or `columns` gives it such a meaning: ``{"WAI_C_B": "patient_bond"}``.
    Raises ColumnError if a column is not there or not of numbers, ParameterError if a meaning is not understood.
    """
    meanings = dict(columns) if columns is not None else {name: name for name in ratings.columns if _meaning(name)}
    found = {}
    for name, meaning in meanings.items():
        role_and_scale = _meaning(meaning)
        if role_and_scale is None:
            raise ParameterError(f"columns: {meaning!r} is no meaning; write a role and a scale, such as patient_bond")
        if name not in ratings.columns:
            raise ColumnError(f"the ratings have no column {name!r}; they have {', '.join(ratings.columns)}")
        if not ratings.schema[name].is_numeric():
            raise ColumnError(f"the ratings' column {name!r} is of {ratings.schema[name]}; ratings are numbers")
        found[role_and_scale] = name
    if not found:
        raise ColumnError("the ratings have no column such as patient_bond; say with `columns` which column is which")
    return found


def paired(
    sessions: pl.DataFrame, ratings: pl.DataFrame, rated: Mapping[tuple[str, str], str], scale: str
) -> pl.DataFrame:
    """Return one scale's sessions with what was rated, null where it was not.

    Raises DataError if a session is rated twice, or none of the rated sessions is among the scored ones.
    """
    own = ratings.with_columns(pl.col(schema.SESSION_ID).cast(pl.String))
    if own[schema.SESSION_ID].is_duplicated().any():
        raise DataError("a session_id stands in several rows of the ratings; give a row for each session")
    wanted = [_rating(rated, role, scale).alias(name) for role, name in zip(schema.ROLES, RATED, strict=True)]
    of_scale = sessions.filter(pl.col(schema.SCALE) == scale).with_columns(pl.col(schema.SESSION_ID).cast(pl.String))
    both = of_scale.join(own.select(schema.SESSION_ID, *wanted), on=schema.SESSION_ID, how="inner")
    if both.is_empty():
        raise DataError("no rated session is among the scored ones; are the session_ids written alike?")
    return both.sort(schema.SESSION_ID)


def scales_rated(scales: Sequence[str], rated: Mapping[tuple[str, str], str]) -> list[str]:
    """Return the scored scales that have a rating, in order; ParameterError if there is none."""
    found = [scale for scale in scales if any(of == scale for _, of in rated)]
    if not found:
        named = ", ".join(sorted({scale for _, scale in rated}))
        raise ParameterError(f"the ratings are of {named}, and the scores of {', '.join(scales)}: none is of both")
    return found


def _meaning(name: str) -> tuple[str, str] | None:
    role, _, scale = name.partition("_")
    return (role, scale) if role in schema.ROLES and scale else None


def _rating(rated: Mapping[tuple[str, str], str], role: str, scale: str) -> pl.Expr:
    name = rated.get((role, scale))
    value = pl.lit(None) if name is None else pl.col(name)
    finite = value.cast(pl.Float64)
    return pl.when(finite.is_finite()).then(finite)
