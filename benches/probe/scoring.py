"""Scores of probe sentences by every method, and by a sentiment lexicon that knows nothing of alliance."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

import alliancekit as ak
from alliancekit.inventory import read_inventory
from alliancekit.scorer import PACKAGED_BUNDLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

METHODS: Final = ("gated", "contrast", "keyed-mean", "signed-sum")
SENTIMENT: Final = "sentiment"
SCALES: Final = ("task", "bond", "goal")


UNIT_FROM: Final = 10
"""The units are taken from every tenth example: a figure that a few hundred sentences settle."""


def scores(sentences: pl.DataFrame, method: str) -> NDArray[np.float64]:
    """Return the scores [n, scales] of sentences in the form of their own speaker; sentiment is one for all scales."""
    return _scores(tuple(sentences["text"]), tuple(sentences["role"]), method)


@cache
def _scores(texts: tuple[str, ...], roles: tuple[str, ...], method: str) -> NDArray[np.float64]:
    if method == SENTIMENT:
        analyzer = SentimentIntensityAnalyzer()
        compound = [analyzer.polarity_scores(text)["compound"] for text in texts]
        return np.repeat(np.array(compound)[:, None], len(SCALES), axis=1)
    found = ak.Scorer(method=method).score_texts(list(texts))
    forms = [found.select(f"{scale}_{form}_form" for scale in SCALES).to_numpy() for form in ("patient", "therapist")]
    by_therapist = (np.array(roles) == "therapist")[:, None]
    own: NDArray[np.float64] = np.where(by_therapist, forms[1], forms[0]).astype(np.float64)
    return own


def units(method: str) -> NDArray[np.float64]:
    """Return what one unit of each scale is, [scales]: the deviation over examples of the inventory."""
    inventory = read_inventory(PACKAGED_BUNDLE / "inventory.toml")
    rows = [(each.form, text) for each in inventory.examples for text in (*each.agree, *each.disagree)][::UNIT_FROM]
    found: NDArray[np.float64] = scores(pl.DataFrame(rows, schema=["role", "text"], orient="row"), method)
    unit: NDArray[np.float64] = np.std(found, axis=0)
    return unit
