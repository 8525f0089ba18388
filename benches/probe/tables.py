"""The tables: one cell for each scale and role, a column for each method."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from benches.probe.measures import Figure, Numbers, area, numbered, share
from benches.probe.scoring import METHODS, SCALES, SENTIMENT, scores, units

if TYPE_CHECKING:
    from numpy.typing import NDArray

ROLES: Final = ("patient", "therapist")
COLUMNS: Final = (*METHODS, SENTIMENT)
AREA: Final = 0.95
AREA_LOW: Final = 0.90


def discrimination(sentences: pl.DataFrame) -> list[str]:
    """Return the table of areas under the ROC curve, with how far the default method is above the lexicon."""
    found = {method: scores(sentences, method) for method in COLUMNS}
    lines = header("scale, role", *COLUMNS, f"{METHODS[0]} less {SENTIMENT}")
    high = above = 0
    for scale in SCALES:
        for role in ROLES:
            areas = [_area(sentences, found[method], scale, role) for method in COLUMNS]
            lines.append(row(f"{scale}, {role}", *map(str, areas), str(areas[0].less(areas[-1]))))
            high += areas[0].value >= AREA and areas[0].low >= AREA_LOW
            above += areas[0].less(areas[-1]).low > 0
    said = f"Aims met by {METHODS[0]}: area in {high} of {len(lines) - 2} cells, above {SENTIMENT} in {above}."
    return [*lines, "", f"**{said}**"]


def negation(sentences: pl.DataFrame) -> list[str]:
    """Return the table of minimal pairs told apart the right way round."""
    found = {method: scores(sentences, method) for method in COLUMNS}
    lines = header("scale, role", *COLUMNS)
    for scale in SCALES:
        for role in ROLES:
            lines.append(row(f"{scale}, {role}", *(str(_pairs(sentences, found[m], scale, role)) for m in COLUMNS)))
    alls = (str(_over_scales(sentences, found[method])) for method in COLUMNS)
    return [*lines, row("all", *alls)]


def specificity(sentences: pl.DataFrame, beside: pl.DataFrame) -> list[str]:
    """Return the share of sentences whose own scale moves most, and how far what is beside the scales moves any."""
    kinds = list(dict.fromkeys(beside["kind"]))
    lines = header("method", "own scale moves most", "sentences of a scale", *kinds)
    for method in METHODS:
        unit = units(method)
        moved, away = np.abs(scores(sentences, method) / unit), np.abs(scores(beside, method) / unit)
        right = moved.argmax(axis=1) == np.array([SCALES.index(scale) for scale in sentences["scale"]])
        cells = [share(right, numbered(sentences["family"].to_list())), _moved(moved, sentences)]
        for kind in kinds:
            of_kind = (beside["kind"] == kind).to_numpy()
            cells.append(_moved(away[of_kind], beside.filter(of_kind)))
        lines.append(row(method, *map(str, cells)))
    return lines


def _moved(moved: Numbers, sentences: pl.DataFrame) -> Figure:
    return share(moved.max(axis=1), numbered(sentences["family"].to_list()))


def _area(sentences: pl.DataFrame, found: Numbers, scale: str, role: str) -> Figure:
    cell = _cell(sentences, scale, role)
    rows = sentences.filter(cell)
    of_scale = found[cell, SCALES.index(scale)]
    return area(of_scale, rows["sign"].to_numpy(), numbered(rows["family"].to_list()))


def _pairs(sentences: pl.DataFrame, found: Numbers, scale: str, role: str) -> Figure:
    right, families = _told_apart(sentences, found, scale, role)
    return share(right, numbered(families))


def _over_scales(sentences: pl.DataFrame, found: Numbers) -> Figure:
    cells = [_told_apart(sentences, found, scale, role) for scale in SCALES for role in ROLES]
    return share(np.concatenate([cell[0] for cell in cells]), numbered([name for cell in cells for name in cell[1]]))


def _told_apart(sentences: pl.DataFrame, found: Numbers, scale: str, role: str) -> tuple[Numbers, list[str]]:
    """Return for each minimal pair 1 where the agreeing one is higher, a half where they are equal; and its family."""
    cell = _cell(sentences, scale, role)
    rows = sentences.filter(cell).with_columns(score=pl.Series(found[cell, SCALES.index(scale)]))
    pairs = rows.filter(pl.col("pair").is_not_null()).pivot("sign", index=["family", "pair"], values="score")
    return np.sign((pairs["1"] - pairs["-1"]).to_numpy()) / 2 + 0.5, pairs["family"].to_list()


def _cell(sentences: pl.DataFrame, scale: str, role: str) -> NDArray[np.bool_]:
    return ((sentences["scale"] == scale) & (sentences["role"] == role)).to_numpy()


def header(*names: str) -> list[str]:
    """Return the first two lines of a Markdown table."""
    return [row(*names), "|" + "---|" * len(names)]


def row(*cells: str) -> str:
    """Return one line of a Markdown table."""
    return f"| {' | '.join(cells)} |"
