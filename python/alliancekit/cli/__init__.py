"""The command line: one file per command; it calls everything, and nothing calls it."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from alliancekit.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["ExitCode", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `alliance` and give its exit code (see `ExitCode`).

    Args:
        arguments: what stands after the command's name; None takes them from the process.

    >>> main(["score", "none.csv", "-o", "scores.parquet"])
    <ExitCode.IO: 4>

    """
    try:
        return _run(arguments)
    except KeyboardInterrupt:  # while the command was being loaded
        sys.stderr.write("Interrupted.\n")
        return ExitCode.INTERRUPTED


def _run(arguments: Sequence[str] | None) -> int:
    from alliancekit.cli.app import app  # noqa: PLC0415 - Typer is loaded when a command runs, not on import
    from alliancekit.cli.failures import report  # noqa: PLC0415
    from alliancekit.cli.state import State  # noqa: PLC0415
    from alliancekit.cli.stopping import stopped_by_sigterm  # noqa: PLC0415
    from alliancekit.cli.working import leave_at_once_if_work_goes_on  # noqa: PLC0415

    state = State()
    _escape_what_the_terminal_cannot_show()
    code: int = ExitCode.CLEAN
    try:
        with stopped_by_sigterm():
            app(args=arguments, prog_name="alliance", obj=state)
    except SystemExit as done:
        code = _typer_code(done)
    except BaseException as error:  # noqa: BLE001 - every end of a command goes through the table of exit codes
        code = report(error, debug=state.debug)
    leave_at_once_if_work_goes_on(code)
    return code


def _typer_code(done: SystemExit) -> int:
    if done.code == ExitCode.INTERRUPTED:
        sys.stderr.write("Interrupted.\n")
    return done.code if isinstance(done.code, int) else ExitCode.CLEAN


def _escape_what_the_terminal_cannot_show() -> None:
    # A label or a path may hold characters that the terminal's encoding lacks; that is no reason to fail.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
