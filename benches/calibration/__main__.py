"""Run the calibration: ``python -m benches.calibration`` (``make calibration``).

Chunks that are done are kept under ``build/calibration``: stop it with Ctrl-C, run it again and it goes on; ask for
more corpora and it does what is missing. A change of the statistics' code starts anew.
"""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from benches.calibration.cache import FILE, Chunks
from benches.calibration.page import page
from benches.calibration.questions import QUESTIONS
from benches.calibration.run import run
from benches.calibration.version import ROOT

QUICK = 100
INTERRUPTED = 130


def main() -> None:
    options = _options()
    corpora = QUICK if options.quick else options.corpora
    cells = [cell for question in QUESTIONS.values() for cell in question.cells()]
    chosen = [cell for cell in cells if re.search(options.only, cell.name)]
    if not chosen:
        sys.exit(f"--only {options.only} matches none of {len(cells)} cells")
    chunks = Chunks(FILE)
    try:
        run(chosen, corpora, options.jobs, chunks)
    except KeyboardInterrupt:
        print(f"\nstopped; what is done is in {FILE.relative_to(ROOT)}", file=sys.stderr)
        sys.exit(INTERRUPTED)
    written = page(chunks.results(chosen, corpora), f"make calibration CORPORA={corpora}")
    print(written)
    if options.output is not None:
        options.output.write_text(written, encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=int, default=2000, help="corpora a cell of the false positives")
    parser.add_argument("--only", default="", metavar="REGEX", help="cells whose name matches")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} corpora: to see that it runs")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--output", type=Path, help="write the page here too")
    return parser.parse_args()


if __name__ == "__main__":
    main()
