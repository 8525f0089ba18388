"""What is asked of a report, and where its scores come from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.corpus.layout import Layout
from alliancekit.errors import FileAccessError
from alliancekit.labels import printable
from alliancekit.scored import read_provenance

if TYPE_CHECKING:
    from pathlib import Path

    from alliancekit.scored import Provenance
    from alliancekit.stats.inference.resample import Progress

FEWEST_SESSIONS: Final = 5
"""Groups of fewer sessions are small cells, which can be suppressed: the usual bound of statistical offices."""


@dataclass(frozen=True, slots=True)
class Choices:
    """The choices of the analysis; `alliancekit.report` says what each is."""

    by: str | None = schema.CONDITION
    target: str | None = None
    scales: tuple[str, ...] | None = None
    bins: int = 10
    margin: float = 0.2
    minimum_turns: int = 10
    most_sessions: int = 20
    resamples: int = 2000
    seed: int = 0
    threads: int | None = None
    confidence: float = 0.95
    suppress_small_cells: bool = False
    quotes: bool = False
    progress: Progress | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the scores come from, as far as it is known.

    Attributes:
        file: name of the file of scores, without its folder; or of a run's folder.
        sha256: of that file, in hexadecimal; of a folder's manifest, which holds the hashes of its parts.
        made_with: what the file says of itself.
        command: what made the report, word by word.

    """

    file: str | None = None
    sha256: str | None = None
    made_with: Provenance | None = None
    command: str | None = None


def origin_of(path: Path, command: str | None = None) -> Origin:
    """Say of a file of scores, or of the folder of a run, where it comes from.

    Raises:
        FileAccessError: The file cannot be read.
        DataError: What it says of itself is damaged.

    """
    content = Layout(path).manifest if path.is_dir() else path
    try:
        with content.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise FileAccessError(f"{content}: cannot be read: {error.strerror}.") from None
    return Origin(printable(path.name), digest, read_provenance(path), command)
