"""`alliance bench` on a machine whose clock, engines and peak are known."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest

from alliancekit import _native
from alliancekit.bench.corpus import TOKENS_AT, bench_texts
from alliancekit.bench.cost import Cost
from alliancekit.bench.measure import Plan, measure
from alliancekit.bench.result import Bench
from alliancekit.cli.bench_table import notes, print_bench
from alliancekit.scorer import PACKAGED_BUNDLE

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = pl.Series([f"turn {number}" for number in range(300)])


class FakeMachine:
    """Its float32 engine takes 10 ms a text and thread, 8 of them encoding; int8 does not run."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked: list[tuple[str, int, bool]] = []

    def open(self, precision: str, threads: int, *, merge_repeats: bool) -> FakeEngine:  # noqa: D102 - as the protocol says
        self.asked.append((precision, threads, merge_repeats))
        return FakeEngine(self, threads, merge_repeats=merge_repeats)

    def peak(self, precision: str, threads: int) -> float:  # noqa: D102 - as the protocol says
        assert precision == "float32"
        return 100e9 * threads

    def clock(self) -> float:  # noqa: D102 - as the protocol says
        return self.now


class FakeEngine:
    """An engine of `FakeMachine`; the second run is the fastest."""

    def __init__(self, machine: FakeMachine, threads: int, *, merge_repeats: bool) -> None:
        self.machine, self.threads, self.merge_repeats, self.runs = machine, threads, merge_repeats, 0
        self.busy = np.zeros(3)
        self.tier = ("float32", "onnxruntime", "avx2", "no instructions for it")

    @property
    def stages(self) -> tuple[float, float, float]:  # noqa: D102 - as the protocol says
        return float(self.busy[0]), float(self.busy[1]), float(self.busy[2])

    def score(self, texts: pl.Series) -> object:  # noqa: D102 - as the protocol says
        self.runs += 1
        slower = 1.0 if self.runs == 3 else 1.5
        seconds = slower * len(texts) * 0.010 / self.threads / (2 if self.merge_repeats else 1)
        self.machine.now += seconds
        self.busy += np.array([0.05, 0.80, 0.10]) * seconds * self.threads
        return None


def plan(**changes: Any) -> Plan:  # noqa: ANN401 - fields of a Plan
    fields: dict[str, Any] = {
        "texts": TEXTS,
        "lengths": np.full(300, 10, dtype=np.uint32),
        "cost": Cost(per_token=1e9, per_pair=0.0),
        "precisions": ["float32", "int8"],
        "threads": [1, 2],
        "runs": 3,
    }
    return Plan(**{**fields, **changes})


def measured(**changes: Any) -> Bench:  # noqa: ANN401 - fields of a Plan
    tiers, figures = measure(plan(**changes), FakeMachine(), lambda _: None)
    machine = {"processor": "P", "features": ["avx2"], "threads": 2, "load": 0.0, "alliancekit": "0", "python": "3"}
    corpus = {"name": "texts", "turns": 300, "distinct": 300, "tokens": 3000, "runs": 3}
    return Bench({**machine, "onnxruntime": "1"}, corpus, tiers, figures)


def test_the_best_run_counts_for_each_number_of_threads() -> None:
    one, two, once = measured().figures
    assert (one.threads, one.repeats_once) == (1, False)
    assert one.turns_per_s == pytest.approx(100)
    assert one.tokens_per_s == pytest.approx(1000)
    assert two.threads == 2
    assert two.turns_per_s == pytest.approx(200)
    assert (once.threads, once.repeats_once) == (2, True)
    assert once.turns_per_s == pytest.approx(400)


def test_operations_are_counted_while_encoding_and_compared_with_the_peak_of_as_many_threads() -> None:
    one, two, once = measured().figures
    # 3,000 tokens of 10⁹ operations in 80 % of 3 s, and of 1.5 s.
    assert one.gflops == pytest.approx(3000 / 2.4)
    assert one.share_of_peak == pytest.approx(3000 / 2.4 / 100)
    assert two.share_of_peak == pytest.approx(3000 / 1.2 / 200)
    assert once.gflops is None
    assert once.share_of_peak is None


def test_stages_add_up_to_the_time() -> None:
    for found in measured().figures:
        parts = found.stages
        assert parts.tokenize + parts.encode + parts.head + parts.rest == pytest.approx(found.seconds)
        assert parts.rest / found.seconds == pytest.approx(0.05)


