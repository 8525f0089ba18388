"""Ids replaced by keyed hashes. Texts, and all else that a file holds, stay as they are: nothing is de-identified."""

from __future__ import annotations

import hmac
import os
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import polars as pl

from alliancekit import schema
from alliancekit.errors import FileAccessError, ParameterError

if TYPE_CHECKING:
    from os import PathLike

Kind = Literal["session", "patient", "therapist"]
"""Whose id it is; the same id of two kinds gets two pseudonyms."""

COLUMNS: Final[dict[str, Kind]] = {
    schema.SESSION_ID: "session",
    schema.PATIENT_ID: "patient",
    schema.THERAPIST_ID: "therapist",
}
KEY_BYTES: Final = 32
FEWEST_DIFFERENT_BYTES: Final = 8
"""A key with fewer is no random one: 32 random bytes have as few once in 10^33 times."""
DIGITS: Final = 24
"""Hexadecimal digits kept of the hash, 96 bits: no two of a million ids are alike by chance."""
MAKE_ONE: Final = "Make one with: (umask 077; openssl rand -hex 32 > KEYFILE)"


@dataclass(frozen=True, slots=True)
class Pseudonyms:
    """Makes pseudonyms with a key: HMAC-SHA-256 (RFC 2104) of kind and id.

    Attributes:
        key: at least 32 bytes; whoever has it can tell which pseudonym a known id has.

    >>> Pseudonyms(b"no more than an example, 32 bytes").of("patient", "P1")
    'patient-d9f7c9114a5c068d5d1e49bd'
    """

    key: bytes = field(repr=False)

    def of(self, kind: Kind, value: str) -> str:
        """Give an id's pseudonym, the same on each run; no spreadsheet can take it for a number."""
        digest = hmac.digest(self.key, f"alliancekit\0{kind}\0{value}".encode(), sha256)
        return f"{kind}-{digest.hex()[:DIGITS]}"

    def column(self, kind: Kind, ids: pl.Series) -> pl.Series:
        """Give the pseudonyms of a column of ids, strings or integers; null stays null."""
        distinct = ids.unique().drop_nulls()
        made = [self.of(kind, str(value)) for value in distinct]
        return ids.replace_strict(
            distinct, pl.Series(made, dtype=pl.String), default=None, return_dtype=pl.String
        ).alias(ids.name)

    def path(self, path: Path, name: str) -> Path:
        """Name a file by the pseudonym of the session that it would be by its name; folders are left out."""
        return Path(self.of("session", name) + path.suffix)


def read_key(path: str | PathLike[str]) -> Pseudonyms:
    """Read a key file: its bytes, without line ends after them.

    Raises:
        FileAccessError: the file cannot be read, or others than its owner can.
        ParameterError: the key is too short, or is not random.

    """
    try:
        with Path(path).open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            key = file.read().rstrip(b"\r\n")
    except OSError as error:
        raise FileAccessError(f"{path}: the key file cannot be read: {error.strerror}. {MAKE_ONE}") from None
    if mode & 0o077:
        raise FileAccessError(f"{path}: others than its owner can use the key file. Close it with: chmod 600 '{path}'")
    if len(key) < KEY_BYTES or len(set(key)) < FEWEST_DIFFERENT_BYTES:
        raise ParameterError(f"{path}: a key is at least {KEY_BYTES} random bytes. {MAKE_ONE}")
    return Pseudonyms(key)
