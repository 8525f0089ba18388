"""What to do about a problem whose message does not say it."""

from __future__ import annotations

from typing import Final

ADVICE: Final = {
    "left_out": "Convert it to a format that is known, name its format with --format, or take it out of the folder.",
    "short_row": "Look at that row: a separator or a quote may be missing.",
    "blank_turns": "Nothing, if nothing was said; else look for texts that were lost in the export.",
    "over_limit": "Score them as they are, or split long turns; --merge makes turns longer.",
    "metadata_without_id": "Fill in the id, or delete the rows.",
    "metadata_missing": "Add their rows to the metadata, or make the ids equal.",
    "metadata_unused": "Make the ids equal, or leave it: rows of sessions that are not read do no harm.",
    "metadata_differs": "Drop the column from the transcripts or from the metadata, whichever is wrong.",
    "label_differs": "Give the session one value, or the parts of it different ids.",
    "roles_file_unused": "Make the names equal to those of the files, or leave it.",
    "roles_file_speaker": "Look for another spelling of the name in the file.",
    "roles_guessed": "Look at a few turns; if the guess is wrong, map the names with --roles or --roles-file.",
    "repeated_turn": "Give sessions of different files different ids, or leave out the file that repeats another.",
    "repeated_session": "Leave one of them out, or it counts twice.",
    "one_sided": "Look whether the other speaker's turns are in another file, or under a name that was left out.",
    "speaker_left_out": "If one of them is the patient or the therapist, map the name with --roles.",
    "column_types_differ": "Write the column the same way in all files.",
}
"""By the problem's code; an error's message says it itself."""


def advice(code: str) -> str | None:
    """Give the advice on a code; None where there is none, or where the message holds it.

    >>> advice("repeated_session")
    'Leave one of them out, or it counts twice.'
    """
    return ADVICE.get(code)
