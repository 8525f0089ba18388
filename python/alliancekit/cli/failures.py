"""An error as people see it on the terminal: what is wrong and what to do, and no transcript's text."""

from __future__ import annotations

import sys
import traceback
from typing import TYPE_CHECKING

from alliancekit.cli.exit_codes import ExitCode, exit_code
from alliancekit.cli.stopping import TerminatedError
from alliancekit.errors import AllianceError
from alliancekit.labels import printable

if TYPE_CHECKING:
    from collections.abc import Iterator


def report(error: BaseException, *, debug: bool = False) -> ExitCode:
    """Say on stderr what went wrong and give the exit code.

    Args:
        error: what ended the command.
        debug: show the traceback as well, without local variables, which hold transcripts.

    """
    if isinstance(error, TerminatedError):
        sys.stderr.write("Terminated.\n")
        return ExitCode.TERMINATED
    code = exit_code(error)
    if code is ExitCode.INTERRUPTED:
        sys.stderr.write("Interrupted.\n")
        return code
    if debug:
        sys.stderr.writelines(_traceback(error))
    sys.stderr.write(f"error: {printable(_message(error))}\n")
    return code


def _message(error: BaseException) -> str:
    if isinstance(error, AllianceError):
        return str(error)
    if isinstance(error, OSError):
        return f"{error.filename}: {error.strerror}" if error.filename and error.strerror else str(error)
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" at {last[0].filename}:{last[0].lineno}" if last else ""
    return (
        f"internal error, {type(error).__name__}{where}. Its message is not shown, since it may quote a transcript. "
        "Please report it with the output of `alliance --debug …` and `alliance doctor`."
    )


def _traceback(error: BaseException) -> Iterator[str]:
    # Not traceback.format_exception: it prints the messages of other libraries' errors, which may quote the data.
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _traceback(cause)
        yield "which led to\n"
    yield from traceback.format_tb(error.__traceback__)
    yield f"{type(error).__name__}\n"
