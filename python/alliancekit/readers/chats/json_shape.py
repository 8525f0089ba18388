"""Which keys the beginning of a JSON file has, and how deep they lie, also where it is cut off."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

TOKEN: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"(\s*:)?|([\[{])|([\]}])|"', re.DOTALL)


def keys_by_depth(text: str) -> Mapping[str, frozenset[str]]:
    """Give the keys by the brackets that are open around them.

    >>> shape = keys_by_depth('[{"id": 1, "messages": [{"role": "user", "content": "{')
    >>> {brackets: sorted(keys) for brackets, keys in shape.items()}
    {'[{': ['id', 'messages'], '[{[{': ['content', 'role']}
    """
    found: dict[str, set[str]] = defaultdict(set)
    around = ""
    for match in TOKEN.finditer(text):
        if match[0] == '"':
            break  # a string that is cut off: what follows is a part of it
        if match[2]:
            found[around].add(match[1])
        elif match[3]:
            around += match[3]
        elif match[4]:
            around = around[:-1]
        if len(around) > len("[{[{"):
            # Deeper brackets are counted and no more, so that a bomb of them stays cheap.
            around = around[:4] + "." * (len(around) - 4)
    return {brackets: frozenset(keys) for brackets, keys in found.items()}
