"""The real Spark, local, through `mapInArrow`: the bits of the plain run. ``make test-engines``; needs a JVM."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from pyspark.sql import SparkSession
from pyspark.sql.pandas.types import from_arrow_schema, to_arrow_schema
from tests.support.corpus_run import write_corpus

import alliancekit as ak

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pyarrow as pa

KEY = ("session_id", "turn_index")


@pytest.fixture
def spark(monkeypatch: pytest.MonkeyPatch) -> Iterator[SparkSession]:
    if shutil.which("java") is None:
        pytest.fail("Spark needs a JVM (java on the path)")
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    session: Any = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    yield session
    session.stop()


def test_map_in_arrow_gives_the_bits_of_the_plain_run(spark: SparkSession, tiny_bundle: Path, tmp_path: Path) -> None:
    turns = ak.read(write_corpus(tmp_path / "in", sessions=40, bad=False)).turns
    turns.write_parquet(tmp_path / "turns.parquet")
    frame = spark.read.parquet(str(tmp_path / "turns.parquet")).repartition(4)
    bundle = str(tiny_bundle)

    def score(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return ak.score_batches(batches, bundle=bundle, threads=1)

    schema = from_arrow_schema(ak.scored_schema(to_arrow_schema(frame.schema), bundle=bundle))
    frame.mapInArrow(score, schema).write.parquet(str(tmp_path / "scores"))
    found = pl.read_parquet(tmp_path / "scores" / "*.parquet").sort(KEY)
    expected = ak.Scorer(tiny_bundle, threads=1).score(turns).with_columns(pl.col("n_tokens").cast(pl.Int32))
    assert_frame_equal(found, expected.sort(KEY), check_exact=True)
