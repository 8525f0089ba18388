"""The formats known, by suffix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit.errors import DataError
from alliancekit.labels import nearest
from alliancekit.readers import delimited, jsonl, parquet

if TYPE_CHECKING:
    from pathlib import Path

    from alliancekit.readers.protocol import Format

FORMATS: Final = (*delimited.FORMATS, *jsonl.FORMATS, *parquet.FORMATS)
BY_SUFFIX: Final = {suffix: known for known in FORMATS for suffix in known.suffixes}


def reader_for(path: Path) -> Format:
    """Give the format that reads `path`, by its suffix; case does not matter.

    Raises:
        DataError: no format goes by that suffix.

    >>> from pathlib import Path
    >>> reader_for(Path("talk.CSV")).name
    'CSV'
    >>> reader_for(Path("talk.cvs"))
    Traceback (most recent call last):
    alliancekit.errors.DataError: talk.cvs: no reader for '.cvs'. Did you mean '.csv'? Known: .csv, .tsv, ...

    """
    suffix = path.suffix.lower()
    if suffix in BY_SUFFIX:
        return BY_SUFFIX[suffix]
    near = nearest(suffix, BY_SUFFIX) if suffix else None
    what = f"'{suffix}'" if suffix else "a file without a suffix"
    hint = f" Did you mean '{near}'?" if near else ""
    raise DataError(f"{path}: no reader for {what}.{hint} Known: {', '.join(BY_SUFFIX)}.")
