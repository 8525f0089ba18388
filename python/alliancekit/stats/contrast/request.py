"""What a contrast is asked for, checked before any work is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from alliancekit.errors import ParameterError
from alliancekit.labels import quoted
from alliancekit.stats import arguments

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP: Final = "gap"
MISALIGNMENT: Final = "misalignment"
CLOSING_RATE: Final = "closing_rate"
MEASURES: Final = {GAP: "gap", MISALIGNMENT: "gap_product", CLOSING_RATE: "gap_slope"}
"""What may be compared, and the session's value that it is the mean of."""

WEIGHTS: Final = ("session", "cluster", "turn")
REST: Final = "rest"
EVERY_OTHER: Final = "every other"


@dataclass(frozen=True, slots=True)
class Request:
    """Target, references (None: all there are), measures and covariates of a call."""

    target: str
    references: tuple[str, ...] | None
    measures: tuple[str, ...]
    covariates: tuple[str, ...]
    weight: str
    largest: bool

    @property
    def clusters_alike(self) -> bool:
        """Whether each cluster of an arm counts the same, whatever its size."""
        return self.weight == "cluster"


def request(  # noqa: PLR0913 - one for each argument of `compare` that is checked here
    *,
    target: str,
    reference: str | Sequence[str] | None,
    measures: str | Sequence[str],
    covariates: str | Sequence[str],
    weight: str,
    largest: bool,
) -> Request:
    """Check the arguments that do not need the table."""
    if not isinstance(target, str):
        raise ParameterError(f"target must be the name of a condition, not {type(target).__name__}")
    references = None if reference is None else names("reference", reference)
    if largest and references is not None:
        raise ParameterError("largest compares the target with every other condition: leave reference out")
    asked = names("measures", measures)
    if not asked:
        raise ParameterError(f"measures must name at least one of {', '.join(MEASURES)}")
    for measure in asked:
        arguments.choice("measures", measure, tuple(MEASURES))
    arguments.choice("weight", weight, WEIGHTS)
    return Request(target, references, asked, names("covariates", covariates), weight, largest)


def names(argument: str, value: str | Sequence[str]) -> tuple[str, ...]:
    """Take one name or several, each once and in the order given."""
    given = (value,) if isinstance(value, str) else tuple(value)
    for name in given:
        if not isinstance(name, str):
            raise ParameterError(f"{argument} must be a name or a list of names; got {quoted(str(name))}")
    return tuple(dict.fromkeys(given))


def family(reference: str) -> str:
    """Name the family of tests of a reference: `rest` is made of the others, and so is not one of them."""
    return REST if reference == REST else "condition"
