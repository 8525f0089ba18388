"""What lies in folders of transcripts and is none: passed over, and counted."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from alliancekit.readers.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SYSTEM_NAMES: Final = frozenset({"thumbs.db", "desktop.ini", "icon\r", "__macosx", "$recycle.bin"})
"""Files and folders of operating systems, in lower case."""
HIDDEN: Final = (".", "~$")
"""Beginnings of names: hidden ones, and Office's marks of files that are open."""
ABOUT: Final = frozenset({"readme", "license", "licence", "copying", "changelog", "citation", "notice", "authors"})
"""Names, without suffix and in lower case, of what is said about data."""
OTHER_SUFFIXES: Final = frozenset(
    {
        *(".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".webp", ".svg", ".ico"),
        *(".mp3", ".wav", ".m4a", ".aac", ".ogg", ".opus", ".flac", ".wma", ".aif", ".aiff"),
        *(".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".wmv", ".mts"),
        *(".pfsx", ".etf", ".py", ".r", ".rmd", ".do", ".sps", ".ipynb", ".sh", ".bat", ".toml", ".yaml", ".yml"),
        *(".ini", ".cfg", ".log", ".bib", ".sha256", ".md5"),
    }
)
"""Images, sound and video, what ELAN writes beside its files, scripts, settings, hashes."""


def is_hidden(path: Path) -> bool:
    """Tell whether a file or folder is hidden, or an operating system's own.

    >>> from pathlib import Path
    >>> is_hidden(Path("talks/.DS_Store")), is_hidden(Path("~$a.xlsx")), is_hidden(Path("a.xlsx"))
    (True, True, False)
    """
    return path.name.startswith(HIDDEN) or path.name.casefold() in SYSTEM_NAMES


def is_no_transcript(path: Path) -> bool:
    """Tell whether a file that no reader knows is none by its name: an image, sound, a script, a read-me.

    >>> from pathlib import Path
    >>> is_no_transcript(Path("talk.wav")), is_no_transcript(Path("README.txt")), is_no_transcript(Path("talk.docx"))
    (True, True, False)
    """
    return path.suffix.casefold() in OTHER_SUFFIXES or path.stem.casefold() in ABOUT


def passed_over(folder: Path, paths: Sequence[Path]) -> list[Problem]:
    """Say how many files of a folder were passed over, and of which kinds; names may be persons'.

    >>> from pathlib import Path
    >>> found = passed_over(Path("talks"), [Path("talks/a.wav"), Path("talks/b.wav"), Path("talks/.DS_Store")])
    >>> found[0].message
    '3 files that are no transcripts were passed over: .wav 2, hidden or system 1.'
    """
    if not paths:
        return []
    kinds = Counter("hidden or system" if is_hidden(path) else _kind(path) for path in paths)
    listed = ", ".join(f"{kind} {n:,}" for kind, n in kinds.most_common())
    noun = (
        "1 file that is no transcript was" if len(paths) == 1 else f"{len(paths):,} files that are no transcripts were"
    )
    return [Problem(folder, None, None, "passed_over", f"{noun} passed over: {listed}.")]


def _kind(path: Path) -> str:
    suffix = path.suffix.casefold()
    return suffix if suffix in OTHER_SUFFIXES else path.stem.upper()
