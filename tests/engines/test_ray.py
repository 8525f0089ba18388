"""The real Ray Data, on this machine, with two actors: the bits of the plain run. ``make test-engines``."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import polars as pl
import pytest
import ray
from polars.testing import assert_frame_equal
from ray.data import DataContext
from ray.data.checkpoint import CheckpointConfig
from tests.support.corpus_run import write_corpus

import alliancekit as ak
from alliancekit.ray import score_dataset

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = ("session_id", "turn_index")


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    ray.init(num_cpus=4, include_dashboard=False, logging_level=logging.ERROR, configure_logging=False)
    yield
    ray.shutdown()


@pytest.fixture
def turns(tmp_path: Path) -> pl.DataFrame:
    return ak.read(write_corpus(tmp_path / "in", sessions=40, bad=False)).turns


def plain(turns: pl.DataFrame, bundle: Path) -> pl.DataFrame:
    return ak.Scorer(bundle, threads=1).score(turns).with_columns(pl.col("n_tokens").cast(pl.Int32)).sort(KEY)


@pytest.mark.usefixtures("cluster")
def test_two_actors_give_the_bits_of_the_plain_run(turns: pl.DataFrame, tiny_bundle: Path) -> None:
    dataset = ray.data.from_arrow(turns.to_arrow()).repartition(7)
    scored = score_dataset(dataset, bundle=tiny_bundle, actors=2, batch_rows=16)
    found = pl.concat([pl.DataFrame(table) for table in ray.get(scored.to_arrow_refs())]).sort(KEY)
    assert_frame_equal(found, plain(turns, tiny_bundle), check_exact=True)


@pytest.mark.usefixtures("cluster")
def test_with_checkpoints_a_job_that_is_started_again_does_the_rest(
    turns: pl.DataFrame, tiny_bundle: Path, tmp_path: Path
) -> None:
    numbered = turns.with_row_index("id").with_columns(pl.col("id").cast(pl.Int64))
    (tmp_path / "turns").mkdir()
    numbered.write_parquet(tmp_path / "turns" / "all.parquet")
    context = DataContext.get_current()
    context.checkpoint_config = CheckpointConfig(
        id_column="id", checkpoint_path=str(tmp_path / "checkpoint"), delete_checkpoint_on_success=False
    )
    try:
        for _ in range(2):
            dataset = ray.data.read_parquet(str(tmp_path / "turns"))
            score_dataset(dataset, bundle=tiny_bundle, actors=2).write_parquet(str(tmp_path / "scores"))
    finally:
        context.checkpoint_config = None
    found = pl.read_parquet(tmp_path / "scores" / "*.parquet").sort(KEY)
    assert found.height == turns.height
    assert_frame_equal(found.drop("id"), plain(turns, tiny_bundle), check_exact=True)
