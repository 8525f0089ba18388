"""What docs/corpus.md says is so: its example runs, its options, files, reasons and codes exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer
from tests.support.corpus_run import contents, run, write_corpus

from alliancekit.cli.app import app
from alliancekit.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    import pytest

ROOT: Final = Path(__file__).parents[1]
PAGE: Final = (ROOT / "docs" / "corpus.md").read_text(encoding="utf-8")


def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    for code in re.findall(r"^```python\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE):
        exec(compile(code, "corpus.md", "exec"), {})  # noqa: S102 - the page's own example
    assert (tmp_path / "scores" / "manifest.json").exists()


def test_the_files_that_the_page_names_are_the_ones_there(tmp_path: Path) -> None:
    made = run(write_corpus(tmp_path / "in"), tmp_path / "out")
    missing = [name for name in ("run.json", *contents(made.folder)) if name not in PAGE and "part-" not in name]
    assert missing == []


def test_every_option_command_and_code_that_the_page_names_exists() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined] # a group has them
    known = {name for command in commands.values() for option in command.params for name in option.opts}
    assert set(re.findall(r"--[a-z][a-z-]+", PAGE)) - known == set()
    assert set(re.findall(r"\balliance ([a-z]+) ", PAGE)) - set(commands) == set()
    codes = {int(code) for row in re.findall(r"^\| ([\d, ]+) \|", PAGE, flags=re.MULTILINE) for code in row.split(",")}
    assert codes == set(ExitCode) - {ExitCode.INTERNAL}


def test_every_reason_has_its_line() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "python").rglob("*.py"))
    reasons = set(re.findall(r'"((?:role|repeated)_(?:missing|unknown|turn))"', source)) | {"unreadable"}
    reasons |= {"session_id_missing", "turn_index_missing", "turn_index_not_whole"}
    assert [reason for reason in reasons if f"`{reason}`" not in PAGE] == []
