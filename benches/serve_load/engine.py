"""The in-process engine on the same turns: what the server is compared with."""

from __future__ import annotations

import json
import os
import sys
import time

import alliancekit as ak


def main() -> None:
    """Score the texts of standard input once for a warm-up and once for the clock; print turns/s and core seconds."""
    texts = json.load(sys.stdin)
    scorer = ak.Scorer()
    scorer.score_and_embed(texts[:512])
    # Equal texts once in a call: the server's batches are small, so it is told without that gain too.
    distinct = list(dict.fromkeys(texts))
    print(json.dumps([measured(scorer, texts), measured(scorer, distinct)]))


def measured(scorer: ak.Scorer, texts: list[str]) -> tuple[float, float]:
    start, before = time.perf_counter(), os.times()
    scorer.score_and_embed(texts)
    spent = time.perf_counter() - start
    after = os.times()
    return len(texts) / spent, (after.user + after.system - before.user - before.system) / len(texts)


if __name__ == "__main__":
    main()
