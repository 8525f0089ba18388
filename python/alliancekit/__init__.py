"""Working alliance of patient and therapist, inferred from their own language turn by turn."""

from alliancekit._native import __version__
from alliancekit.readers import ReadResult, Scan, read, scan
from alliancekit.reporting import View, report, view
from alliancekit.scorer import Scorer
from alliancekit.stats import MixedModel, compare, convergence, gap, mixed_model, sessions, trajectories

__all__ = [
    "MixedModel",
    "ReadResult",
    "Scan",
    "Scorer",
    "View",
    "__version__",
    "compare",
    "convergence",
    "gap",
    "mixed_model",
    "read",
    "report",
    "scan",
    "sessions",
    "trajectories",
    "view",
]
