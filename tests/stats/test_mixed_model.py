"""The mixed model against lme4, against closed forms, against `gap` and `convergence`, and what it says in words."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scipy import stats  # type: ignore[import-untyped]  # scipy has no stubs

import alliancekit as ak
from alliancekit.errors import ColumnError, DataError, MissingExtraError, ParameterError
from alliancekit.stats.mixed import engine, optimum
from alliancekit.stats.simulate import simulate

if TYPE_CHECKING:
    from random import Random

GOLDEN = Path(__file__).parents[1] / "golden"
TERMS = ["intercept", "therapist", "u", "therapist:u"]
NAMES = {
    "(Intercept)": "intercept",
    "r": "therapist",
    "u": "u",
    "r:u": "therapist:u",
    "conditionworry": "worry",
    "r:conditionworry": "therapist:worry",
    "u:conditionworry": "u:worry",
    "r:u:conditionworry": "therapist:u:worry",
    "therapist_id": "therapist",
    "patient_id": "patient",
    "session_id": "session",
    "Residual": "turn",
    "NA": "residual",
}


def corpus(sessions: int = 14, **labels: pl.Expr) -> pl.DataFrame:
    """Twenty turns a session, every session's level, gap and slopes its own; conditions alternate in pairs.

    Roles take turns as P T T P, so that both have the same mean u in each fifth.
    """
    generator = np.random.default_rng(7)
    x = np.arange(20) / 19 - 0.5
    side = np.tile([-0.5, 0.5, 0.5, -0.5], 5)
    parts = np.stack([np.ones(20), side, x, side * x])
    drawn = generator.normal([0.0, 0.4, 0.1, -0.5], [0.5, 0.4, 0.6, 1.0], (sessions, 4))
    scores = drawn @ parts + generator.normal(0.0, 0.3, (sessions, 20))
    return pl.DataFrame(
        {
            "session_id": np.repeat([f"s{at:02}" for at in range(sessions)], 20),
            "turn_index": np.tile(np.arange(20), sessions),
            "role": ["patient", "therapist", "therapist", "patient"] * (5 * sessions),
            "condition": np.repeat([("grief", "worry")[at // 2 % 2] for at in range(sessions)], 20),
            "bond": scores.ravel(),
        }
    ).with_columns(**labels)


def of(model: ak.MixedModel, term: str) -> dict[str, Any]:
    return model.effects.row(by_predicate=pl.col("term") == term, named=True)


def golden(name: str, corpus_name: str) -> pl.DataFrame:
    table = pl.read_csv(GOLDEN / f"mixed_model_{name}.csv", infer_schema=False)
    numbers = [column for column in ("estimate", "std_error", "criterion", "variance") if column in table.columns]
    mine = table.filter(pl.col("corpus") == corpus_name)
    return mine.with_columns(pl.col(numbers).str.strip_chars().cast(pl.Float64)).with_columns(
        pl.col(*[name for name in ("level", "term") if name in table.columns]).replace(NAMES)
    )


@pytest.mark.parametrize("name", ["nested", "crossed"])
def test_it_agrees_with_lme4_on_therapists_nested_in_and_crossed_with_conditions(name: str) -> None:
    turns = pl.read_csv(GOLDEN / "mixed_model_turns.csv").filter(pl.col("corpus") == name).drop("corpus")
    model = ak.mixed_model(turns, scales=["bond"], reference="grief")
    expected = golden("effects", name).select("term", "estimate", "std_error")
    found = expected.select("term").join(model.effects, on="term", maintain_order="left").select(expected.columns)
    assert_frame_equal(found, expected, rel_tol=1e-4, abs_tol=1e-5)
    spread = golden("variances", name).select("level", "term", "variance")
    mine = spread.select("level", "term").join(model.variances, on=["level", "term"], maintain_order="left")
    assert mine.height == model.variances.height
    assert_frame_equal(mine.select(spread.columns), spread, rel_tol=1e-3, abs_tol=1e-4)


def lines(turns: pl.DataFrame) -> np.ndarray[tuple[int, int], np.dtype[np.float64]]:
    """Each session's least-squares level, gap, drift and slope of the gap over its fifths, by hand."""
    y = turns.sort("session_id", "turn_index")["bond"].to_numpy().reshape(-1, 5, 4)
    means = np.stack([(y[..., 0] + y[..., 3]) / 2, (y[..., 1] + y[..., 2]) / 2], axis=-1)
    x = (np.arange(20) / 19 - 0.5).reshape(5, 4).mean(axis=1, keepdims=True).repeat(2, axis=1)
    role = np.array([[-0.5, 0.5]] * 5)
    parts = np.stack([np.ones((5, 2)), role, x, role * x], axis=-1).reshape(10, 4)
    return np.asarray(np.linalg.lstsq(parts, means.reshape(-1, 10).T)[0].T)


