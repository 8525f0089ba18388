"""Working alliance of patient and therapist, inferred from their own language turn by turn."""

from alliancekit.stats import gap, sessions

__all__ = ["gap", "sessions"]
