"""Colours that the colour-blind can tell apart, by the part that they play.

Okabe & Ito's palette (2008, Color Universal Design, "How to make figures and presentations that are friendly to
colorblind people"): blue for the patient, vermilion for the therapist. Nothing is told by colour alone: markers and
lines differ too, and curves carry their names.
"""

from __future__ import annotations

from typing import Final

INK: Final = "#1a1a1a"
FAINT: Final = "#6b6b6b"
GRID: Final = "#dddddd"
PATIENT: Final = "#0072b2"
THERAPIST: Final = "#d55e00"

NAMES: Final = {INK: "ink", FAINT: "faint", GRID: "grid", PATIENT: "patient", THERAPIST: "therapist"}
"""What the page's style sheet calls each colour, so that it can change them in the dark."""
