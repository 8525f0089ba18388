"""The formats known, and which of them reads a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit.errors import DataError, ParameterError
from alliancekit.labels import nearest, quoted
from alliancekit.readers.compressed import plain_name
from alliancekit.readers.formats import (
    arrow,
    chat_cha,
    chatgpt,
    convokit,
    delimited,
    elan,
    esconv,
    excel,
    json_records,
    jsonl,
    messages,
    parquet,
    plain_text,
    sharegpt,
    srt,
    statistics_files,
    textgrid,
    webvtt,
    whatsapp,
    whisper,
    whisper_cpp,
)
from alliancekit.readers.head import read_head
from alliancekit.readers.protocol import always

if TYPE_CHECKING:
    from pathlib import Path

    from alliancekit.readers.protocol import Format

FORMATS: Final = (
    *delimited.FORMATS,
    *parquet.FORMATS,
    *arrow.FORMATS,
    *excel.FORMATS,
    *statistics_files.FORMATS,
    *convokit.FORMATS,
    *esconv.FORMATS,
    *whisper.FORMATS,
    *whisper_cpp.FORMATS,
    *chatgpt.FORMATS,
    *messages.FORMATS,
    *sharegpt.FORMATS,
    *jsonl.FORMATS,  # any JSON lines: after all others that go by .jsonl
    *webvtt.FORMATS,
    *srt.FORMATS,
    *chat_cha.FORMATS,
    *elan.FORMATS,
    *textgrid.FORMATS,
    *whatsapp.FORMATS,
    *plain_text.FORMATS,
    *json_records.FORMATS,  # any array of plain objects: after all others that go by .json
)
"""In the order in which they are asked: of two with one suffix, the one that recognises less comes first."""
SUFFIXES: Final = tuple(dict.fromkeys(suffix for known in FORMATS for suffix in known.suffixes))

_AS_TEXT: Final = "Save it as plain text (.txt, UTF-8), a turn a paragraph."
_AS_TABLE: Final = "Save it as .xlsx or .csv."
SAVE_AS: Final = {
    **dict.fromkeys((".docx", ".doc", ".odt", ".rtf", ".pdf", ".pages", ".html", ".htm", ".md"), _AS_TEXT),
    **dict.fromkeys((".xls", ".xlsb", ".ods", ".numbers", ".gsheet"), _AS_TABLE),
    **dict.fromkeys((".zip", ".gz", ".7z", ".rar", ".tar"), "Unpack it."),
    **dict.fromkeys((".rds", ".rdata", ".rda"), "Write the data frame with write.csv, or as Parquet."),
    ".por": "Save it as .sav.",
}
"""What can be done with files that people have and no reader knows."""


def reader_for(path: Path, *, name: str | None = None) -> Format:
    """Give the format that reads `path`: by its suffix, whatever its case, and its content.

    Args:
        path: the file, or the folder of a corpus that is one.
        name: a format's key, where suffix and content are not to decide.

    Raises:
        ParameterError: no format has that key.
        FileAccessError: the content has to decide, and the file cannot be opened.
        DataError: no format goes by that suffix, or none of those that do recognises the content.

    >>> from pathlib import Path
    >>> reader_for(Path("talk.CSV")).name
    'CSV'
    >>> reader_for(Path("talk.cvs"))
    Traceback (most recent call last):
    alliancekit.errors.DataError: talk.cvs: no reader for '.cvs'. Did you mean '.csv'? Known: .csv, .tsv, ...

    """
    if name is not None:
        return format_named(name)
    if path.is_dir():
        return _of_folder(path)
    alike = of_suffix(path)
    if not alike:
        raise _no_reader(path)
    # One format only: its parser says better what is wrong with the content than "not recognised".
    found = alike[0] if len(alike) == 1 else recognise(path) or next((known for known in alike if known.fallback), None)
    if found is None:
        known = "; ".join(f"{known.key} ({known.description})" for known in alike)
        raise DataError(
            f"{path}: the content is of no format known for '{path.suffix}': {known}. "
            f"Name the format if it is one of them: format='{alike[0].key}' (command line: --format {alike[0].key})."
        )
    return found


def of_suffix(path: Path) -> tuple[Format, ...]:
    """Give the formats that go by the file's suffix."""
    suffix = plain_name(path).suffix.lower()
    return tuple(known for known in FORMATS if suffix in known.suffixes)


def recognise(path: Path) -> Format | None:
    """Give the format that a file's suffix and content say; None when none of those with its suffix knows it."""
    alike = of_suffix(path)
    if not alike or alike[0].sniff is always:
        return alike[0] if alike else None
    head = read_head(path)
    return next((known for known in alike if known.sniff(head)), None)


def corpus_of(folder: Path) -> Format | None:
    """Give the format of which the folder as a whole is a corpus; None when it is just a folder of files."""
    return next((known for known in FORMATS if known.folder(folder)), None)


def format_named(key: str) -> Format:
    """Give the format with that key.

    Raises:
        ParameterError: there is none.

    """
    by_key = {known.key: known for known in FORMATS}
    if key in by_key:
        return by_key[key]
    near = nearest(key, by_key)
    hint = f" Did you mean '{near}'?" if near else ""
    raise ParameterError(f"{quoted(key)} is no format.{hint} Known: {', '.join(by_key)}.")


def _of_folder(path: Path) -> Format:
    found = corpus_of(path)
    if found is None:
        raise DataError(f"{path}: a folder, and not one that is a corpus as a whole. Name the files in it.")
    return found


def _no_reader(path: Path) -> DataError:
    suffix = plain_name(path).suffix.lower()
    near = nearest(suffix, SUFFIXES) if suffix else None
    what = f"'{suffix}'" if suffix else "a file without a suffix"
    hint = f" {SAVE_AS[suffix]}" if suffix in SAVE_AS else f" Did you mean '{near}'?" if near else ""
    return DataError(f"{path}: no reader for {what}.{hint} Known: {', '.join(SUFFIXES)}.")
