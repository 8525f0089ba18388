"""Where the ONNX Runtime library is, and how it is opened: from PyPI's wheel, with telemetry off."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alliancekit import _native
from alliancekit.errors import ParameterError, RuntimeLibraryError

if TYPE_CHECKING:
    from alliancekit.precision import Precision

TELEMETRY_SWITCH: Final = "ORT_DISABLE_TELEMETRY"
"""Read by ONNX Runtime from 1.29 on while its library is opened; earlier versions hold no telemetry endpoint."""

_LIBRARY_PATTERNS: Final = ("libonnxruntime.so*", "libonnxruntime*.dylib", "onnxruntime.dll")


def library_path() -> Path:
    """Absolute path of the shared library inside the installed `onnxruntime` package.

    The package itself is not imported: that would take time and open a second copy of its Python parts.

    Raises:
        RuntimeLibraryError: `onnxruntime` is not installed, or its wheel holds no library.

    Example:
        >>> library_path().is_absolute()
        True

    """
    spec = importlib.util.find_spec("onnxruntime")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeLibraryError(
            "ONNX Runtime is not installed; install it with `pip install 'onnxruntime>=1.24,<1.29'`",
        )
    folder = Path(next(iter(spec.submodule_search_locations))).resolve() / "capi"
    found = [path for pattern in _LIBRARY_PATTERNS for path in sorted(folder.glob(pattern))]
    if not found:
        raise RuntimeLibraryError(
            f"no ONNX Runtime library in {folder}; reinstall it with "
            "`pip install --force-reinstall 'onnxruntime>=1.24,<1.29'`",
        )
    return found[0]


def switch_telemetry_off() -> None:
    """Turn ONNX Runtime's telemetry off in this process; done before its library is opened."""
    os.environ[TELEMETRY_SWITCH] = "1"


def available_threads() -> int:
    """Threads that this process may use: its affinity mask, within its control group's quota.

    Example:
        >>> available_threads() >= 1
        True

    """
    return _native.available_threads()


def open_engine(
    bundle: Path, *, threads: int | None = None, precision: Precision = "float32", emulate: bool = False
) -> _native.Engine:
    """Open the model bundle in the folder `bundle` for use with `threads` threads (default: all available).

    `precision` is that of `Scorer`; what runs is in the engine's `tier`. `emulate` runs it even where the processor has
    no instructions for it: slow, to measure fidelity.

    Raises:
        ParameterError: `threads` is not a positive whole number.
        FileNotFoundError: the folder lacks a file.
        BundleError: the bundle is damaged, foreign or of another format.
        IntegrityError: a file is not the one whose hash was recorded.
        RuntimeLibraryError: ONNX Runtime is missing or too old.

    """
    count = checked_threads(threads)
    switch_telemetry_off()
    return _native.Engine(os.fspath(bundle), os.fspath(library_path()), count, precision=precision, emulate=emulate)


def checked_threads(threads: int | None) -> int:
    """Return `threads`, or all that are available where it is None; refuse what is no positive whole number.

    Example:
        >>> checked_threads(2)
        2

    """
    if threads is None:
        return available_threads()
    if isinstance(threads, bool) or not isinstance(threads, int) or threads < 1:
        raise ParameterError(f"threads is {threads!r}; give a whole number from 1 up, or None for all available")
    return threads
