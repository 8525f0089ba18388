"""Working alliance of patient and therapist, inferred from their own language turn by turn."""

from alliancekit._native import __version__
from alliancekit.scorer import Scorer

__all__ = ["Scorer", "__version__"]
