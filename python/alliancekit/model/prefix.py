"""How the scoring part of a graph is told from the encoder."""

from __future__ import annotations

from typing import Final

PREFIX: Final = "scoring/"
"""Names of nodes and initializers of the scoring part begin so."""
