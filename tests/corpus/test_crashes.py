"""Killed before every step of writing, also while going on: in the end the bytes of a run that was never stopped."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest
from tests.support.corpus_run import child, contents, run
from tests.support.faulty_storage import FaultyStorage
from tests.support.power_cut import PowerCut, PowerCutError

from alliancekit.errors import FileAccessError

if TYPE_CHECKING:
    from pathlib import Path

Whole = tuple[dict[str, bytes], list[str]]
KILLED = -9
ERRORS = (errno.ENOSPC, errno.EIO, errno.EACCES)


def whole_files_only(folder: Path, whole: dict[str, bytes]) -> bool:
    """Tell whether every part that is there is whole, and the run is complete if it says so."""
    found = contents(folder)
    parts = {name: content for name, content in found.items() if name.startswith(("part-", "manifest"))}
    return all(whole[name] == content for name, content in parts.items()) and (
        "manifest.json" not in parts or parts.keys() >= {name for name in whole if name != "quarantine.csv"}
    )


def test_killed_before_each_step(corpus: Path, tmp_path: Path, whole: Whole) -> None:
    expected, steps = whole
    for at in range(1, len(steps) + 1):
        folder = tmp_path / f"out{at}"
        assert child(corpus, folder, at) == KILLED, steps[at - 1]
        assert whole_files_only(folder, expected), steps[at - 1]
        run(corpus, folder)
        assert contents(folder) == expected, steps[at - 1]


def test_killed_before_each_step_of_going_on(corpus: Path, tmp_path: Path, whole: Whole) -> None:
    expected, steps = whole
    begun = tmp_path / "begun"
    # In the middle of writing the record of the second part.
    assert child(corpus, begun, steps.index("rename 00001.json")) == KILLED
    counted = FaultyStorage()
    shutil.copytree(begun, tmp_path / "counted")
    run(corpus, tmp_path / "counted", storage=counted)
    assert any(step.startswith("remove .alliancekit-") for step in counted.steps)
    for at in range(1, len(counted.steps) + 1):
        folder = tmp_path / f"out{at}"
        shutil.copytree(begun, folder)
        assert child(corpus, folder, at) == KILLED, counted.steps[at - 1]
        assert whole_files_only(folder, expected), counted.steps[at - 1]
        run(corpus, folder)
        assert contents(folder) == expected, counted.steps[at - 1]


@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
def test_each_step_fails_in_turn(corpus: Path, tmp_path: Path, whole: Whole, *, lasting: bool) -> None:
    expected, steps = whole
    for at in range(1, len(steps) + 1):
        folder = tmp_path / f"out{at}"
        error = ERRORS[at % len(ERRORS)]
        # What takes away the lock may fail: the run is complete.
        harmless = steps[at - 1] in ("remove lock", "rmdir unfinished")
        refused = pytest.raises(FileAccessError, match=os.strerror(error))
        with nullcontext() if harmless else refused:
            run(corpus, folder, storage=FaultyStorage(at, error=error, lasting=lasting))
        assert (folder / "manifest.json").exists() or not harmless
        if folder.exists():
            assert whole_files_only(folder, expected), steps[at - 1]
        run(corpus, folder)
        assert contents(folder) == expected, steps[at - 1]


def test_the_power_goes_before_each_step(corpus: Path, tmp_path: Path, whole: Whole) -> None:
    expected, _ = whole
    counted = PowerCut()
    run(corpus, tmp_path / "counted", storage=counted)
    for at in range(1, counted.steps + 1):
        cut = PowerCut(at)
        try:
            run(corpus, tmp_path / f"out{at}", storage=cut)
        except PowerCutError:
            cut.left(tmp_path / f"out{at}", tmp_path / f"left{at}")
        else:
            # The lock is taken away in silence.
            assert at >= counted.steps - 1
            continue
        assert whole_files_only(tmp_path / f"left{at}", expected), at
        run(corpus, tmp_path / f"left{at}")
        assert contents(tmp_path / f"left{at}") == expected, at


def test_a_full_disk_leaves_the_parts_and_says_so(corpus: Path, tmp_path: Path, whole: Whole) -> None:
    at = whole[1].index("rename part-00001.parquet")
    with pytest.raises(FileAccessError, match=r"part-00001\.parquet: cannot be written: No space left on device"):
        run(corpus, tmp_path / "out", storage=FaultyStorage(at, error=errno.ENOSPC, lasting=True))
    left = contents(tmp_path / "out")
    assert left["part-00000.parquet"] == whole[0]["part-00000.parquet"]
    assert "part-00001.parquet" not in left


def test_an_error_before_the_first_part_leaves_nothing_to_go_on_with(
    corpus: Path, tmp_path: Path, whole: Whole
) -> None:
    at = whole[1].index("rename part-00000.parquet")
    with pytest.raises(FileAccessError):
        run(corpus, tmp_path / "out", storage=FaultyStorage(at, error=errno.EIO))
    assert list((tmp_path / "out").iterdir()) == []
    run(corpus, tmp_path / "out", resume=False)
    assert contents(tmp_path / "out") == whole[0]
