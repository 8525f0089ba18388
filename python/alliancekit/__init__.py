"""Working alliance of patient and therapist, inferred from their own language turn by turn."""

from alliancekit._native import __version__
from alliancekit.corpus import resume_corpus, scan_scores, score_batches, score_corpus, scored_schema, verify_corpus
from alliancekit.readers import ReadResult, Scan, read, scan
from alliancekit.scorer import Scorer
from alliancekit.stats import MixedModel, compare, convergence, gap, mixed_model, sessions, trajectories

__all__ = [
    "MixedModel",
    "ReadResult",
    "Scan",
    "Scorer",
    "__version__",
    "compare",
    "convergence",
    "gap",
    "mixed_model",
    "read",
    "resume_corpus",
    "scan",
    "scan_scores",
    "score_batches",
    "score_corpus",
    "scored_schema",
    "sessions",
    "trajectories",
    "verify_corpus",
]
