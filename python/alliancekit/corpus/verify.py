"""Whether a run is complete and every file of it is the one that was written."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliancekit.corpus.layout import Layout
from alliancekit.corpus.manifest import read_manifest
from alliancekit.corpus.records import part_content
from alliancekit.errors import AllianceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from os import PathLike


@dataclass(frozen=True, slots=True)
class Verified:
    """What `verify_corpus` gives.

    Attributes:
        manifest: content of `manifest.json`.
        wrong: what is not as it was written, a sentence each.

    """

    manifest: Mapping[str, Any]
    wrong: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether everything is as it was written."""
        return not self.wrong


def verify_corpus(output: str | PathLike[str]) -> Verified:
    r"""Compare every part of a complete run with its hash.

    Raises:
        FileAccessError: there is no complete run.
        IntegrityError: the manifest itself is damaged.
        DataError: it is of another format.

    >>> import tempfile
    >>> from alliancekit.corpus import score_corpus
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "talk.csv").write_text("role,text\nclient,Hello.\n")
    ...     made = score_corpus(f"{folder}/talk.csv", f"{folder}/scores", threads=1)
    ...     verify_corpus(made.folder).ok
    True

    """
    layout = Layout(Path(output))
    manifest = read_manifest(layout.folder)
    return Verified(manifest, [*_parts(layout, manifest), *_others(layout, manifest)])


def _parts(layout: Layout, manifest: Mapping[str, Any]) -> Iterator[str]:
    for part in manifest["parts"]:
        try:
            part_content(layout.folder / part["name"], part["sha256"])
        except AllianceError as error:
            yield str(error)


def _others(layout: Layout, manifest: Mapping[str, Any]) -> Iterator[str]:
    listed = {part["name"] for part in manifest["parts"]}
    for path in sorted(layout.folder.glob("*.parquet")):
        if path.name not in listed:
            yield f"{path}: belongs to no part of the run. Move it elsewhere."
    if layout.plan.exists():
        yield f"{layout.unfinished}: is left over. `alliance resume {layout.folder}` removes it."
