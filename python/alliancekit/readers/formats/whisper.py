"""Whisper and WhisperX: speech recognised, in JSON segments with times and, once diarized, speakers.

The file is an object with ``segments``, or the array of segments alone.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError
from alliancekit.readers.head import HEAD
from alliancekit.readers.json_file import document, elements
from alliancekit.readers.json_values import kind_of, want, want_or_none
from alliancekit.readers.parsed import Turn, tables_by
from alliancekit.readers.protocol import Format
from alliancekit.readers.speech.tally import Tally
from alliancekit.readers.speech.word_speakers import by_speaker
from alliancekit.readers.text_file import text_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.head import Head
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.problem import Problem
    from alliancekit.readers.speech.tally import Sayings
    from alliancekit.readers.text_file import TextFile

SEGMENT: Final = frozenset({"start", "end", "text"})
KEYS: Final = SEGMENT | {
    *("id", "seek", "tokens", "temperature", "avg_logprob", "compression_ratio", "no_speech_prob", "speaker"),
    *("words", "word", "score", "probability", "chars", "char", "language", "confidence"),
}
"""Those of a segment and its words: an array of objects with others may be anything."""
COLUMNS: Final = {schema.START_S: pl.Float64, schema.END_S: pl.Float64}
SAYINGS: Final[Sayings] = {
    "speaker_from_words": ("segment", "note", "no speaker, and words that have one; those were taken."),
    "segment_parted": ("segment", "note", "no speaker, and words of several; parted where the speaker changes."),
}


def parse(path: Path, options: ReadOptions) -> Iterator[Turn | Problem]:
    """Give each segment as a turn."""
    text = text_file(path, options)
    yield from text.problems
    tally = Tally(path, "segment")
    for row, value in _segments(text, options):
        for turn in _turns(want(value, dict, f"{path}: segment {row}"), row, path, tally):
            tally.time(row, turn.values[schema.START_S], turn.values[schema.END_S])  # type: ignore[arg-type] # from _time
            yield turn
    yield from tally.problems(SAYINGS)


def _segments(text: TextFile, options: ReadOptions) -> Iterator[tuple[int, object]]:
    with text.decoding(), text.open() as file:
        opening = file.read(HEAD).lstrip()[:1]
    if opening == "[":
        yield from elements(text, options)
        return
    value = want(document(text, options), dict, f"{text.path}: the file")
    yield from enumerate(want(value.get("segments"), list, f"{text.path}: 'segments'"), start=1)


def _turns(segment: dict[str, object], row: int, path: Path, tally: Tally) -> Iterator[Turn]:
    place = f"{path}: segment {row}"
    said = want_or_none(segment.get("text"), str, f"{place}, 'text'")
    speaker = want_or_none(segment.get("speaker"), str, f"{place}, 'speaker'")
    start, end = (_time(segment.get(name), f"{place}, '{name}'") for name in ("start", "end"))
    words = want_or_none(segment.get("words"), list, f"{place}, 'words'") or []
    parts = by_speaker(said, words, place) if speaker is None and said is not None else []
    if not parts:
        yield Turn(row, speaker, said, {schema.START_S: start, schema.END_S: end})
        return
    tally.add("speaker_from_words" if len(parts) == 1 else "segment_parted", row)
    for number, part in enumerate(parts, start=1):
        first = start if number == 1 else _time(part.start, f"{place}, 'start' of a word")
        last = end if number == len(parts) else _time(part.end, f"{place}, 'end' of a word")
        yield Turn(row, part.speaker, part.text, {schema.START_S: first, schema.END_S: last})


def _time(value: object, place: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise DataError(f"{place} holds a JSON {kind_of(value)}, not a number of seconds.")
    try:
        seconds = float(value)
    except OverflowError:
        seconds = math.inf
    if not math.isfinite(seconds):
        raise DataError(f"{place} holds a number too large for seconds.")
    return seconds


def sniff(head: Head) -> bool:
    """Recognise ``segments``, or an array of objects with a segment's keys and no others."""
    keys = head.json_keys
    if head.opening == "[":
        return keys >= SEGMENT and keys <= KEYS
    # Whisper writes the whole text first, so that the segments may begin after the first bytes.
    if keys == {"text"} and len(head.data) == HEAD:
        with head.path.open("rb") as file:
            file.seek(max(file.seek(0, 2) - HEAD, 0))
            end = file.read()
        return all(re.search(rb'"%s"\s*:' % name.encode(), end) for name in ("start", "end", "text"))
    return head.opening == "{" and keys >= SEGMENT | {"segments"} and "messages" not in keys


FORMATS: Final = (
    Format(
        name="Whisper",
        suffixes=(".json",),
        description="Whisper's and WhisperX's JSON with 'segments'",
        tables=tables_by(parse, COLUMNS),
        sniff=sniff,
        unit="segment",
    ),
)
