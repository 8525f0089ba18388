"""What makes turns unfit, found in the means that were made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError, RoleError

if TYPE_CHECKING:
    from collections.abc import Sequence


def check_means(means: pl.DataFrame, scales: Sequence[str]) -> None:
    """Refuse unknown roles, and scores that are no numbers: their mean is none either."""
    unknown = means.filter(~pl.col(schema.ROLE).is_in(schema.ROLES) | pl.col(schema.ROLE).is_null())
    if unknown.height:
        session, role = unknown.select(schema.SESSION_ID, schema.ROLE).row(0)
        raise RoleError(f"session {session!r} has the role {role!r}; roles are patient and therapist")
    for scale in scales:
        bad = means.filter(~pl.col(scale).is_finite())
        if bad.height:
            session = bad[schema.SESSION_ID][0]
            raise DataError(f"column {scale!r} has NaN or infinity in session {session!r}; use null for no score")
