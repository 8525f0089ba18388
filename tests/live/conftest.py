"""Conversations by Hypothesis, a scorer of a tiny model, and references of simulated corpora."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

import alliancekit as ak
from alliancekit.echo import ECHO

if TYPE_CHECKING:
    from pathlib import Path

    from alliancekit.live.reference import Reference

SAID = ("I trust you.", "You never agree.", "The work is the goal.", "We do not trust the work, do we?", "No.", " ")
ANSWERS = ("I trust you.", "We agree on the goal.", "You do the work always.", "Always.", "Not the goal?")


def conversations(scorer: ak.Scorer, sessions: int = 40, turns: int = 24) -> pl.DataFrame:
    """Score conversations of the tiny model, echo included; the same ones each time."""
    rows = [
        (f"s{session}", turn, ak_role(turn), (SAID, ANSWERS)[turn % 2][(3 * session + turn * turn) % 5])
        for session in range(sessions)
        for turn in range(turns)
    ]
    table = pl.DataFrame(rows, schema=["session_id", "turn_index", "role", "text"], orient="row")
    return scorer.score(table, echo=True)


def ak_role(turn: int) -> str:
    """Give the role of alternating turns; the patient begins."""
    return ("patient", "therapist")[turn % 2]


@pytest.fixture(scope="session")
def tiny_scorer(tiny_bundle: Path) -> ak.Scorer:
    return ak.Scorer(tiny_bundle, threads=1)


@pytest.fixture(scope="session")
def tiny_reference(tiny_scorer: ak.Scorer) -> Reference:
    """What is usual for the tiny model, with all three signals on two scales."""
    return ak.build_reference(conversations(tiny_scorer), scales=("bond", "total"), false_alarms=20)


@pytest.fixture(scope="session")
def simulated_reference() -> Reference:
    """What is usual in a simulated corpus with echo."""
    return ak.build_reference(with_echo(ak.simulate({"a": 400}, seed=1)))


def with_echo(turns: pl.DataFrame) -> pl.DataFrame:
    """Use a scale of its own as the echo of each answer."""
    answered = (pl.col("role") == "therapist") & (pl.col("turn_index") > 0)
    return turns.with_columns(pl.when(answered).then(pl.col("goal")).alias(ECHO))
