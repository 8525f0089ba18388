"""AnnoMI, exploratory: ``make validity`` prints the tables and puts them where the model card takes them from.

High against low quality of motivational interviewing, and change against sustain talk, are neighbours of the alliance
and not the alliance. Options: `--corpus FILE`, `--output FILE`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from benches.probe.measures import Figure, area, numbered
from benches.probe.tables import header, row
from benches.validity.chance import by_length, by_pole
from benches.validity.corpus import ANNOMI, PLAIN, ROLES, read_turns, sessions_of
from benches.validity.embedded import Embedded, embed
from benches.validity.increment import increment, plain_area

from alliancekit.inventory.gated import fit_gated
from alliancekit.inventory.methods import score_matrix
from alliancekit.model.measured import VALIDITY, heading
from alliancekit.scorer import PACKAGED_BUNDLE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.inventory.gated import Gated

SCALES: Final = ("task", "bond", "goal")
ENOUGH: Final = 0.95
ABOUT: Final = """\
AnnoMI: {high} sessions of high and {low} of low quality on {videos} videos. High and low quality of motivational
interviewing are neighbours of the alliance, not the alliance: exploratory, and nothing is tuned on it. Areas are of
sessions left out (ridge logistic regression, folds by video); intervals of 95 % draw videos again. Plain is what needs
no model: turn count, both roles' lengths, talk share, both roles' sentiment. Aims: the increment of bond above zero;
better than 95 % of random inventories."""


def with_scores(turns: pl.DataFrame, found: NDArray[np.float64], texts: list[str], form: str = "own") -> pl.DataFrame:
    """Put the scores [texts, forms, scales] beside the turns: in the own form of each, or in one form for both."""
    place = {text: number for number, text in enumerate(texts)}
    rows = np.array([place[text] for text in turns["text"]])
    own = (turns["role"] == "therapist").to_numpy().astype(int)
    which = own if form == "own" else np.full(len(rows), ROLES.index(form))
    values = found[rows, which]
    return turns.with_columns(**{scale: pl.Series(values[:, n]) for n, scale in enumerate(SCALES)})


def columns(scale: str) -> list[str]:
    return [f"{role}_{scale}" for role in ROLES]


def quality(turns: pl.DataFrame, scores: dict[str, NDArray[np.float64]], texts: list[str]) -> list[str]:
    lines = header("added to plain", "area with it", "increment")
    above: dict[str, float] = {}
    for method, found in scores.items():
        for form in ("own", *ROLES) if method == "gated" else ("own",):
            sessions = sessions_of(with_scores(turns, found, texts, form), [*SCALES])
            for scale in SCALES:
                full, more = increment(sessions, columns(scale))
                lines.append(row(f"{scale}, {method}, {form} form", str(full), f"{more.value:+.3f} {_bounds(more)}"))
                above[f"{scale}, {method}, {form} form"] = more.low
    met = "met" if above["bond, gated, own form"] > 0 else "not met"
    return [*lines, "", f"**Aim, the interval of bond's increment above zero (gated, own form): {met}.**"]


def chances(
    turns: pl.DataFrame, embedded: Embedded, fitted: Gated, scores: dict[str, NDArray[np.float64]], texts: list[str]
) -> list[str]:
    lines = header("scale, method", "area with it", "above random inventories", "random inventories are")
    dealt = {"gated": iter(by_pole(embedded, fitted, texts)), "contrast": by_length(embedded, texts)}
    kinds = {"gated": "the same sentences, poles by chance", "contrast": "sentences of equal length by chance"}
    beaten: dict[str, float] = {}
    for method, deals in dealt.items():
        real = sessions_of(with_scores(turns, scores[method], texts), [*SCALES])
        areas = [_areas(sessions_of(with_scores(turns, found, texts), [*SCALES])) for found in deals]
        for scale, area_, random in zip(SCALES, _areas(real), np.array(areas).T, strict=True):
            beaten[f"{scale}, {method}"] = float((random < area_).mean())
            share = f"{beaten[f'{scale}, {method}']:.1%} of {len(random)}"
            lines.append(row(f"{scale}, {method}", f"{area_:.3f}", share, kinds[method]))
    better = [name for name, share in beaten.items() if share > ENOUGH]
    return [*lines, "", f"**Aim, above 95 % of random inventories: met by {', '.join(better) or 'none of them'}.**"]


def _areas(sessions: pl.DataFrame) -> list[float]:
    return [plain_area(sessions, [*PLAIN, *columns(scale)]) for scale in SCALES]


def talk(turns: pl.DataFrame, scores: dict[str, NDArray[np.float64]], texts: list[str]) -> list[str]:
    """Return how change talk is told from sustain talk, among turns of about one length."""
    lines = header("scale", *scores, "sentiment")
    patient = turns.filter((pl.col("role") == "patient") & pl.col("talk").is_in(["change", "sustain"]))
    patient = _matched(patient)
    sign, video = np.where(patient["talk"] == "change", 1, -1).astype(np.int8), numbered(patient["video"].to_list())
    feeling = area(patient["sentiment"].to_numpy(), sign, video)
    for scale in SCALES:
        found = [area(with_scores(patient, each, texts)[scale].to_numpy(), sign, video) for each in scores.values()]
        lines.append(row(scale, *map(str, found), str(feeling)))
    return [f"{patient.height} turns:", "", *lines]


def _matched(turns: pl.DataFrame) -> pl.DataFrame:
    """Keep as many turns of each kind for each number of words, the first ones."""
    counted = turns.with_columns(place=pl.int_range(pl.len()).over("talk", "words"))
    fewest = counted.group_by("words", "talk").len().pivot("talk", index="words", values="len").fill_null(0)
    keep = fewest.select("words", fewest=pl.min_horizontal("change", "sustain"))
    return counted.join(keep, on="words", how="left", maintain_order="left").filter(pl.col("place") < pl.col("fewest"))


def _bounds(figure: Figure) -> str:
    return f"[{figure.low:+.3f}, {figure.high:+.3f}]"


def report(corpus: Path) -> list[str]:
    turns = read_turns(corpus)
    texts = turns["text"].unique(maintain_order=True).to_list()
    embedded = embed(texts)
    states = np.stack([embedded.states[text] for text in texts]).astype(np.float64)
    vectors = np.stack([embedded.embeddings[text] for text in texts]).astype(np.float64)
    matrix = score_matrix(embedded.inventory, embedded.embeddings, "contrast")[:, :-1].astype(np.float64)
    fitted = fit_gated(embedded.inventory, embedded.states)
    scores = {
        "gated": fitted.scores(states)[..., :-1],
        "contrast": np.einsum("nd,fsd->nfs", vectors, matrix, optimize=True),
    }
    sessions = sessions_of(with_scores(turns, scores["gated"], texts), [])
    high = int(sessions["high"].sum())
    lines = [ABOUT.format(high=high, low=sessions.height - high, videos=sessions["video"].n_unique()), ""]
    lines += [f"**High against low quality**; plain alone: {plain_area(sessions, [*PLAIN]):.3f}", ""]
    lines += [*quality(turns, scores, texts), "", "**Against random inventories** (own form)", ""]
    lines += [
        *chances(turns, embedded, fitted, scores, texts),
        "",
        "**Change against sustain talk**, patients' turns of equal",
    ]
    return [
        *lines,
        "length, area under the ROC curve, " + talk(turns, scores, texts)[0],
        *talk(turns, scores, texts)[1:],
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ANNOMI)
    parser.add_argument("--output", type=Path, default=VALIDITY)
    options = parser.parse_args()
    text = "\n".join([heading(PACKAGED_BUNDLE), *report(options.corpus)]) + "\n"
    sys.stdout.write(text)
    options.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
