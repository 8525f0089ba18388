"""What was found of a tier, as Markdown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benches.scaling.model import Lengths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benches.scaling.measured import Timed
    from benches.scaling.model import Model

CORES: Final = (1, 2, 8, 32, 64)
SIZES: Final = {"a million turns": 1e6, "a billion turns": 1e9}


@dataclass(frozen=True, slots=True)
class Found:
    """A tier's figures.

    Attributes:
        precision: of the tier.
        by_length: seconds of a text by its tokens, then by threads.
        model: fitted to them.
        rows: turns/s of the corpus by threads, predicted and measured.
        corpus: its measured seconds by threads.
        repeats: what scoring them once gains.
        of_a_turn: of the corpus, on average.

    """

    precision: str
    by_length: dict[int, dict[int, Timed]]
    model: Model
    rows: Sequence[dict[str, float]]
    corpus: dict[int, Timed]
    repeats: dict[str, float]
    of_a_turn: Lengths


def shown(found: Found) -> str:
    """Give a section: costs by length, the model, predicted and measured, what it says of larger corpora."""
    parts = (_by_length(found), [""], _words(found), [""], _sizes(found), [""])
    return "\n".join([f"## {found.precision}", "", *(line for part in parts for line in part)])


def _by_length(found: Found) -> Iterator[str]:
    threads = sorted(found.corpus)
    yield "| tokens | " + " | ".join(f"ms a turn, {count} threads" for count in threads) + " | model, one thread |"
    yield "|---" * (len(threads) + 2) + "|"
    for length, timed in found.by_length.items():
        cells = [f"{timed[count].seconds * 1e3:.3f}" for count in threads]
        yield f"| {length} | {' | '.join(cells)} | {found.model.core_seconds(Lengths.of([length])) * 1e3:.3f} |"


def _words(found: Found) -> Iterator[str]:
    model, last, repeats = found.model, found.corpus[max(found.corpus)], found.repeats
    costs = f"{model.per_turn * 1e6:.0f} µs a turn, {model.per_token * 1e6:.1f} µs a token, "
    yield f"- {costs}{model.per_pair * 1e9:.1f} ns a pair of tokens; each further core costs {model.contention:.1%}"
    yield f"- tokenizing is {last.tokenizing:.1%} of the work"
    for row in found.rows:
        rates = f"predicted {row['predicted_turns_per_s']:,.0f} turns/s, measured {row['measured_turns_per_s']:,.0f}"
        yield f"- {row['threads']} threads: {rates}; the time is {row['error']:+.1%} off"
    shares = f"{repeats['distinct_turns']:.0%} of turns and {repeats['distinct_tokens']:.0%} of tokens"
    yield f"- {shares} are of distinct texts; scoring repeats once is {repeats['gain']:.2f} times as fast"


def _sizes(found: Found) -> Iterator[str]:
    yield "| cores | turns/s | " + " | ".join(SIZES) + " | from memory, GB/s |"
    yield "|---" * (len(SIZES) + 3) + "|"
    for cores in CORES:
        seconds = found.model.seconds(found.of_a_turn, cores)
        needed = found.model.bytes_per_token * found.of_a_turn.tokens / seconds
        cells = [duration(seconds * size) for size in SIZES.values()]
        yield f"| {cores} | {1 / seconds:,.0f} | {' | '.join(cells)} | {needed / 1e9:.1f} |"


def duration(seconds: float) -> str:
    """Give a time in the unit that suits it.

    >>> duration(90), duration(7200), duration(864000)
    ('1.5 minutes', '2.0 hours', '10.0 days')

    """
    for unit, size in (("days", 86400), ("hours", 3600)):
        if seconds >= 2 * size or (unit == "hours" and seconds >= size):
            return f"{seconds / size:,.1f} {unit}"
    return f"{seconds / 60:.1f} minutes"
