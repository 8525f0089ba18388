"""Scores of language beside completed ratings: how far they go together, never taken for the same thing."""

from alliancekit.validation.validate import validate

__all__ = ["validate"]
