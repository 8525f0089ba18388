"""Gap, convergence and contrasts: from turn scores to tables with their uncertainty."""

from alliancekit.stats.gap import gap
from alliancekit.stats.sessions import sessions

__all__ = ["gap", "sessions"]
