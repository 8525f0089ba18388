"""The compiled core. People use `alliancekit.Scorer` and the functions of `alliancekit`; this is what they rest on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, final

import numpy as np
from numpy.typing import NDArray

__version__: str

class ArrowArray(Protocol):
    """A single Arrow array."""

    def __arrow_c_array__(self, requested_schema: object = None) -> Any: ...

class ArrowStream(Protocol):
    """An Arrow array in chunks, or a table."""

    def __arrow_c_stream__(self, requested_schema: object = None) -> Any: ...

Progress = Callable[[int, int], object]
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
    ) -> Engine:
        """Open the folder `bundle` with the ONNX Runtime library at the absolute path `library`.

        `token_budget` is the most tokens in a batch of more than one turn; `merge_repeats=False` scores equal
        texts each time they come, to measure what scoring them once gains.
        """

    def score(
        self,
        texts: ArrowArray | ArrowStream,
        *,
        method: str | None = None,
        progress: Progress | None = None,
    ) -> ArrowStream:
        """Score each text: a table with `n_tokens` (UInt32), `truncated` (Boolean) and, for each form and scale, a
        Float32 column such as `task_patient_form`; null where a text is null or blank.
        """

    def embed(self, texts: ArrowArray | ArrowStream, *, progress: Progress | None = None) -> NDArray[np.float32]:
        """Unit-norm embeddings, float32 [n, d]; a row of NaN where a text is null or blank."""

    def items(
        self,
        texts: ArrowArray | ArrowStream,
        form: str,
        *,
        progress: Progress | None = None,
    ) -> NDArray[np.float32]:
        """Similarity to each item of `form`, float32 [n, items]; a row of NaN where a text is null or blank."""

    @property
    def threads(self) -> int:
        """Threads used at most."""

def available_threads() -> int:
    """Threads that this process may use: its affinity mask, within its control group's quota."""

def processor_features() -> list[str]:
    """Instruction sets that matter for scoring and that this processor has."""

def opened_library() -> Path | None:
    """The ONNX Runtime library that this process has open; a process can open only one."""
