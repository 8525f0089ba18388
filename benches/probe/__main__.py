"""The probe of the packaged model: ``make probe`` prints the tables and puts them where the model card takes them from.

Options: `--output FILE`, and `--check` to print without writing.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Final

from benches.probe.families import OTHER_AUTHOR, beside, other_author, test_half
from benches.probe.tables import discrimination, negation, specificity

from alliancekit.model.measured import PROBE, heading
from alliancekit.scorer import PACKAGED_BUNDLE

ABOUT: Final = """\
Sentences written for this project, in families of one situation each, and nothing fitted to them (docs/model.md says
how clean that is); intervals of 95 % draw families again. A sentence is compared in the form of its own speaker.
`sentiment` is a lexicon (VADER) that knows nothing of alliance: the baseline to beat. Aims: area at least .95 with its
lower bound at .90 in each cell and above the baseline; minimal pairs at least .90; specificity at least .80."""


def report() -> list[str]:
    sentences, none = test_half(), beside()
    n = f"{sentences.height} sentences in {sentences['family'].n_unique()} families"
    lines = [ABOUT, "", f"**Area under the ROC curve**, agreeing against denying ({n}):", ""]
    lines += [*discrimination(sentences), "", "**Minimal pairs that differ by a negation**, share told apart:", ""]
    lines += [*negation(sentences), ""]
    lines += [
        "**Specificity** (chance is a third), and how far the most moved scale moves, in units of the deviation",
        "",
    ]
    lines[-2] += " over the inventory's examples:"
    lines += specificity(sentences, none)
    if OTHER_AUTHOR.is_file():
        others = other_author()
        n = f"{others.height} sentences in {others['family'].n_unique()} families"
        lines += ["", f"**Another author's families** ({n}), printed twice, before and after layers were adapted:", ""]
        lines += [*discrimination(others), "", *negation(others), "", *specificity(others, none)]
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=PROBE)
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    text = "\n".join([heading(PACKAGED_BUNDLE), *report()]) + "\n"
    sys.stdout.write(text)
    if not options.check:
        options.output.parent.mkdir(exist_ok=True)
        options.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
