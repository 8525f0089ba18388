"""A scorer, a reference and a session that goes on have to belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alliancekit.errors import DataError, ParameterError
from alliancekit.live.reference import Reference

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alliancekit.scorer import Scorer


def check_fit(scorer: Scorer, reference: Reference | None) -> None:
    """Refuse a reference of other scores than the scorer gives.

    The precision may differ: what is usual in a corpus does not depend on its last digits.

    Raises:
        ParameterError: it is no reference, its bundle or method is another one, or the scorer lacks a scale of it.

    """
    if reference is None:
        return
    if not isinstance(reference, Reference):
        kind = type(reference).__name__
        raise ParameterError(f"reference is what `Reference.load(PATH)` or `build_reference` gives, not of type {kind}")
    if reference.bundle_sha256 not in (None, scorer.bundle_sha256) or reference.method not in (None, scorer.method):
        raise ParameterError(
            "the reference comes from scores of another model bundle or method, which are not comparable; build it "
            "from scores of this one"
        )
    missing = [scale for scale in reference.scales if scale not in scorer.scales]
    if missing:
        raise ParameterError(f"the reference looks at {', '.join(missing)}, which the scorer does not score")


def scores_from(scorer: Scorer) -> dict[str, str | None]:
    """Say what a session's scores are made with, from its first turn to its last.

    Not the processor's instructions: a service that is moved to another machine goes on.
    """
    return {"bundle_sha256": scorer.bundle_sha256, "method": scorer.method, "precision": scorer.info.precision}


def check_goes_on(snapshot: Mapping[str, Any], scorer: Scorer) -> None:
    """Refuse to go on with other scores than those so far.

    Raises:
        DataError: bundle, method or precision differ.

    """
    made_with = scores_from(scorer)
    if snapshot.get("precision") != made_with["precision"] and "precision" in snapshot:
        raise DataError(
            f"the snapshot was made with the precision {snapshot['precision']}, and the scorer's is "
            f"{made_with['precision']}: make it with Scorer(precision={snapshot['precision']!r})"
        )
    if any(snapshot.get(name) != value for name, value in made_with.items()):
        raise DataError("the snapshot was made with another model bundle or method, whose scores are not comparable")


def settled_min_tokens(reference: Reference | None, min_tokens: int | None) -> int | None:
    """Give the shortest turn that counts: as asked for, which may not differ from the reference.

    Raises:
        ParameterError: it is below 1, or not what the reference was made with.

    """
    if min_tokens is not None and min_tokens < 1:
        raise ParameterError(f"min_tokens is 1 or more; got {min_tokens}")
    if reference is None:
        return min_tokens
    if min_tokens not in (None, reference.min_tokens):
        raise ParameterError(
            f"min_tokens is {min_tokens}, and the reference was made with {reference.min_tokens}: build it anew"
        )
    return reference.min_tokens
