"""The error where a library of the extra `report` is not installed."""

from __future__ import annotations

from importlib.util import find_spec

from alliancekit.errors import MissingExtraError


def require(*packages: str) -> None:
    """Say what to install where a package is missing.

    Raises:
        MissingExtraError: one is.

    >>> require("polars")

    """
    for package in packages:
        if find_spec(package) is None:
            raise MissingExtraError(
                f"This needs the package {package}. Install it with pip install 'alliancekit[report]'."
            )