def test_a_balanced_corpus_without_conditions_gives_one_sample_t_tests_of_session_lines() -> None:
    turns = corpus()
    found = ak.mixed_model(turns, by=None).effects
    expected = stats.ttest_1samp(lines(turns), 0.0)
    assert found["term"].to_list() == TERMS
    assert found["estimate"].to_numpy() == pytest.approx(lines(turns).mean(axis=0), abs=1e-6)
    assert found["statistic"].to_numpy() == pytest.approx(expected.statistic, rel=1e-4)
    assert found["p_value"].to_numpy() == pytest.approx(expected.pvalue, rel=1e-3)
    assert found["df"].unique().to_list() == [13]
    interval = expected.confidence_interval(0.95)
    assert found["ci_low"].to_numpy() == pytest.approx(interval.low, abs=1e-4)
    assert found["ci_high"].to_numpy() == pytest.approx(interval.high, abs=1e-4)


def test_a_balanced_corpus_of_two_conditions_gives_pooled_t_tests() -> None:
    turns = corpus()
    found = ak.mixed_model(turns).effects.tail(4)
    worry = np.array([at // 2 % 2 == 1 for at in range(14)])
    expected = stats.ttest_ind(lines(turns)[worry], lines(turns)[~worry])
    assert found["term"].to_list() == ["worry", "therapist:worry", "u:worry", "therapist:u:worry"]
    assert found["statistic"].to_numpy() == pytest.approx(expected.statistic, rel=1e-4)
    assert found["p_value"].to_numpy() == pytest.approx(expected.pvalue, rel=1e-3)


def test_effects_are_those_of_gap_and_convergence() -> None:
    plan: dict[str, Any] = {"gap": {"grief": 0.5, "worry": 0.2}, "closing_rate": {"grief": 0.3}, "scales": ("bond",)}
    turns = simulate({"grief": 20, "worry": 12}, turns=60, sd=0.05, slope_sd=0.1, seed=3, **plan)
    model = ak.mixed_model(turns, scales=["bond"])
    gaps = ak.gap(turns, by="condition", scales=["bond"], resamples=99)["gap"]
    slopes = ak.sessions(turns, scales=["bond"]).group_by("condition").agg(pl.col("gap_slope").mean()).sort("condition")
    closing = ak.convergence(turns, by="condition", scales=["bond"], resamples=99, coupling=False)["closing_rate"]
    # A mean over turns and a line's middle differ by the slope times the distance of the roles' mean u, 1/59.
    assert of(model, "therapist")["estimate"] == pytest.approx(gaps[0], abs=0.01)
    assert of(model, "therapist:worry")["estimate"] == pytest.approx(gaps[1] - gaps[0], abs=0.01)
    # Slopes over fifths and over turns are different averages of the same noise, .05 a turn: SD of 20 sessions .007.
    assert of(model, "therapist:u")["estimate"] == pytest.approx(slopes["gap_slope"][0], abs=0.02)
    assert of(model, "therapist:u")["estimate"] == pytest.approx(-closing[0], abs=0.02)


def test_planted_differences_are_found_and_named() -> None:
    plan: dict[str, Any] = {"gap": {"anxiety": 0.2, "suicidality": 0.8}, "scales": ("bond",), "sd": 0.3}
    turns = simulate({"anxiety": 18, "suicidality": 8}, turns=30, seed=1, **plan)
    found = of(ak.mixed_model(turns, scales=["bond"]), "therapist:suicidality")
    assert found["ci_low"] > 0.3
    assert found["ci_high"] < 0.9
    assert found["p_value"] < 1e-4


def test_the_reference_is_the_condition_with_most_sessions_or_the_one_named() -> None:
    turns = corpus()
    default = ak.mixed_model(turns)
    assert "therapist:worry" in default.effects["term"].to_list()
    other = ak.mixed_model(turns, reference="worry")
    assert of(other, "therapist:grief")["estimate"] == pytest.approx(-of(default, "therapist:worry")["estimate"])
    with pytest.raises(ParameterError, match="reference 'anger' is not a condition"):
        ak.mixed_model(turns, reference="anger")


@settings(max_examples=3)
@given(st.randoms(use_true_random=False), st.sampled_from([0.01, 30.0]))
def test_row_order_changes_nothing_units_scale_and_roles_mirror(random: Random, factor: float) -> None:
    turns = corpus(10)
    order = list(range(turns.height))
    random.shuffle(order)
    first = ak.mixed_model(turns, by=None)
    again = ak.mixed_model(turns[order], by=None)
    assert first.effects.equals(again.effects)
    assert first.variances.equals(again.variances)
    mirrored = pl.col("role").replace({"patient": "therapist", "therapist": "patient"})
    other = ak.mixed_model(turns.with_columns(mirrored, pl.col("bond") * factor), by=None).effects
    sign = np.array([1.0, -1.0, 1.0, -1.0])
    assert other["estimate"].to_numpy() == pytest.approx(first.effects["estimate"].to_numpy() * sign * factor, rel=1e-5)
    assert other["statistic"].to_numpy() == pytest.approx(first.effects["statistic"].to_numpy() * sign, rel=1e-3)


def test_levels_are_those_that_repeat() -> None:
    def levels(**labels: pl.Expr) -> list[str]:
        found = ak.mixed_model(corpus(8, **labels), by=None).variances["level"]
        return list(found.unique(maintain_order=True))

    number = pl.col("session_id").str.tail(2).cast(pl.Int64)
    pairs = (number // 2).cast(pl.String)
    assert levels() == ["session", "turn"]
    assert levels(patient_id=number.cast(pl.String)) == ["session", "turn"]
    assert levels(patient_id=pairs) == ["patient", "session", "turn"]
    assert levels(patient_id=pairs, therapist_id=pairs) == ["therapist", "session", "turn"]
    assert levels(patient_id=pairs, therapist_id=(number // 4).cast(pl.String)) == [
        "therapist",
        "patient",
        "session",
        "turn",
    ]
    # The same name of a patient at two therapists is two dyads.
    assert levels(patient_id=(number % 4).cast(pl.String), therapist_id=(number // 4).cast(pl.String)) == [
        "therapist",
        "session",
        "turn",
    ]


def test_one_therapist_is_told() -> None:
    found = ak.mixed_model(corpus(8, therapist_id=pl.lit("t1")), by=None)
    assert found.effects["n_clusters"][0] == 8
    assert "one therapist: nothing is said about others" in found.effects["note"][0]


def test_fewer_than_six_clusters_have_estimates_only() -> None:
    therapist = (pl.col("session_id").str.tail(2).cast(pl.Int64) % 3).cast(pl.String)
    found = of(ak.mixed_model(corpus(9, therapist_id=therapist), by=None), "therapist")
    assert found["estimate"] is not None
    assert [found[name] for name in ("std_error", "ci_low", "ci_high", "statistic", "p_value", "df")] == [None] * 6
    assert "no interval and no p: 3 clusters, 6 are needed" in found["note"]


def test_few_clusters_are_flagged_in_all_and_within_a_condition() -> None:
    note = of(ak.mixed_model(corpus(10)), "worry")["note"]
    assert "few clusters (10)" in note
    assert "few clusters in worry (4): leans on equal variances" in note


def test_conditions_that_vary_unequally_are_told() -> None:
    wild = pl.when((pl.col("condition") == "worry") & (pl.col("role") == "patient")).then(20.0).otherwise(1.0)
    turns = corpus(20)
    assert (
        "times as much in worry as in grief"
        in of(ak.mixed_model(turns.with_columns(pl.col("bond") * wild)), "u")["note"]
    )
    assert "times as much" not in of(ak.mixed_model(turns), "u")["note"]


def test_sessions_without_a_condition_or_a_role_are_counted_out() -> None:
    session = pl.col("session_id")
    turns = corpus(12, condition=pl.when(session != "s00").then(pl.col("condition")))
    found = ak.mixed_model(turns.filter((session != "s01") | (pl.col("role") == "patient"))).effects
    assert found["n_sessions"][0] == 10
    assert "1 sessions without scores of both roles left out" in found["note"][0]
    assert "1 sessions without a condition left out" in found["note"][0]


def test_scores_that_do_not_vary_have_a_reason_and_no_numbers() -> None:
    found = ak.mixed_model(corpus(8, bond=pl.lit(0.25)))
    assert found.effects["estimate"].null_count() == found.effects.height
    assert "scores do not vary" in found.effects["note"][0]
    assert found.variances.is_empty()
    nobody = ak.mixed_model(corpus(8).filter(pl.col("role") == "patient"))
    assert "no session with both roles" in nobody.effects["note"][0]


def test_a_search_that_does_not_end_leaves_no_p(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimum, "_STOP", {"maxiter": 1})
    monkeypatch.setattr(optimum, "_RESTARTS", 1)
    found = ak.mixed_model(corpus(8), by=None).effects
    assert "did not converge" in found["note"][0]
    assert found["p_value"].null_count() == found.height


def test_a_variance_of_zero_is_told() -> None:
    all_alike = pl.col("bond") - pl.col("bond").mean().over("session_id")
    found = ak.mixed_model(corpus(8).with_columns(bond=all_alike), by=None)
    level = found.variances.row(0, named=True)
    assert (level["term"], level["variance"]) == ("intercept", 0.0)
    assert level["note"] == "estimated as zero, the border of what is possible"
    assert "some variances are zero" in found.effects["note"][0]
    assert found.effects["p_value"].null_count() == 0


def test_a_root_that_fell_to_zero_by_mistake_is_sent_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optimum, "START", optimum.FLOOR)
    found = optimum.lowest(lambda r: (float((10 * (r**2 - 0.5) ** 2).sum()), 40 * (r**2 - 0.5) * r), 2)
    assert found.converged
    assert found.roots == pytest.approx([0.5**0.5] * 2, abs=1e-3)


def test_clusters_too_large_for_the_engine_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "LARGEST_WORK", 1.0)
    with pytest.raises(DataError, match="draw a sample"):
        ak.mixed_model(corpus(8))


def test_bad_arguments_have_clear_errors() -> None:
    turns = corpus(8)
    with pytest.raises(ParameterError, match="session table"):
        ak.mixed_model(ak.sessions(turns))
    with pytest.raises(ParameterError, match="bins must be from 3 to 20"):
        ak.mixed_model(turns, bins=2)
    with pytest.raises(ParameterError, match="confidence"):
        ak.mixed_model(turns, confidence=1.0)
    with pytest.raises(ColumnError, match="diagnosis"):
        ak.mixed_model(turns, by="diagnosis")
    with pytest.raises(DataError, match="holds lists"):
        ak.mixed_model(turns.with_columns(condition=pl.concat_list("condition")))
    with pytest.raises(DataError, match="reads like a term"):
        ak.mixed_model(turns.with_columns(condition=pl.lit("u")))
    first_only = pl.when((pl.col("condition") == "grief") | (pl.col("turn_index") < 4)).then(pl.col("bond"))
    with pytest.raises(DataError, match="condition 'worry'"):
        ak.mixed_model(turns.with_columns(bond=first_only))


def test_without_statsmodels_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alliancekit.extras.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'alliancekit\[mixed\]'"):
        ak.mixed_model(corpus(8))


def test_the_engine_is_not_imported_with_the_package() -> None:
    code = "import sys, alliancekit; print(sorted({'statsmodels', 'scipy', 'pandas'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
