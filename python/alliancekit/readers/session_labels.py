"""The labels that a session has to have one of: condition, patient, therapist."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.labels import counted
from alliancekit.readers.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.protocol import Batch

LABELS: Final = (schema.CONDITION, schema.PATIENT_ID, schema.THERAPIST_ID, schema.SESSION_NUMBER)


@dataclass(slots=True)
class SessionLabels:
    """What labels sessions have, over all files.

    Attributes:
        values: label → session → its first value.
        differing: label → sessions with another value as well, and the file and row where that was found.

    """

    values: dict[str, dict[str, str]] = field(default_factory=dict)
    differing: dict[str, dict[str, tuple[Path, int, str]]] = field(default_factory=dict)

    def add(self, batch: Batch, path: Path) -> None:
        """Take down a batch's labels; `path` is what the file is called."""
        for name in LABELS:
            if name in batch.turns.columns:
                session = batch.turns[schema.SESSION_ID].cast(pl.String)
                pairs = pl.DataFrame(
                    {"session": session, "value": batch.turns[name].cast(pl.String), "row": batch.rows}
                )
                first = pairs.drop_nulls().unique(["session", "value"], keep="first", maintain_order=True)
                known = self.values.setdefault(name, {})
                for key, value, row in first.iter_rows():
                    if known.setdefault(key, value) != value:
                        self.differing.setdefault(name, {}).setdefault(key, (path, row, batch.unit))

    def conditions(self) -> dict[str, int] | None:
        """Give the number of sessions of each condition; None where no file has conditions."""
        found = self.values.get(schema.CONDITION)
        return None if found is None else dict(sorted(Counter(found.values()).items()))

    def problems(self) -> Iterator[Problem]:
        """Say which labels are not the same throughout a session."""
        for name, sessions in self.differing.items():
            path, row, unit = next(iter(sessions.values()))
            message = f"{counted(len(sessions), 'session')} with more than one {name}, the first changing here."
            yield Problem(path, row, name, "label_differs", message, "warning", unit)
