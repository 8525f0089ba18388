"""The running numbers of one scale: those of `alliancekit.sessions` that do not need the whole session.

A turn's place there is its rank over the session's turns less one, which changes with every turn. Here ranks are kept,
and the line over ranks is stretched to the session's length when it is asked for: the same line.
"""

from __future__ import annotations

import base64
import math
import struct
from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.live.moments import Moments
from alliancekit.stats.reduction.congruence import MIN_EXCHANGES
from alliancekit.stats.reduction.lines import MIN_LINE

if TYPE_CHECKING:
    from collections.abc import Mapping

_NOTHING: Final = 1e-12

NUMBERS: Final = (
    *("patient_mean", "therapist_mean", "gap", "n_patient", "n_therapist"),
    *("patient_slope", "therapist_slope", "gap_slope", "congruence", "reason"),
    *("gap_mid", "gap_start", "gap_end", "n_exchanges", "cov_pt", "var_p", "var_t"),
)
"""What `Running.numbers` gives: columns of `alliancekit.sessions`, by their names there."""

Number = float | int | str | None


class Running:
    """Sums over the turns of both roles and over exchanges, on one scale."""

    __slots__ = ("exchanges", "sides")

    def __init__(self) -> None:
        self.sides = {role: Moments(2) for role in schema.ROLES}
        self.exchanges = Moments(3)

    def include(self, role: str, rank: int, score: float) -> None:
        """Take in a scored turn."""
        self.sides[role].include((float(rank), score))

    def include_exchange(self, rank: int, patient: float, therapist: float) -> None:
        """Take in a patient's turn and the therapist's answer right after it, whose rank counts."""
        self.exchanges.include((float(rank), patient, therapist))

    def numbers(self, turns: int) -> dict[str, Number]:
        """Give the `NUMBERS` of a session that has this many turns so far, scored or not."""
        patient, therapist = (_line(self.sides[role], turns) for role in schema.ROLES)
        gap, slope, mid = (_minus(right, left) for left, right in zip(patient, therapist, strict=True))
        half = None if slope is None else slope / 2
        products = _detrended(self.exchanges)
        found: dict[str, Number] = {
            "patient_mean": patient[0],
            "therapist_mean": therapist[0],
            "gap": gap,
            "n_patient": self.sides[schema.PATIENT].count,
            "n_therapist": self.sides[schema.THERAPIST].count,
            "patient_slope": patient[1],
            "therapist_slope": therapist[1],
            "gap_slope": slope,
            "congruence": _congruence(self.exchanges, products),
            "reason": None,
            "gap_mid": mid,
            "gap_start": None if mid is None or half is None else mid - half,
            "gap_end": None if mid is None or half is None else mid + half,
            "n_exchanges": self.exchanges.count,
            **dict(zip(("cov_pt", "var_p", "var_t"), products or (None, None, None), strict=True)),
        }
        found["reason"] = _reason(found)
        return found

    def dump(self) -> str:
        """Give everything as text: the numbers as they lie in memory, in base64, which is quicker than their digits."""
        numbers = [number for part in self._parts() for number in part.dump()]
        return base64.b64encode(struct.pack(f"<{len(numbers)}d", *numbers)).decode()

    @classmethod
    def load(cls, text: str) -> Running:
        """Take up what `dump` gave.

        Raises:
            ValueError: it is something else.

        """
        coded = base64.b64decode(text, validate=True)
        running = cls()
        numbers = struct.unpack(f"<{sum(part.size for part in running._parts())}d", coded)
        for part in running._parts():
            part.load(numbers[: part.size])
            numbers = numbers[part.size :]
        return running

    def _parts(self) -> tuple[Moments, ...]:
        return (*(self.sides[role] for role in schema.ROLES), self.exchanges)


def _line(side: Moments, turns: int) -> tuple[float | None, float | None, float | None]:
    """Mean, slope over the session so far, and value of the line at its middle."""
    if not side.count:
        return None, None, None
    mean = side.sums[1] / side.count
    if side.count < MIN_LINE:
        return mean, None, None
    slope = side.products[1] / side.products[0] * (turns - 1)
    return mean, slope, mean - slope * (side.means[0] / (turns - 1) - 0.5)


def _minus(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left - right


def _detrended(exchanges: Moments) -> tuple[float, float, float] | None:
    """Products and squares about the lines over rank: `cov_pt`, `var_p`, `var_t`."""
    if exchanges.count < MIN_EXCHANGES:
        return None
    vv, pv, tv, pp, pt, tt = exchanges.products
    return pt - pv * tv / vv, pp - pv * pv / vv, tt - tv * tv / vv


def _congruence(exchanges: Moments, products: tuple[float, float, float] | None) -> float | None:
    if products is None:
        return None
    together, patient, therapist = products
    floor = _NOTHING * exchanges.raw_square(1) * exchanges.raw_square(2)
    if patient * therapist <= floor:
        return None
    return max(-1.0, min(1.0, together / math.sqrt(patient * therapist)))


def _reason(found: Mapping[str, Number]) -> str | None:
    """Name the first thing that is missing, in the words of `alliancekit.sessions`."""
    missing = [role for role in (schema.THERAPIST, schema.PATIENT) if not found[f"n_{role}"]]
    if len(missing) == len(schema.ROLES):
        return "no scored turns"
    if missing:
        return f"no scored {missing[0]} turns"
    if found["gap_slope"] is None:
        return f"too few turns: a slope needs {MIN_LINE} of each role"
    if found["cov_pt"] is None:
        return f"too few exchanges: congruence needs {MIN_EXCHANGES}"
    return "constant scores: congruence is not defined" if found["congruence"] is None else None
