"""What docs/live.md says is so: its Python runs, its commands, options and numbers exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer.main
from typer.core import TyperGroup

from alliancekit.cli.app import app
from alliancekit.live.running import NUMBERS
from alliancekit.live.serve.openapi import description
from alliancekit.live.shares import SHARES
from alliancekit.live.signals.states import ALERT, NOT_ENOUGH, STEADY, WATCH

if TYPE_CHECKING:
    import pytest

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "live.md").read_text(encoding="utf-8")
CONSOLE: Final = re.findall(r"^\$ (.*)$", PAGE, flags=re.MULTILINE)


def test_its_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert blocks
    for code in blocks:
        exec(compile(code, "live.md", "exec"), {})  # noqa: S102 - the page's own example


def test_its_commands_have_the_options_that_it_shows() -> None:
    group = typer.main.get_command(app)
    assert isinstance(group, TyperGroup)
    commands = [line.split("<")[0].split(">")[0] for line in CONSOLE if line.startswith("alliance ")]
    assert {"watch", "serve", "reference"} <= {line.split()[1] for line in commands}
    for line in commands:
        words = shlex.split(line)[1:]
        found = group.commands[words[0]]
        if isinstance(found, TyperGroup):
            found = found.commands[words[1]]
        known = {name for option in found.params for name in (*option.opts, *option.secondary_opts)}
        assert {word for word in words if word.startswith("-")} <= known, line


def test_it_names_every_number_state_and_path() -> None:
    for name in (*NUMBERS, *SHARES, NOT_ENOUGH, STEADY, WATCH, ALERT):
        assert f"`{name}`" in PAGE, name
    for path, operations in description()["paths"].items():
        for method in operations:
            if method != "parameters":
                assert f"`{method.upper()} {path.replace('{session_id}', '{id}')}`" in PAGE, path


def test_its_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", PAGE):
        assert (ROOT / "docs" / target).exists(), target
