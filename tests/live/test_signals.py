"""Signals: what raises each, what does not, and how they come down again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from alliancekit.live.signals.cusum import SHOWN, Cusum
from alliancekit.live.signals.level import LIMIT, Level, Usual
from alliancekit.live.signals.standard import Standard
from alliancekit.live.signals.states import ALERT, MIN_TURNS, NOT_ENOUGH, STEADY, WATCH, Limits
from alliancekit.live.signals.watching import Watching

if TYPE_CHECKING:
    from collections.abc import Callable

    from alliancekit.live.reference import Reference
    from alliancekit.live.update import Signal

FALLING, PARTING, ECHO = range(3)
START = 40


def watched(
    reference: Reference, patient: Callable[[int], float], therapist: Callable[[int], float], turns: int = 120
) -> list[tuple[Signal, ...]]:
    """Give the signals after each turn of a session; sides are given in SD from the reference's mean."""
    watching = Watching(reference)
    found = []
    for turn in range(turns):
        role, side = (("patient", patient), ("therapist", therapist))[turn % 2]
        standard = reference.sides["total"][role].standard
        score = standard.means[1] + standard.sds[1] * side(turn)
        watching.include(turn, role, int(standard.edges[0]) + 1, {"total": score})
        found.append(watching.judge()[0])
    return found


def level(_turn: int) -> float:
    return 0.0


def falls(turn: int) -> float:
    return -1.5 if turn >= START else 0.0


def rises(turn: int) -> float:
    return 1.5 if turn >= START else 0.0


def states(found: list[tuple[Signal, ...]], signal: int) -> list[str]:
    return [signals[signal].state for signals in found]


def test_nothing_is_said_before_there_is_enough(simulated_reference: Reference) -> None:
    found = states(watched(simulated_reference, level, level, turns=12), FALLING)
    assert found[: 2 * MIN_TURNS - 2] == [NOT_ENOUGH] * (2 * MIN_TURNS - 2)
    assert found[2 * MIN_TURNS - 1] == STEADY


def test_a_fall_of_the_patients_side_is_noticed_and_shown(simulated_reference: Reference) -> None:
    found = watched(simulated_reference, falls, level)
    first = states(found, FALLING).index(ALERT)
    assert START < first < START + 20
    assert WATCH in states(found, FALLING)[START:first]
    assert found[first][FALLING].turns == tuple(range(START, first + 1, 2))
    assert states(found, PARTING)[first] in (WATCH, ALERT)


def test_both_sides_falling_is_no_parting(simulated_reference: Reference) -> None:
    found = watched(simulated_reference, falls, falls)
    assert ALERT in states(found, FALLING)
    assert ALERT not in states(found, PARTING)


@pytest.mark.parametrize("therapist", [level, rises])
def test_a_therapist_who_holds_or_rises_while_the_patient_falls_is_parting(
    simulated_reference: Reference, therapist: Callable[[int], float]
) -> None:
    assert ALERT in states(watched(simulated_reference, falls, therapist), PARTING)


def test_a_therapist_who_rises_alone_raises_nothing(simulated_reference: Reference) -> None:
    found = watched(simulated_reference, level, rises)
    assert {state for signal in (FALLING, PARTING) for state in states(found, signal)} == {NOT_ENOUGH, STEADY}


def test_a_patient_who_was_low_from_the_start_is_not_falling(simulated_reference: Reference) -> None:
    found = watched(simulated_reference, lambda _: -1.0, level)
    assert ALERT not in states(found, FALLING)


def test_an_alert_ends_when_the_patients_side_comes_back(simulated_reference: Reference) -> None:
    found = states(watched(simulated_reference, lambda turn: -1.5 if START <= turn < 70 else 0.0, level, 160), FALLING)
    assert ALERT in found
    assert found[-1] == STEADY
    changes = [state for at, state in enumerate(found) if at == 0 or state != found[at - 1]]
    assert changes == [NOT_ENOUGH, STEADY, WATCH, ALERT, WATCH, STEADY]


def test_one_strange_turn_raises_no_alert(simulated_reference: Reference) -> None:
    found = watched(simulated_reference, lambda turn: -50.0 if turn == START else 0.0, level)
    assert ALERT not in states(found, FALLING)


def test_answers_that_restate_more_than_is_usual_are_an_echo(simulated_reference: Reference) -> None:
    echo = simulated_reference.echo
    assert echo is not None
    watching = Watching(simulated_reference)
    seen = []
    for turn in range(1, 40, 2):
        watching.include_echo(turn, echo.means[0] + 1.5 * echo.sds[0], 1)
        seen.append(watching.judge()[0][ECHO])
    first = [signal.state for signal in seen].index(ALERT)
    assert first < 12
    assert seen[first].turns[-1] == 2 * first + 1


def test_surprises_are_independent_of_level_and_correlation() -> None:
    usual = Usual(level=0.3, turn=0.7, correlation=0.5)
    chance = np.random.default_rng(5)
    errors = []
    for _ in range(400):
        own, error = chance.normal(0, usual.level**0.5), chance.normal(0, usual.turn**0.5)
        seen = Level(usual)
        row = []
        for _ in range(30):
            row.append(seen.surprise(own + error))
            error = 0.5 * error + chance.normal(0, (usual.turn * 0.75) ** 0.5)
        errors.append(row)
    table = np.array(errors)
    assert np.abs(table.mean(axis=0)).max() < 4 / 400**0.5
    assert np.abs(table.std(axis=0) - 1).max() < 0.15
    assert abs(np.corrcoef(table[:, :-1].ravel(), table[:, 1:].ravel())[0, 1]) < 0.04


def test_a_surprise_is_limited() -> None:
    seen = Level(Usual(level=0.1, turn=0.9, correlation=0.0))
    assert seen.surprise(-1e9) == -LIMIT
    assert abs(seen.surprise(0.0)) < 1


def test_evidence_is_bounded_and_starts_anew() -> None:
    cusum = Cusum(0.5, limit=4.0)
    for turn in range(100):
        cusum.include(turn, 1.0)
    assert cusum.turns == list(range(100 - SHOWN, 100))
    assert cusum.value == 4.0
    cusum.include(100, -9.0)
    assert (cusum.value, cusum.turns) == (0.0, [])


def test_states_have_hysteresis() -> None:
    limits = Limits(watch=2.0, alert=4.0)
    values = [1.9, 2.0, 2.1, 4.0, 4.1, 2.0, 1.9, 1.0, 0.9, 1.9]
    state, seen = STEADY, []
    for value in values:
        state = limits.next_state(state, value)  # type: ignore[arg-type]  # a str that is a State
        seen.append(state)
    assert seen == [STEADY, STEADY, WATCH, WATCH, ALERT, ALERT, WATCH, WATCH, STEADY, STEADY]


def test_without_evidence_a_state_does_not_last() -> None:
    limits = Limits(watch=0.0, alert=1.0)
    assert [limits.next_state(state, 0.0) for state in (STEADY, WATCH, ALERT)] == [STEADY] * 3
    assert limits.next_state(STEADY, 0.1) == WATCH


def test_a_score_is_compared_with_turns_of_its_length() -> None:
    standard = Standard((6.0, 20.0), (0.0, 1.0, 2.0), (1.0, 2.0, 4.0))
    assert [standard.of(4.0, tokens) for tokens in (6, 7, 21, None)] == [4.0, 1.5, 0.5, 1.5]
