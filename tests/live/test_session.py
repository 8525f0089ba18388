"""`LiveSession`: what it takes, refuses, gives and restores."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

import alliancekit as ak
from alliancekit.errors import ColumnError, DataError, ParameterError, RoleError
from alliancekit.live.store import SessionStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from alliancekit.live.reference import Reference

PLANTED = "I trust you, Zebedee-4711"


def test_without_a_reference_no_signal_says_anything(tiny_scorer: ak.Scorer) -> None:
    session = ak.LiveSession(tiny_scorer)
    update = session.push("user", "I trust you.")
    assert [signal.name for signal in update.signals] == ["patient falling", "sides parting", "echo"]
    assert {signal.state for signal in update.signals} == {"not enough data"}
    assert all("no reference" in (signal.reason or "") for signal in update.signals)
    assert update.changed == ()


def test_no_text_is_kept_or_given(tiny_scorer: ak.Scorer, tiny_reference: Reference) -> None:
    session = ak.LiveSession(tiny_scorer, reference=tiny_reference)
    for role in ("patient", "therapist", "patient"):
        update = session.push(role, PLANTED)
        for given in (json.dumps(update.to_dict()), json.dumps(session.snapshot()), repr(update), repr(session)):
            assert "Zebedee" not in given
            assert "zebedee" not in given


def test_the_embedding_is_kept_only_while_a_patients_turn_waits(tiny_scorer: ak.Scorer) -> None:
    session = ak.LiveSession(tiny_scorer)
    session.push("patient", "I trust you.")
    assert session.snapshot()["last"]["embedding"] is not None
    session.push("therapist", "We agree.")
    assert session.snapshot()["last"]["embedding"] is None


def test_a_repeat_of_the_patients_words_is_an_echo_of_one(tiny_scorer: ak.Scorer) -> None:
    session = ak.LiveSession(tiny_scorer)
    assert session.push("patient", "I trust you.").echo is None
    assert session.push("therapist", "I trust you.").echo == pytest.approx(1, abs=1e-6)
    assert session.push("therapist", "I trust you.").echo is None


def test_a_blank_turn_keeps_its_place(tiny_scorer: ak.Scorer) -> None:
    session = ak.LiveSession(tiny_scorer)
    session.push("patient", "I trust you.")
    blank = session.push("patient", " ")
    assert (blank.n_tokens, set(blank.scores.values())) == (None, {None})
    assert session.push("therapist", "We agree.").turn_index == 2


@pytest.mark.parametrize(
    ("push", "error"),
    [
        (lambda session: session.push("nurse", "Hello."), RoleError),
        (lambda session: session.push(7, "Hello."), RoleError),
        (lambda session: session.push("patient", 7), ColumnError),
        (lambda session: session.push("patient", "Hello.", turn_index=3), ParameterError),
        (lambda session: session.push("patient", "Hello.", turn_index=True), ParameterError),
        (lambda session: session.push("patient", "Hello.", turn_index="9"), ParameterError),
    ],
)
def test_what_is_refused_leaves_the_session_as_it_was(
    tiny_scorer: ak.Scorer, push: Callable[[Any], object], error: type[Exception]
) -> None:
    session = ak.LiveSession(tiny_scorer)
    session.push("patient", "I trust you.", turn_index=3)
    before = session.snapshot()
    with pytest.raises(error):
        push(session)
    assert session.snapshot() == before


def test_a_reference_of_other_scores_is_refused(tiny_scorer: ak.Scorer, tiny_reference: Reference) -> None:
    for other in (
        replace(tiny_reference, bundle_sha256="0" * 64),
        replace(tiny_reference, method="signed-sum"),
        replace(tiny_reference, sides={"warmth": tiny_reference.sides["total"]}),
    ):
        with pytest.raises(ParameterError):
            ak.LiveSession(tiny_scorer, reference=other)
    with pytest.raises(ParameterError, match=r"Reference\.load"):
        ak.LiveSession(tiny_scorer, reference="reference.json")  # type: ignore[arg-type]  # as people will
    with pytest.raises(ParameterError, match="min_tokens"):
        ak.LiveSession(tiny_scorer, reference=tiny_reference, min_tokens=4)


@pytest.mark.parametrize("damage", ["format", "running", "shares", "last", "bundle_sha256", "precision", "watching"])
def test_a_damaged_snapshot_is_refused(tiny_scorer: ak.Scorer, tiny_reference: Reference, damage: str) -> None:
    session = ak.LiveSession(tiny_scorer, reference=tiny_reference)
    session.push("patient", "I trust you.")
    for broken in ({**session.snapshot(), damage: "x"}, {k: v for k, v in session.snapshot().items() if k != damage}):
        with pytest.raises(DataError):
            ak.LiveSession.restore(broken, tiny_scorer, reference=tiny_reference)


@pytest.mark.parametrize("snapshot", ["{}", None, [], 7])
def test_what_is_no_snapshot_is_refused(tiny_scorer: ak.Scorer, snapshot: Any) -> None:  # noqa: ANN401 - anything
    with pytest.raises(DataError):
        ak.LiveSession.restore(snapshot, tiny_scorer)


def test_a_snapshot_with_a_reference_needs_it(tiny_scorer: ak.Scorer, tiny_reference: Reference) -> None:
    session = ak.LiveSession(tiny_scorer, reference=tiny_reference)
    with pytest.raises(DataError, match="reference"):
        ak.LiveSession.restore(session.snapshot(), tiny_scorer)


def test_a_session_goes_on_in_its_own_precision(
    tiny_scorer: ak.Scorer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tiny_scorer.info
    snapshot = ak.LiveSession(tiny_scorer).snapshot()
    SessionStore(tiny_scorer, None, folder=tmp_path, active=2).close()
    monkeypatch.setattr(ak.Scorer, "info", replace(own, precision="int8"))
    with pytest.raises(DataError, match=f"made with the precision {own.precision}, and the scorer's is int8"):
        ak.LiveSession.restore(snapshot, tiny_scorer)
    with pytest.raises(DataError, match=rf"another precision, .*\(precision {own.precision}\)"):
        SessionStore(tiny_scorer, None, folder=tmp_path, active=2)
    monkeypatch.setattr(ak.Scorer, "info", replace(own, instruction_set="another"))
    ak.LiveSession.restore(snapshot, tiny_scorer)
    SessionStore(tiny_scorer, None, folder=tmp_path, active=2).close()


def test_a_reference_may_come_from_another_precision(
    tiny_scorer: ak.Scorer, tiny_reference: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ak.Scorer, "info", replace(tiny_scorer.info, precision="int8"))
    assert ak.LiveSession(tiny_scorer, reference=tiny_reference).push("patient", "I trust you.").signals
