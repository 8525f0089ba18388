"""What people rely on when they hand a table to `Scorer.score`."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from polars.testing import assert_frame_equal

from alliancekit import Scorer
from alliancekit.errors import BundleError, ColumnError, ParameterError, RoleError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCORES = ["task", "bond", "goal", "total"]


@pytest.fixture
def turns() -> pl.DataFrame:
    return pl.DataFrame(
        {
            "session_id": ["s1"] * 6,
            "turn_index": [0, 1, 2, 3, 4, 5],
            "role": ["therapist", "client", "Therapist", "patient", "counselor", "seeker"],
            "text": ["What would help?", "I trust you.", "  ", None, "Mm-hmm.", "We pulled in different directions."],
            "note": ["a", "b", "c", "d", "e", "f"],
        },
    )


def test_rows_keep_their_order_and_columns_and_lose_their_text(scorer: Scorer, turns: pl.DataFrame) -> None:
    scored = scorer.score(turns)
    assert scored.columns == ["session_id", "turn_index", "role", "note", "n_tokens", "truncated", *SCORES]
    assert scored["note"].to_list() == ["a", "b", "c", "d", "e", "f"]
    assert scored["role"].to_list() == ["therapist", "patient"] * 3
    assert [scored.schema[name] for name in SCORES] == [pl.Float32] * 4
    assert scored.schema["n_tokens"] == pl.UInt32


def test_null_and_blank_texts_are_null_and_not_zero(scorer: Scorer, turns: pl.DataFrame) -> None:
    scored = scorer.score(turns)
    for name in ("n_tokens", "truncated", *SCORES):
        assert scored[name].is_null().to_list() == [False, False, True, True, False, False], name


def test_own_form_is_the_form_of_the_speakers_role(scorer: Scorer, turns: pl.DataFrame) -> None:
    scored = scorer.score(turns, forms="all")
    for scale in SCORES:
        own = pl.when(pl.col("role") == "patient").then(f"{scale}_patient_form").otherwise(f"{scale}_therapist_form")
        assert scored.select(own.alias(scale)).to_series().equals(scored[scale])
    assert scored.columns[-8:] == [f"{scale}_{form}_form" for scale in SCORES for form in ("patient", "therapist")]


def test_text_stays_when_asked_for(scorer: Scorer, turns: pl.DataFrame) -> None:
    assert scorer.score(turns, keep_text=True)["text"].equals(turns["text"])


@pytest.mark.parametrize("convert", [pl.DataFrame.to_arrow, pl.DataFrame.to_pandas, pl.DataFrame.lazy])
def test_tables_of_every_kind_give_the_same_scores(
    scorer: Scorer,
    turns: pl.DataFrame,
    convert: Callable[[pl.DataFrame], Any],
) -> None:
    assert_frame_equal(scorer.score(convert(turns)).select(SCORES), scorer.score(turns).select(SCORES))


def test_every_arrow_string_type_is_understood(scorer: Scorer) -> None:
    texts = ["I feel heard.", None, "Mm-hmm."]
    expected = scorer.embed(texts).tobytes()
    for kind in (pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())):
        assert scorer.embed(pa.array(texts, kind)).tobytes() == expected, kind
    assert scorer.embed(pd.Series(texts)).tobytes() == expected
    assert scorer.embed(pa.chunked_array([texts[:1], texts[1:]])).tobytes() == expected


def test_a_lazy_frame_comes_sorted_by_session_and_turn(scorer: Scorer, turns: pl.DataFrame) -> None:
    assert scorer.score(turns.reverse().lazy())["turn_index"].to_list() == [0, 1, 2, 3, 4, 5]


def test_columns_and_roles_can_be_mapped(scorer: Scorer, turns: pl.DataFrame) -> None:
    renamed = turns.rename({"text": "utterance_text"}).with_columns(role=pl.Series(["A", "B"] * 3))
    scored = scorer.score(renamed, columns={"text": "utterance_text"}, roles={"A": "therapist", "B": "patient"})
    assert_frame_equal(scored, scorer.score(turns))


def test_the_callers_table_is_not_changed(scorer: Scorer, turns: pl.DataFrame) -> None:
    before = turns.clone()
    scorer.score(turns)
    assert_frame_equal(turns, before)


def test_an_empty_table_gives_an_empty_table(scorer: Scorer, turns: pl.DataFrame) -> None:
    scored = scorer.score(turns.clear())
    assert scored.shape == (0, 10)
    assert scorer.embed([]).shape == (0, 384)


def test_errors_name_the_column_and_the_nearest_match(scorer: Scorer, turns: pl.DataFrame) -> None:
    with pytest.raises(ColumnError, match=r"'text' is missing.*Nearest: 'texts'"):
        scorer.score(turns.rename({"text": "texts"}))
    with pytest.raises(RoleError, match="row 3"):
        scorer.score(turns.with_columns(role=pl.Series(["patient", "therapist", "theraqist"] * 2)))
    with pytest.raises(ColumnError, match="'text' holds Int64"):
        scorer.score(turns.with_columns(text=pl.lit(1, pl.Int64)))
    with pytest.raises(ColumnError, match="named task"):
        scorer.score(turns.rename({"note": "task"}))


def test_arguments_that_are_not_allowed_say_what_is(scorer: Scorer, turns: pl.DataFrame, bundle_path: Path) -> None:
    with pytest.raises(ParameterError, match="'own' or 'all'"):
        scorer.score(turns, forms="both")  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(ParameterError, match="gated, contrast, signed-sum, keyed-mean"):
        Scorer(bundle_path, method="cosine")
    with pytest.raises(ParameterError, match="from 1 up"):
        Scorer(bundle_path, threads=0)
    with pytest.raises(ParameterError, match="patient, therapist"):
        scorer.items(["x"], form="observer")  # type: ignore[arg-type]  # the mistake under test
    with pytest.raises(ParameterError, match=r"\[text\]"):
        scorer.embed("one text")
    with pytest.raises(ColumnError, match="position 1"):
        scorer.embed(["a", 1])  # type: ignore[list-item]  # the mistake under test


def test_methods_differ_and_each_is_deterministic(bundle_path: Path, turns: pl.DataFrame) -> None:
    results = {
        method: Scorer(bundle_path, threads=1, method=method).score(turns)["task"].to_list()
        for method in ("gated", "contrast", "signed-sum", "keyed-mean")
    }
    assert len({tuple(values) for values in results.values()}) == 4
    assert Scorer(bundle_path, threads=1).score(turns)["task"].to_list() == results["gated"]


def test_a_pickled_scorer_scores_the_same(scorer: Scorer, turns: pl.DataFrame) -> None:
    restored = pickle.loads(pickle.dumps(scorer))
    assert (restored.threads, restored.method, restored.bundle_path) == (
        scorer.threads,
        scorer.method,
        scorer.bundle_path,
    )
    assert_frame_equal(restored.score(turns), scorer.score(turns))


def test_a_bundle_that_is_not_there_is_a_file_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"bundle\.json"):
        Scorer(tmp_path / "nothing")


def test_a_damaged_bundle_names_the_file(tmp_path: Path, bundle_path: Path) -> None:
    copy = tmp_path / "bundle"
    copy.mkdir()
    for file in bundle_path.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    model = (copy / "model.onnx").read_bytes()
    (copy / "model.onnx").write_bytes(model[: len(model) // 2])
    with pytest.raises(BundleError, match=r"model\.onnx was changed or damaged"):
        Scorer(copy)
