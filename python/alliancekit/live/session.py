"""One conversation, turn by turn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from alliancekit.errors import DataError
from alliancekit.live.fitting_together import check_fit, check_goes_on, scores_from, settled_min_tokens
from alliancekit.live.scored_turn import canonical_role, score_turns
from alliancekit.live.state import SessionState

if TYPE_CHECKING:
    from alliancekit.live.reference import Reference
    from alliancekit.live.update import Update
    from alliancekit.scorer import Scorer


class LiveSession:
    """A conversation that is scored and watched while it happens.

    Its numbers are those of `Scorer.score` and `alliancekit.sessions` on the turns so far. A turn costs the same time
    and memory however many there were; no text is kept. Not safe to share between threads: a session is one
    conversation. What a signal is, and what it is not (no diagnosis, no suicide-risk assessment, no crisis detection):
    `docs/live.md`.

    Args:
        scorer: scores the turns; many sessions may share it.
        reference: what is usual, from `build_reference`; without it there are no signals.
        min_tokens: leave the scores of shorter turns out of running numbers and signals (they keep their place, as in
            `alliancekit.sessions`); by default as the reference was made.

    Raises:
        ParameterError: the reference was made with another bundle, method, scale or `min_tokens`.

    Example:
        >>> import alliancekit as ak
        >>> session = ak.LiveSession(ak.Scorer(threads=1))
        >>> update = session.push("patient", "The walks help. I feel you get why.")
        >>> update.turn_index, update.running["bond"]["n_patient"], update.signals[0].state
        (0, 1, 'not enough data')

    """

    def __init__(self, scorer: Scorer, *, reference: Reference | None = None, min_tokens: int | None = None) -> None:
        check_fit(scorer, reference)
        self.scorer = scorer
        self.reference = reference
        self._state = SessionState(scorer.scales, reference, settled_min_tokens(reference, min_tokens))

    def push(self, role: str, text: str | None, *, turn_index: int | None = None) -> Update:
        """Take in the next turn.

        Args:
            role: `patient` or `therapist`, or a name known for one of them (`user`, `assistant`, …).
            text: what was said; None or blank keeps its place and has no scores.
            turn_index: larger than those before; by default the next one.

        Returns:
            The turn's scores, the running numbers and the signals.

        Raises:
            RoleError: the role is not known.
            ParameterError: `turn_index` is not larger than that of the turn before.
            ColumnError: the text is no str.

        """
        known = canonical_role(role)
        index = self._state.check_index(turn_index)
        (turn,) = score_turns(self.scorer, [(known, text)])
        return self._state.include(turn, index)

    def snapshot(self) -> dict[str, Any]:
        """Give the session as plain data that JSON holds, without text.

        While a patient's turn waits for its answer the snapshot holds that turn's embedding, from which what was said
        may be guessed: keep a snapshot as you would keep scores and ids.
        """
        return {**self._state.dump(), **scores_from(self.scorer)}

    @classmethod
    def restore(cls, snapshot: Mapping[str, Any], scorer: Scorer, *, reference: Reference | None = None) -> LiveSession:
        """Go on from a snapshot: what follows is the same as if there had been no break.

        Raises:
            DataError: it is no snapshot, or of another format, bundle, method, precision or reference.

        Example:
            >>> import alliancekit as ak
            >>> scorer = ak.Scorer(threads=1)
            >>> session = ak.LiveSession(scorer)
            >>> _ = session.push("therapist", "What would help?")
            >>> ak.LiveSession.restore(session.snapshot(), scorer).push("patient", "The walks.").turn_index
            1

        """
        if not isinstance(snapshot, Mapping):
            raise DataError(f"a snapshot is what `snapshot` gave, not of type {type(snapshot).__name__}")
        check_goes_on(snapshot, scorer)
        state = SessionState.load(snapshot, reference)
        session = cls(scorer, reference=reference, min_tokens=state.min_tokens)
        session._state = state
        return session
