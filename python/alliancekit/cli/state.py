"""What the options before the subcommand say."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class State:
    """Options that hold for every command.

    Attributes:
        debug: show the traceback of an error.

    """

    debug: bool = False
