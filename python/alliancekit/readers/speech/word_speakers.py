"""The speakers of a recognised segment's words, where the segment itself names none."""

from __future__ import annotations

from typing import NamedTuple

from alliancekit.readers.json_values import want, want_or_none


class Part(NamedTuple):
    """What one speaker says of a segment; the times are as the words have them."""

    speaker: str
    text: str
    start: object
    end: object


def by_speaker(text: str, words: list[object], place: str) -> list[Part]:
    """Part a segment's text where its words' speaker changes: together the parts are the text.

    Words without a speaker go with those before them. No part, where no word has a speaker or where the words are
    not those of the text.

    Args:
        text: the segment's.
        words: objects with ``word`` and, it may be, ``speaker``, ``start`` and ``end``.
        place: what an error begins with.

    Raises:
        DataError: a word is not such an object.

    >>> words = [{"word": "Yes.", "speaker": "A"}, {"word": "3"}, {"word": "No.", "speaker": "B"}]
    >>> [(part.speaker, part.text) for part in by_speaker("Yes. 3 No.", words, "talk.json: segment 1")]
    [('A', 'Yes. 3 '), ('B', 'No.')]
    """
    parts: list[Part] = []
    begins = [0]
    position = 0
    for number, value in enumerate(words, start=1):
        word = want(value, dict, f"{place}, word {number}")
        speaker = want_or_none(word.get("speaker"), str, f"{place}, word {number}, 'speaker'")
        said = (want_or_none(word.get("word"), str, f"{place}, word {number}, 'word'") or "").strip()
        found = text.find(said, position)
        if found < 0:
            return []
        position = found + len(said)
        if speaker is not None and (not parts or parts[-1].speaker != speaker):
            if parts:
                begins.append(found)
            parts.append(Part(speaker, "", word.get("start"), word.get("end")))
        elif parts and word.get("end") is not None:
            parts[-1] = parts[-1]._replace(end=word["end"])
    ends = [*begins[1:], len(text)]
    return [part._replace(text=text[begin:end]) for part, begin, end in zip(parts, begins, ends, strict=False)]
