"""ELAN: annotated recordings in XML (``.eaf``); each main tier is a speaker, by its participant or its own name.

Tiers that depend on another (words, glosses, translations) are left out. By hand on defusedxml's tree, which is needed
in any case, since rustling keeps one only of two tiers of a name and takes a time slot that is not there for none.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from alliancekit.errors import DataError
from alliancekit.readers.parsed import tables_by
from alliancekit.readers.protocol import Format
from alliancekit.readers.speech.tally import Tally
from alliancekit.readers.speech.tiers import COLUMNS, Spoken, one_line, turns
from alliancekit.readers.speech.xml_file import tree

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from xml.etree.ElementTree import Element  # for types only: parsing is defusedxml's

    from alliancekit.readers.head import Head
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.parsed import Turn
    from alliancekit.readers.problem import Problem
    from alliancekit.readers.speech.tally import Sayings

ROOT: Final = "ANNOTATION_DOCUMENT"
MILLISECONDS: Final = re.compile(r"-?\d{1,15}", re.ASCII)
SAYINGS: Final[Sayings] = {
    "dependent_tier": ("annotation", "note", "of tiers that depend on another, left out."),
    "empty_annotation": ("annotation", "note", "without text, left out."),
    "shared_participant": ("tier", "note", "of a participant who has another; named by the tier, not the participant."),
}


def parse(path: Path, options: ReadOptions) -> Iterator[Turn | Problem]:
    """Give each annotation of the main tiers as a turn."""
    root = tree(path, options)
    if root.tag != ROOT:
        raise DataError(f"{path}: the file is XML, and no ELAN document: its root is not {ROOT}.")
    tally = Tally(path, "annotation")
    yield from turns(_Document(path, root, tally).spoken(), tally)
    yield from tally.problems(SAYINGS)


class _Document:
    def __init__(self, path: Path, root: Element, tally: Tally) -> None:
        self._path, self._root, self._tally = path, root, tally
        self._slots = {
            slot.get("TIME_SLOT_ID"): self._time(slot.get("TIME_VALUE"))
            for slot in root.iterfind("TIME_ORDER/TIME_SLOT")
        }
        self._tiers = root.findall("TIER")
        self._row = 0

    def spoken(self) -> Iterator[Spoken]:
        self._refuse_lost()
        names = {tier.get("TIER_ID") for tier in self._tiers}
        participants = Counter(tier.get("PARTICIPANT") for tier in self._tiers if _is_main(tier) and len(tier))
        for tier in self._tiers:
            if _is_main(tier):
                participant = tier.get("PARTICIPANT", "").strip()
                shared = bool(participant) and participants[tier.get("PARTICIPANT")] > 1
                self._tally.add("shared_participant", None, shared)
                name = tier.get("TIER_ID", "").strip()
                yield from self._of_tier(tier, (name if shared else participant or name) or None)
                continue
            if tier.get("PARENT_REF") not in names:
                raise DataError(f"{self._path}: a tier depends on one that is not there. Mend the file in ELAN.")
            self._tally.add("dependent_tier", self._row + 1, len(tier))
            self._row += len(tier)

    def _of_tier(self, tier: Element, speaker: str | None) -> Iterator[Spoken]:
        for annotation in tier.iterfind("ANNOTATION"):
            self._row += 1
            aligned = annotation.find("ALIGNABLE_ANNOTATION")
            if aligned is None:
                raise DataError(
                    f"{self._path}: annotation {self._row} has no times of its own, and its tier depends on no other. "
                    "Mend the file in ELAN."
                )
            text = one_line("".join(aligned.find("ANNOTATION_VALUE").itertext()))  # type: ignore[union-attr] # _refuse_lost
            if not text:
                self._tally.add("empty_annotation", self._row)
                continue
            start, end = (self._slot(aligned.get(f"TIME_SLOT_REF{number}")) for number in (1, 2))
            yield Spoken(self._row, speaker, tier.get("TIER_ID", ""), text, start, end)

    def _slot(self, name: str | None) -> float | None:
        if name not in self._slots:
            raise DataError(
                f"{self._path}: annotation {self._row} refers to a time slot that is not there. Mend the file in ELAN."
            )
        return self._slots[name]

    def _time(self, value: str | None) -> float | None:
        if value is None:
            return None
        if not MILLISECONDS.fullmatch(value):
            raise DataError(f"{self._path}: a time slot's value is not a number of milliseconds.")
        return int(value) / 1000

    def _refuse_lost(self) -> None:
        # Every annotation is where it should be, or one would be passed over in silence.
        values = sum(1 for _ in self._root.iter("ANNOTATION_VALUE"))
        kinds = ("ALIGNABLE_ANNOTATION", "REF_ANNOTATION")
        reached = [
            len(annotation) == 1 and annotation[0].tag in kinds and len(annotation[0].findall("ANNOTATION_VALUE")) == 1
            for tier in self._tiers
            for annotation in tier
            if annotation.tag == "ANNOTATION"
        ]
        others = sum(len(tier) for tier in self._tiers) - len(reached)
        if not all(reached) or len(reached) != values or others:
            raise DataError(
                f"{self._path}: {values} annotation values are there, and not each in one annotation of one tier. "
                "Mend the file in ELAN."
            )


def _is_main(tier: Element) -> bool:
    return tier.get("PARENT_REF") is None


def sniff(head: Head) -> bool:
    """Recognise the root element."""
    return f"<{ROOT}" in head.text


FORMATS: Final = (
    Format(
        name="ELAN",
        suffixes=(".eaf",),
        description="ELAN's XML with tiers of annotations",
        tables=tables_by(parse, COLUMNS),
        sniff=sniff,
        unit="annotation",
    ),
)
