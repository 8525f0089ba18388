"""A command run in this process, a scorer that needs no model, and a small transcript."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pytest

from alliancekit.cli import main
from alliancekit.precision import EngineInfo
from alliancekit.scored import Provenance, write_scored
from alliancekit.turns import canonical_turns

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TALK = """session_id,turn_index,role,text,condition
s1,0,counsellor,Hello.,anxiety
s1,1,client,Hi.,anxiety
s1,2,client,,anxiety
"""


@dataclass(frozen=True)
class Ended:
    """What a command ended with and printed."""

    code: int
    out: str
    err: str


@pytest.fixture
def alliance(capfd: pytest.CaptureFixture[str]) -> Callable[..., Ended]:
    def run(*arguments: object) -> Ended:
        code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Ended(code, out, err)

    return run


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.csv"
    path.write_text(TALK)
    return path


class FakeScorer:
    """Scores every turn with text 0.5; `during` runs in the middle of it."""

    during: ClassVar[Callable[[], None]] = staticmethod(lambda: None)
    scales = ("task", "total")
    threads = 1
    method = "contrast"
    info = EngineInfo("auto", "float32", "onnxruntime", "none", "a fake", {})
    bundle_sha256 = "00"

    def __init__(self, bundle: Path, **_: object) -> None:
        self.bundle_path = bundle

    def score(self, frame: pl.DataFrame, *, keep_text: bool, **_: object) -> pl.DataFrame:
        """Give the columns that the scorer gives."""
        type(self).during()
        turns = canonical_turns(frame)
        here = pl.col("text").str.len_chars() > 0
        scored = turns.with_columns(
            pl.when(here).then(3).alias("n_tokens").cast(pl.UInt32),
            pl.when(here).then(statement=False).alias("truncated"),
            *(pl.when(here).then(0.5).cast(pl.Float32).alias(scale) for scale in self.scales),
        )
        return scored if keep_text else scored.drop("text")


@pytest.fixture
def fake_scorer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> type[FakeScorer]:
    """Put `FakeScorer` in the place of the scorer; its bundle is a folder with an empty manifest."""
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "bundle.json").write_text("{}")
    monkeypatch.setattr("alliancekit.scorer.Scorer", lambda _, **options: FakeScorer(folder, **options))
    monkeypatch.setattr(FakeScorer, "during", staticmethod(lambda: None))
    return FakeScorer


LABELS = ["[red]\x1b[2J", "d\N{FAMILY}"]
"""Conditions that a terminal must not take for markup or for an order."""

WHOLE: dict[str, list[Any]] = {
    "ci_low": [-0.01, float("nan")],
    "ci_high": [0.4, None],
    "p_value": [0.00001, None],
    "p_adjusted": [0.00004, None],
    "note": [None, "one session: no interval"],
}
GAP = pl.DataFrame(
    {
        "condition": LABELS,
        "scale": ["warmth", "warmth"],
        "patient_mean": [0.123456789, None],
        "therapist_mean": [0.3, None],
        "gap": [0.17654321, None],
        "effect_size": [0.5, None],
        "misalignment": [-0.2, None],
        "n_sessions": [12, 1],
        **WHOLE,
    }
)
COMPARE = pl.DataFrame(
    {
        "scale": ["warmth", "warmth"],
        "target": ["suicidality", "suicidality"],
        "reference": LABELS,
        "measure": ["gap", "misalignment"],
        "difference": [0.17654321, None],
        "effect_size": [0.5, None],
        "n_target": [12, 1],
        "n_reference": [939, 2],
        **WHOLE,
    }
)
CONVERGENCE = pl.DataFrame(
    {
        "condition": LABELS,
        "scale": ["warmth", "warmth"],
        "closing_rate": [0.17654321, None],
        "verdict": ["converging", "no evidence"],
        "n_sessions": [12, 1],
        "gap_start": [0.5, None],
        "gap_end": [0.25, None],
        "coupling": [0.21, None],
        "coupling_low": [0.11, None],
        "coupling_high": [0.31, None],
        "coupling_mismatched": [0.01, None],
        "coupling_p_value": [0.002, None],
        "coupling_p_adjusted": [0.004, None],
        "n_coupled": [11, 0],
        **WHOLE,
    }
)
TRAJECTORIES = pl.DataFrame(
    {
        "condition": [LABELS[0]] * 6,
        "scale": ["warmth"] * 6,
        "role": ["patient", "patient", "therapist", "therapist", "gap", "gap"],
        "u": [0.25, 0.75] * 3,
        "mean": [0.1, None, 0.3, 0.4, 0.2, None],
        "ci_low": [None, None, None, None, -0.01, None],
        "ci_high": [None, None, None, None, 0.4, None],
        "band_low": [None, None, None, None, -0.02, None],
        "band_high": [None, None, None, None, 0.5, None],
        "n_sessions": [12, 0] * 3,
        "note": [None, "no session", None, None, None, "no session"],
    }
)
SESSIONS = pl.DataFrame(
    {
        "session_id": ["007", "008"],
        "scale": ["warmth", "warmth"],
        "condition": LABELS,
        "patient_mean": [0.123456789, None],
        "therapist_mean": [0.3, 0.2],
        "gap": [0.17654321, None],
        "gap_shrunken": [0.15, None],
        "shrunken_low": [0.1, None],
        "shrunken_high": [0.2, None],
        "gap_reliability": [0.61, 0.61],
        "n_patient": [3, 0],
        "n_therapist": [4, 2],
        "reason": [None, "no scored patient turns"],
    }
)


class FakeStats(ModuleType):
    """Keeps what its functions were asked for, and answers with small tables; `during` runs in the middle."""

    def __init__(self) -> None:
        super().__init__("alliancekit.stats")
        self.asked: dict[str, Any] = {}
        self.during: Callable[[Callable[[int, int], None]], None] = lambda _: None

    def _answer(self, table: pl.DataFrame, turns: pl.LazyFrame, asked: dict[str, Any]) -> pl.DataFrame:
        self.asked = {"turns": turns.collect(), **asked}
        self.during(asked.get("progress", lambda *_: None))
        return table if asked["by"] or "condition" not in table.columns else table.drop("condition")

    def gap(self, turns: pl.LazyFrame, **asked: object) -> pl.DataFrame:
        """Give the same table to whoever asks, as the others do."""
        forms = [
            GAP.with_columns(form=pl.lit(form), robust=pl.lit(value=False)) for form in ("own", "patient", "therapist")
        ]
        return self._answer(pl.concat(forms) if asked["form"] == "all" else GAP, turns, asked)

    def compare(self, turns: pl.LazyFrame, **asked: object) -> pl.DataFrame:
        """Give a row a measure."""
        return self._answer(COMPARE, turns, asked)

    def convergence(self, turns: pl.LazyFrame, **asked: object) -> pl.DataFrame:
        """Give a row a condition."""
        none = [pl.lit(None, dtype=pl.Float64).alias(name) for name in CONVERGENCE.columns if "coupl" in name]
        return self._answer(CONVERGENCE if asked["coupling"] else CONVERGENCE.with_columns(none), turns, asked)

    def trajectories(self, turns: pl.LazyFrame, **asked: object) -> pl.DataFrame:
        """Give three curves of two points."""
        return self._answer(TRAJECTORIES, turns, asked)

    def sessions(self, turns: pl.LazyFrame, **asked: object) -> pl.DataFrame:
        """Give two sessions."""
        return self._answer(SESSIONS, turns, asked)


@pytest.fixture
def stats(monkeypatch: pytest.MonkeyPatch) -> FakeStats:
    fake = FakeStats()
    monkeypatch.setitem(sys.modules, "alliancekit.stats", fake)
    return fake


TURNS = pl.DataFrame(
    {"session_id": ["007", "007"], "turn_index": [0, 1], "role": ["patient", "therapist"], "warmth": [0.1, 0.2]}
)


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    """Two scored turns whose metadata names the scale."""
    made = Provenance("0.1.0", ("warmth",), "own", "contrast", "00")
    write_scored(TURNS.with_columns(condition=pl.lit("anxiety")), tmp_path / "s.parquet", made)
    return tmp_path / "s.parquet"
