"""What has to be known of a ConvoKit corpus before its first utterance can be given: labels, roles, order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from alliancekit.errors import DataError
from alliancekit.labels import counted
from alliancekit.readers.formats.convokit_order import Key, order_of
from alliancekit.readers.formats.convokit_utterance import plain, utterances
from alliancekit.readers.formats.json_kinds import Kinds, fitted
from alliancekit.readers.json_file import document
from alliancekit.readers.json_values import want
from alliancekit.readers.problem import Problem
from alliancekit.readers.text_file import text_file
from alliancekit.roles import check_roles, exact, known_role
from alliancekit.schema import (
    END_S,
    LEFT_OUT_NAMES,
    PATIENT,
    PATIENT_ID,
    REQUIRED_COLUMNS,
    START_S,
    THERAPIST,
    THERAPIST_ID,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import polars as pl

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.text_file import TextFile

UTTERANCES: Final = "utterances.jsonl"
CONVERSATIONS: Final = "conversations.json"
SPEAKERS: Final = ("speakers.json", "users.json")
OF_TURN: Final = (*REQUIRED_COLUMNS, START_S, END_S, "timestamp")
"""Names that a conversation's label can't have."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """What is known of the corpus.

    Attributes:
        labels: conversation → its labels.
        roles: speaker's id → role, for those whose `meta` has one that means something.
        dtypes: type of each label's column.
        order: position in the file of each utterance in the order to be given; None for the file's own.
        problems: what was found.

    """

    labels: Mapping[str, Mapping[str, object]]
    roles: Mapping[str, str]
    dtypes: Mapping[str, pl.DataType]
    order: list[int] | None
    problems: tuple[Problem, ...]

    def labels_of(self, conversation: str) -> Mapping[str, object]:
        """Give a conversation's labels."""
        return {name: fitted(value, self.dtypes[name]) for name, value in self.labels.get(conversation, {}).items()}

    def name_of(self, speaker: str | None) -> str | None:
        """Give what a speaker is called."""
        return None if speaker is None else self.roles.get(speaker, speaker)


def read_corpus(path: Path, options: ReadOptions) -> Corpus:
    """Read the side files, and go through the utterances once.

    Args:
        path: the folder.
        options: how it is read.

    Raises:
        DataError: a file is not as ConvoKit has it, or two utterances have one id.

    """
    labels = {name: dict(_labels(meta)) for name, meta in _metas(path / CONVERSATIONS, options)}
    roles = _roles(path, options)
    text = text_file(path / UTTERANCES, options)
    kinds = Kinds(str(text.path))
    keys, speakers = _gone_through(text, options, kinds)
    order, moved = order_of(keys)
    problems = (*text.problems, *_problems(labels, speakers, moved, path))
    for conversation, there in speakers.items():
        labels[conversation] = {**dict(_persons(there, roles, options)), **labels.get(conversation, {})}
        kinds.see(labels[conversation].items())
    return Corpus(labels, roles, kinds.dtypes(), order, problems)


def _gone_through(text: TextFile, options: ReadOptions, kinds: Kinds) -> tuple[list[Key], dict[str, dict[str, None]]]:
    """Give each utterance's key, and the speakers of each conversation; `kinds` sees the labels."""
    keys: dict[str, Key] = {}
    speakers: dict[str, dict[str, None]] = {}
    for utterance in utterances(text, options):
        kinds.see(utterance.labels)
        if utterance.id in keys:
            raise DataError(f"{text.path}: line {utterance.row} has the id of a line before. Leave one of them out.")
        keys[utterance.id] = Key(utterance.id, utterance.conversation, utterance.reply_to, utterance.timestamp)
        speakers.setdefault(utterance.conversation, {})
        if utterance.speaker is not None:
            speakers[utterance.conversation][utterance.speaker] = None
    return list(keys.values()), speakers


def _metas(path: Path, options: ReadOptions) -> Iterator[tuple[str, dict[str, object]]]:
    """Give the id and the meta of each conversation or speaker."""
    place = f"{path}: the file"
    for number, (name, value) in enumerate(want(document(text_file(path, options), options), dict, place).items(), 1):
        entry = want(value, dict, f"{path}: entry {number}")
        # In older versions the entry is the meta itself.
        yield name, want(entry["meta"], dict, f"{path}: entry {number}, 'meta'") if "meta" in entry else entry


def _labels(meta: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in meta.items():
        yield f"conversation.{name}" if name in OF_TURN or name.startswith("meta.") else name, plain(value)


def _roles(path: Path, options: ReadOptions) -> dict[str, str]:
    side = next((path / name for name in SPEAKERS if (path / name).is_file()), None)
    metas = () if side is None else _metas(side, options)
    named = {exact(name) for name in options.roles} | LEFT_OUT_NAMES
    roles = ((name, meta.get("role")) for name, meta in metas)
    return {name: role for name, role in roles if isinstance(role, str) and (known_role(role) or exact(role) in named)}


def _persons(speakers: Mapping[str, None], roles: Mapping[str, str], options: ReadOptions) -> Iterator[tuple[str, str]]:
    """Name the patient and the therapist by their ids, where one speaker has that role."""
    given = check_roles(options.roles)
    of_role = [(given.get(exact(roles[name])) or known_role(roles[name]), name) for name in speakers if name in roles]
    for role, column in ((PATIENT, PATIENT_ID), (THERAPIST, THERAPIST_ID)):
        names = [name for its, name in of_role if its == role]
        if len(names) == 1:
            yield column, names[0]


def _problems(
    labels: Mapping[str, object], speakers: Mapping[str, object], moved: int, path: Path
) -> Iterator[Problem]:
    if moved:
        what = counted(moved, "conversation")
        message = f"The turns of {what}, not in order in the file, were put in order of time or reply."
        yield Problem(path, None, None, "turns_put_in_order", message, unit="line")
    if unlabelled := len(speakers.keys() - labels.keys()):
        message = f"{unlabelled} of {counted(len(speakers), 'conversation')} not in {CONVERSATIONS}: without labels."
        yield Problem(path, None, None, "conversation_without_labels", message, "warning", unit="line")
    if silent := len(labels.keys() - speakers.keys()):
        message = f"{counted(silent, 'conversation')} of {CONVERSATIONS} without an utterance."
        yield Problem(path, None, None, "conversation_without_turns", message, "warning", unit="line")
