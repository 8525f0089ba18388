"""Columns whose names are not known: guessed where the caller asks for it, offered in the error where not."""

from __future__ import annotations

import re
import shlex
from itertools import chain
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.columns import looks_headless
from alliancekit.errors import ColumnError
from alliancekit.labels import is_label, listing, quoted
from alliancekit.readers.steps.keys import SESSION_LIKE
from alliancekit.readers.times import in_seconds
from alliancekit.roles import known_role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from alliancekit.readers.protocol import Table
    from alliancekit.readers.steps.context import Context

ROWS: Final = 1000
"""Rows that a guess looks at: the first, whatever the size of the pieces."""
MOST_SPEAKERS: Final = 12
CLEARLY_LONGER: Final = 2
NAMES: Final = {
    schema.ROLE: re.compile(
        r"^(?:.*[_ ])?(?:role|speaker|who|interlocutor|talker|party|actor|sender|from|author|participant|person|name"
        r"|user|source)(?:[_ ]?(?:name|role|type|label|id))?$",
        re.IGNORECASE,
    ),
    schema.TEXT: re.compile(
        r"^(?:.*[_ ])?(?:text|utterance|content|message|body|said|transcript(?:ion)?|words?|sentence|dialogue|speech"
        r"|line)(?:[_ ]?(?:text|content|body))?$",
        re.IGNORECASE,
    ),
    schema.TURN_INDEX: re.compile(
        r"^(?:turn|utterance|utt|message|line|row|seq(?:uence)?|order|position|index|idx|nr?|no)"
        r"(?:[_ ]?(?:id|index|idx|nr|no|num(?:ber)?))?$",
        re.IGNORECASE,
    ),
    schema.START_S: re.compile(r"^(?:start|begin|onset)(?:[_ ]?(?:time|s|sec|seconds))?$", re.IGNORECASE),
    schema.END_S: re.compile(r"^(?:end|stop|offset)(?:[_ ]?(?:time|s|sec|seconds))?$", re.IGNORECASE),
}


def sampled(tables: Iterator[Table]) -> tuple[pl.DataFrame, Iterator[Table]]:
    """Give the first rows of a file, and all its tables again."""
    first: list[Table] = []
    while sum(table.frame.height for table in first) < ROWS and (table := next(tables, None)) is not None:
        first.append(table)
    return pl.concat([table.frame for table in first]).head(ROWS), chain(first, tables)


def is_open(names: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Tell whether a mapping is needed: role or text is missing, or another column may be the session's id."""
    there = set(names) - set(columns.values()) | columns.keys()
    if not {schema.ROLE, schema.TEXT} <= there:
        return True
    return schema.SESSION_ID not in there and any(
        SESSION_LIKE.search(name) for name in set(names) - set(columns.values())
    )


def guess_columns(sample: pl.DataFrame, columns: Mapping[str, str]) -> dict[str, str]:
    """Guess what is not mapped, by names and by what the columns hold; nothing where role or text cannot be told.

    >>> talk = pl.DataFrame({"call": ["a", "a"], "speaker": ["A", "B"], "utterance": ["Hello there.", "Good morning."]})
    >>> guess_columns(talk, {})
    {'role': 'speaker', 'text': 'utterance'}
    """
    if looks_headless(sample.columns, columns):
        return {}
    free = [name for name in sample.columns if name not in columns.values() and is_label(name)]
    found: dict[str, str] = {}
    for canonical, find in (
        (schema.SESSION_ID, _session),
        (schema.ROLE, _role),
        (schema.TEXT, _text),
        (schema.TURN_INDEX, _turn_index),
        (schema.START_S, _times),
        (schema.END_S, _times),
    ):
        if canonical in columns or canonical in sample.columns:
            continue
        name = find(sample.select(free), canonical)
        if name is not None:
            found[canonical] = name
            free.remove(name)
    there = {*found, *columns, *sample.columns}
    return found if {schema.ROLE, schema.TEXT} <= there else {}


def offer_columns(guess: Mapping[str, str], names: Sequence[str], context: Context) -> ColumnError:
    """Make the error that says what is missing and what the guess is."""
    columns = context.options.columns
    missing = [name for name in (schema.ROLE, schema.TEXT) if name in guess]
    flags = " ".join(f"--map {shlex.quote(f'{canonical}={name}')}" for canonical, name in guess.items())
    pairs = ", ".join(f'"{canonical}": "{name}"' for canonical, name in {**columns, **guess}.items())
    return ColumnError(
        f"{context.path}: there is no column {' or '.join(quoted(name) for name in missing)}. Columns there: "
        f"{listing(names)}. A guess: columns={{{pairs}}} (command line: {flags}); or take the guess with "
        "guess_columns=True (--guess-columns)."
    )


def _session(frame: pl.DataFrame, _: str) -> str | None:
    return next((name for name in frame.columns if SESSION_LIKE.search(name) and _is_name(frame[name])), None)


def _role(frame: pl.DataFrame, canonical: str) -> str | None:
    few = [name for name in frame.columns if _is_name(frame[name]) and _few(frame[name])]
    of_roles = [name for name in few if any(known_role(value) for value in _values(frame[name]))]
    named = [name for name in few if NAMES[canonical].search(name)]
    both = [name for name in named if name in of_roles]
    # One column alone, or it is a matter of taste.
    return next((found[0] for found in (both, of_roles, named) if len(found) == 1), None)


def _text(frame: pl.DataFrame, canonical: str) -> str | None:
    strings = {
        name: frame[name].str.len_chars().mean() or 0.0 for name in frame.columns if frame[name].dtype == pl.String
    }
    lengths = {name: length for name, length in strings.items() if isinstance(length, float)}
    by_length = sorted(lengths, key=lambda name: -lengths[name])
    named = [name for name in by_length if NAMES[canonical].search(name)]
    if named:
        return named[0]
    if not by_length or (len(by_length) > 1 and lengths[by_length[0]] < CLEARLY_LONGER * lengths[by_length[1]]):
        return None
    return by_length[0]


def _turn_index(frame: pl.DataFrame, canonical: str) -> str | None:
    integers = [name for name in frame.columns if frame[name].dtype.is_integer() and not frame[name].null_count()]
    return next((name for name in integers if NAMES[canonical].search(name)), None)


def _times(frame: pl.DataFrame, canonical: str) -> str | None:
    return next((name for name in frame.columns if NAMES[canonical].search(name) and _are_times(frame[name])), None)


def _are_times(column: pl.Series) -> bool:
    try:
        return in_seconds(column).null_count() == column.null_count() < len(column)
    except TypeError:
        return False


def _is_name(column: pl.Series) -> bool:
    return column.dtype in (pl.String, pl.Categorical, pl.Enum) or column.dtype.is_integer()


def _values(column: pl.Series) -> list[str]:
    return column.cast(pl.String).drop_nulls().unique().to_list()


def _few(column: pl.Series) -> bool:
    values = _values(column)
    return 1 < len(values) <= MOST_SPEAKERS and all(is_label(value) for value in values)
