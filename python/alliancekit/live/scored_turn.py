"""One turn as the scorer gives it: what a session's memory is fed with, and no text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alliancekit import schema
from alliancekit.errors import RoleError
from alliancekit.labels import described, is_label, nearest, quoted
from alliancekit.roles import known_role

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from alliancekit.scorer import Scorer


@dataclass(frozen=True, slots=True)
class ScoredTurn:
    """A turn's scores in its speaker's own form, and its embedding.

    Attributes:
        role: `patient` or `therapist`.
        n_tokens: tokens before truncation; None for a blank turn.
        truncated: whether the end was not read; None for a blank turn.
        scores: in the order of the scorer's scales; None for a blank turn.
        embedding: float32 [d]; None for a blank turn.

    """

    role: str
    n_tokens: int | None
    truncated: bool | None
    scores: tuple[float | None, ...]
    embedding: NDArray[np.float32] | None


def score_turns(scorer: Scorer, turns: Sequence[tuple[str, str | None]]) -> list[ScoredTurn]:
    """Score turns, each a canonical role and a text, with one run of the encoder."""
    table, vectors = scorer.score_and_embed([text for _, text in turns])
    columns = {name: table[name].to_list() for name in table.columns}
    names = {form: [columns[schema.form_column(scale, form)] for scale in scorer.scales] for form in scorer.forms}
    found = []
    for row, (role, _) in enumerate(turns):
        n_tokens = columns[schema.N_TOKENS][row]
        # A row of its own: a view would keep the embeddings of the whole batch in memory.
        embedding = None if n_tokens is None else vectors[row].copy()
        scores = tuple(column[row] for column in names[role])
        found.append(ScoredTurn(role, n_tokens, columns[schema.TRUNCATED][row], scores, embedding))
    return found


def canonical_role(role: str) -> str:
    """Give `patient` or `therapist` for a name known by default, such as `user` and `assistant`.

    Raises:
        RoleError: the name is not known.

    >>> canonical_role("assistant")
    'therapist'
    """
    found = known_role(role) if isinstance(role, str) else None
    if found is None:
        raise RoleError(f"the role {_shown(role)} is not known; it is 'patient' or 'therapist', or a name for one")
    return found


def _shown(role: object) -> str:
    """Quote a name that is nearly a known one; anything else may be what somebody said, under the wrong key."""
    if not isinstance(role, str):
        return f"of type {type(role).__name__}"
    near = nearest(role, schema.ROLE_NAMES)
    return f"{quoted(role)} (nearest: '{near}')" if near and is_label(role) else described(role)
