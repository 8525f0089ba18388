"""Arrow batches in, Arrow batches out: scoring as a step of an engine that moves them, such as Spark."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import polars as pl

from alliancekit import schema
from alliancekit.scorer import Scorer, checked_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pyarrow as pa

    from alliancekit.precision import Precision


def score_batches(  # noqa: PLR0913 - each is a choice of the caller, by name
    batches: Iterable[pa.RecordBatch],
    *,
    bundle: str | os.PathLike[str] | None = None,
    method: str | None = None,
    precision: Precision = "auto",
    forms: schema.Forms = "own",
    columns: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    keep_text: bool = False,
    threads: int | None = None,
) -> Iterator[pa.RecordBatch]:
    """Score turns batch by batch; the bundle is loaded once a process.

    Args:
        batches: pyarrow record batches with the columns that `Scorer.score` asks for.
        bundle: folder of a model bundle, on every machine; None is the one inside the package.
        method: as in `Scorer`.
        precision: as in `Scorer`; where machines differ, one that all of them have keeps their scores alike.
        forms: as in `Scorer.score`.
        columns: as in `Scorer.score`.
        roles: as in `Scorer.score`.
        keep_text: as in `Scorer.score`.
        threads: threads at most; one is right where the engine runs a process for each core.

    Returns:
        For each batch the rows of `Scorer.score` with the same bits, in batches of the schema of `scored_schema`:
        carried columns keep their type, and `n_tokens` is Int32, since Spark knows no unsigned numbers.

    Raises:
        DataError, ColumnError, RoleError, BundleError: as `Scorer.score` and `Scorer` do.

    >>> import pyarrow as pa
    >>> talk = {"session_id": ["s"], "turn_index": [0], "role": ["client"], "text": ["I feel heard."]}
    >>> [batch.num_rows for batch in score_batches([pa.RecordBatch.from_pydict(talk)], threads=1)]
    [1]

    """
    scorer = _scorer(None if bundle is None else os.fspath(bundle), threads, method, precision, os.getpid())
    for batch in batches:
        scored = scorer.score(batch, forms=forms, columns=columns, roles=roles, keep_text=keep_text)
        wanted = _schema(batch.schema, scorer, forms, columns or {}, keep_text=keep_text)
        table = scored.with_columns(pl.col(schema.N_TOKENS).cast(pl.Int32)).to_arrow().cast(wanted)
        yield _one_batch(table)


def scored_schema(  # noqa: PLR0913 - as above
    turns: pa.Schema,
    *,
    bundle: str | os.PathLike[str] | None = None,
    method: str | None = None,
    forms: schema.Forms = "own",
    columns: Mapping[str, str] | None = None,
    keep_text: bool = False,
) -> pa.Schema:
    """Give the schema of what `score_batches` makes of turns, which Spark wants to know before.

    >>> import pyarrow as pa
    >>> text = pa.string()
    >>> turns = pa.schema({"session_id": text, "turn_index": pa.int64(), "role": text, "text": text})
    >>> scored_schema(turns).names
    ['session_id', 'turn_index', 'role', 'n_tokens', 'truncated', 'task', 'bond', 'goal', 'total']

    """
    scorer = _scorer(None if bundle is None else os.fspath(bundle), 1, method, "float32", os.getpid())
    return _schema(turns, scorer, checked_forms(forms), columns or {}, keep_text=keep_text)


@lru_cache(maxsize=4)
def _scorer(bundle: str | None, threads: int | None, method: str | None, precision: Precision, _process: int) -> Scorer:
    """Load a scorer once a process: one that was loaded before a fork cannot be used after it."""
    return Scorer(bundle, threads=threads, method=method, precision=precision)


def _schema(
    turns: pa.Schema, scorer: Scorer, forms: schema.Forms, columns: Mapping[str, str], *, keep_text: bool
) -> pa.Schema:
    import pyarrow as pa  # noqa: PLC0415 - whoever has batches has it

    names = {name: canonical for canonical, name in columns.items()}
    carried = [field.with_name(names.get(field.name, field.name)) for field in turns]
    own_types = {schema.ROLE: pa.string(), schema.TEXT: pa.string()}
    kept = [field.with_type(own_types.get(field.name, _plain(field.type))) for field in carried]
    fields: list[pa.Field[Any]] = [field for field in kept if keep_text or field.name != schema.TEXT]
    fields += [pa.field(schema.N_TOKENS, pa.int32()), pa.field(schema.TRUNCATED, pa.bool_())]
    fields += [pa.field(name, pa.float32()) for name in (*scorer.scales, *scorer.form_columns(forms))]
    return pa.schema(fields)


def _one_batch(table: pa.Table) -> pa.RecordBatch:
    import pyarrow as pa  # noqa: PLC0415 - as above

    columns = [column.combine_chunks() for column in table.columns]
    return pa.RecordBatch.from_arrays(columns, schema=table.schema)


def _plain(kind: pa.DataType) -> pa.DataType:
    """Give the type of a column that may be a dictionary, which becomes what it stands for."""
    import pyarrow as pa  # noqa: PLC0415 - as above

    return kind.value_type if pa.types.is_dictionary(kind) else kind