def test_a_tier_that_does_not_run_has_a_reason_and_no_figure() -> None:
    bench = measured()
    assert [(tier.precision, tier.engine) for tier in bench.tiers] == [("float32", "onnxruntime"), ("int8", None)]
    assert {found.precision for found in bench.figures} == {"float32"}
    assert "int8 does not run here: no instructions for it" in notes(bench)


def test_without_the_encoders_sizes_there_are_no_operations() -> None:
    assert [found.gflops for found in measured(cost=None).figures] == [None, None, None]


def test_the_table_says_what_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    print_bench(measured())
    out = capsys.readouterr().out
    rows = [line.split() for line in out.splitlines() if line.startswith("float32")]
    assert rows[0] == [
        "float32",
        "each",
        "time",
        "1",
        "100",
        "1,000",
        "1250",
        "1250%",
        "5.0%",
        "80.0%",
        "10.0%",
        "5.0%",
    ]
    assert rows[2] == ["float32", "once", "2", "400", "4,000", "-", "-", "5.0%", "80.0%", "10.0%", "5.0%"]
    assert "float32 100 on 1, 200 on 2" in out


def test_the_json_holds_what_the_table_does() -> None:
    read = json.loads(json.dumps(measured().to_json(), allow_nan=False))
    assert set(read) == {"format_version", "machine", "corpus", "tiers", "figures"}
    assert read["tiers"][0]["peak_gflops"] == {"1": 100.0, "2": 200.0}
    assert read["figures"][0]["stages"].keys() == {"tokenize", "encode", "head", "rest"}


def test_a_seed_gives_the_same_corpus_and_another_seed_another() -> None:
    assert bench_texts(200, seed=3) == bench_texts(200, seed=3)
    assert bench_texts(200, seed=3) != bench_texts(200, seed=4)


def test_texts_have_about_the_lengths_that_are_asked_for() -> None:
    counted = _native.TokenCounter(str(PACKAGED_BUNDLE), 1).count(pl.Series(bench_texts(4000)))
    assert float(counted.mean()) == pytest.approx(24.2, rel=0.1)
    assert float(np.median(counted)) == pytest.approx(TOKENS_AT[10], abs=2)
    assert counted.min() >= 3


def test_the_cost_of_texts_counts_tokens_and_pairs() -> None:
    cost = Cost.of({"layers": 2, "hidden": 8, "intermediate": 16})
    one_token = 2 * 2 * (4 * 64 + 2 * 8 * 16)
    assert cost.of_texts([1]) == one_token + 4 * 2 * 8
    assert cost.of_texts([3, 2]) == 5 * one_token + 13 * 4 * 2 * 8


def test_the_command_on_a_file_prints_json_and_draws(alliance: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a fixture
    talk = tmp_path / "talk.csv"
    talk.write_text("session_id,turn_index,role,text\ns1,0,therapist,Hello there.\ns1,1,client,Hello.\ns1,2,client,\n")
    picture = tmp_path / "speed.svg"
    options = ("--runs", 1, "--threads", 1, "--precision", "float32", "--plot", picture, "--json")
    ended = alliance("bench", talk, *options)
    assert ended.code == 0, ended.err
    found = json.loads(ended.out)
    assert found["corpus"]["turns"] == 3
    assert found["tiers"][0]["engine"] == "onnxruntime"
    assert found["figures"][0]["turns_per_s"] > 0
    assert "Hello" not in ended.out + ended.err + picture.read_text()
    assert "turns a second" in picture.read_text()


def test_a_file_without_a_text_is_refused(alliance: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a fixture
    talk = tmp_path / "talk.csv"
    talk.write_text("session_id,turn_index,role,text\ns1,0,therapist, \n")
    ended = alliance("bench", talk)
    assert ended.code == 3
    assert "there is no turn with a text to score" in ended.err


def test_a_picture_that_exists_is_refused_before_the_work(alliance: Any, tmp_path: Path) -> None:  # noqa: ANN401 - a fixture
    picture = tmp_path / "speed.svg"
    picture.write_text("mine")
    assert alliance("bench", "--plot", picture).code == 2
    assert picture.read_text() == "mine"


def test_the_peak_of_this_machine_is_positive_and_unknown_numbers_are_refused() -> None:
    assert _native.operations_per_second("float32", 2, 0.001) > 0
    with pytest.raises(ValueError, match="no precision"):
        _native.operations_per_second("int3", 1, 0.001)
    with pytest.raises(ValueError, match="seconds"):
        _native.operations_per_second("int8", 1, -1.0)
