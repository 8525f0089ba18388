"""What `benches/peers` does with peers that work, fail, hang and die; its arithmetic and its table."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from benches.peers import table
from benches.peers.catalogue import BASE, PEERS, Peer, ours
from benches.peers.exports import EXPORTS
from benches.peers.fidelity import Items, fidelity, unit
from benches.peers.place import Place, Unable
from benches.peers.process import ROOT, Process
from benches.peers.rounds import Standing, opened, run_rounds
from benches.peers.sample import sample
from benches.peers.worker import Worker, answer

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [f"turn {'x' * n}" for n in range(400)]


class Fake:
    """A process that takes so long a turn, and fails in the run with that number."""

    def __init__(self, seconds_per_turn: float = 0.001, fails_in: int | None = None, rows: int | None = None) -> None:
        self.seconds_per_turn, self.fails_in, self.rows = seconds_per_turn, fails_in, rows
        self.runs, self.ended = 0, False

    def ask(self, verb: str, limit_s: float, **message: Any) -> dict[str, Any]:  # noqa: ANN401, ARG002, D102 - as `Asked`
        if verb == "open":
            return {"versions": ["fake 1.0"]}
        if verb == "texts":
            return {}
        self.runs += 1
        if self.runs == self.fails_in:
            raise Unable("its process ended with signal 11")
        count = message["count"]
        return {"seconds": count * self.seconds_per_turn / self.runs, "rows": self.rows or count, "peak_mib": 100.0}

    def end(self) -> None:  # noqa: D102 - as `Asked`
        self.ended = True


def standing(fake: Fake, name: str = "one", **peer: Any) -> Standing:  # noqa: ANN401 - of a Peer
    return opened(Peer(name, "none", **peer), lambda _: fake, {}, TEXTS)


def test_the_best_round_of_each_counts_and_ratios_are_to_the_base() -> None:
    peers = [standing(Fake(0.01), BASE), standing(Fake(0.001), "fast")]
    run_rounds(peers, 3, 1e9)
    base, fast = table.rows(peers, {})
    # Runs 3 to 5 of a fake take a third to a fifth of its time: two runs were to warm up.
    assert base.turns_per_s == pytest.approx(500)
    assert fast.turns_per_s == pytest.approx(5000)
    assert base.times == pytest.approx(1)
    assert fast.times == pytest.approx(10)
    assert base.rounds == fast.rounds == 3


def test_a_peer_that_fails_is_a_row_with_the_reason_and_the_rest_goes_on() -> None:
    broken, whole = Fake(fails_in=4), Fake()
    peers = [standing(broken, "broken"), standing(whole, "whole")]
    run_rounds(peers, 3, 1e9)
    found = table.rows(peers, {})
    assert broken.ended
    assert [row.rounds for row in found] == [1, 3]
    assert found[0].reason == "its process ended with signal 11"
    assert "signal 11" in table.markdown(found, len(TEXTS))


def test_a_peer_that_cannot_start_is_a_row_too() -> None:
    def refuse(_: Peer) -> Fake:
        raise Unable(".venv-none is not installed")

    found = table.rows([opened(Peer("absent", "none"), refuse, {}, TEXTS)], {})
    assert found[0].turns_per_s is None
    assert found[0].reason == ".venv-none is not installed"


def test_a_peer_that_gives_too_few_vectors_does_not_count() -> None:
    short = standing(Fake(rows=7))
    run_rounds([short], 1, 1e9)
    assert short.reason == "gave 7 vectors for 400 texts"
    assert not short.seconds


def test_a_slow_peer_encodes_the_beginning_and_the_table_says_so() -> None:
    slow = standing(Fake(0.3))
    run_rounds([slow], 1, 1e9)
    assert slow.count == 200
    assert "the first 200 turns" in table.markdown(table.rows([slow], {}), len(TEXTS))


def test_every_peer_runs_once_and_no_round_begins_that_the_budget_has_no_room_for() -> None:
    now = iter(range(1000))
    peers = [standing(Fake(0.02), "slow"), standing(Fake(0.001), "fast")]
    run_rounds(peers, 5, 6.0, clock=lambda: float(next(now)))
    slow, fast = (len(peer.seconds) for peer in peers)
    assert 1 <= slow < 5
    assert 1 <= fast < 5


def test_the_json_has_each_row_and_no_nan() -> None:
    peers = [standing(Fake(), BASE)]
    run_rounds(peers, 1, 1e9)
    vectors = np.eye(3, dtype=np.float32)
    near = fidelity(vectors, vectors, vectors, own_items=vectors)
    written = json.dumps(table.as_json(table.rows(peers, {BASE: near}), {"turns": 400}), allow_nan=False)
    read = json.loads(written)
    assert read["format_version"] == 1
    assert read["rows"][0]["fidelity"]["cosine_mean"] is None
    assert read["rows"][0]["fidelity"]["items_r_min"] == pytest.approx(1)
    assert set(read["rows"][0]) == {
        "name",
        "turns_per_s",
        "times",
        "turns",
        "rounds",
        "peak_mib",
        "fidelity",
        "versions",
        "reason",
    }


def test_fidelity_of_known_vectors() -> None:
    reference = unit(np.array([[1, 0], [0, 1], [1, 1]], dtype=np.float32))
    turned = unit(np.array([[1, 0], [1, 0], [1, 1]], dtype=np.float32))
    items = np.eye(2, dtype=np.float32)
    near = fidelity(turned * 7, reference, items)
    assert near.cosine_mean == pytest.approx(2 / 3)
    assert near.cosine_min == pytest.approx(0)
    first = np.corrcoef([1, 1, 0.5**0.5], [1, 0, 0.5**0.5])[0, 1]
    second = np.corrcoef([0, 0, 0.5**0.5], [0, 1, 0.5**0.5])[0, 1]
    assert near.items_r_min == pytest.approx(min(first, second), abs=1e-6)


def test_item_centroids_are_unit_norm_means_of_unit_norm_sentences() -> None:
    items = Items(["a", "b"], [[0], [0, 1]])
    centroids = items.centroids(np.array([[2, 0], [0, 5]], dtype=np.float32))
    assert centroids == pytest.approx(np.array([[1, 0], [0.5**0.5, 0.5**0.5]]))


def test_a_sample_is_the_same_for_a_seed_and_keeps_the_spread_of_lengths() -> None:
    chosen = sample(TEXTS, 40, seed=5)
    assert chosen == sample(TEXTS, 40, seed=5)
    assert chosen != sample(TEXTS, 40, seed=6)
    gaps = np.diff(sorted(len(text) for text in chosen))
    assert gaps.tolist() == [10] * 39
    assert sorted(sample(TEXTS, 0)) == sorted(TEXTS)


def test_an_error_of_a_worker_holds_no_text() -> None:
    def encode(texts: Any) -> Any:  # noqa: ANN401 - as an engine
        raise ValueError(f"cannot encode {texts[0]!r}")

    worker = Worker("none")
    worker.encode = encode
    worker.take(["a secret"])
    failed = answer(worker, {"do": "run", "count": 1})["failed"]
    assert "secret" not in failed
    assert failed.startswith("ValueError in test_peers.py")


def test_a_worker_process_answers_and_its_end_is_told(tmp_path: Path) -> None:
    link = tmp_path / "env" / "bin"
    link.mkdir(parents=True)
    (link / "python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    (link / "python").chmod(0o755)
    process = Process(Peer("none", "no_such_engine", "env"), 1, environments=tmp_path)
    try:
        with pytest.raises(Unable, match="ModuleNotFoundError"):
            process.ask("open", 60, place=Place("", "", "", 1).as_message())
        process.ask("texts", 60, texts=["one"])
        with pytest.raises(Unable, match="nothing is open"):
            process.ask("run", 60, count=1)
        process._running.kill()  # noqa: SLF001 - as an operating system would
        with pytest.raises(Unable, match="signal 9"):
            process.ask("run", 60, count=1)
    finally:
        process.end()


def test_an_environment_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Unable, match=r"\.venv-peers is not installed"):
        Process(Peer("none", "none"), 1, environments=tmp_path)


def test_what_could_not_be_exported_gives_its_reason(tmp_path: Path) -> None:
    (tmp_path / "onnx.failed").write_text("ImportError in x.py:1")
    with pytest.raises(Unable, match="no onnx export: ImportError"):
        Place("", str(tmp_path), "", 1).made("onnx")


def test_every_peer_of_the_catalogue_has_an_engine_and_an_export_that_exist() -> None:
    names = [peer.name for peer in (*PEERS, *ours(("float32",)))]
    assert len(set(names)) == len(names)
    for peer in (*PEERS, *ours(("float32",))):
        assert (ROOT / "benches" / "peers" / "engines" / f"{peer.engine}.py").exists()
        assert peer.options.get("export", "onnx") in EXPORTS
