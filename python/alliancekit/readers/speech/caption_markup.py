"""The marks inside a caption: who speaks, style, entities.

webvtt-py is not used for it: it gives a cue one voice where it may have several, leaves entities as they are, and takes
out marks of what is not speech, such as ``<laughs>``.
"""

from __future__ import annotations

import html
import re
from typing import Final

VOICE: Final = re.compile(r"<v(?:\.[^\s<>]*)?(?:[ \t\n]([^<>]*))?>|</v>", re.IGNORECASE)
STYLE: Final = re.compile(
    r"</?(?:c|i|b|u|s|lang|ruby|rt|font)(?:\.[^\s<>]*)?(?:[ \t\n][^<>]*)?/?>|<(?:\d+:)?\d\d:\d\d[.,]\d+>|\{\\[^{}]*\}",
    re.IGNORECASE,
)
ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)


def voices(lines: list[str]) -> list[tuple[str | None, list[str]]]:
    """Give what each voice of a cue says: its name, None outside of voices, and the lines without marks.

    >>> voices(["<v Anna>Yes, <i>well</i>.</v>", "<v.loud Ben &amp; Co>&lt;sighs&gt; No."])
    [('Anna', ['Yes, well.']), ('Ben & Co', ['<sighs> No.'])]
    """
    found: list[tuple[str | None, list[str]]] = []
    name: str | None = None
    position = 0
    raw = "\n".join(lines)
    for match in VOICE.finditer(raw):
        _add(found, name, raw[position : match.start()])
        name = plain(match[1]) or None if match[1] else None
        position = match.end()
    _add(found, name, raw[position:])
    return found


def plain(raw: str) -> str:
    """Give a text without marks of style, its entities decoded, and without outer white space."""
    return ENTITY.sub(lambda match: html.unescape(match[0]), STYLE.sub("", raw)).strip()


def _add(found: list[tuple[str | None, list[str]]], name: str | None, raw: str) -> None:
    said = [line for line in map(plain, STYLE.sub("", raw).split("\n")) if line]
    if said or name:
        found.append((name, said))
