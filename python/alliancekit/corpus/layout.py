"""Names in the folder of a run, said once (docs/design/2026-11-24-corpus-runs.md)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from alliancekit.files import TEMPORARY

if TYPE_CHECKING:
    from pathlib import Path

FORMAT_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the files of a run are.

    >>> from pathlib import Path
    >>> Layout(Path("scores")).part(7).name
    'part-00007.parquet'

    """

    folder: Path

    @property
    def manifest(self) -> Path:
        """What the run made; there if and only if it is complete."""
        return self.folder / "manifest.json"

    @property
    def run(self) -> Path:
        """Times and machine: what differs between two runs of the same input."""
        return self.folder / "run.json"

    @property
    def quarantine(self) -> Path:
        """The rows that were quarantined, if any."""
        return self.folder / "quarantine.csv"

    @property
    def unfinished(self) -> Path:
        """What is needed to go on; gone when the run is complete."""
        return self.folder / "unfinished"

    @property
    def plan(self) -> Path:
        """What the run is to do."""
        return self.unfinished / "plan.json"

    @property
    def lock(self) -> Path:
        """Locked by the process that writes."""
        return self.unfinished / "lock"

    def part(self, number: int) -> Path:
        """A shard of scores."""
        return self.folder / f"part-{number:05}.parquet"

    def record(self, number: int) -> Path:
        """What says that a part is whole."""
        return self.unfinished / f"{number:05}.json"

    def temporary(self) -> list[Path]:
        """Files that a killed process was writing."""
        pattern = TEMPORARY.format("*")
        return [*self.folder.glob(pattern), *self.unfinished.glob(pattern)]
