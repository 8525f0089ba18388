"""One small transcript in each format: three turns, each with a word that no message may show."""

from __future__ import annotations

import io
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd
import polars as pl
import pyreadstat
import xlsxwriter  # type: ignore[import-untyped] # it ships no types

if TYPE_CHECKING:
    from collections.abc import Callable

WORDS: Final = ("zebrafinch", "quokkatango", "narwhalotter")
"""One a turn; a message that shows one quotes a transcript."""
TEXTS: Final = tuple(
    f"The {word} {rest}" for word, rest in zip(WORDS, ("sang at dawn.", "went?", "stayed."), strict=True)
)
ROLES: Final = ("therapist", "client", "therapist")
TURNS: Final = pl.DataFrame({"session_id": ["s1"] * 3, "turn_index": [0, 1, 2], "role": ROLES, "text": TEXTS})


def transcripts() -> dict[str, tuple[str, bytes]]:
    """Give each format's key, the suffix of its files, and a file; of a corpus that is a folder, its main file."""
    return {key: (suffix, make()) for key, (suffix, make) in MADE.items()}


def _by_polars(write: Callable[[pl.DataFrame, io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    write(TURNS, file)
    return file.getvalue()


def _workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for row, values in enumerate([TURNS.columns, *TURNS.rows()]):
            sheet.write_row(row, 0, values)
    return file.getvalue()


def _by_path(write: Callable[[pd.DataFrame, str], object]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        write(pd.DataFrame(TURNS.to_dicts()), str(path))
        return path.read_bytes()


def _json(value: object) -> bytes:
    return json.dumps(value, indent=1).encode()


def _turns(role: str, text: str, **names: str) -> list[dict[str, str]]:
    return [{role: names.get(who, who), text: said} for who, said in zip(ROLES, TEXTS, strict=True)]


def _esconv() -> bytes:
    return _json(
        [{"emotion_type": "fear", "dialog": _turns("speaker", "content", client="seeker", therapist="supporter")}]
    )


def _whisper() -> bytes:
    segments = [{"start": n, "end": n + 0.5, **turn} for n, turn in enumerate(_turns("speaker", "text"))]
    return _json({"segments": segments, "language": "en"})


def _captions(comma: str, named: str) -> bytes:
    cues = [
        f"{n + 1}\n00:00:0{n}{comma}000 --> 00:00:0{n}{comma}900\n{named.format(who, said)}\n"
        for n, (who, said) in enumerate(zip(ROLES, TEXTS, strict=True))
    ]
    return (("" if comma == "," else "WEBVTT\n\n") + "\n".join(cues)).encode()


def _chat() -> bytes:
    header = "@UTF8\n@Begin\n@Languages:\teng\n@Participants:\tTHE Therapist, PAR Client\n"
    said = "".join(
        f"*{'THE' if who == 'therapist' else 'PAR'}:\t{said}\n" for who, said in zip(ROLES, TEXTS, strict=True)
    )
    return f"{header}{said}@End\n".encode()


def _elan() -> bytes:
    slots = "".join(f'<TIME_SLOT TIME_SLOT_ID="t{n}" TIME_VALUE="{n}00"/>' for n in range(6))
    tiers = ""
    for role in ("therapist", "client"):
        said = "".join(
            f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a{n}" TIME_SLOT_REF1="t{2 * n}" '
            f'TIME_SLOT_REF2="t{2 * n + 1}"><ANNOTATION_VALUE>{said}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION>'
            "</ANNOTATION>"
            for n, (who, said) in enumerate(zip(ROLES, TEXTS, strict=True))
            if who == role
        )
        tiers += f'<TIER LINGUISTIC_TYPE_REF="u" PARTICIPANT="{role}" TIER_ID="{role}">{said}</TIER>'
    return (
        '<?xml version="1.0" encoding="UTF-8"?><ANNOTATION_DOCUMENT AUTHOR="" DATE="2024-03-01T10:00:00+01:00" '
        f'FORMAT="3.0" VERSION="3.0"><HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/><TIME_ORDER>{slots}</TIME_ORDER>'
        f'{tiers}<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="u" TIME_ALIGNABLE="true"/></ANNOTATION_DOCUMENT>'
    ).encode()


def _textgrid() -> bytes:
    text = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\nxmin = 0\nxmax = 3\ntiers? <exists>\nsize = 2\n'
    for number, role in enumerate(("therapist", "client"), start=1):
        said = [text if who == role else "" for who, text in zip(ROLES, TEXTS, strict=True)]
        text += f'item [{number}]:\nclass = "IntervalTier"\nname = "{role}"\nxmin = 0\nxmax = 3\nintervals: size = 3\n'
        text += "".join(
            f'intervals [{n}]:\nxmin = {n - 1}\nxmax = {n}\ntext = "{label}"\n' for n, label in enumerate(said, start=1)
        )
    return text.encode()


def _convokit() -> bytes:
    lines: list[dict[str, object]] = [
        {
            "id": f"u{n}",
            "speaker": who,
            "conversation_id": "u0",
            "reply_to": f"u{n - 1}" if n else None,
            "timestamp": n,
            "text": said,
            "meta": {},
        }
        for n, (who, said) in enumerate(zip(ROLES, TEXTS, strict=True))
    ]
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def _messages() -> bytes:
    return _json({"messages": _turns("role", "content", client="user", therapist="assistant")})


def _chatgpt() -> bytes:
    nodes = {
        f"n{n}": {
            "message": {"author": {"role": role}, "content": {"content_type": "text", "parts": [said]}},
            "parent": f"n{n - 1}" if n else None,
            "children": [f"n{n + 1}"] if n + 1 < len(TEXTS) else [],
        }
        for n, (role, said) in enumerate(zip(("assistant", "user", "assistant"), TEXTS, strict=True))
    }
    return _json([{"title": "", "mapping": nodes, "current_node": "n2", "conversation_id": "s1"}])


def _whisper_cpp() -> bytes:
    segments = [
        {"offsets": {"from": n * 1000, "to": n * 1000 + 500}, **turn}
        for n, turn in enumerate(_turns("speaker", "text"))
    ]
    return _json({"result": {"language": "en"}, "transcription": segments})


def _sharegpt() -> bytes:
    return _json([{"id": "s1", "conversations": _turns("from", "value", client="human", therapist="gpt")}])


def _lines(named: str) -> bytes:
    return "".join(named.format(who.upper(), said) + "\n" for who, said in zip(ROLES, TEXTS, strict=True)).encode()


MADE: Final[dict[str, tuple[str, Callable[[], bytes]]]] = {
    "csv": (".csv", lambda: _by_polars(pl.DataFrame.write_csv)),
    "tsv": (".tsv", lambda: _by_polars(lambda frame, file: frame.write_csv(file, separator="\t"))),
    "json-lines": (".jsonl", lambda: _by_polars(pl.DataFrame.write_ndjson)),
    "parquet": (".parquet", lambda: _by_polars(pl.DataFrame.write_parquet)),
    "arrow": (".arrow", lambda: _by_polars(pl.DataFrame.write_ipc)),
    "excel": (".xlsx", _workbook),
    "spss": (".sav", lambda: _by_path(pyreadstat.write_sav)),
    "stata": (".dta", lambda: _by_path(lambda frame, path: frame.to_stata(path, write_index=False))),
    "json-records": (".json", lambda: _json(TURNS.to_dicts())),
    "convokit": (".jsonl", _convokit),
    "esconv": (".json", _esconv),
    "whisper": (".json", _whisper),
    "webvtt": (".vtt", lambda: _captions(".", "<v {0}>{1}</v>")),
    "srt": (".srt", lambda: _captions(",", "{0}: {1}")),
    "chat": (".cha", _chat),
    "elan": (".eaf", _elan),
    "textgrid": (".TextGrid", _textgrid),
    "chat-messages": (".json", _messages),
    "sharegpt": (".json", _sharegpt),
    "chatgpt": (".json", _chatgpt),
    "whisper-cpp": (".json", _whisper_cpp),
    "whatsapp": (".txt", lambda: _lines("01/03/2024, 21:15 - {0}: {1}")),
    "plain-text": (".txt", lambda: _lines("{0}: {1}")),
}
