"""The side tables of a call, read once for all its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alliancekit.readers.options import ReadOptions


@dataclass(slots=True)
class Sides:
    """What is read beside the transcripts.

    Attributes:
        files: the side tables themselves, which are no transcripts where they lie in a folder of such.

    """

    files: tuple[Path, ...] = ()


def read_sides(options: ReadOptions) -> Sides:
    """Read the side tables that the options name."""
    named = (options.metadata, options.roles_file, options.pseudonymise)
    return Sides(tuple(Path(path) for path in named if path is not None))
