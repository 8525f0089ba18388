"""What to do about a problem whose message does not say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from alliancekit.readers import Problem

ADVICE: Final[dict[str, str | None]] = {
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
    "first_sheet": "Name the sheet with --sheet if it is another.",
    "text_may_be_cut": "Export it again from the source: what was cut off is in no table.",
    "no_end": "Compare the file's end with the source.",
    "cut_cue": "Compare the file's end with the source.",
    "empty_conversation": "Nothing, if nothing was said in it.",
    "conversation_without_turns": "Nothing, if nothing was said in it.",
    "conversation_without_labels": "Look whether the corpus is whole; a condition may be missing.",
    "annotators_differ": "Look at the utterance, and take out what is wrong.",
    "patient_left_out": None,
    "therapist_left_out": None,
    "column_types_differ": "Write the column the same way in all files.",
}
"""By the problem's code; an error's message says it itself, and some warnings' do."""


GENERAL: Final = "Compare the place with the source, and export the file again if it is not as it should be."


def advice(problem: Problem) -> str | None:
    """Give the advice on a problem; None on a note that needs none, and where the message holds it.

    >>> from pathlib import Path
    >>> from alliancekit.readers import Problem
    >>> advice(Problem(Path("a.csv"), None, None, "repeated_session", "…", "warning"))
    'Leave one of them out, or it counts twice.'
    """
    return ADVICE.get(problem.code, GENERAL if problem.severity == "warning" else None)
