"""The error for a format whose library is an extra that is not installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit.errors import MissingExtraError

if TYPE_CHECKING:
    from pathlib import Path


def missing_extra(path: Path, extra: str, package: str) -> MissingExtraError:
    """Make the error that says what to install.

    >>> from pathlib import Path
    >>> print(missing_extra(Path("talks.xlsx"), "excel", "fastexcel"))
    talks.xlsx: reading it needs the package fastexcel. Install it with pip install 'alliancekit[excel]'.
    """
    return MissingExtraError(
        f"{path}: reading it needs the package {package}. Install it with pip install 'alliancekit[{extra}]'."
    )
