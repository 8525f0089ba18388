"""Numbers as the APA Publication Manual (7th ed., 2020, sections 6.36 and 6.44) writes them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MINUS: Final = "\N{MINUS SIGN}"
MISSING: Final = "\N{EN DASH}"
SMALLEST_P: Final = 0.001
MOST_DECIMALS: Final = 8


def decimals(values: Iterable[float | None], *, least: int = 2) -> int:
    """Give the decimals that show three figures of the largest of these numbers, `least` to 8.

    >>> decimals([0.0123, None, float("nan")]), decimals([12.5]), decimals([])
    (4, 2, 2)

    """
    sizes = [abs(value) for value in values if value is not None and math.isfinite(value) and value != 0]
    return min(MOST_DECIMALS, max(least, 2 - math.floor(math.log10(max(sizes))))) if sizes else least


def number(value: float | None, *, digits: int = 2) -> str:
    """Give a number with a proper minus sign; an en dash where there is none, and no sign before a zero.

    >>> number(-0.1234), number(-0.0001), number(None)
    ('−0.12', '0.00', '–')

    """
    if value is None or not math.isfinite(value):
        return MISSING
    return f"{value:z,.{digits}f}".replace("-", MINUS)


def bounded(value: float | None, *, digits: int = 2) -> str:
    """Give a number that can't exceed 1, without the zero before the point.

    >>> bounded(0.8), bounded(-0.25), bounded(1.0)
    ('.80', '−.25', '1.00')

    """
    text = number(value, digits=digits)
    bare = text.removeprefix(MINUS)
    return text[: len(text) - len(bare)] + bare.removeprefix("0") if bare.startswith("0.") else text


def p_value(value: float | None) -> str:
    """Give an exact p with three decimals, or that it is below .001.

    >>> p_value(0.0364), p_value(0.0001), p_value(1.0)
    ('.036', '< .001', '1.000')

    """
    if value is not None and value < SMALLEST_P:
        return f"< {bounded(SMALLEST_P, digits=3)}"
    return bounded(value, digits=3)


def p_equation(value: float | None) -> str:
    """Give p with its sign, for a sentence.

    >>> p_equation(0.0364), p_equation(0.0001)
    ('p = .036', 'p < .001')

    """
    text = p_value(value)
    return f"p {text}" if text.startswith("<") else f"p = {text}"


def interval(low: float | None, high: float | None, *, digits: int = 2) -> str:
    """Give an interval in brackets; an en dash where there is none.

    >>> interval(-0.1, 0.25), interval(None, None)
    ('[−0.10, 0.25]', '–')

    """
    ends = number(low, digits=digits), number(high, digits=digits)
    return MISSING if ends == (MISSING, MISSING) else f"[{ends[0]}, {ends[1]}]"


def confidence_words(confidence: float) -> str:
    """Name an interval as APA does.

    >>> confidence_words(0.95)
    '95% CI'

    """
    return f"{100 * confidence:g}% CI"


def count(value: float | None) -> str:
    """Give a whole number with separators of thousands; an en dash where there is none.

    >>> count(9699), count(None)
    ('9,699', '–')

    """
    return MISSING if value is None else f"{value:,}"
