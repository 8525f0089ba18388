"""What holds for every text format: that the file is there, is not empty, and is UTF-8."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Final

from alliancekit.errors import DataError, FileAccessError

if TYPE_CHECKING:
    from pathlib import Path

HEAD: Final = 65_536
UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def head(path: Path) -> bytes:
    """Give the first bytes of a file that can be read as text, at most `HEAD`.

    Raises:
        FileAccessError: the file is not there, is a folder, or may not be read.
        DataError: the file is empty, or UTF-16.

    """
    try:
        with path.open("rb") as file:
            start = file.read(HEAD)
    except OSError as error:
        raise FileAccessError(f"{path}: cannot be read: {error.strerror}.") from None
    if start.startswith(UTF_16):
        raise DataError(f"{path}: the file is UTF-16. Save it as UTF-8 (iconv -f UTF-16 -t UTF-8).")
    if not start.removeprefix(codecs.BOM_UTF8).strip():
        raise DataError(f"{path}: the file is empty.")
    return start


def not_utf8(path: Path) -> DataError:
    """Make the error for a file that is not UTF-8, with the line and byte where that shows."""
    offset = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                return DataError(
                    f"{path}: line {number} is not UTF-8 (byte {offset + error.start} of the file). Save the file as "
                    "UTF-8; from Western Windows: iconv -f WINDOWS-1252 -t UTF-8."
                )
            offset += len(line)
    return DataError(f"{path}: the file is not UTF-8. Save it as UTF-8.")
