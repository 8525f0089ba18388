"""Column sets of known corpora: a table that has one is read without a flag, and it is said."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.readers.steps.annotators import one_row_per_utterance

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.protocol import Table
    from alliancekit.readers.steps.context import Context


@dataclass(frozen=True, slots=True)
class Preset:
    """A column set that is known.

    Attributes:
        name: of the corpus, as people say it.
        columns: canonical name → its column, all of which a table has to have.
        also: further columns that a table has to have, so that no other is taken for it.
        clocks: canonical name → column of times, which stays under its own name too where it is there.
        prepare: a step over the tables under their own names, before they are renamed, for what a renaming can't say.

    """

    name: str
    columns: Mapping[str, str]
    also: tuple[str, ...] = ()
    clocks: Mapping[str, str] = field(default_factory=dict)
    prepare: Callable[[Iterator[Table], Context], Iterator[Table]] | None = None

    def fits(self, names: Collection[str]) -> bool:
        """Tell whether a table with these columns is of this kind; one with canonical names is its own."""
        needed = {*self.columns.values(), *self.also}
        clash = set(self.columns) - set(self.columns.values())
        return needed <= set(names) and clash.isdisjoint(names)


ANNOMI: Final = {
    schema.SESSION_ID: "transcript_id",
    schema.TURN_INDEX: "utterance_id",
    schema.ROLE: "interlocutor",
    schema.TEXT: "utterance_text",
}

PRESETS: Final = (
    Preset(
        name="AnnoMI in full",
        columns=ANNOMI,
        also=("mi_quality", "annotator_id"),
        clocks={schema.START_S: "timestamp"},
        prepare=one_row_per_utterance,
    ),
    Preset(name="AnnoMI", columns=ANNOMI, also=("mi_quality",), clocks={schema.START_S: "timestamp"}),
    Preset(
        name="MIBot",
        columns={
            schema.SESSION_ID: "ParticipantID",
            schema.TURN_INDEX: "Utterance#",
            schema.ROLE: "Speaker",
            schema.TEXT: "Utterance",
        },
        also=("Volley#",),
    ),
    Preset(
        name="MIBot's volleys",
        columns={
            schema.SESSION_ID: "Prolific ID",
            schema.TURN_INDEX: "Volley #",
            schema.ROLE: "Speaker",
            schema.TEXT: "Volley",
        },
        also=("Corpus #",),
    ),
    Preset(
        name="AutoMISC's utterances",
        columns={
            schema.SESSION_ID: "conv_id",
            schema.TURN_INDEX: "conv_utt_idx",
            schema.ROLE: "speaker",
            schema.TEXT: "utt_text",
        },
    ),
    Preset(
        name="AutoMISC's volleys",
        columns={
            schema.SESSION_ID: "conv_id",
            schema.TURN_INDEX: "corp_vol_idx",
            schema.ROLE: "speaker",
            schema.TEXT: "vol_text",
        },
    ),
    Preset(
        name="ConvoKit's table of utterances",
        columns={schema.SESSION_ID: "conversation_id", schema.ROLE: "speaker", schema.TEXT: "text"},
        also=("reply_to", "timestamp"),
    ),
)
"""In the order in which they are tried; a set that contains another comes before it."""


def preset_for(names: Collection[str], options: ReadOptions) -> Preset | None:
    """Give the preset that a table with these columns is of; None where the caller maps a required column.

    >>> from alliancekit.readers.options import ReadOptions
    >>> preset_for(["id", "said"], ReadOptions()) is None
    True
    """
    if not options.columns.keys().isdisjoint(schema.REQUIRED_COLUMNS):
        return None
    return next((preset for preset in PRESETS if preset.fits(names)), None)


def mapping_of(names: Collection[str], options: ReadOptions) -> Mapping[str, str]:
    """Give the mapping that holds for a table with these columns: the preset's, if any, under the caller's."""
    preset = preset_for(names, options)
    return options.columns if preset is None else {**preset.columns, **options.columns}
