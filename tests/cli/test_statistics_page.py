"""docs/statistics.md: its commands run in the order in which they stand, and it names every column of every result."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alliancekit.cli import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Ended

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "statistics.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z_]+)`", PAGE))
LABELS = {"condition", "patient_id", "therapist_id", "session_number"}


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)


COMMANDS = [line.removeprefix("$ alliance ") for block in blocks("console") for line in block.splitlines()]


@pytest.mark.usefixtures("shipped_bundle")
def test_every_command_runs_and_every_column_is_explained(
    alliance: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    for code in blocks("python"):
        exec(compile(code, "statistics.md", "exec"), {})  # noqa: S102 - the page's own example
    explained = dict.fromkeys(("sessions", "gap", "compare", "trajectories", "convergence"), 0)
    for command in COMMANDS:
        name, *arguments = shlex.split(command)
        ended = alliance(name, *arguments)
        assert ended.code == ExitCode.CLEAN, (command, ended.err)
        if "--json" in arguments or (name in explained and not explained[name]) or "--form" in arguments:
            explained[name] += 1
            columns = json.loads(alliance(name, *arguments, "--json", "--force").out)[0]
            assert set(columns) - NAMED - LABELS == set(), command
    assert min(explained.values()) > 0


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
