"""Tables, pictures, one HTML file, and what other tools read: nothing here computes a statistic of its own."""

from alliancekit.reporting.report import report
from alliancekit.reporting.view import View, view

__all__ = ["View", "report", "view"]
