"""A corpus of two files, and what an undisturbed run makes of it."""

from __future__ import annotations

import multiprocessing
from typing import TYPE_CHECKING

import pytest
from tests.support.corpus_run import contents, run, write_corpus
from tests.support.faulty_storage import FaultyStorage

if TYPE_CHECKING:
    from pathlib import Path

# Children are forked from a process that has imported everything and computed nothing: Polars' threads survive no fork.
multiprocessing.set_forkserver_preload(["tests.support.corpus_run"])


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path / "in", sessions=6)


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, bytes], list[str]]:
    """Files of an undisturbed run over `corpus`, and the steps that it took."""
    folder = tmp_path_factory.mktemp("whole")
    storage = FaultyStorage()
    run(write_corpus(folder / "in", sessions=6), folder / "out", storage=storage)
    return contents(folder / "out"), storage.steps
