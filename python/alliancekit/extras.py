"""What to install where a library of an extra is missing."""

from __future__ import annotations

from importlib.util import find_spec

from alliancekit.errors import MissingExtraError


def require(extra: str, *packages: str) -> None:
    """Refuse to go on without the packages of an extra.

    Raises:
        MissingExtraError: one is not installed.

    >>> require("report", "polars")
    >>> require("spss", "no_such_package")
    Traceback (most recent call last):
    alliancekit.errors.MissingExtraError: no_such_package not installed: pip install 'alliancekit[spss]'.

    """
    missing = [name for name in packages if find_spec(name) is None]
    if missing:
        raise MissingExtraError(f"{' and '.join(missing)} not installed: pip install 'alliancekit[{extra}]'.")
