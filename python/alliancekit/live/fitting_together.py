"""A scorer and a reference have to belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit.errors import ParameterError
from alliancekit.live.reference import Reference

if TYPE_CHECKING:
    from alliancekit.scorer import Scorer


def check_fit(scorer: Scorer, reference: Reference | None) -> None:
    """Refuse a reference of other scores than the scorer gives.

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
