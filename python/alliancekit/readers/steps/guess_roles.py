"""Roles that the names do not say: guessed where the caller asks for it, offered in the error where not."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Final

from alliancekit.errors import AllianceError, RoleError
from alliancekit.labels import is_label
from alliancekit.readers.steps.guess import Guess, guess_session
from alliancekit.readers.steps.naming import LEAVE_OUT, Naming, naming
from alliancekit.readers.steps.talk import talks_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alliancekit.readers.problem import Problem
    from alliancekit.readers.protocol import Table
    from alliancekit.readers.steps.context import Context
    from alliancekit.readers.steps.talk import Talk

FEWEST_TURNS: Final = 3
"""A name with fewer turns may be a piece of a transcript, the wrong column being mapped: it is not quoted."""


def guess_roles(tables: Iterator[Table], context: Context) -> dict[str, Guess]:
    """Guess for each session with a speaker whose name says nothing.

    Args:
        tables: the file with canonical columns and keys, roles still names.
        context: how the file is read.

    Returns:
        Session → guess, or why there is none.

    """
    meanings = naming(context)
    guesses = {}
    for session, talks in talks_of(tables, context).items():
        guess = _guess(session, talks, meanings, context)
        if guess is not None:
            guesses[session] = guess
    return guesses


def recorded(guesses: dict[str, Guess], context: Context) -> Iterator[Problem]:
    """Say what was guessed, session by session."""
    for session, guess in guesses.items():
        if guess.roles:
            message = f"Guessed, as asked, for session {context.shown.id(session)}: {guess.told(context.shown)}."
            yield context.problem("roles_guessed", message, severity="warning" if guess.doubtful else "note")


def offered(error: RoleError, look: Callable[[], dict[str, Guess]], context: Context) -> RoleError:
    """Add to the error for unknown roles what a guess would be, and the flags that would say the same."""
    try:
        guesses = look()
    except AllianceError:
        return error  # what else is wrong with the file is found when the roles are mended
    if not guesses:
        return error
    if context.options.guess_roles:
        reasons = {guess.reason: session for session, guess in guesses.items() if not guess.roles}
        why = "; ".join(f"{reason} (session {context.shown.id(session)})" for reason, session in reasons.items())
        return RoleError(f"{error} No guess could be made: {why}.") if why else error
    good = [guess for guess in guesses.values() if guess.roles and _may_be_quoted(guess)]
    return RoleError(f"{error} {_offer(good, len(guesses), context)}") if good else error


def _offer(good: list[Guess], sessions: int, context: Context) -> str:
    flags = " ".join(f"--roles {shlex.quote(f'{name}={role}')}" for name, role in good[0].roles.items())
    where = "A guess" if sessions == 1 else f"A guess for {len(good)} of {sessions} sessions, of the first"
    take = "guess_roles=True (command line: --guess-roles)"
    return f"{where}: {good[0].told(context.shown)}. If it is right: {flags}; or take the guesses with {take}."


def _may_be_quoted(guess: Guess) -> bool:
    return all(is_label(talk.name) and talk.turns >= FEWEST_TURNS for talk in guess.talks)


def _guess(session: str, talks: list[Talk], meanings: Naming, context: Context) -> Guess | None:
    sides = context.sides.roles
    of_session = {} if sides is None else sides.of_session(session)
    roles = {**meanings.roles, **of_session}
    known = {talk.name: Naming(roles, meanings.left_out).meaning(talk.name) for talk in talks}
    kept = [talk for talk in talks if known[talk.name] != LEAVE_OUT]
    if all(known[talk.name] is not None for talk in kept):
        return None
    settled = {talk.name: role for talk in kept if (role := known[talk.name]) is not None}
    return guess_session(kept, settled)
