"""The compiled core. People use `alliancekit.Scorer` and the functions of `alliancekit`; this is what they rest on."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "Engine",
    "TokenCounter",
    "__version__",
    "available_threads",
    "bootstrap_studentised",
    "cluster_estimates",
    "coupling_circle",
    "coupling_mismatched",
    "coupling_studentised",
    "opened_library",
    "operations_per_second",
    "permutation_studentised",
    "processor_features",
    "signflip_observed",
    "signflip_studentised",
    "student_p",
    "student_quantile",
    "turn_sum_names",
    "turn_sums",
]

__version__: str

class _ArrowArray(Protocol):
    """A single Arrow array."""

    def __arrow_c_array__(self, requested_schema: object = None) -> Any: ...

class _ArrowStream(Protocol):
    """An Arrow array in chunks, or a table."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any: ...

_Progress: TypeAlias = Callable[[int, int], object]
"""Called with the tokens encoded so far and the tokens to encode, about twenty times a second."""

@final
class Engine:
    """A model bundle, ready to score. Safe to share between threads; refuses to run in a forked child.

    Every method takes a column of texts (an Arrow array or stream of Utf8, LargeUtf8, Utf8View or Null), releases
    the GIL, and raises KeyboardInterrupt within a second of Ctrl-C.
    """

    def __new__(
        cls,
        bundle: str,
        library: str,
        threads: int,
        *,
        token_budget: int = 1024,
        merge_repeats: bool = True,
        precision: str = "float32",
        emulate: bool = False,
    ) -> Engine:
        """Open the folder `bundle` with the ONNX Runtime library at the absolute path `library`.

        `token_budget` is the most tokens in a batch of more than one turn; `merge_repeats=False` scores equal
        texts each time they come, to measure what scoring them once gains. `precision` is `auto`, `float32`,
        `bfloat16`, `int16` or `int8`; where the processor has no instructions for it, the next more precise one runs,
        unless `emulate` asks for the slow way, to measure fidelity.
        """

    def score(
        self,
        texts: _ArrowArray | _ArrowStream,
        *,
        method: str | None = None,
        progress: _Progress | None = None,
    ) -> _ArrowStream:
        """Score each text: a table with a row per text, null where a text is null or blank.

        Its columns are `n_tokens` (UInt32), `truncated` (Boolean) and, for each form and scale, a Float32 column such
        as `task_patient_form`.
        """

    def score_and_embed(
        self,
        texts: _ArrowArray | _ArrowStream,
        *,
        method: str | None = None,
        progress: _Progress | None = None,
    ) -> tuple[_ArrowStream, NDArray[np.float32]]:
        """What `score` and `embed` give, the same bits, from one run of the encoder."""

    def embed(self, texts: _ArrowArray | _ArrowStream, *, progress: _Progress | None = None) -> NDArray[np.float32]:
        """Unit-norm embeddings, float32 [n, d]; a row of NaN where a text is null or blank."""

    def items(
        self,
        texts: _ArrowArray | _ArrowStream,
        form: str,
        *,
        progress: _Progress | None = None,
    ) -> NDArray[np.float32]:
        """Similarity to each item of `form`, float32 [n, items]; a row of NaN where a text is null or blank."""

    @property
    def tier(self) -> tuple[str, str, str, str]:
        """What runs: its precision, engine (`onnxruntime` or `kernels`), instruction set, and why."""

    @property
    def stages(self) -> tuple[float, float, float]:
        """Seconds that threads have been busy since the engine was opened: tokenizing, encoding, in the head.

        The head is 0 where the whole graph runs in ONNX Runtime.
        """

    @property
    def threads(self) -> int:
        """Threads used at most."""

@final
class TokenCounter:
    """The tokenizer of a model bundle, to count with; opens no ONNX Runtime, and reads no model."""

    def __new__(cls, bundle: str, threads: int) -> TokenCounter:
        """Open the tokenizer of the bundle in the folder `bundle`, to count on at most `threads` threads."""

    def count(self, texts: _ArrowArray | _ArrowStream) -> NDArray[np.uint32]:
        """Tokens of each text before truncation, special tokens counted: [n]; 0 where a text is null or blank.

        As `Engine.score` counts them. Releases the GIL, and raises KeyboardInterrupt within a second of Ctrl-C.
        """

    def ids(self, texts: _ArrowArray | _ArrowStream) -> list[NDArray[np.uint32]]:
        """The ids of each text's tokens as the model reads them: [tokens] each; empty where a text is null or blank."""

    @property
    def max_tokens(self) -> int:
        """The most tokens of a text that the model reads, special tokens counted."""

