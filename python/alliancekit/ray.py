"""Scoring a Ray dataset: actors that load the bundle once each. Needs ``pip install 'alliancekit[ray]'``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from alliancekit.corpus.arrow_batches import score_batches
from alliancekit.errors import MissingExtraError, ParameterError

if TYPE_CHECKING:
    from os import PathLike

    import pyarrow as pa
    from ray.data import Dataset

    from alliancekit import schema

BATCH_ROWS: Final = 8192
"""Turns that an actor scores at a time."""


def score_dataset(  # noqa: PLR0913 - each is a choice of the caller, by name
    dataset: Dataset,
    *,
    bundle: str | PathLike[str] | None = None,
    actors: int = 1,
    threads: int = 1,
    forms: schema.Forms = "own",
    keep_text: bool = False,
    batch_rows: int = BATCH_ROWS,
    **scoring: Any,  # noqa: ANN401 - passed on
) -> Dataset:
    """Score the turns of a dataset; nothing is done until it is taken from or written.

    Args:
        dataset: rows with the columns that `Scorer.score` asks for. A turn stands in one row of the dataset.
        bundle: folder of a model bundle on every node; None is the one inside the package.
        actors: how many, each with a bundle of its own.
        threads: threads, and processors asked for, of each actor.
        forms: as in `Scorer.score`.
        keep_text: as in `Scorer.score`.
        batch_rows: turns that an actor scores at a time.
        **scoring: `method`, `precision`, `columns` and `roles`, as in `score_batches`.

    Returns:
        The dataset that `score_batches` makes of each block; the order of rows is that of Ray. With Ray Data's
        checkpointing (``DataContext.checkpoint_config``) a job that is started again leaves out what is written.

    Raises:
        MissingExtraError: Ray is not installed.
        ParameterError: a number is not positive.

    """
    try:
        from ray.data import ActorPoolStrategy  # noqa: PLC0415 - an extra, which takes seconds to import
    except ImportError:
        raise MissingExtraError("Ray is not installed. Install it with pip install 'alliancekit[ray]'.") from None
    if min(actors, threads, batch_rows) < 1:
        raise ParameterError("actors, threads and batch_rows are at least 1.")
    options = {"bundle": bundle, "threads": threads, "forms": forms, "keep_text": keep_text, **scoring}
    scored: Dataset = dataset.map_batches(
        _Scoring,
        fn_constructor_args=(options,),
        batch_size=batch_rows,
        batch_format="pyarrow",
        compute=ActorPoolStrategy(size=actors),
        num_cpus=threads,
    )
    return scored


class _Scoring:
    """Scores batches in an actor."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options

    def __call__(self, table: pa.Table) -> pa.Table:
        import pyarrow as pa  # noqa: PLC0415 - Ray has it

        batch = table.combine_chunks().to_batches()
        whole = batch[0] if batch else pa.RecordBatch.from_pylist([], schema=table.schema)
        return pa.Table.from_batches(list(score_batches([whole], **self._options)))
