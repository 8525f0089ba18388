"""A command run in this process, a scorer that needs no model, and a small transcript."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING, Any, ClassVar

import polars as pl
import pytest

from alliancekit.cli import main
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


GAP = pl.DataFrame(
    {
        "condition": ["[red]\x1b[2J", "d\N{FAMILY}"],
        "scale": ["warmth", "warmth"],
        "patient_mean": [0.123456789, None],
        "therapist_mean": [0.3, None],
        "gap": [0.17654321, None],
        "ci_low": [-0.01, float("nan")],
        "ci_high": [0.4, None],
        "p_value": [0.00001, None],
        "n_sessions": [12, 1],
        "note": [None, "one session: no interval"],
    }
)


class FakeStats(ModuleType):
    """Keeps what `gap` was asked for, and answers `GAP`."""

    def __init__(self) -> None:
        super().__init__("alliancekit.stats")
        self.asked: dict[str, Any] = {}

    def gap(self, turns: pl.DataFrame, **asked: object) -> pl.DataFrame:
        """Give the same table to whoever asks."""
        self.asked = {"turns": turns, **asked}
        return GAP if asked["by"] else GAP.drop("condition")


@pytest.fixture
def stats(monkeypatch: pytest.MonkeyPatch) -> FakeStats:
    fake = FakeStats()
    monkeypatch.setitem(sys.modules, "alliancekit.stats", fake)
    return fake
