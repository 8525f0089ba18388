"""Speakers' names at the beginning of a caption's line: ``Anna Smith: …``.

A line such as ``The thing is: I am tired.`` begins the same way. So which beginnings are names is decided for the file
as a whole: by what names are like and by how often each comes. What may be a name and is not taken as one is counted.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from alliancekit.readers.speech.known_names import named_by_caller, says_who
from alliancekit.roles import exact

if TYPE_CHECKING:
    from alliancekit.readers.options import ReadOptions

PREFIX: Final = re.compile(r"(?:[-–—>•]++\s*+)?([^:：\s][^:：]{0,63}?)\s{0,64}[:：](?=\s|$)\s*")  # noqa: RUF001 - dashes and colons of all scripts
"""Bounded, since it goes back over the white space for each end that a name may have."""
DECORATED: Final = re.compile(r"[\[(*_]+([^\[\]()*_]+)[\])*_]+")
SENTENCE: Final = re.compile(r"[?!;\"…<>{}=]|\.\.|\.\s+[a-z]")
WORD: Final = re.compile(r"[^\s,()/&.\-]+")
PARTICLES: Final = frozenset(
    {"and", "da", "de", "del", "den", "der", "di", "dos", "du", "la", "le", "of", "van", "von"}
)
NO_NAMES: Final = frozenset(
    {
        *("again", "also", "and", "answer", "anyway", "as", "because", "but", "example", "finally", "first", "hence"),
        *("he", "how", "i", "if", "it", "like", "look", "maybe", "my", "no", "note", "now", "oh", "ok", "okay", "one"),
        *("or", "please", "plus", "question", "remember", "right", "second", "she", "so", "still", "summary", "that"),
        *("then", "there", "they", "third", "this", "thus", "today", "tomorrow", "two", "warning", "we", "well"),
        *("what", "when", "where", "which", "who", "why", "yeah", "yes", "yesterday", "you"),
    }
)
"""Words with which a sentence begins and no name."""
MOST_WORDS: Final = 6
OFTEN: Final = 2
VERY_OFTEN: Final = 3


def begins_with(line: str) -> tuple[str, str] | None:
    """Give what may be a name at the line's beginning, and the rest; None where nothing is like one.

    >>> begins_with("- [Anna Smith]: Hello."), begins_with("Is it 10:30 or: what?")
    (('Anna Smith', 'Hello.'), None)
    """
    match = PREFIX.match(line)
    if not match:
        return None
    name = match[1].rstrip()
    name = DECORATED.sub(r"\1", name) if DECORATED.fullmatch(name) else name
    if len(name.split()) > MOST_WORDS or SENTENCE.search(name):
        return None
    return name, line[match.end() :]


def is_proper(name: str) -> bool:
    """Tell whether a name is written as names are: no word of it in small letters.

    >>> is_proper("Anna van Dyk (she/her)"), is_proper("SPEAKER_00"), is_proper("The thing is"), is_proper("So")
    (True, True, False, False)
    """
    words = WORD.findall(re.sub(r"\([^()]*\)", "", name))
    if not words or all(word.isdigit() for word in words) or words[0].casefold() in NO_NAMES:
        return False
    return all(not word[0].islower() or word in PARTICLES for word in words)


@dataclass(slots=True)
class Names:
    """Counts the beginnings of a file's lines, and then tells which of them are names.

    Attributes:
        counts: how many lines begin with each.
        leading: those with which a cue begins.
        cues: how many cues there are whose speaker no voice tag names.
        voices: names that voice tags gave.

    """

    counts: Counter[str] = field(default_factory=Counter)
    leading: set[str] = field(default_factory=set)
    cues: int = 0
    voices: set[str] = field(default_factory=set)

    def see(self, lines: list[str]) -> None:
        """Count a cue's lines."""
        self.cues += 1
        found = [begins_with(line) for line in lines]
        self.counts.update(one[0] for one in found if one)
        self.leading.update(one[0] for one in found[:1] if one)

    def accepted(self, options: ReadOptions) -> frozenset[str]:
        """Give the beginnings that are names.

        They are: what the caller names, a voice, a role; what is written as names are and comes twice; and, where half
        of the cues begin so, what a cue begins with once, or three times in small letters.
        """
        asked = named_by_caller(options) | {exact(name) for name in self.voices}
        sure = {name for name in self.counts if exact(name) in asked or says_who(name)}
        proper = {name for name in self.counts if is_proper(name)}
        often = {name for name in proper if self.counts[name] >= OFTEN}
        found = sure | often
        small = {name for name, n in self.counts.items() if n >= VERY_OFTEN and exact(name) not in NO_NAMES}
        for more in (proper & self.leading, small & self.leading):
            if self._are_half(found | more):
                found |= more
        return frozenset(found)

    def _are_half(self, names: set[str]) -> bool:
        return sum(self.counts[name] for name in names) * 2 >= self.cues


def by_names(lines: list[str], names: frozenset[str]) -> list[tuple[str | None, list[str]]]:
    """Part a cue's lines where a name begins one.

    >>> by_names(["Anna: Is it", "so: yes?", "Ben: No."], frozenset({"Anna", "Ben"}))
    [('Anna', ['Is it', 'so: yes?']), ('Ben', ['No.'])]
    """
    parts: list[tuple[str | None, list[str]]] = []
    for line in lines:
        found = begins_with(line)
        if found and found[0] in names:
            parts.append((found[0], [found[1]] if found[1] else []))
        elif parts:
            parts[-1][1].append(line)
        else:
            parts.append((None, [line]))
    return parts
