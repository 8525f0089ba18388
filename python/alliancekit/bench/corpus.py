"""Texts to measure with: sentences of ours, with the lengths that turns of counselling have.

The lengths are those of AnnoMI's turns (github.com/uccollab/AnnoMI: 9,699 turns, 24 % of them repeats of an earlier
one); no word of it is here.
"""

from __future__ import annotations

from typing import Final

import numpy as np

TOKENS_AT: Final = (3, 4, 4, 4, 6, 6, 7, 9, 11, 12, 15, 17, 20, 23, 27, 32, 37, 45, 57, 78, 130, 356)
"""Tokens of a turn at `SHARES` of the turns, the shortest first, the two special ones counted."""

SHARES: Final = (*(place / 20 for place in range(20)), 0.99, 1.0)

REPLIES: Final = ("Mm-hmm.", "Okay.", "Yeah.", "Right.", "Sure.", "No.", "Yes.", "Well.", "Good.", "Absolutely.")
"""What a listener says; most repeats are such."""

SHORT: Final = (
    *(
        "I see.",
        "It helped.",
        "I tried that.",
        "That makes sense.",
        "I did the list.",
        "Not every day.",
        "It was hard.",
    ),
    *("You kept going.", "I was surprised.", "We could try it.", "I slept well.", "Some of it.", "I let it go."),
)
OPENINGS: Final = (
    *("I think", "Honestly", "Last week", "Most days", "When I got home", "To be fair", "After we talked", "So"),
    *("It sounds like", "On Tuesday morning", "My sister says", "At work", "What I notice is that", "If I remember it"),
)
MIDDLES: Final = (
    *("I kept the list by the kettle", "we took the long way round the park", "the walk did me some good"),
    *("it was harder than I expected", "you have found a way that suits you", "I put it off until the evening"),
    *("the first ten minutes were the worst", "nobody noticed that I was nervous", "I slept better than before"),
    *("we can look at that together", "you would like more time for it", "I wrote two lines about it"),
)
ENDINGS: Final = (
    *("and that surprised me.", "which is more than I hoped for.", "and then I let it go.", "as we had planned."),
    *("but I am not sure why.", "and I would do it again.", "so there is some way to go.", "and it stayed with me."),
)
SHAPES: Final = (
    (18, (OPENINGS, MIDDLES, ENDINGS)),
    (11, (OPENINGS, tuple(f"{middle}." for middle in MIDDLES))),
    (6, (tuple(reply.replace(".", ",") for reply in REPLIES), SHORT)),
    (4, (SHORT,)),
)
"""Sentences: about how many tokens one has, and what it is made of; the longest that still fits is taken."""


def bench_texts(turns: int, *, seed: int = 1) -> list[str]:
    """Give `turns` texts, the same ones for the same seed.

    Example:
        >>> bench_texts(3, seed=7) == bench_texts(3, seed=7)
        True
        >>> bench_texts(0)
        []

    """
    generator = np.random.default_rng(seed)
    lengths = np.rint(np.interp(generator.random(turns), SHARES, TOKENS_AT)).astype(int)
    return [_text(int(length) - 2, generator) for length in lengths]


def _text(tokens: int, generator: np.random.Generator) -> str:
    """Give whole sentences of about that many tokens."""
    sentences: list[str] = []
    while tokens > 2 or not sentences:  # noqa: PLR2004 - a word and its full stop
        size, parts = next(((size, parts) for size, parts in SHAPES if size <= tokens), (2, (REPLIES,)))
        sentence = " ".join(str(part[generator.integers(len(part))]) for part in parts)
        sentences.append(sentence[0].upper() + sentence[1:])
        tokens -= size
    return " ".join(sentences)
