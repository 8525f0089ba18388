"""docs/report.md: its commands and its Python run in the order in which they stand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest
    from tests.cli.conftest import Ended

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "report.md").read_text(encoding="utf-8")


def test_everything_on_the_page_runs(
    alliance: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```(python|console)\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert [kind for kind, _ in blocks].count("console") >= 3
    for kind, block in blocks:
        if kind == "python":
            exec(compile(block, "report.md", "exec"), {})  # noqa: S102 - the page's own example
            continue
        for line in block.splitlines():
            ended = alliance(*shlex.split(line.removeprefix("$ alliance ")), "--resamples", "99")
            assert ended.code == 0, (line, ended.err)
    names = {path.name for path in tmp_path.iterdir()}
    assert {"report.html", "turns.csv", "sessions.sav", "contrasts.html", "closing.tex", "for-r", "gaps.svg"} <= names


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
