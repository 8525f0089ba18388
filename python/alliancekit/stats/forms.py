"""The same result in the speakers' own wording, in the patient's and in the therapist's, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

OWN: Final = "own"
ALL: Final = "all"
FORMS: Final = (OWN, *schema.ROLES)
"""Whose wording a turn is compared with, in the order in which results are stacked."""

CHOICES: Final = (*FORMS, ALL)
"""What `form` of a result function may be."""

FORM: Final = "form"
ROBUST: Final = "robust"


def across_forms(
    run: Callable[[str], pl.DataFrame], *, keys: Sequence[str], value: str, low: str, high: str
) -> pl.DataFrame:
    """Stack the results of the three forms and say where they agree: a sensitivity analysis.

    In own form each speaker is compared with the wording written for him. In the patient's form, or the
    therapist's, both roles are compared with the same wording. That is another perspective and not a replication:
    a therapist's "I understand you" lies close to what the therapist's form says, and means something else beside
    the patient's "my therapist understands me". Where the three disagree, the result depends on the wording of
    the instrument; where they agree, it does not depend on this choice, and may still on others.

    Args:
        run: Gives the result of one form, `own`, `patient` or `therapist`.
        keys: Columns that identify a row of a result, such as condition and scale.
        value: Column of the estimate.
        low: Column of its lower bound.
        high: Column of its upper bound.

    Returns:
        The rows of own, patient and therapist form, in this order, with two more columns at the end: `form` String,
        and `robust` Boolean, the same in the three rows of a key. `robust` is true where the three estimates have
        the same sign and no interval reaches zero, false where that is not so, and null where an estimate or an
        interval of the three is missing.

    Raises:
        ParameterError: A key has the name of one of the two new columns.

    Example:
        >>> import polars as pl
        >>> from alliancekit.stats.forms import across_forms
        >>> lows = {"own": [0.1, 0.1], "patient": [0.2, -0.1], "therapist": [0.1, 0.1]}
        >>> def run(form):
        ...     return pl.DataFrame({"scale": ["task", "bond"], "gap": 0.5, "low": lows[form], "high": 0.9})
        >>> table = across_forms(run, keys=["scale"], value="gap", low="low", high="high")
        >>> table.select("form", "scale", "robust").rows()[:3]
        [('own', 'task', True), ('own', 'bond', False), ('patient', 'task', True)]

    """
    taken = {FORM, ROBUST}.intersection(keys)
    if taken:
        raise ParameterError(f"a label is named {', '.join(sorted(taken))}, as a column of the result is: rename it")
    # What can be missing is tried first, before the long run of the form that is always there.
    results = {form: run(form) for form in (*schema.ROLES, OWN)}
    stacked = pl.concat(
        [results[form].with_columns(pl.lit(form).alias(FORM)) for form in FORMS], how="vertical_relaxed"
    )
    return stacked.with_columns(_agreement(keys, value, low, high).alias(ROBUST))


def _agreement(keys: Sequence[str], value: str, low: str, high: str) -> pl.Expr:
    """Whether all rows of a key lie on the same side of zero; null unless each form has an interval."""
    at, bottom, top = (pl.col(name).cast(pl.Float64) for name in (value, low, high))
    known = pl.all_horizontal(bound.is_not_null() & bound.is_not_nan() for bound in (at, bottom, top))
    above, below = (at > 0) & (bottom > 0), (at < 0) & (top < 0)
    complete = known.sum().over(keys) == len(FORMS)
    return pl.when(complete).then(above.all().over(keys) | below.all().over(keys))
