"""Which tests are corrected together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alliancekit import schema
from alliancekit.stats.inference.intervals import holm

if TYPE_CHECKING:
    from collections.abc import Sequence


def holm_by_family(rows: Sequence[dict[str, Any]], *within: str) -> list[float | None]:
    """Correct `p_value` over all rows that agree in `within`; `total`, the mean of the others, is a family apart."""
    families: dict[tuple[object, ...], list[int]] = {}
    for at, row in enumerate(rows):
        family = (row[schema.SCALE] == schema.TOTAL, *[row[name] for name in within])
        families.setdefault(family, []).append(at)
    adjusted: list[float | None] = [None] * len(rows)
    for members in families.values():
        for at, value in zip(members, holm([rows[at]["p_value"] for at in members]), strict=True):
            adjusted[at] = value
    return adjusted
