"""The words of the tables, said once: column names, dtypes, roles, scales.

Every other module takes its column names from here, so that a column is spelled the same in Rust, Python,
the command line and the documentation.
"""

from __future__ import annotations

from typing import Final, Literal

import polars as pl

SESSION_ID: Final = "session_id"
TURN_INDEX: Final = "turn_index"
ROLE: Final = "role"
TEXT: Final = "text"
CONDITION: Final = "condition"
PATIENT_ID: Final = "patient_id"
THERAPIST_ID: Final = "therapist_id"
SESSION_NUMBER: Final = "session_number"
START_S: Final = "start_s"
END_S: Final = "end_s"

N_TOKENS: Final = "n_tokens"
TRUNCATED: Final = "truncated"
SCALE: Final = "scale"

PATIENT: Final = "patient"
THERAPIST: Final = "therapist"
ROLES: Final = (PATIENT, THERAPIST)

TOTAL: Final = "total"
DEFAULT_SCALES: Final = ("task", "bond", "goal", TOTAL)
"""The scales assumed when a table does not say which it holds."""

Form = Literal["patient", "therapist"]
"""Whose wording a turn is compared with."""

Forms = Literal["own", "all"]
"""Which forms are asked for: the speaker's own, or each scale in each form besides."""

REQUIRED_COLUMNS: Final[dict[str, type[pl.DataType]]] = {
    SESSION_ID: pl.String,
    TURN_INDEX: pl.Int64,
    ROLE: pl.String,
    TEXT: pl.String,
}
"""The canonical turn table; any further column is carried through."""

ROLE_NAMES: Final[dict[str, str]] = {
    "patient": PATIENT,
    "client": PATIENT,
    "seeker": PATIENT,
    "user": PATIENT,
    "human": PATIENT,
    "participant": PATIENT,
    "patients": PATIENT,
    "clients": PATIENT,
    "pt": PATIENT,
    "pat": PATIENT,
    "cl": PATIENT,
    "help seeker": PATIENT,
    "help-seeker": PATIENT,
    "helpseeker": PATIENT,
    "therapist": THERAPIST,
    "counsellor": THERAPIST,
    "counselor": THERAPIST,
    "supporter": THERAPIST,
    "assistant": THERAPIST,
    "clinician": THERAPIST,
    "psychotherapist": THERAPIST,
    "psychologist": THERAPIST,
    "psychiatrist": THERAPIST,
    "psychoanalyst": THERAPIST,
    "therapists": THERAPIST,
    "co-therapist": THERAPIST,
    "cotherapist": THERAPIST,
    "th": THERAPIST,
    "ther": THERAPIST,
    "doctor": THERAPIST,
    "dr": THERAPIST,
    "gpt": THERAPIST,
    "chatgpt": THERAPIST,
    "bot": THERAPIST,
    "chatbot": THERAPIST,
    "model": THERAPIST,
    "ai": THERAPIST,
}
"""Role names known by default, in lower case (see `roles.known_role`)."""

LEFT_OUT_NAMES: Final = frozenset(
    {
        *("system", "developer", "tool", "function"),
        *("observer", "interpreter", "translator", "researcher", "narrator"),
        *("family", "family member", "mother", "father", "parent", "spouse", "partner", "husband", "wife"),
        *("sibling", "brother", "sister"),
    }
)
"""Names of speakers who are neither patient nor therapist, in lower case: left out of files, and counted."""


def form_column(scale: str, form: str) -> str:
    """Name of the column that holds `scale` scored in `form`, e.g. ``task_patient_form``."""
    return f"{scale}_{form}_form"
