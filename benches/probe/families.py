"""The probe sentences: families of one situation in several wordings, none of them in the inventory."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).parent / "families"
OTHER_AUTHOR: Final = FOLDER / "other-author.toml"
OWN: Final = ("task-patient", "task-therapist", "bond-patient", "bond-therapist", "goal-patient", "goal-therapist")
SCHEMA: Final = {
    "family": pl.String,
    "scale": pl.String,
    "role": pl.String,
    "sign": pl.Int8,
    "pair": pl.Int8,
    "kind": pl.String,
    "text": pl.String,
}


def test_half() -> pl.DataFrame:
    """Return the half that was kept apart, a row each sentence; a sentence in no minimal pair has a null `pair`."""
    rows = [row for name in OWN for row in _families(FOLDER / f"{name}.toml")]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def other_author() -> pl.DataFrame:
    """Return the families of a writer who saw nothing of the model, opened when all else was settled."""
    return pl.DataFrame(list(_families(OTHER_AUTHOR)), schema=SCHEMA, orient="row")


def beside() -> pl.DataFrame:
    """Return sentences that are about none of the scales: third parties, neutral talk, sentiment alone."""
    tables = _read(FOLDER / "beside.toml")["beside"]
    rows = [(t["id"], None, t["role"], 0, None, t["kind"], text) for t in tables for text in t["sentences"]]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _families(path: Path) -> Iterator[tuple[object, ...]]:
    for table in _read(path)["family"]:
        about = (table["id"], table["scale"], table["role"])
        for sign, pole in ((1, "agree"), (-1, "disagree")):
            for text in table[pole]:
                yield (*about, sign, None, None, text)
        for number, pair in enumerate(table["pairs"]):
            for sign, text in zip((1, -1), pair, strict=True):
                yield (*about, sign, number, None, text)


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
