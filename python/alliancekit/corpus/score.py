"""Transcripts of any number and size in, a folder of scores out; begun, or gone on with."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alliancekit.corpus.folder import check_folder, clear_temporary, complete, forget, remove_unfinished
from alliancekit.corpus.inputs import find_inputs
from alliancekit.corpus.layout import Layout
from alliancekit.corpus.lock import locked
from alliancekit.corpus.manifest import read_manifest
from alliancekit.corpus.plan import make_task, read_plan
from alliancekit.corpus.reading import ProblemTally
from alliancekit.corpus.records import read_records
from alliancekit.corpus.run import Run
from alliancekit.corpus.status import Status
from alliancekit.files import write_bytes
from alliancekit.scorer import Scorer, checked_forms
from alliancekit.storage import DISK

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, Unpack

    from alliancekit import schema
    from alliancekit.corpus.inputs import Inputs
    from alliancekit.corpus.plan import Plan, Task
    from alliancekit.precision import Precision
    from alliancekit.readers import Problem
    from alliancekit.readers.options import Choices
    from alliancekit.storage import Storage

SHARD_TURNS: Final = 50_000
"""Turns of a part: what may have to be scored again when a run is stopped, a few minutes of it."""


@dataclass(frozen=True, slots=True)
class ScoredCorpus:
    """What a complete run made.

    Attributes:
        folder: where it is.
        manifest: content of its `manifest.json`.
        status: figures of this run, from the start or the resuming.

    """

    folder: Path
    manifest: Mapping[str, Any]
    status: Status

    @property
    def quarantined(self) -> dict[str, int]:
        """Reason code → rows that were quarantined."""
        return dict(self.manifest["totals"]["quarantined"])


@dataclass(frozen=True, slots=True)
class Settings:
    """What does not change the scores.

    Attributes:
        threads: threads at most.
        strict: whether the first bad row is an error.
        progress: called about ten times a second with the run's status.
        tell: called with the first problem of each kind.
        storage: takes the steps of writing.

    """

    threads: int | None = None
    strict: bool = False
    progress: Callable[[Status], object] = lambda _: None
    tell: Callable[[Problem], object] = lambda _: None
    storage: Storage = DISK


def score_corpus(  # noqa: PLR0913 - each is a choice of the caller, by name
    paths: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    output: str | os.PathLike[str],
    *,
    bundle: str | os.PathLike[str] | None = None,
    method: str | None = None,
    precision: Precision = "auto",
    forms: schema.Forms = "own",
    keep_text: bool = False,
    shard_turns: int = SHARD_TURNS,
    resume: bool = False,
    threads: int | None = None,
    strict: bool = False,
    progress: Callable[[Status], object] | None = None,
    **choices: Unpack[Choices],
) -> ScoredCorpus:
    r"""Score transcripts of any number and size into a folder of Parquet files, in memory that does not grow with them.

    The folder is complete if and only if it has a `manifest.json`. A run that was stopped, by whatever, goes on with
    `resume_corpus` and ends with the same bytes. `docs/corpus.md` says what is in the folder.

    Args:
        paths: a file, folder or pattern, or several.
        output: the folder; made if it is not there, else empty.
        bundle: folder of a model bundle; None is the one inside the package.
        method: `gated`, `contrast`, `signed-sum` or `keyed-mean`; None is the bundle's default.
        precision: as in `Scorer`. What runs is pinned: the run goes on only where the same precision runs with the same
            instruction set.
        forms: `own` or `all`, as in `Scorer.score`.
        keep_text: keep the text in the scores.
        shard_turns: turns after which a part ends with the session.
        resume: go on where an unfinished run of the same arguments is there; a complete one is given as it is.
        threads: threads at most; None is all that are available.
        strict: stop at the first row that no turn can be made of, in place of quarantining it.
        progress: called about ten times a second with the run's `Status`.
        **choices: how the files are read: the fields of `ReadOptions`, `transform` aside.

    Returns:
        What the run made. Rows that were quarantined are counted there, and listed in `quarantine.csv`.

    Raises:
        ParameterError: the output is not empty, or lies in an input folder; an argument is not of the form above.
        FileAccessError: a file cannot be read or written, or another process writes to the folder.
        DataError: the first file cannot be understood, or a row with `strict`.
        IntegrityError: a file changed while it was read, or what an unfinished run was made from.
        BundleError, RuntimeLibraryError: see `Scorer`.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "talk.csv").write_text("role,text\nclient,Hello.\ncounsellor,Good morning.\n")
    ...     made = score_corpus(f"{folder}/talk.csv", f"{folder}/scores", threads=1)
    ...     made.manifest["totals"]["turns"], sorted(path.name for path in made.folder.iterdir())
    (2, ['manifest.json', 'part-00000.parquet', 'run.json'])

    """
    scorer = Scorer(bundle, threads=threads, method=method, precision=precision)
    given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    task = make_task(
        given,
        choices,
        bundle=scorer.bundle_path,
        method=scorer.method,
        precision=precision,
        forms=checked_forms(forms),
        keep_text=keep_text,
        shard_turns=shard_turns,
    )
    settings = Settings(threads, strict, progress or (lambda _: None))
    return begin(task, Path(output), scorer, settings, resume=resume)


def resume_corpus(
    output: str | os.PathLike[str],
    *,
    threads: int | None = None,
    strict: bool = False,
    progress: Callable[[Status], object] | None = None,
) -> ScoredCorpus:
    """Go on with a run that was stopped; a complete one is given as it is.

    Args:
        output: the folder.
        threads: as in `score_corpus`; the scores do not depend on it.
        strict: as in `score_corpus`, from here on.
        progress: as in `score_corpus`.

    Raises:
        FileAccessError: there is no run, another process goes on with it, or a file cannot be read or written.
        IntegrityError: a part is damaged, or an input, the bundle or a version is not what it was; see `score_corpus`.

    >>> resume_corpus("none")
    Traceback (most recent call last):
    alliancekit.errors.FileAccessError: none: no run there: manifest.json is missing.

    """
    return go_on(Path(output), Settings(threads, strict, progress or (lambda _: None)))


def begin(task: Task, output: Path, scorer: Scorer, settings: Settings, *, resume: bool = False) -> ScoredCorpus:
    """Do what `score_corpus` does."""
    layout = Layout(output)
    check_folder(layout, resume=resume)
    status = Status()
    inputs = find_inputs(task, scorer, output, tick=lambda _: settings.progress(status))
    with locked(layout, settings.storage):
        check_folder(layout, resume=resume)  # again: another process may have been quicker
        clear_temporary(layout, settings.storage)
        if layout.manifest.exists():
            manifest = complete(layout, inputs.plan)
            remove_unfinished(layout, settings.storage)
            return ScoredCorpus(output, manifest, status)
        _write_plan(layout, inputs.plan, settings.storage)
        _run(layout, inputs, scorer, status, settings)
    return ScoredCorpus(output, read_manifest(output), status)


def go_on(output: Path, settings: Settings) -> ScoredCorpus:
    """Do what `resume_corpus` does."""
    layout = Layout(output)
    if layout.plan.exists():
        task = read_plan(layout.plan).task
        scorer = Scorer(task.bundle, threads=settings.threads, method=task.method, precision=task.precision)
        return begin(task, output, scorer, settings, resume=True)
    manifest = read_manifest(output)
    if layout.unfinished.exists():
        with locked(layout, settings.storage):
            clear_temporary(layout, settings.storage)
            remove_unfinished(layout, settings.storage)
    return ScoredCorpus(output, manifest, Status("done"))


def _write_plan(layout: Layout, plan: Plan, storage: Storage) -> None:
    """Write down what is to be done, or compare it with what was begun."""
    if layout.plan.exists():
        read_plan(layout.plan).refuse_other(plan, layout.folder)
        return
    write_bytes(plan.to_json().encode(), layout.plan, storage=storage)


def _run(layout: Layout, inputs: Inputs, scorer: Scorer, status: Status, settings: Settings) -> None:
    run = Run(
        layout,
        inputs,
        scorer,
        settings.storage,
        status,
        ProblemTally(settings.tell),
        settings.strict,
        tick=lambda: settings.progress(status),
        records=read_records(layout),
    )
    try:
        run.go()
    finally:
        if not layout.record(0).exists() and not layout.manifest.exists():
            forget(layout, settings.storage)
