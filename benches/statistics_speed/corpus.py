"""The corpus: four conditions, several sessions a dyad, several dyads a therapist, written as it is drawn."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from alliancekit.stats.simulate import simulate_batches

BUILD = Path(__file__).parents[2] / "build" / "statistics"
SHARES = {"anxiety": 0.5, "depression": 0.4, "schizophrenia": 0.08, "suicidality": 0.02}
GAP = {"anxiety": 0.1, "depression": 0.05, "schizophrenia": 0.2, "suicidality": 0.4}


def corpus(turns: int, sessions: int) -> Path:
    """Give the file with so many turns, about, in so many sessions; it is made once."""
    path = BUILD / f"turns-{turns}-{sessions}.parquet"
    if not path.exists():
        BUILD.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        _write(part, turns, sessions)
        part.rename(path)
    return path


def _write(path: Path, turns: int, sessions: int) -> None:
    writer = None
    for batch in simulate_batches(
        {name: max(1, round(sessions * share)) for name, share in SHARES.items()},
        turns=turns // sessions,
        turns_cv=0.4,
        sessions_per_dyad=4,
        dyads_per_therapist=5,
        icc={"therapist": 0.02, "dyad": 0.05, "session": 0.05},
        slope_sd=0.1,
        autocorrelation=0.2,
        coupling=0.2,
        gap=GAP,
        closing_rate={"anxiety": 0.1, "depression": 0.1},
        seed=1,
    ):
        table = batch.to_arrow(compat_level=pl.CompatLevel.oldest())
        writer = writer or pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()
