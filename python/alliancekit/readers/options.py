"""How files are read: every choice a caller can make, checked before any file is opened."""

from __future__ import annotations

import codecs
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict, get_args

from alliancekit.columns import check_mapping
from alliancekit.errors import ParameterError
from alliancekit.labels import nearest, quoted
from alliancekit.roles import check_roles

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from os import PathLike

NonSpeech = Literal["keep", "strip", "drop-turns"]
"""What is done with `[laughter]`, `(inaudible)`, time stamps: nothing; taken out of the text; and turns of it alone
left out."""
Unnamed = Literal["refuse", "leave-out", "previous"]
"""What is done with turns whose speaker is not named: an error, left out, or given to the speaker before."""

MAX_RECORD_BYTES: Final = 16 * 2**20
FEWEST_RECORD_BYTES: Final = 1024


class Choices(TypedDict, total=False):
    """The fields of `ReadOptions` as keyword arguments; None stands for the default."""

    columns: Mapping[str, str] | None
    roles: Mapping[str, str] | None
    format: str | None
    encoding: str | None
    separator: str | None
    sheet: str | None
    leave_out: Sequence[str] | None
    unnamed: Unnamed | None
    non_speech: NonSpeech | None
    merge: bool | None
    guess_columns: bool | None
    guess_roles: bool | None
    roles_file: str | PathLike[str] | None
    metadata: str | PathLike[str] | None
    metadata_id: str | None
    pseudonymise: str | PathLike[str] | None
    transform: Callable[[str], str] | None
    max_record_bytes: int | None
    batch_rows: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadOptions:
    """How files are read; the same for all files of a call.

    Attributes:
        columns: canonical name → name in the data, e.g. ``{"text": "utterance_text"}``.
        roles: name in the data → `patient` or `therapist`, e.g. ``{"SPEAKER_00": "therapist"}``.
        format: a format's key (`Format.key`), where the suffix and the content are not to decide.
        encoding: of files that are neither UTF-8 nor marked as UTF-16, e.g. ``cp1252``.
        separator: one character between the columns of a text file; None is the comma of a CSV, the tab of a TSV.
        sheet: the sheet of a workbook; None is its first.
        leave_out: names of speakers who are neither, over those of `schema.LEFT_OUT_NAMES`.
        unnamed: what is done with turns whose speaker is not named.
        non_speech: what is done with marks of what is not speech.
        merge: whether consecutive turns of one speaker become one.
        guess_columns: whether a guessed mapping of columns is used, where the names are not known.
        guess_roles: whether guessed roles are used, where the names are not known.
        roles_file: table with the columns ``file``, ``speaker``, ``role``.
        metadata: table of session labels, joined by session_id.
        metadata_id: its column with the session's id, if not ``session_id``.
        pseudonymise: key file; session, patient and therapist ids are replaced by keyed hashes.
        transform: the caller's own function over each text, such as a tool that takes names out.
        session_name: of a file that is one session, where its own name is not to be used (`scan` sets it for files of
            one name in different folders).
        max_record_bytes: the most bytes a row, line or message may have.
        batch_rows: the most rows a batch has.

    >>> ReadOptions(columns={"text": "utterance_text"}).batch_rows
    65536
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    format: str | None = None
    encoding: str | None = None
    separator: str | None = None
    sheet: str | None = None
    leave_out: Sequence[str] = ()
    unnamed: Unnamed = "refuse"
    non_speech: NonSpeech = "keep"
    merge: bool = False
    guess_columns: bool = False
    guess_roles: bool = False
    roles_file: str | PathLike[str] | None = None
    metadata: str | PathLike[str] | None = None
    metadata_id: str | None = None
    pseudonymise: str | PathLike[str] | None = None
    transform: Callable[[str], str] | None = None
    session_name: str | None = None
    max_record_bytes: int = MAX_RECORD_BYTES
    batch_rows: int = 65_536

    def __post_init__(self) -> None:
        """Refuse what no file could be read with, before any file is opened."""
        check_mapping(self.columns)
        check_roles(self.roles)
        _check_one_of("unnamed", self.unnamed, get_args(Unnamed))
        _check_one_of("non_speech", self.non_speech, get_args(NonSpeech))
        if self.separator is not None and (len(self.separator) != 1 or not self.separator.isascii()):
            raise ParameterError("separator is one ASCII character, such as ';'.")
        if self.encoding is not None:
            _check_encoding(self.encoding)
        if self.batch_rows < 1:
            raise ParameterError(f"batch_rows is at least 1, not {self.batch_rows}.")
        if self.max_record_bytes < FEWEST_RECORD_BYTES:
            raise ParameterError(f"max_record_bytes is at least {FEWEST_RECORD_BYTES}, not {self.max_record_bytes}.")


def options_of(choices: Choices) -> ReadOptions:
    """Make options of keyword arguments; one that is None keeps its default.

    >>> options_of({"roles": None, "merge": True}).merge
    True
    """
    given: dict[str, Any] = {name: value for name, value in choices.items() if value is not None}
    return ReadOptions(**given)


def _check_one_of(name: str, value: str, known: Sequence[str]) -> None:
    if value not in known:
        near = nearest(value, known)
        hint = f" Did you mean '{near}'?" if near else ""
        raise ParameterError(f"{name} is one of {', '.join(known)}, not {quoted(value)}.{hint}")


def _check_encoding(name: str) -> None:
    try:
        is_text = codecs.lookup(name)._is_text_encoding  # noqa: SLF001 - Python tells it nowhere else
    except (LookupError, ValueError):
        is_text = False
    if not is_text:
        raise ParameterError(f"{quoted(name)} is no encoding that Python knows. For Western Windows: cp1252.")
