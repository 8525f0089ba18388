"""Sentences made of results, which claim no more than the results do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.reporting.apa.numbers import confidence_words, decimals, interval, number, p_equation
from alliancekit.reporting.apa.table import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def listed(names: Iterable[object], *, last: str = "and") -> str:
    """Give names as a list in a sentence.

    >>> listed(["task", "bond", "goal"]), listed(["task"])
    ('task, bond and goal', 'task')

    """
    words = [shown(name) for name in names]
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def parts(table: pl.DataFrame) -> pl.DataFrame:
    """Give the rows of the scales without the total, which says nothing new; all rows where there is only the total."""
    rows = table.filter(pl.col(schema.SCALE) != schema.TOTAL)
    return rows if rows.height else table


def directions(table: pl.DataFrame, value: str, *, alpha: float) -> dict[str, list[str]]:
    """Sort scales by what is shown of them: `above` zero, `below`, `unclear`, or `unknown` where there is no p."""
    found: dict[str, list[str]] = {"above": [], "below": [], "unclear": [], "unknown": []}
    for row in table.iter_rows(named=True):
        adjusted, size = row["p_adjusted"], row[value]
        if adjusted is None or size is None:
            found["unknown"].append(row[schema.SCALE])
        elif adjusted > alpha:
            found["unclear"].append(row[schema.SCALE])
        else:
            found["above" if size > 0 else "below"].append(row[schema.SCALE])
    return found


def sentence(found: Mapping[str, Sequence[str]], phrases: Mapping[str, str]) -> str:
    """Join phrases, each with the scales of its direction in the place of ``{}``; one sentence each.

    >>> sentence({"above": ["task"], "below": []}, {"above": "Higher on {}.", "below": "Lower on {}."})
    'Higher on task.'

    """
    return " ".join(phrase.format(listed(found[name])) for name, phrase in phrases.items() if found.get(name))


def estimate(row: Mapping[str, float | None], value: str, *, confidence: float, also_p: bool = True) -> str:
    """Give an estimate with its interval and p, as a sentence quotes it.

    >>> row = {"gap": 0.1234, "ci_low": 0.05, "ci_high": 0.2, "p_adjusted": 0.004}
    >>> estimate(row, "gap", confidence=0.95)
    '0.123, 95% CI [0.050, 0.200], p = .004'

    """
    digits = decimals([row[value]])
    words = [number(row[value], digits=digits)]
    if row["ci_low"] is not None:
        words.append(f"{confidence_words(confidence)} {interval(row['ci_low'], row['ci_high'], digits=digits)}")
        if also_p and row["p_adjusted"] is not None:
            words.append(p_equation(row["p_adjusted"]))
    return ", ".join(words)
