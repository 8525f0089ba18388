"""Frames or texts in, alliance scores out."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, get_args

import polars as pl

from alliancekit import schema
from alliancekit.echo import ECHO, echo_column
from alliancekit.errors import BundleError, ColumnError, ParameterError
from alliancekit.model.bundle import read_manifest
from alliancekit.precision import EngineInfo, Precision, checked_precision, engine_info
from alliancekit.runtime import checked_threads, open_engine
from alliancekit.texts import Texts, text_column
from alliancekit.turns import TurnTable, canonical_turns

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Mapping

    import numpy as np
    from numpy.typing import NDArray

    Progress = Callable[[int, int], object]

PACKAGED_BUNDLE: Final = Path(__file__).parent / "bundle"
"""The model bundle inside the package."""


class Scorer:
    """Scores turns with a model bundle. Cheap to hold, safe to share between threads, picklable.

    Args:
        bundle: folder of a model bundle; None is the one inside the package.
        threads: threads used at most, one ONNX Runtime session each; None is all that are available.
        method: `gated`, `contrast`, `signed-sum` or `keyed-mean`, as the bundle has them; None is the bundle's default.
        precision: `float32` is ONNX Runtime, the reference. `bfloat16`, `int16` and `int8` are kernels of our own for
            the same model; where the processor has no instructions for one, the next more precise one runs. `auto` is
            the fastest one whose scale scores the bundle records as faithful (r ≥ .999). `info` says what runs.

    Raises:
        FileNotFoundError: the folder, or a file of it, is missing.
        BundleError: the bundle is damaged, foreign or of another format (IntegrityError: a hash differs).
        RuntimeLibraryError: ONNX Runtime is missing or too old.
        ParameterError: `threads`, `method` or `precision` is not allowed.

    Example:
        >>> import polars as pl
        >>> scorer = Scorer(threads=1)
        >>> scorer.scales
        ('task', 'bond', 'goal', 'total')
        >>> turns = pl.DataFrame({
        ...     "session_id": ["s1", "s1"],
        ...     "turn_index": [0, 1],
        ...     "role": ["therapist", "client"],
        ...     "text": ["What would you like to work on?", "I want us to keep going with the walks."],
        ... })
        >>> scorer.score(turns).columns
        ['session_id', 'turn_index', 'role', 'n_tokens', 'truncated', 'task', 'bond', 'goal', 'total']

    """

    def __init__(
        self,
        bundle: str | os.PathLike[str] | None = None,
        *,
        threads: int | None = None,
        method: str | None = None,
        precision: Precision = "auto",
    ) -> None:
        self.bundle_path: Path = _bundle_path(bundle)
        self.manifest: dict[str, Any] = read_manifest(self.bundle_path)
        self.bundle_sha256: str = hashlib.sha256((self.bundle_path / "bundle.json").read_bytes()).hexdigest()
        self.threads: int = checked_threads(threads)
        self.method: str | None = self._checked_method(method)
        self.precision: Precision = checked_precision(precision)
        self._engine = open_engine(self.bundle_path, threads=self.threads, precision=self.precision)

    @property
    def info(self) -> EngineInfo:
        """What scores: the precision that runs, on what, why, and how faithful it is.

        Example:
            >>> Scorer(threads=1, precision="float32").info.engine
            'onnxruntime'

        """
        return engine_info(self._engine, self.precision, self.manifest)

    @property
    def scales(self) -> tuple[str, ...]:
        """The bundle's ordered scales, the total among them: the names of the score columns."""
        return tuple(self.manifest["scales"])

    @property
    def forms(self) -> tuple[str, ...]:
        """The bundle's forms: whose wording a turn can be compared with."""
        return tuple(self.manifest["forms"])

    def score(  # noqa: PLR0913 - each is a choice of the caller, by name
        self,
        frame: TurnTable,
        *,
        forms: schema.Forms = "own",
        columns: Mapping[str, str] | None = None,
        roles: Mapping[str, str] | None = None,
        keep_text: bool = False,
        echo: bool = False,
        progress: Progress | None = None,
    ) -> pl.DataFrame:
        """Score each turn.

        Args:
            frame: a table of turns with `session_id`, `turn_index`, `role` and `text`: polars, pyarrow, pandas,
                anything else with ``__arrow_c_stream__``, or a LazyFrame (whose rows come sorted by `session_id`
                and `turn_index`).
            forms: `own` scores a turn in the form of its speaker's role; `all` adds each scale in each form.
            columns: canonical name → name in the data, e.g. ``{"text": "utterance_text"}``.
            roles: name in the data → `patient` or `therapist`, over the names known by default.
            keep_text: keep the text in the result; it is left out otherwise.
            echo: add the column `echo` (Float32): the cosine of a therapist's turn with the patient's turn right before
                it in the session, null for any other turn (see `docs/live.md`).
            progress: called now and then with the work done and the work to do (tokens).

        Returns:
            The rows of `frame` in their order, all its columns but the text, then `n_tokens` (UInt32, before
            truncation, special tokens counted), `truncated` (Boolean) and a Float32 column for each scale. Where the
            text is null or blank these are null.

        Raises:
            ParameterError, ColumnError, RoleError, DataError: see `alliancekit.turns.canonical_turns`.
            ForkError: the process was forked after the scorer was made.

        """
        checked_forms(forms)
        turns = canonical_turns(frame, columns=columns, roles=roles)
        self.refuse_clash(turns, forms, echo=echo)
        if not echo:
            scored = self.score_texts(turns[schema.TEXT], progress=progress)
            return self.attach(turns, scored, forms=forms, keep_text=keep_text)
        scored, vectors = self.score_and_embed(turns[schema.TEXT], progress=progress)
        return self.attach(turns, scored, forms=forms, keep_text=keep_text).with_columns(echo_column(turns, vectors))

    def score_texts(self, texts: Texts, *, progress: Progress | None = None) -> pl.DataFrame:
        """Score texts that stand in no session: a row each, in order, each scale in each form.

        Returns:
            `n_tokens` (UInt32), `truncated` (Boolean), and Float32 columns such as `task_patient_form`; null where a
            text is None or blank.

        Raises:
            ParameterError, ColumnError: see `alliancekit.texts.text_column`.

        Example:
            >>> Scorer(threads=1).score_texts(["I feel heard."]).columns[:3]
            ['n_tokens', 'truncated', 'task_patient_form']

        """
        return pl.DataFrame(self._engine.score(text_column(texts), method=self.method, progress=progress))

    def attach(
        self, turns: pl.DataFrame, scored: pl.DataFrame, *, forms: schema.Forms = "own", keep_text: bool = False
    ) -> pl.DataFrame:
        """Put what `score_texts` gave for the texts of a canonical turn table beside its turns, as `score` does."""
        carried = turns if keep_text else turns.drop(schema.TEXT)
        own = pl.concat([turns.select(schema.ROLE), scored], how="horizontal").select(self._own_form())
        in_each_form = scored.select(self.form_columns(forms))
        counts = scored.select(schema.N_TOKENS, schema.TRUNCATED)
        return pl.concat([carried, counts, own, in_each_form], how="horizontal")

    def score_and_embed(
        self, texts: Texts, *, progress: Progress | None = None
    ) -> tuple[pl.DataFrame, NDArray[np.float32]]:
        """Give what `score` says in each form, and `embed`, from one run of the encoder: the same bits.

        Returns:
            A row for each text: `n_tokens`, `truncated` and each scale in each form (``task_patient_form``, …), null
            where a text is None or blank; and the unit-norm embeddings, float32 [n, d], NaN there.

        Raises:
            ParameterError, ColumnError: see `alliancekit.texts.text_column`.

        Example:
            >>> table, vectors = Scorer(threads=1).score_and_embed(["I feel heard here."])
            >>> table.columns[:3], vectors.shape
            (['n_tokens', 'truncated', 'task_patient_form'], (1, 384))

        """
        table, vectors = self._engine.score_and_embed(text_column(texts), method=self.method, progress=progress)
        return pl.DataFrame(table), vectors

    def embed(self, texts: Texts, *, progress: Progress | None = None) -> NDArray[np.float32]:
        """Give the unit-norm embedding of each text: float32 [n, d]; a row of NaN where a text is None or blank.

        Raises:
            ParameterError, ColumnError: see `alliancekit.texts.text_column`.

        Example:
            >>> Scorer(threads=1).embed(["I feel heard.", None]).shape
            (2, 384)

        """
        return self._engine.embed(text_column(texts), progress=progress)

    def items(
        self,
        texts: Texts,
        *,
        form: schema.Form = "patient",
        progress: Progress | None = None,
    ) -> NDArray[np.float32]:
        """Give each text's cosine with each item's `agree` centroid in `form`: float32 [n, items], NaN where blank.

        Raises:
            ParameterError: the bundle has no such form; or see `alliancekit.texts.text_column`.

        Example:
            >>> Scorer(threads=1).items(["I feel heard."], form="patient").shape
            (1, 36)

        """
        return self._engine.items(text_column(texts), form, progress=progress)

    def __repr__(self) -> str:
        where = f"{str(self.bundle_path)!r}, threads={self.threads}"
        return f"Scorer({where}, method={self.method!r}, precision={self.precision!r})"

    def __reduce__(self) -> tuple[Callable[..., Scorer], tuple[Path, int, str | None, Precision]]:
        return _restore, (self.bundle_path, self.threads, self.method, self.precision)

    def _checked_method(self, method: str | None) -> str | None:
        known = self.manifest["methods"]
        if method is not None and method not in known:
            raise ParameterError(f"the bundle has no method {method!r}; it has: {', '.join(known) or 'none'}")
        default: str | None = self.manifest["default_method"]
        return method or default

    def _own_form(self) -> list[pl.Expr]:
        return [self._in_own_form(scale).alias(scale) for scale in self.scales]

    def _in_own_form(self, scale: str) -> pl.Expr:
        by_role = [
            pl.when(pl.col(schema.ROLE) == form).then(pl.col(schema.form_column(scale, form))) for form in self.forms
        ]
        return pl.coalesce(by_role)

    def form_columns(self, forms: schema.Forms) -> list[str]:
        """Name the columns that `forms` adds to those of the scales."""
        if forms == "own":
            return []
        return [schema.form_column(scale, form) for scale in self.scales for form in self.forms]

    def refuse_clash(self, turns: pl.DataFrame, forms: schema.Forms, *, echo: bool = False) -> None:
        """Refuse turns with a column where the scores would go.

        Raises:
            ColumnError: there is one.

        """
        added = {schema.N_TOKENS, schema.TRUNCATED, *self.scales, *self.form_columns(forms), *([ECHO] if echo else [])}
        clash = [name for name in turns.columns if name in added]
        if clash:
            raise ColumnError(
                f"the data already has a column named {', '.join(clash)}, where the scores would go; "
                "drop or rename it first",
            )


def checked_forms(forms: schema.Forms) -> schema.Forms:
    """Return `forms`; refuse what is neither `own` nor `all`.

    >>> checked_forms("own")
    'own'
    """
    if forms not in get_args(schema.Forms):
        raise ParameterError(f"forms is {forms!r}; it can be 'own' or 'all'")
    return forms


def _bundle_path(bundle: str | os.PathLike[str] | None) -> Path:
    if bundle is not None:
        return Path(bundle)
    if not (PACKAGED_BUNDLE / "bundle.json").exists():
        raise BundleError(
            f"there is no model bundle inside the package ({PACKAGED_BUNDLE}); in a source checkout make it with "
            "`make bundle`, or give the folder of another",
        )
    return PACKAGED_BUNDLE


def _restore(bundle: Path, threads: int, method: str | None, precision: Precision) -> Scorer:
    return Scorer(bundle, threads=threads, method=method, precision=precision)
