"""What completes a run: the quarantine, the figures of this run, and the manifest, in this order."""

from __future__ import annotations

import csv
import io
import json
import platform
import resource
from typing import TYPE_CHECKING, Final

from alliancekit._native import processor_features
from alliancekit.corpus.folder import remove_unfinished
from alliancekit.corpus.manifest import make_manifest, to_json
from alliancekit.corpus.records import bad_rows
from alliancekit.files import write_atomically, write_bytes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.corpus.run import Run

HEADER: Final = ("file", "row", "reason", "message")


def finish(run: Run) -> None:
    """Write what completes the run, and remove what was needed to go on.

    Raises:
        FileAccessError: the file system refuses.

    """
    run.status.stage, run.status.share = "done", 1.0
    run.tick()
    layout = run.layout
    if any(record.quarantined for record in run.records):
        write_atomically(layout.quarantine, lambda file: file.writelines(_quarantine(run)), storage=run.storage)
    write_bytes((json.dumps(_volatile(run), indent=1) + "\n").encode(), layout.run, storage=run.storage)
    manifest = make_manifest(run.inputs.plan, run.records, run.seen, run.problems, run.scorer.scales)
    write_bytes(to_json(manifest).encode(), layout.manifest, storage=run.storage)
    remove_unfinished(layout, run.storage)


def _quarantine(run: Run) -> Iterator[bytes]:
    yield _line(HEADER)
    for number in range(len(run.records)):
        for file, row, reason, message in bad_rows(run.layout, number):
            yield _line((run.inputs.names[file], row, reason, message))


def _line(cells: tuple[object, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(cells)
    return text.getvalue().encode("utf-8", "surrogateescape")


def _volatile(run: Run) -> dict[str, object]:
    status = run.status
    return {
        "seconds": round(status.seconds, 3),
        "turns_per_second": round(status.rate, 1),
        "turns_from_before": status.before,
        "texts": status.texts,
        "texts_scored": status.new_texts,
        "threads": run.scorer.threads,
        "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
        "processor": [platform.machine(), *processor_features()],
        "python": platform.python_version(),
    }
