"""CHAT's codes inside an utterance, to plain text: what was said stays, what is said about it goes.

By hand, since rustling leaves out the letters that CHAT puts in parentheses (``(a)m``), and passes over lines that it
does not know. The codes are those of the CHAT manual (MacWhinney 2000, and its later versions online).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

BULLET: Final = re.compile(r"\x15([^\x15]*)\x15?")
TIMES: Final = re.compile(r"(?:^|_)(\d{1,12})_(\d{1,12})$", re.ASCII)

CODES: Final = tuple(
    (re.compile(pattern), instead)
    for pattern, instead in (
        (r"\[=!\s*([^\[\]]*)\]", "\ue000\\1\ue001"),  # [=! laughs]: how it was said, a mark that the core knows
        (r"\[[^\[\]]*\]", " "),  # [/], [: word], [= comment], [*], [+ code]
        (r"&=(?:\d+_)?([\w:+-]+)", "\ue000\\1\ue001"),  # &=laughs
        (r"&\*\w+:\S+", " "),  # &*INV:mhm, a word of another within the turn
        (r"&[{}][ln]=([\w:+-]+)", "\ue000\\1\ue001"),  # a long event
        (r"&[-+~]?(?=\w)", ""),  # &-um, &+fr: fillers and fragments were said
        (r"(?<!\S)(?:xxx?|yyy?)(?:@\w+)?(?!\S)", "\ue000unintelligible\ue001"),
        (r"(?<!\S)www(?!\S)", "\ue000untranscribed\ue001"),
        (r"(?<=\w)@[a-z][\w:$&+-]*", ""),  # gonna@d, Haus@s:deu
        (r"(?<!\S)0(?=[A-Za-z])\S+", " "),  # 0is: a word that was not said
        (r"(?<!\S)0(?!\S)", " "),
        (r"[<>]", " "),  # <a group> before a code
        (r"\(([^\W\d_]+)\)", r"\1"),  # (a)m
        (r"\+(?:\.\.|//?)\.", " ..."),
        (r"\+\.\.\?", " ...?"),
        (r"\+//?\?", " ?"),
        (r"\+\"/?([.?])|\+!([?])", r" \1\2"),
        (r"(?<!\S)\+[\"^<,+≈≋]*\.?(?!\w)", " "),  # linkers
        (r"[↑↓↗↘→⇗⇘∞⌈⌉⌊⌋∆∇°▔▁☺♋∲§∾Ϋ∬⁑≋≈∙⤇⁇ˈˌ^≠↫]", ""),  # intonation, overlap, voice, stress
        (r"(?<=[^\W\d_]):+(?=[^\W\d_]|\s|$)(?![\w:+-]{0,64}\ue001)", ""),  # a lengthened sound
        (r"(?<=\w)_(?=\w)", " "),  # New_York
        (r"[„‡]", " ,"),
    )
)
BEFORE_MARK: Final = re.compile(r" (?=[.,?!;](?:\s|$)|\.{2,3})")


class Resolved(NamedTuple):
    """An utterance without codes.

    Attributes:
        text: what was said; pauses and other marks of what is not speech stand in brackets.
        codes: how many codes were taken out or resolved.
        start: in seconds, if the utterance has a time.
        end: in seconds.
        bad_time: whether it has a time that cannot be read.

    """

    text: str
    codes: int
    start: float | None
    end: float | None
    bad_time: bool


def resolved(utterance: str) -> Resolved:
    r"""Resolve an utterance's codes and times.

    >>> resolved("<I was> [/] I (a)m &-um fine [= well] &=laughs (.) today . \x15100_2500\x15")[:4]
    ('I was I am um fine [laughs] (.) today.', 7, 0.1, 2.5)
    """
    bullets = [TIMES.search(inside) for inside in BULLET.findall(utterance)]
    text = BULLET.sub(" ", utterance)
    codes = 0
    for pattern, instead in CODES:
        text, n = pattern.subn(instead, text)
        codes += n
    text = BEFORE_MARK.sub("", " ".join(text.replace("\ue000", " [").replace("\ue001", "] ").split()))
    times = [match for match in bullets if match]
    start = int(times[0][1]) / 1000 if times else None
    end = int(times[-1][2]) / 1000 if times else None
    return Resolved(text, codes, start, end, len(times) < len(bullets))
