"""A run with the fake scorer, in this process or in a child that may be killed."""

from __future__ import annotations

import multiprocessing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from tests.support.fake_scorer import FakeScorer
from tests.support.faulty_storage import FaultyStorage

from alliancekit.corpus.plan import make_task
from alliancekit.corpus.score import Settings, begin

if TYPE_CHECKING:
    from alliancekit.corpus.score import ScoredCorpus
    from alliancekit.storage import Storage

VOLATILE = "run.json"


def run(inputs: Path, output: Path, *, storage: Storage | None = None, **asked: Any) -> ScoredCorpus:  # noqa: ANN401 - of a task
    """Score with the fake scorer, going on with what is there."""
    scorer = FakeScorer(inputs.parent / "bundle")
    given: dict[str, Any] = {"forms": "own", "keep_text": False, "shard_turns": 20, **asked}
    strict, resume = given.pop("strict", False), given.pop("resume", True)
    choices = given.pop("choices", {})
    paths = given.pop("paths", [inputs])
    task = make_task(paths, choices, bundle=scorer.bundle_path, method=scorer.method, **given)
    return begin(task, output, scorer, Settings(1, strict, storage=storage or FaultyStorage()), resume=resume)


def contents(folder: Path) -> dict[str, bytes]:
    """Give every file of a run, the one aside that differs between runs."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    found.pop(VOLATILE, None)
    return found


def write_corpus(folder: Path, *, sessions: int = 9, turns: int = 7, bad: bool = True) -> Path:
    """Write two files of short sessions; texts repeat, some are blank, and some rows are bad."""
    folder.mkdir()
    rows = [
        {
            "session_id": f"s{session}",
            "turn_index": turn,
            "role": "who" if bad and (session, turn) == (3, 2) else ("therapist", "client")[turn % 2],
            "text": ["Mm-hmm.", "", f"I said {session} and {turn}.", "One two three four five six seven."][turn % 4],
            "condition": f"c{session % 2}",
        }
        for session in range(sessions)
        for turn in range(turns)
    ]
    frame = pl.DataFrame(rows)
    half = turns * (sessions // 2)
    frame[:half].write_csv(folder / "a.csv")
    frame[half:].write_parquet(folder / "b.parquet")
    return folder


def child(inputs: Path, output: Path, at: int) -> int:
    """Run in a process that is killed before its step `at`; give how it ended: -9 if it was."""
    process = multiprocessing.get_context("forkserver").Process(target=_child, args=(str(inputs), str(output), at))
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def _child(inputs: str, output: str, at: int) -> None:
    run(Path(inputs), Path(output), storage=FaultyStorage(at))
