"""What the page allows itself: its own style and script, told by their hashes, and nothing from anywhere."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import TYPE_CHECKING, Any

from alliancekit.records import records

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

UNSAFE = str.maketrans({mark: f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029\u0085\u007f"})
"""What could end a script element or a line of one: escaped, JSON stays the same JSON."""


def policy(style: str, script: str) -> str:
    """Give the Content-Security-Policy of a page with this style and this script.

    >>> policy("", "").split(";")[0]
    "default-src 'none'"

    """
    own = f"style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    return f"default-src 'none'; {own}; base-uri 'none'; form-action 'none'"


def embedded(tables: Mapping[str, pl.DataFrame | None]) -> str:
    r"""Give tables as JSON that may stand inside a script element.

    >>> import polars as pl
    >>> embedded({"gap": pl.DataFrame({"condition": ["</script>"], "gap": [0.5]})})
    '{"gap": [{"condition": "\\u003c/script\\u003e", "gap": 0.5}]}'

    """
    found: dict[str, list[dict[str, Any]]] = {
        name: records(table) for name, table in tables.items() if table is not None
    }
    return json.dumps(found, ensure_ascii=True, default=str, allow_nan=False).translate(UNSAFE)


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
