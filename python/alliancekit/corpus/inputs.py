"""The files of a run: found, named as outputs call them, hashed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit.corpus.hashes import hash_path
from alliancekit.corpus.plan import PATHS, Plan, versions
from alliancekit.corpus.reading import batch_options
from alliancekit.errors import ParameterError
from alliancekit.model.manifest import MANIFEST_FILE
from alliancekit.readers.scanning import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from alliancekit.corpus.hashes import Hashed
    from alliancekit.corpus.plan import Task
    from alliancekit.readers.scanning import Found
    from alliancekit.scorer import Scorer

BINARY: Final = frozenset({".parquet", ".pq"})


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a run reads.

    Attributes:
        found: the files, and how they are read.
        names: what outputs call them.
        hashed: what they are now.
        plan: all of it, to be written down or compared.

    """

    found: Found
    names: tuple[str, ...]
    hashed: tuple[Hashed, ...]
    plan: Plan

    def sizes(self) -> list[tuple[int, int]]:
        """Give the bytes of each file, and about how many turns it has."""
        return [(each.bytes, _turns(path, each)) for path, each in zip(self.found.files, self.hashed, strict=True)]


def find_inputs(task: Task, scorer: Scorer, output: Path, *, tick: Callable[[int], object]) -> Inputs:
    """Find and hash what a task reads.

    Raises:
        FileAccessError: a path stands for nothing, or cannot be read.
        ParameterError: the output is among the inputs, or a choice is not allowed.
        DataError: a side table cannot be understood.

    """
    found = find(task.paths(), batch_options(task.reading()))
    _refuse_inside(output, task.paths())
    hashed = tuple(hash_path(path, tick=tick) for path in found.files)
    names = _names(found)
    sides = {name: hash_path(task.path(task.choices[name])) for name in PATHS if name in task.choices}
    plan = Plan(
        task,
        bundle=_bundle(scorer),
        inputs={name: each.sha256 for name, each in zip(names, hashed, strict=True)},
        sides={name: each.sha256 for name, each in sides.items()},
        versions=versions(),
        engine=scorer.info.pinned(),
    )
    return Inputs(found, names, hashed, plan)


def _names(found: Found) -> tuple[str, ...]:
    """Name each file from the folder that all share, so that the same corpus elsewhere has the same names."""
    if found.sides.shown.pseudonyms is not None:
        return tuple(str(found.shown(path)) for path in found.files)
    whole = [Path(os.path.abspath(path)) for path in found.files]  # noqa: PTH100 - a link is named by where it lies
    shared = os.path.commonpath([path.parent for path in whole])
    return tuple(path.relative_to(shared).as_posix() for path in whole)


def _bundle(scorer: Scorer) -> dict[str, str]:
    return {
        MANIFEST_FILE: scorer.bundle_sha256,
        **{name: file["sha256"] for name, file in scorer.manifest["files"].items()},
    }


def _refuse_inside(output: Path, inputs: list[Path]) -> None:
    # Parts would be taken for transcripts when the run is resumed.
    whole = output.resolve()
    for path in inputs:
        if path.is_dir() and whole.is_relative_to(path.resolve()):
            raise ParameterError(f"{output}: the output lies in the input folder {path}. Name a folder outside of it.")


def _turns(path: Path, hashed: Hashed) -> int:
    if path.suffix.lower() not in BINARY:
        return hashed.lines
    try:
        return int(pl.scan_parquet(path, glob=False).select(pl.len()).collect().item())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return 1  # it is damaged, and the reader will say so
