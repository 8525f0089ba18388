"""Working alliance of patient and therapist, inferred from their own language turn by turn."""

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from alliancekit import frames as _frames  # noqa: F401 - registers `table.alliance`
from alliancekit._native import __version__

if TYPE_CHECKING:
    from alliancekit.corpus import (
        resume_corpus,
        scan_scores,
        score_batches,
        score_corpus,
        scored_schema,
        verify_corpus,
    )
    from alliancekit.live import LiveSession, Reference, build_reference
    from alliancekit.readers import ReadResult, Scan, read, scan
    from alliancekit.reporting.report import report
    from alliancekit.reporting.view import View, view
    from alliancekit.scorer import Scorer
    from alliancekit.stats.compare import compare
    from alliancekit.stats.convergence import convergence
    from alliancekit.stats.gap import gap
    from alliancekit.stats.mixed.result import MixedModel
    from alliancekit.stats.mixed_model import mixed_model
    from alliancekit.stats.sessions import sessions
    from alliancekit.stats.simulate import simulate
    from alliancekit.stats.simulation.plan import SimulationPlan
    from alliancekit.stats.simulation.truth import simulation_truth
    from alliancekit.stats.trajectories import trajectories
    from alliancekit.validation.validate import validate

__all__ = [
    "LiveSession",
    "MixedModel",
    "ReadResult",
    "Reference",
    "Scan",
    "Scorer",
    "SimulationPlan",
    "View",
    "__version__",
    "build_reference",
    "compare",
    "convergence",
    "gap",
    "mixed_model",
    "read",
    "report",
    "resume_corpus",
    "scan",
    "scan_scores",
    "score_batches",
    "score_corpus",
    "scored_schema",
    "sessions",
    "simulate",
    "simulation_truth",
    "trajectories",
    "validate",
    "verify_corpus",
    "view",
]

_HOMES: Final = {
    "alliancekit.corpus": (
        "resume_corpus",
        "scan_scores",
        "score_batches",
        "score_corpus",
        "scored_schema",
        "verify_corpus",
    ),
    "alliancekit.live": ("LiveSession", "Reference", "build_reference"),
    "alliancekit.readers": ("ReadResult", "Scan", "read", "scan"),
    "alliancekit.reporting": ("View", "report", "view"),
    "alliancekit.scorer": ("Scorer",),
    "alliancekit.stats": (
        "MixedModel",
        "SimulationPlan",
        "compare",
        "convergence",
        "gap",
        "mixed_model",
        "sessions",
        "simulate",
        "simulation_truth",
        "trajectories",
    ),
    "alliancekit.validation": ("validate",),
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - the types are those of the imports above
    """Import a part of the package when it is first used: all of them at once would take a tenth of a second."""
    for home, names in _HOMES.items():
        if name in names:
            value = getattr(import_module(home), name)
            globals()[name] = value
            return value
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
