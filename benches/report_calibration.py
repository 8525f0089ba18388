"""Take the figures that reports quote from docs/calibration.md (`make report-calibration`)."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "calibration.md"
OUTPUT = ROOT / "python" / "alliancekit" / "reporting" / "calibration.json"
ROW = re.compile(r"^\| [a-z ]+\| +\d+ +\| ([\d.]+) +\| ([\d.]+) +\| ([\d.]+) +\| +\d+ +\| (.+?) +\|$", re.MULTILINE)


def figures(page: str) -> dict[str, Any]:
    """Read the summary of false positives from the page."""
    summary = page.split("## False positives")[1].split("### All cells", maxsplit=1)[0]
    rows = ROW.findall(summary)
    corpora = re.search(r"· ([\d,]+) corpora", page)
    if not rows or corpora is None:
        message = f"{PAGE.name} has no summary of false positives"
        raise SystemExit(message)
    medians = [float(row[1]) for row in rows]
    return {
        "provisional": "Provisional" in page.split("## False positives", maxsplit=1)[0],
        "corpora": int(corpora[1].replace(",", "")),
        "lowest": min(float(row[0]) for row in rows),
        "highest": max(float(row[2]) for row in rows),
        "medians": [min(medians), max(medians)],
        "over_turns": max(float(row[3].split(" to ")[1]) for row in rows if " to " in row[3]),
    }


if __name__ == "__main__":
    found = figures(PAGE.read_text(encoding="utf-8"))
    OUTPUT.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    print(f"written to {OUTPUT.relative_to(ROOT)}")
