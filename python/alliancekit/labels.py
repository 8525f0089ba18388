"""What an error may quote, and the nearest match to a name.

A transcript's text can stand anywhere once a mapping is wrong or a header is missing: in the role column, in the
column names. So a value is quoted only when it looks like a label, and described by its length otherwise.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_CHARACTERS: Final = 32
MAX_WORDS: Final = 3
SENTENCE_MARKS: Final = frozenset("?!,;\"'…")


def is_label(value: str) -> bool:
    """Tell whether `value` is short, of few words, and free of the marks that sentences have.

    >>> is_label("SPEAKER_00"), is_label("I told you, twice")
    (True, False)
    """
    words = len(value.split())
    return (
        len(value) <= MAX_CHARACTERS and words <= MAX_WORDS and value.isprintable() and not SENTENCE_MARKS & set(value)
    )


def quoted(name: str) -> str:
    """Give `name` in quotes if it is a label, otherwise its length.

    >>> quoted("utterance_text")
    "'utterance_text'"
    >>> quoted("He said that, and then he left the room.")
    '(40 characters, not shown)'
    """
    return f"'{name}'" if is_label(name) else described(name)


def described(name: str) -> str:
    """Give the length of what may not be quoted.

    >>> described("Yes, I did.")
    '(11 characters, not shown)'
    """
    return f"({len(name)} characters, not shown)"


def listing(names: Iterable[str], *, limit: int = 20) -> str:
    """Give the names quoted, separated by commas; past `limit`, how many more there are.

    >>> listing(["a", "b", "c"], limit=2)
    "'a', 'b' and 1 more"
    """
    all_names = list(names)
    shown = ", ".join(quoted(name) for name in all_names[:limit])
    rest = len(all_names) - limit
    return f"{shown} and {rest} more" if rest > 0 else shown


def counted(n: int, noun: str) -> str:
    """Give a number with its noun, which is regular.

    >>> counted(1, "session"), counted(1200, "turn")
    ('1 session', '1,200 turns')
    """
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"


def nearest(name: str, options: Iterable[str]) -> str | None:
    """Give the option most like `name`, or one that contains it; None when nothing is close. Case does not matter.

    >>> nearest("text", ["speaker", "utterance_text"])
    'utterance_text'
    >>> nearest("therpist", ["patient", "therapist"])
    'therapist'
    """
    folded = {option.casefold(): option for option in options}
    close = difflib.get_close_matches(name.casefold(), folded, n=1)
    containing = [option for option in folded if name.casefold() in option]
    found = (close or containing)[:1]
    return folded[found[0]] if found else None


def printable(value: str) -> str:
    r"""Give `value` with control characters escaped, so that data cannot steer a terminal.

    >>> print(printable("a\x1b[2Jb"))
    a\x1b[2Jb
    """
    return "".join(mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in value)
