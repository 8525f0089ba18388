"""The options that `watch` and `serve` share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

if TYPE_CHECKING:
    from alliancekit.live import Reference

ACTIVE: Final = 10_000
"""A session takes some 10 kB in memory."""

ReferenceFile = Annotated[
    Path | None,
    typer.Option("--reference", help="What is usual, from `alliance reference build`; no signals without."),
]
StateFolder = Annotated[
    Path | None, typer.Option("--state", help="Folder that keeps the sessions, through restarts and crashes.")
]
Active = Annotated[
    int, typer.Option("--active", min=1, help="Sessions in memory at most; idle ones are put aside on disk.")
]


def load_reference(path: Path | None) -> Reference | None:
    """Read the reference that was named."""
    from alliancekit.live import Reference  # noqa: PLC0415 - takes time, and `alliance --help` does without

    return None if path is None else Reference.load(path)
