"""Working alliance of patient and therapist, inferred from their own language turn by turn."""

from alliancekit._native import __version__
from alliancekit.readers import ReadResult, Scan, read, scan
from alliancekit.scorer import Scorer
from alliancekit.stats import gap, sessions

__all__ = ["ReadResult", "Scan", "Scorer", "__version__", "gap", "read", "scan", "sessions"]
