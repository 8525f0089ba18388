"""A command as it is typed again: with every option that matters for its result, and file names without folders."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from alliancekit.labels import printable

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def command_line(name: str, scores: Path, output: Path, choices: Mapping[str, object]) -> str:
    """Give the command, quoted for a shell; folders are left out, since they may name people or studies.

    >>> from pathlib import Path
    >>> command_line("report", Path("ann/s.csv"), Path("r.html"), {"by": "my label", "quotes": False, "seed": 1})
    "alliance report s.csv -o r.html --by 'my label' --seed 1"

    """
    words = ["alliance", name, scores.name, "-o", output.name]
    for option, value in choices.items():
        long = f"--{option.replace('_', '-')}"
        if value is True:
            words.append(long)
        elif isinstance(value, list | tuple):
            words += [word for one in value for word in (long, str(one))]
        elif value is not None and value is not False:
            words += [long, str(value)]
    return printable(shlex.join(words))
