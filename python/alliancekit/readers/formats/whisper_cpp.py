"""whisper.cpp: speech recognised, in JSON with ``transcription``; speakers where stereo channels told them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError
from alliancekit.readers.json_file import document
from alliancekit.readers.json_values import want, want_or_none
from alliancekit.readers.parsed import Turn, tables_by
from alliancekit.readers.protocol import Format
from alliancekit.readers.speech.tally import Tally
from alliancekit.readers.text_file import text_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.head import Head
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.problem import Problem

COLUMNS: Final = {schema.START_S: pl.Float64, schema.END_S: pl.Float64}
KEYS: Final = frozenset({"transcription", "offsets", "text"})
NO_ONE: Final = "?"
"""The speaker where both channels are as loud."""
MILLISECONDS: Final = 1000
LARGEST: Final = 2**53


def parse(path: Path, options: ReadOptions) -> Iterator[Turn | Problem]:
    """Give each segment as a turn."""
    text = text_file(path, options)
    yield from text.problems
    tally = Tally(path, "segment")
    value = want(document(text, options), dict, f"{path}: the file")
    segments = want(value.get("transcription"), list, f"{path}: 'transcription'")
    for row, segment in enumerate(segments, start=1):
        turn = _turn(want(segment, dict, f"{path}: segment {row}"), row, path)
        start, end = turn.values[schema.START_S], turn.values[schema.END_S]
        tally.time(row, start, end)  # type: ignore[arg-type] # from _seconds
        yield turn
    yield from tally.problems({})


def _turn(segment: dict[str, object], row: int, path: Path) -> Turn:
    place = f"{path}: segment {row}"
    speaker = want_or_none(segment.get("speaker"), str, f"{place}, 'speaker'")
    said = want_or_none(segment.get("text"), str, f"{place}, 'text'")
    offsets = want_or_none(segment.get("offsets"), dict, f"{place}, 'offsets'") or {}
    start, end = (_seconds(offsets.get(name), f"{place}, '{name}'") for name in ("from", "to"))
    return Turn(row, None if speaker == NO_ONE else speaker, said, {schema.START_S: start, schema.END_S: end})


def _seconds(value: object, place: str) -> float | None:
    milliseconds = want_or_none(value, int, place)
    if milliseconds is not None and abs(milliseconds) > LARGEST:
        raise DataError(f"{place} holds a number too large for milliseconds.")
    return None if milliseconds is None else milliseconds / MILLISECONDS


def sniff(head: Head) -> bool:
    """Recognise an object with ``transcription``, of segments with ``offsets``."""
    return head.opening == "{" and head.json_keys >= KEYS


FORMATS: Final = (
    Format(
        name="whisper.cpp",
        suffixes=(".json",),
        description="whisper.cpp's JSON with 'transcription'",
        tables=tables_by(parse, COLUMNS),
        sniff=sniff,
        unit="segment",
    ),
)
