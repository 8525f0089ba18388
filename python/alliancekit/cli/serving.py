"""What `alliance serve` needs before it starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit.errors import FileAccessError, ParameterError

if TYPE_CHECKING:
    from pathlib import Path

PACKAGES: Final = ("starlette", "uvicorn", "pydantic", "prometheus_client")
SHORTEST_TOKEN: Final = 16


def read_token(path: Path) -> str:
    """Read the first line of a token's file.

    Raises:
        FileAccessError: it cannot be read.
        ParameterError: the line is too short to be a secret, or holds what a header cannot.

    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise FileAccessError(f"{path}: cannot be read: {error.strerror}.") from None
    token = lines[0].strip() if lines else b""
    if len(token) < SHORTEST_TOKEN or not token.decode("latin-1").isascii() or len(token.split()) != 1:
        raise ParameterError(
            f"{path}: a token is one line of {SHORTEST_TOKEN} or more letters, digits and marks, without spaces; "
            "`openssl rand -hex 32` makes one"
        )
    return token.decode()
