"""The figures of calibration that a report quotes are those of the page."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from benches.report_calibration import figures

from alliancekit.reporting.calibration import calibration

PAGE = Path(__file__).parents[2] / "docs" / "calibration.md"


def test_figures_are_those_of_the_page() -> None:
    found = asdict(calibration())
    found["medians"] = list(found["medians"])
    assert found == figures(PAGE.read_text(encoding="utf-8")), "make report-calibration takes them from the page"
