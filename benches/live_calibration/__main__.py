"""Run it: ``python -m benches.live_calibration`` (``make calibration-live``), minutes."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from benches.calibration import machine
from benches.calibration.tables import paragraph
from benches.live_calibration import annomi, delays, false_alarms

from alliancekit.live import NOTICE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=4000, help="sessions in a reference, and new ones")
    parser.add_argument("--output", type=Path, help="write the page here too")
    options = parser.parse_args()
    date = datetime.now(UTC).date().isoformat()
    command = f"make calibration-live SESSIONS={options.sessions}"
    parts = [
        "# Calibration of live signals",
        paragraph(
            "Do the signals of [live.md](live.md) raise as many false alarms as asked for, and how soon do they notice",
            f"a change? This page is written by the command. {NOTICE}",
        ),
        paragraph(f"{date} · {machine.line()} · `{command}`"),
        "## False alarms",
        false_alarms.section(options.sessions),
        "## Delays",
        delays.section(options.sessions),
        "## AnnoMI, as it is",
        annomi.section(),
    ]
    page = "\n\n".join(parts) + "\n"
    print(page)
    if options.output is not None:
        options.output.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
