"""Which precision runs, why, and how close its results are to the reference."""

from __future__ import annotations

import errno
import pickle
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.support.corpus_run import run, write_corpus
from tests.support.fake_scorer import FakeScorer
from tests.support.faulty_storage import FaultyStorage

from alliancekit import Scorer
from alliancekit.errors import FileAccessError, IntegrityError, ParameterError
from alliancekit.model.calibration.measure import open_engine
from alliancekit.model.calibration.texts import check_turns
from alliancekit.precision import PRECISIONS, EngineInfo, Precision

if TYPE_CHECKING:
    from pathlib import Path

LEAST: dict[Precision, float] = {"int8": 0.995, "bfloat16": 0.9999, "int16": 0.9999}
"""Least cosine with float32 of any turn of the check set."""


def test_another_word_is_refused(bundle_path: Path) -> None:
    with pytest.raises(ParameterError, match="precision is 'float16'; it can be auto, float32, bfloat16, int16, int8"):
        Scorer(bundle_path, precision="float16")  # type: ignore[arg-type]  # that is what is tested


@pytest.mark.parametrize("precision", PRECISIONS)
def test_every_precision_scores_on_every_machine_and_says_what_ran(bundle_path: Path, precision: Precision) -> None:
    scorer = Scorer(bundle_path, threads=1, precision=precision)
    info = scorer.info
    assert info.asked == precision
    assert info.precision != "auto"
    assert info.why
    assert info.engine == ("onnxruntime" if info.precision == "float32" else "kernels")
    assert np.isfinite(scorer.embed(["I feel heard here."])).all()
    again = pickle.loads(pickle.dumps(scorer))  # our own
    assert again.info == info


def test_float32_is_the_reference_whatever_else_the_machine_has(bundle_path: Path) -> None:
    info = Scorer(bundle_path, threads=1, precision="float32").info
    assert (info.precision, info.engine, info.why) == ("float32", "onnxruntime", "asked for")


@pytest.mark.parametrize("precision", LEAST)
def test_each_precision_is_within_its_bound_of_float32(bundle_path: Path, precision: Precision) -> None:
    texts = check_turns().text[::7]
    engine, reference = open_engine(bundle_path, precision), open_engine(bundle_path, "float32")
    assert engine is not None
    assert reference is not None
    found, expected = engine.embed(texts), reference.embed(texts)
    assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-6)
    assert (found * expected).sum(axis=1).min() >= LEAST[precision]


def test_a_run_does_not_go_on_where_another_precision_or_instruction_set_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = write_corpus(tmp_path / "in")
    _runs_on(monkeypatch, "int8", "avx512-vnni")
    whole = FaultyStorage()
    run(corpus, tmp_path / "whole", storage=whole)
    with pytest.raises(FileAccessError):
        run(
            corpus, tmp_path / "out", storage=FaultyStorage(len(whole.steps) * 2 // 3, error=errno.ENOSPC, lasting=True)
        )
    for precision, instructions, said in [
        ("int16", "avx2", "the precision was int8 and is int16; the instruction set was avx512-vnni and is avx2"),
        ("int8", "avx2", "the instruction set was avx512-vnni and is avx2"),
    ]:
        _runs_on(monkeypatch, precision, instructions)
        with pytest.raises(IntegrityError, match=said):
            run(corpus, tmp_path / "out")
    _runs_on(monkeypatch, "int8", "avx512-vnni")
    made = run(corpus, tmp_path / "out")
    assert made.manifest["engine"] == {"precision": "int8", "engine": "kernels", "instruction set": "avx512-vnni"}


def _runs_on(monkeypatch: pytest.MonkeyPatch, precision: str, instructions: str) -> None:
    info = EngineInfo("auto", precision, "kernels", instructions, "a fake", {})
    monkeypatch.setattr(FakeScorer, "info", property(lambda _: info))