def available_threads() -> int:
    """Threads that this process may use: its affinity mask, within its control group's quota."""

def processor_features() -> list[str]:
    """Instruction sets that matter for scoring and that this processor has."""

def operations_per_second(precision: str, threads: int, seconds: float) -> float:
    """Multiplications and additions a second at best, in the numbers of `precision` (`auto`: float32).

    Measured for about `seconds` on each of `threads` threads, with all that is multiplied in the first cache.
    """

def opened_library() -> Path | None:
    """The ONNX Runtime library that this process has open; a process can open only one."""

_Floats: TypeAlias = NDArray[np.float64]
_Codes: TypeAlias = NDArray[np.uint32]
_Arm: TypeAlias = tuple[_Floats, _Floats]
"""Sums and weights, each float64 [clusters, columns]."""
_Chunk: TypeAlias = tuple[int, int, int, int]
"""Seed, index of the first replicate, how many, threads (0: all available)."""

def cluster_estimates(arms: Sequence[_Arm]) -> _Floats:
    """Estimates and cluster-robust standard errors of one arm, or of the difference of two: [2 · columns]."""

def bootstrap_studentised(arms: Sequence[_Arm], strata: _Codes, chunk: _Chunk) -> _Floats:
    """Studentised statistics of a chunk of cluster-bootstrap replicates: [count · columns]."""

def signflip_observed(sums: _Floats, weights: _Floats) -> _Floats:
    """The studentised statistic that sign flips are compared with: [columns]."""

def signflip_studentised(sums: _Floats, weights: _Floats, exact: bool, chunk: _Chunk) -> _Floats:
    """Studentised statistics of a chunk of sign patterns, all of them in turn when `exact`: [count · columns]."""

def permutation_studentised(
    cells: _Arm, clusters: _Codes, blocks: _Codes, target: NDArray[np.bool_], chunk: _Chunk, *, equal: bool = False
) -> _Floats:
    """Welch-type studentised differences: of the labels as they are, then of a chunk of permutations.

    [(1 + count) · columns]. Units come in the order of their blocks, within which labels move; clusters are
    numbered from 0. With `equal` a cluster weighs 1 on each side, whatever its units weigh.
    """

def coupling_circle(sessions: int, seed: int) -> NDArray[np.uint64]:
    """The session in each place of the random circle in which sessions are paired: [sessions]."""

def coupling_mismatched(
    series: tuple[_Floats, _Floats],
    places: tuple[NDArray[np.uint64], _Codes],
    people: tuple[_Codes, _Codes],
    most: int,
    chunk: _Chunk,
) -> _Floats:
    """Correlations of the patients of a chunk of sessions with therapists of other sessions: [count · 2 · most].

    `series` are the scores of patients and therapists, exchange by exchange; `places` say where each session starts
    and how many exchanges it has; `people` are codes of each session's patient and therapist. A session is paired
    with up to `most` of the next sessions in the circle that share neither, cut to the shorter, both sides freed of
    their trend: a row holds the correlations, then the exchanges of each; NaN and 0 where there is no pair. The
    chunk's "replicates" are places in `coupling_circle`.
    """

def coupling_studentised(
    deviations: _Floats, counts: _Codes, weights: _Floats, clusters: _Codes, chunk: _Chunk
) -> _Floats:
    """Studentised statistics of a chunk of replicates, one deviation drawn for each session: [count].

    `deviations` are float64 [sessions, most], the first `counts` of a row are there; `clusters` come in ascending
    order, and `weights` are the sessions' own.
    """

def student_quantile(probability: float, freedom: float) -> float:
    """Quantile of Student's t."""

def student_p(t: float, freedom: float) -> float:
    """Two-sided p of Student's t."""

def turn_sum_names() -> tuple[list[str], list[str]]:
    """Names of the sums of a role on a scale, and of those over the exchanges on a scale, in order."""

def turn_sums(
    offsets: NDArray[np.uint64],
    turns: tuple[NDArray[np.uint8], _Floats],
    scores: Sequence[_Floats],
    blocks: Sequence[tuple[float, float]],
    threads: int,
) -> _Floats:
    """Sums over the turns of whole sessions, each session's together and in order: [sessions · width].

    `offsets` say where each session begins and where the last one ends; `turns` are roles (0 patient, 1 therapist)
    and weights, 0 for a turn that is not scored; `scores` are the scales', NaN for none. A row has, for the patient
    and then the therapist, for each scale, the first of `turn_sum_names`, and a weight and a weighted sum for each
    block; then the second of `turn_sum_names` for each scale. A block is a range of u: its bound nearer to the middle
    is outside of it, the other one inside; one over the middle is open. `threads`: 0 for one per core.
    """
