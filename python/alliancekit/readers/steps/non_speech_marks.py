"""How transcribers mark what is not speech: `[laughter]`, `(inaudible 00:12)`, `<noise>`, `*sighs*`, `(0.5)`, times.

A bracket alone says little: `[NAME]` is a redaction and `(you know)` is speech. So a bracket counts as a mark if all of
its words are of the lists below, an event among them. The lists are English.
"""

from __future__ import annotations

from typing import Final

_PERSON: Final = r"(?:(?:his|her|their|the|my|your)\s+)?"
_EVENTS: Final = (
    r"laugh(?:s|ed|ing|ter)?",
    r"(?:chuckl|giggl|snuffl|sniffl|mumbl|whistl|gurgl)(?:e|es|ed|ing)",
    r"(?:sigh|cough|groan|moan|gasp|yawn|sneeze?|snort|snicker|sniff|scoff|tut|click|whisper|mutter|stutter)(?:s|ed|ing)?",
    r"(?:scream|shout|knock|bark|clap|snap|tap|nod|ring|buzz|beep|bleep|hum|sob)(?:s|ed|ing|p?ping|ped|ding|ded|ming|med|bing|bed)?",
    r"(?:inhal|exhal|breath|shrugg?|smil|paus|interrupt|rustl)(?:e|es|ed|ing|s)?",
    r"cr(?:y|ies|ied|ying)|weep(?:s|ing)?|wept|tear(?:s|y|ful|fully|ing up)|applause|silen(?:ce|t)|sing(?:s|ing)?",
    rf"clear(?:s|ed|ing)?\s+{_PERSON}throat|throat[\s-]clear(?:s|ing)?",
    rf"shak(?:es|ing)\s+{_PERSON}head|blow(?:s|ing)\s+{_PERSON}nose",
    r"inaudible|unintelligible|indiscernible|incomprehensible|indistinct|unclear|garbled|muffled|x{2,4}",
    r"cross[\s-]?talk(?:ing)?|overlap(?:s|ping)?|simultaneous(?:ly)?|no\s+(?:audio|sound|response|answer)|blank_audio",
    r"doors?\s+(?:opens?|closes?|opening|closing|slams?|slamming)",
    r"noises?|static|music|technical\s+difficult(?:y|ies)|audio\s+(?:cuts?(?:\s+out)?|drops?|skips?)",
    r"(?:video|recording|tape|session|interview)\s+(?:starts?|begins?|ends?|stops?|paused|resumes?|interrupted)",
    r"(?:end|beginning|start)\s+of\s+(?:the\s+)?(?:recording|session|tape|audio|interview|transcript(?:ion)?)",
    r"(?:foreign|speaks?\s+(?:in\s+)?(?:a\s+)?foreign|non-english)\s+language",
)
_BESIDE: Final = (
    r"long|short|brief|slight|small|big|deep|heavy|light|soft|loud|quiet|nervous|bitter|sarcastic|gentle|great|sad",
    r"(?:brief|slight|deep|heavi|light|soft|loud|quiet|nervous|bitter|sarcastical|gent|sad)ly|again|continu(?:es|ed|ing)",
    r"both|all|speakers?|speech|talk(?:s|ing)?|words?|phrase|sounds?|audio|audience|group|people|patients?|clients?",
    r"therapists?|counsell?ors?|clinicians?|participants?|interviewers?|doctor|man|woman|male|female|child|baby|dog",
    r"he|she|they|his|her|their|the|an?|of|in|at|to|and|or|with|while|for|from|background|phone|telephone|door|paper",
    r"opens?|closes?|slams?|approximately|about|around|seconds?|secs?|minutes?|mins?|s|m",
    r"speaker[\s_]?\d+|\d[\d:.,]*(?:s|m)?",
)
_WORD: Final = rf"(?:{'|'.join((*_EVENTS, *_BESIDE))})"
_BETWEEN: Final = r"(?:\s+|\s*[,;:/&+@–—-]\s*)"
_EVENT: Final = rf"\s*(?:{_WORD}{_BETWEEN})*?(?:{'|'.join(_EVENTS)})(?:{_BETWEEN}{_WORD})*\s*[.…!]*\s*"
_CLOCK: Final = r"(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,:]\d{1,3})?"
_TIMES: Final = rf"\s*{_CLOCK}(?:\s*(?:-|–|—|-->|to)\s*{_CLOCK})?\s*"
_PAUSE: Final = r"\s*(?:\.{1,3}|…|\d+[.,]\d+|\d+(?:[.,]\d+)?\s*(?:s|secs?|seconds?)\.?)\s*"
_INSIDE: Final = rf"(?:{_EVENT}|{_TIMES}|{_PAUSE})"

MARK: Final = (
    r"(?i)(?:"
    + "|".join(
        (
            rf"\[+{_INSIDE}\]+",
            rf"\(+{_INSIDE}\)+",
            rf"\{{+(?:{_EVENT}|{_TIMES})\}}+",
            rf"</?(?:{_EVENT}|{_TIMES})/?>",
            rf"\*+{_EVENT}\*+",
            r"[♪♫]+",
            r"\b\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,3})?\b",
        )
    )
    + r")"
)
"""A mark, for a linear-time engine such as Polars' (no look-around): case does not matter."""

MAYBE: Final = r"[\[({<*♪♫]|\d:\d\d:\d\d"
"""What a text with a mark has somewhere: quick to look for."""

OTHER: Final = r"\[[^\[\]\n]{1,40}\]"
"""What else stands in square brackets once the marks are gone: redactions, guesses, the transcriber's comments."""
