"""The exit codes of every command, and which error ends with which."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from alliancekit.errors import (
    AllianceError,
    BundleError,
    DataError,
    EncoderError,
    InventoryError,
    MissingExtraError,
    ParameterError,
)


class ExitCode(IntEnum):
    """What a command ends with; scripts may rely on these.

    >>> ExitCode.DATA == 3
    True

    """

    CLEAN = 0
    INTERNAL = 1
    USAGE = 2
    DATA = 3
    IO = 4
    INTEGRITY = 5
    QUARANTINED = 6
    INTERRUPTED = 130
    TERMINATED = 143


TABLE: Final[tuple[tuple[type[BaseException], ExitCode], ...]] = (
    (KeyboardInterrupt, ExitCode.INTERRUPTED),
    (ParameterError, ExitCode.USAGE),
    (MissingExtraError, ExitCode.USAGE),
    (DataError, ExitCode.DATA),
    (InventoryError, ExitCode.DATA),
    (EncoderError, ExitCode.DATA),
    (BundleError, ExitCode.INTEGRITY),
    (OSError, ExitCode.IO),
    (AllianceError, ExitCode.INTERNAL),
)
"""The first kind that an error is of says its code; an error of no kind is internal."""


def exit_code(error: BaseException) -> ExitCode:
    """Give the code that a command ends with for `error`.

    >>> exit_code(FileNotFoundError("no such file"))
    <ExitCode.IO: 4>

    """
    return next((code for kind, code in TABLE if isinstance(error, kind)), ExitCode.INTERNAL)
