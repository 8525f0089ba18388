"""Chunks that are done, in a JSON-lines file: a run that was stopped goes on, and a longer one extends it."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from benches.calibration.cell import Cell, Result, Tally
from benches.calibration.version import ROOT, key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

FILE: Final = ROOT / "build" / "calibration" / "chunks.jsonl"


class Chunks:
    """The file and what it holds."""

    def __init__(self, file: Path = FILE) -> None:
        self._file = file
        self._known: dict[tuple[str, int], dict[str, Any]] = {}
        if file.exists():
            for line in file.read_text(encoding="utf-8").splitlines():
                if line.endswith("}"):  # a line that a crash cut short is measured again
                    record = json.loads(line)
                    self._known[record["key"], record["chunk"]] = record

    def missing(self, cells: Iterable[Cell], corpora: int) -> list[tuple[Cell, int]]:
        """Chunks that a run still needs, all cells' first chunk first."""
        keyed = [(cell, key_of(cell)) for cell in cells]
        wanted = [(number, cell) for cell, key in keyed for number in self._lacking(cell, key, corpora)]
        return [(cell, number) for number, cell in sorted(wanted, key=lambda pair: pair[0])]

    def _lacking(self, cell: Cell, key: str, corpora: int) -> list[int]:
        return [number for number in range(cell.chunks(corpora)) if (key, number) not in self._known]

    def add(self, cell: Cell, number: int, seconds: float, tallies: Mapping[str, Tally]) -> None:
        """Append a chunk."""
        counted = {name: asdict(tally) for name, tally in tallies.items()}
        key = key_of(cell)
        record = {"key": key, "chunk": number, "name": cell.name, "seconds": seconds, "tallies": counted}
        self._known[key, number] = record
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as stream:
            stream.write("\n" + json.dumps(record))

    def results(self, cells: Iterable[Cell], corpora: int) -> list[Result]:
        """Sum the chunks of each cell, up to as many corpora as asked for."""
        return [self._result(cell, corpora) for cell in cells]

    def _result(self, cell: Cell, corpora: int) -> Result:
        result, key = Result(cell), key_of(cell)
        for number in range(cell.chunks(corpora)):
            record = self._known.get((key, number))
            if record is not None:
                tallies = {name: Tally(**sums) for name, sums in record["tallies"].items()}
                result.include(cell.chunk, record["seconds"], tallies)
        return result
