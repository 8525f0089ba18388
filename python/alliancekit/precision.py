"""Precisions of the engine: what can be asked for, what runs, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from alliancekit.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alliancekit import _native

Precision = Literal["auto", "float32", "bfloat16", "int16", "int8"]
"""`float32` is ONNX Runtime, the reference; the others run the same model with alliancekit's own kernels."""

PRECISIONS: Final[tuple[Precision, ...]] = get_args(Precision)


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What scores, and why it was chosen.

    Attributes:
        asked: the precision asked for.
        precision: the one that runs, never `auto`.
        engine: `onnxruntime` or `kernels`.
        instruction_set: the widest of those that the kernels know and the processor has.
        why: the reason, in words.
        fidelity: how far its results are from those of float32, as measured when the bundle was built; empty where it
            was not measured, and for float32.

    """

    asked: Precision
    precision: str
    engine: str
    instruction_set: str
    why: str
    fidelity: Mapping[str, Any]

    def pinned(self) -> dict[str, str]:
        """What the bits of scores depend on besides the bundle."""
        return {"precision": self.precision, "engine": self.engine, "instruction set": self.instruction_set}


def engine_info(engine: _native.Engine, asked: Precision, manifest: Mapping[str, Any]) -> EngineInfo:
    """Say what an engine runs for the precision that was asked for."""
    precision, kind, instruction_set, why = engine.tier
    return EngineInfo(asked, precision, kind, instruction_set, why, manifest.get("tiers", {}).get(precision, {}))


def checked_precision(precision: Precision) -> Precision:
    """Return `precision`; refuse what is none.

    >>> checked_precision("auto")
    'auto'
    """
    if precision not in PRECISIONS:
        raise ParameterError(f"precision is {precision!r}; it can be {', '.join(PRECISIONS)}")
    return precision
