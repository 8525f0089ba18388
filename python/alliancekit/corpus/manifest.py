"""`manifest.json`: what a complete run made, and of what; nothing in it differs between two runs of the same input."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from alliancekit.corpus.layout import FORMAT_VERSION, Layout
from alliancekit.errors import DataError, FileAccessError, IntegrityError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from alliancekit.corpus.plan import Plan
    from alliancekit.corpus.reading import ProblemTally
    from alliancekit.corpus.records import Record
    from alliancekit.corpus.seen import SeenSessions

CHECKSUM = "checksum"
"""Key of the SHA-256 of all the rest, so that a bit that is flipped in the manifest itself is found."""


def make_manifest(
    plan: Plan, records: Sequence[Record], seen: SeenSessions, problems: ProblemTally, scales: Sequence[str]
) -> dict[str, Any]:
    """Put together what a complete run made."""
    return {
        "format_version": FORMAT_VERSION,
        "versions": dict(plan.versions),
        "engine": dict(plan.engine),
        "bundle": dict(plan.bundle),
        # The choices of reading may name people: their hash stands for them.
        "config": {
            "sha256": config_hash(plan),
            "method": plan.task.method,
            "forms": plan.task.forms,
            "keep_text": plan.task.keep_text,
            "shard_turns": plan.task.shard_turns,
        },
        "scales": list(scales),
        "inputs": dict(plan.inputs),
        "side_tables": dict(plan.sides),
        "parts": [_part(record) for record in records],
        "totals": _totals(records, seen),
        "problems": {f"{severity}:{code}": n for (severity, code), n in sorted(problems.counts.items())},
    }


def config_hash(plan: Plan) -> str:
    """Give the SHA-256 of what decides on the scores besides files."""
    return hashlib.sha256(json.dumps(plan.task.config(), sort_keys=True).encode()).hexdigest()


def to_json(manifest: Mapping[str, Any]) -> str:
    """Give the text of the file, its checksum last."""
    return json.dumps({**manifest, CHECKSUM: checksum(manifest)}, indent=1) + "\n"


def checksum(manifest: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a manifest's content.

    >>> checksum({"a": 1, "checksum": "old"}) == checksum({"a": 1})
    True

    """
    rest = {name: value for name, value in manifest.items() if name != CHECKSUM}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()


def read_manifest(folder: Path) -> dict[str, Any]:
    """Read the manifest of a complete run.

    Raises:
        FileAccessError: there is none: no run, or one that is not finished.
        DataError: it is damaged, or of another format.
        IntegrityError: it is not what was written.

    """
    layout = Layout(folder)
    try:
        manifest: dict[str, Any] = json.loads(layout.manifest.read_text(encoding="utf-8"))
        version = manifest["format_version"]
    except FileNotFoundError:
        raise _no_manifest(layout) from None
    except OSError as error:
        raise FileAccessError(f"{layout.manifest}: cannot be read: {error.strerror}.") from None
    except (ValueError, TypeError, KeyError):
        raise IntegrityError(f"{layout.manifest}: is damaged. Copy it again, or score again.") from None
    if manifest.get(CHECKSUM) != checksum(manifest):
        raise IntegrityError(f"{layout.manifest}: is not what was written. Copy it again, or score again.")
    if version != FORMAT_VERSION:
        raise DataError(f"{layout.manifest}: the format is {version}, and this alliancekit reads {FORMAT_VERSION}.")
    return manifest


def _part(record: Record) -> dict[str, Any]:
    return {
        "name": record.part,
        "turns": record.turns,
        "bytes": record.size,
        "sha256": record.sha256,
        "quarantined": record.quarantined,
    }


def _totals(records: Sequence[Record], seen: SeenSessions) -> dict[str, Any]:
    by_reason: Counter[str] = Counter()
    for record in records:
        by_reason.update(record.quarantined)
    return {
        "sessions": seen.count,
        "sessions_again": seen.again,
        **{
            name: sum(getattr(record, name) for record in records) for name in ("turns", "scored", "blank", "truncated")
        },
        "quarantined": dict(sorted(by_reason.items())),
    }


def _no_manifest(layout: Layout) -> FileAccessError:
    if layout.plan.exists():
        return FileAccessError(
            f"{layout.folder}: the run is not finished. Go on with `alliance resume {layout.folder}`."
        )
    what = "is a folder, and no run there" if layout.folder.is_dir() else "no run there"
    return FileAccessError(f"{layout.folder}: {what}: {layout.manifest.name} is missing.")
