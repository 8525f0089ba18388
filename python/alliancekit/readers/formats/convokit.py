"""ConvoKit: a corpus as a folder (Chang et al. 2020, SIGDIAL): utterances, and what is known of each conversation.

``utterances.jsonl`` has an utterance a line: ``id, speaker, conversation_id, reply_to, timestamp, text, meta``
(``user``, ``root`` and ``reply-to`` in older versions). ``conversations.json`` and ``speakers.json`` go from an id to
its ``meta``. A conversation is a session. Its labels keep their names, those of an utterance begin with ``meta.``, as
in ConvoKit's own tables. A speaker whose ``meta`` has a ``role`` that means something is called by it, else by the id.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.readers.formats.convokit_corpus import UTTERANCES, read_corpus
from alliancekit.readers.formats.convokit_utterance import utterances
from alliancekit.readers.formats.json_kinds import fitted
from alliancekit.readers.parsed import Turn, tables_by
from alliancekit.readers.protocol import Format
from alliancekit.readers.text_file import text_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.formats.convokit_corpus import Corpus
    from alliancekit.readers.formats.convokit_utterance import Utterance
    from alliancekit.readers.head import Head
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.problem import Problem
    from alliancekit.readers.protocol import Table

COLUMNS: Final = {schema.SESSION_ID: pl.String(), "timestamp": pl.Float64()}


def tables(path: Path, options: ReadOptions) -> Iterator[Table]:
    """Parse a corpus piece by piece (`Format.tables`); `path` is its folder. The utterances are gone through twice."""
    corpus = read_corpus(path, options)

    def parse(path: Path, options: ReadOptions) -> Iterator[Turn | Problem]:
        yield from corpus.problems
        text = text_file(path / UTTERANCES, options)
        found = utterances(text, options)
        if corpus.order is not None:
            # As many as there are, since the first may stand last.
            in_file = list(found)
            found = (in_file[position] for position in corpus.order)
        for utterance in found:
            yield _turn(utterance, corpus)

    yield from tables_by(parse, {**COLUMNS, **corpus.dtypes})(path, options)


def _turn(utterance: Utterance, corpus: Corpus) -> Turn:
    values = {
        **corpus.labels_of(utterance.conversation),
        **{name: fitted(value, corpus.dtypes[name]) for name, value in utterance.labels},
        schema.SESSION_ID: utterance.conversation,
        "timestamp": utterance.timestamp,
    }
    return Turn(utterance.row, corpus.name_of(utterance.speaker), utterance.text, values)


def folder(path: Path) -> bool:
    """Recognise a folder with utterances and conversations."""
    return (path / UTTERANCES).is_file() and (path / "conversations.json").is_file()


def no_file(_: Head) -> bool:
    """Recognise no file: a corpus is a folder."""
    return False


FORMATS: Final = (
    Format("ConvoKit", (), "a corpus folder with utterances.jsonl", tables, sniff=no_file, folder=folder, unit="line"),
)
