"""What each column means, in the words that SPSS shows beside its name."""

from __future__ import annotations

from typing import Final

from alliancekit import schema

MEANINGS: Final = {
    schema.SESSION_ID: "Session",
    schema.TURN_INDEX: "Position of the turn in the session, from 0",
    schema.ROLE: "Who speaks",
    schema.CONDITION: "Condition of the session",
    schema.PATIENT_ID: "Patient",
    schema.THERAPIST_ID: "Therapist",
    schema.SESSION_NUMBER: "Number of the session in the treatment",
    schema.START_S: "Start of the turn, seconds",
    schema.END_S: "End of the turn, seconds",
    schema.N_TOKENS: "Tokens of the turn before truncation",
    schema.TRUNCATED: "Turn longer than the model reads",
    schema.SCALE: "Scale",
    "task": "Task: agreement on what is done together (score of language)",
    "bond": "Bond: affective connection (score of language)",
    "goal": "Goal: agreement on objectives (score of language)",
    schema.TOTAL: "Mean of the scales (score of language)",
    "patient_mean": "Mean score of the patient",
    "therapist_mean": "Mean score of the therapist",
    "gap": "Gap: therapist minus patient",
    "ci_low": "Lower end of the interval",
    "ci_high": "Upper end of the interval",
    "p_value": "p, two-sided",
    "p_adjusted": "p, Holm's correction over scales and groups",
    "effect_size": "Standardised effect",
    "misalignment": "Root of the mean squared gap, without the bias of noise; negative: no more than noise",
    "n_sessions": "Sessions",
    "n_clusters": "Clusters (therapists, else patients, else sessions)",
    "n_turns": "Scored turns",
    "note": "What limits the row",
    "reason": "Why a value is missing",
    "n_patient": "Scored turns of the patient",
    "n_therapist": "Scored turns of the therapist",
    "patient_slope": "Change of the patient's score over the session",
    "therapist_slope": "Change of the therapist's score over the session",
    "gap_slope": "Change of the gap over the session",
    "gap_mid": "Gap in the middle of the session",
    "gap_start": "Gap at the start of the session",
    "gap_end": "Gap at the end of the session",
    "congruence": "Correlation of a patient's turn and the therapist's answer, without trend",
    "gap_shrunken": "Gap shrunken towards the mean of all sessions",
    "shrunken_low": "Lower end of the shrunken gap's 95 % interval",
    "shrunken_high": "Upper end of the shrunken gap's 95 % interval",
    "gap_se": "Standard error of the gap",
    "talk_share": "The patient's share of turns",
    "token_share": "The patient's share of tokens",
    "truncated_share": "Share of turns longer than the model reads",
    "difference": "Target minus reference",
    "target": "Condition that is compared",
    "reference": "What it is compared with",
    "measure": "What is compared",
    "closing_rate": "Closing rate: change of the gap towards zero over a session",
    "verdict": "What may be said of convergence",
    "u": "Position in the session, 0 to 1",
    "mean": "Mean over sessions",
    "band_low": "Lower end of the band of the whole curve",
    "band_high": "Upper end of the band of the whole curve",
}
"""Columns that are not here keep their name as their meaning."""

CATEGORIES: Final = (schema.ROLE, schema.CONDITION, schema.SCALE, "form", "target", "reference", "measure", "verdict")
"""Columns of words that become numbers with value labels."""
