"""How often the tests found something where nothing was, as `docs/calibration.md` measured it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Calibration:
    """False positives in simulated corpora without effect, in % of corpora, over a test's cells.

    Attributes:
        provisional: whether the page calls itself so.
        corpora: how many were simulated.
        lowest: over all cells of all tests.
        highest: likewise.
        medians: lowest and highest of the tests' medians.
        over_turns: the highest rate of the usual test that takes turns as independent.

    """

    provisional: bool
    corpora: int
    lowest: float
    highest: float
    medians: tuple[float, float]
    over_turns: float


def calibration() -> Calibration:
    """Give the figures that the package carries; `make report-calibration` takes them from the page.

    >>> calibration().lowest < calibration().highest
    True

    """
    text = files("alliancekit.reporting").joinpath("calibration.json").read_text(encoding="utf-8")
    values = json.loads(text)
    values["medians"] = tuple(values["medians"])
    return Calibration(**values)
