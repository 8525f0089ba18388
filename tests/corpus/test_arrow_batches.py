"""Scoring record batches gives what `Scorer.score` gives, in the schema that is told before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal
from tests.support.corpus_run import write_corpus

import alliancekit as ak
from alliancekit.errors import RoleError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("options", [{}, {"forms": "all", "keep_text": True}])
def test_batches_are_scored_as_a_whole_table_is(tiny_bundle: Path, tmp_path: Path, options: dict[str, object]) -> None:
    turns = ak.read(write_corpus(tmp_path / "in", bad=False)).turns.rename({"text": "said"})
    table = turns.to_arrow(compat_level=pl.CompatLevel.oldest())
    table = table.set_column(4, "condition", table["condition"].dictionary_encode())
    columns = {"text": "said"}
    scored = list(
        ak.score_batches(table.to_batches(max_chunksize=10), bundle=tiny_bundle, columns=columns, threads=1, **options)  # type: ignore[arg-type] # any option's value
    )
    expected = ak.Scorer(tiny_bundle, threads=1).score(turns, columns=columns, **options)  # type: ignore[arg-type] # as above
    schema = ak.scored_schema(table.schema, bundle=tiny_bundle, columns=columns, **options)  # type: ignore[arg-type] # as above
    assert {batch.schema for batch in scored} == {schema}
    found = pl.DataFrame(pa.Table.from_batches(scored))
    assert_frame_equal(found.with_columns(pl.col("n_tokens").cast(pl.UInt32)), expected)


def test_an_empty_batch_stays_one_and_a_bad_row_is_an_error(tiny_bundle: Path) -> None:
    row: dict[str, list[Any]] = {"session_id": ["s"], "turn_index": [0], "role": ["who"], "text": ["Yes."]}
    batch = pa.RecordBatch.from_pydict(row)
    assert [found.num_rows for found in ak.score_batches([batch.slice(0, 0)], bundle=tiny_bundle, threads=1)] == [0]
    with pytest.raises(RoleError):
        list(ak.score_batches([batch], bundle=tiny_bundle, threads=1))
