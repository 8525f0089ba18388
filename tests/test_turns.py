"""The canonical turn table: what it accepts, what it keeps, and what it refuses with which words."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from alliancekit.errors import ColumnError, DataError, ParameterError, RoleError
from alliancekit.turns import canonical_turns

PLANTED = "zebrafinch"
"""A word that stands in texts and may stand in no error."""


def talk(**columns: object) -> pl.DataFrame:
    """Make four turns of two sessions; `columns` replace or add columns."""
    base: dict[str, object] = {
        "session_id": ["b", "b", "a", "a"],
        "turn_index": [0, 1, 0, 1],
        "role": ["therapist", "patient", "therapist", "patient"],
        "text": ["How are you?", "Fine.", None, f"The {PLANTED} sang, and I listened for a long time."],
    }
    return pl.DataFrame({**base, **columns})


def refusal(frame: object, kind: type[Exception], **options: object) -> str:
    """Give the message of the error, after making sure that it quotes no text."""
    with pytest.raises(kind) as raised:
        canonical_turns(frame, **options)  # type: ignore[arg-type]
    assert PLANTED not in str(raised.value)
    return str(raised.value)


def test_a_canonical_table_comes_back_as_it_is() -> None:
    assert_frame_equal(canonical_turns(talk()), talk())


def test_columns_are_renamed_and_others_carried_in_their_place() -> None:
    frame = talk(mood=[1, 2, 3, 4]).rename({"text": "said", "role": "who"})
    turns = canonical_turns(frame, columns={"text": "said", "role": "who"})
    assert turns.columns == ["session_id", "turn_index", "role", "text", "mood"]


def test_two_columns_can_swap_names() -> None:
    frame = talk().rename({"text": "role", "role": "text"})
    assert_frame_equal(canonical_turns(frame, columns={"text": "role", "role": "text"}), talk())


def test_roles_are_known_whatever_their_case_and_outer_space() -> None:
    frame = talk(role=[" Counsellor", "CLIENT", "assistant\t", "Seeker "])
    assert canonical_turns(frame)["role"].to_list() == ["therapist", "patient"] * 2


def test_a_role_mapping_overrides_the_known_names() -> None:
    frame = talk(role=["user", "SPEAKER_01", "user", "SPEAKER_01"])
    turns = canonical_turns(frame, roles={"user": "therapist", "speaker_01": "patient"})
    assert turns["role"].to_list() == ["therapist", "patient"] * 2


def test_roles_coded_as_numbers_can_be_mapped() -> None:
    turns = canonical_turns(talk(role=[1, 2, 1, 2]), roles={"1": "therapist", "2": "patient"})
    assert turns["role"].to_list() == ["therapist", "patient"] * 2


def test_the_data_of_the_caller_is_left_alone() -> None:
    frame = talk(role=["Counsellor", "Client"] * 2)
    before = frame.clone()
    canonical_turns(frame)
    assert_frame_equal(frame, before)


@pytest.mark.parametrize("dtype", [pl.Int8, pl.UInt64, pl.String])
def test_session_id_keeps_its_dtype(dtype: type[pl.DataType]) -> None:
    frame = talk(session_id=pl.Series([2, 2, 1, 1]).cast(dtype))
    assert canonical_turns(frame).schema["session_id"] == dtype


def test_categories_become_strings() -> None:
    frame = talk().with_columns(pl.col("session_id", "role", "text").cast(pl.Categorical))
    assert_frame_equal(canonical_turns(frame), talk())


def test_a_text_column_without_any_text_is_allowed() -> None:
    assert canonical_turns(talk(text=[None] * 4)).schema["text"] == pl.String


@pytest.mark.parametrize("convert", [pl.DataFrame.to_arrow, pl.DataFrame.to_pandas], ids=["pyarrow", "pandas"])
def test_other_libraries_tables_give_the_same(convert: object) -> None:
    assert callable(convert)
    assert_frame_equal(canonical_turns(convert(talk())), talk())


def test_arrow_string_views_are_strings() -> None:
    table = talk().to_arrow()
    table = table.set_column(3, "text", table["text"].cast(pa.string_view()))
    assert_frame_equal(canonical_turns(table), talk())


def test_pandas_objects_with_none_are_strings() -> None:
    frame = pd.DataFrame(talk().to_dict(as_series=False)).astype({"text": object})
    assert canonical_turns(frame)["text"].to_list() == talk()["text"].to_list()


def test_a_lazy_frame_is_sorted_and_an_eager_one_is_not() -> None:
    assert canonical_turns(talk())["session_id"].to_list() == ["b", "b", "a", "a"]
    assert canonical_turns(talk().lazy())["session_id"].to_list() == ["a", "a", "b", "b"]


@given(order=st.permutations(range(4)))
def test_rows_keep_their_order(order: list[int]) -> None:
    assert_frame_equal(canonical_turns(talk()[order]), talk()[order])


def test_only_what_is_required_has_to_be_there() -> None:
    turns = canonical_turns(talk().drop("text", "turn_index"), require=("session_id", "role"))
    assert turns.columns == ["session_id", "role"]


def test_a_missing_column_names_the_others_and_the_nearest() -> None:
    message = refusal(talk().rename({"text": "utterance_text"}), ColumnError)
    assert "the column 'text' is missing" in message
    assert "'session_id', 'turn_index', 'role', 'utterance_text'" in message
    assert "Nearest: 'utterance_text'" in message
    assert "--map text=utterance_text" in message


def test_a_mapped_column_that_is_missing_is_named() -> None:
    message = refusal(talk(), ColumnError, columns={"condition": "diagnosis"})
    assert "the column 'diagnosis' (mapped to 'condition') is missing" in message


def test_without_a_header_the_names_are_not_quoted() -> None:
    frame = talk()[3:].rename({"session_id": "s1", "turn_index": "0", "role": "patient", "text": PLANTED})
    assert "is the header row missing?" in refusal(frame, ColumnError)


def test_a_long_column_name_is_not_quoted() -> None:
    sentence = f"I told the {PLANTED} to sing and it did not want to"
    assert "(52 characters, not shown)" in refusal(talk().rename({"text": sentence}), ColumnError)


def test_two_columns_of_one_name_are_refused() -> None:
    message = refusal(talk(said=["x"] * 4), ColumnError, columns={"text": "said"})
    assert "would make two columns of that name" in message


def test_one_column_cannot_be_two() -> None:
    message = refusal(talk(), ParameterError, columns={"patient_id": "session_id", "therapist_id": "session_id"})
    assert "'session_id' is mapped to 2 names" in message


def test_an_unknown_canonical_name_is_refused_with_the_nearest() -> None:
    assert "Did you mean 'text'?" in refusal(talk(), ParameterError, columns={"txt": "said"})


def test_an_unknown_role_names_row_count_and_nearest() -> None:
    frame = talk(role=["therapist", "pateint", "therapist", "patient"])
    message = refusal(frame, RoleError)
    assert "in 1 of 4 rows, first in row 2: 'pateint' (1 row, nearest 'patient')" in message


def test_speakers_that_repeat_are_named() -> None:
    frame = pl.DataFrame(
        {"session_id": ["a"] * 6, "turn_index": range(6), "role": ["SPK_0", "SPK_1"] * 3, "text": ["Yes."] * 6}
    )
    message = refusal(frame, RoleError)
    assert "'SPK_0' (3 rows), 'SPK_1' (3 rows)" in message


@pytest.mark.parametrize("text", [PLANTED, f"the {PLANTED}", f"I saw the {PLANTED} and it sang to me all day"])
def test_text_mapped_as_role_is_not_quoted(text: str) -> None:
    frame = talk(text=["Yes.", "No.", "Mm-hmm.", text])
    assert "is the role" in refusal(frame.drop("role"), RoleError, columns={"role": "text"}, require=("role",))


def test_a_role_of_no_fitting_type_is_refused() -> None:
    assert "holds Float64, not names" in refusal(talk(role=[0.5] * 4), ColumnError)


def test_a_role_mapped_to_no_role_is_refused() -> None:
    message = refusal(talk(), ParameterError, roles={"coach": "therapst"})
    assert "'coach' is mapped to 'therapst', which is no role. Did you mean 'therapist'?" in message


def test_a_null_role_names_its_row() -> None:
    message = refusal(talk(role=["therapist", None, "therapist", None]), RoleError)
    assert "'role' is empty in 2 of 4 rows, first in row 2" in message


@pytest.mark.parametrize("name", ["session_id", "turn_index"])
def test_a_null_key_names_its_row(name: str) -> None:
    frame = talk().with_columns(pl.when(pl.int_range(4) == 2).then(None).otherwise(pl.col(name)).alias(name))
    assert f"'{name}' is empty in 1 of 4 rows, first in row 3" in refusal(frame, DataError)


@pytest.mark.parametrize(
    ("name", "values", "held"),
    [
        ("session_id", [1.5, 1.5, 2.5, 2.5], "Float64"),
        ("turn_index", ["0", "1", "0", "1"], "String"),
        ("turn_index", [0.0, 1.0, 0.0, 1.0], "Float64"),
        ("text", [1, 2, 3, 4], "Int64"),
        ("text", [[PLANTED]] * 4, "List(String)"),
    ],
)
def test_a_wrong_type_is_named(name: str, values: list[object], held: str) -> None:
    assert f"the column '{name}' holds {held}" in refusal(talk(**{name: values}), ColumnError)


def test_a_turn_that_stands_twice_names_both_rows() -> None:
    message = refusal(talk(turn_index=[0, 0, 0, 1]), DataError)
    assert "2 of 4 rows share their session_id and turn_index with another, first rows 1 and 2" in message


def test_what_is_no_table_is_refused() -> None:
    assert "not list" in refusal([PLANTED], ParameterError)


def test_two_arrow_columns_of_one_name_are_refused() -> None:
    table = pa.table([pa.array([PLANTED]), pa.array([PLANTED])], names=["text", "text"])
    assert "two columns have one name" in refusal(table, ColumnError)
