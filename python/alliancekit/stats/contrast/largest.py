"""Whether the target is larger than every other condition: intersection and union of one-sided tests.

The hypothesis that some other condition is at least as large is rejected at a level if each single one is: the p is
the largest of the one-sided p, and needs no correction for the number of conditions (Berger 1982, Technometrics 24).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alliancekit.labels import quoted
from alliancekit.stats.contrast.request import EVERY_OTHER
from alliancekit.stats.contrast.rows import FAMILY, P_GREATER

if TYPE_CHECKING:
    from collections.abc import Sequence


def every_other(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Join the rows of one scale and measure, a row for each other condition."""
    differences = [row for row in rows if row["difference"] is not None]
    nearest = min(differences, key=lambda row: float(row["difference"])) if differences else rows[0]
    untested = [row for row in rows if row[P_GREATER] is None]
    return {
        **nearest,
        "reference": EVERY_OTHER,
        "difference": nearest["difference"] if len(differences) == len(rows) else None,
        "ci_low": None,
        "ci_high": None,
        "p_value": None if untested else max(row[P_GREATER] for row in rows),
        **{name: min(row[name] for row in rows) for name in ("n_reference", "n_clusters_reference")},
        "note": _note(nearest, untested),
        FAMILY: EVERY_OTHER,
    }


def _note(nearest: dict[str, Any], untested: Sequence[dict[str, Any]]) -> str:
    about = f"one-sided: larger than every other condition; the nearest is {quoted(str(nearest['reference']))}"
    lacking = f"; no p: none against {quoted(str(untested[0]['reference']))}" if untested else ""
    return f"{about}{lacking}; no interval: the smallest of several differences has none; {nearest['note']}"
