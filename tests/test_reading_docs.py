"""Every example in docs/reading.md is read, as the page says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import typer

from alliancekit.cli.app import app
from alliancekit.readers import FORMATS, read
from alliancekit.schema import ROLES

if TYPE_CHECKING:
    from alliancekit.readers.options import Choices

PAGE: Final = (Path(__file__).parents[1] / "docs" / "reading.md").read_text(encoding="utf-8")
EXAMPLES: Final = dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE))
DIARIZED: Final[Choices] = {"roles": {"SPEAKER_00": "therapist", "SPEAKER_01": "patient"}}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_a_talk_of_two(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text(EXAMPLES[name], encoding="utf-8")
    result = read(path, **(DIARIZED if name == "whisperx.json" else {}))
    assert set(result.turns["role"]) == {"patient", "therapist"}
    assert not [problem for problem in result.problems if problem.severity == "warning"]


def test_all_options_that_the_page_names_exist() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined] # a group has them
    known = {name for command in commands.values() for option in command.params for name in option.opts}
    named = set(re.findall(r"--[a-z][a-z-]+", re.sub(r"^```console.*?^```", "", PAGE, flags=re.DOTALL | re.MULTILINE)))
    assert named - known == set()


def test_all_roles_that_the_page_gives_are_roles() -> None:
    given = re.findall(r"--roles \S+?=([\w-]+)", PAGE)
    assert len(given) > 1
    assert set(given) <= set(ROLES)


def test_the_configuration_is_one() -> None:
    configuration = re.search(r"^```toml\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert configuration is not None
    assert set(tomllib.loads(configuration[1])) == {"merge", "non-speech", "metadata", "roles", "score"}


def test_each_format_has_its_place_there() -> None:
    by_key = {"json-records": "JSON array", "chat-messages": "`messages`", "textgrid": "TextGrid", "spss": "SPSS"}
    missing = [known.key for known in FORMATS if by_key.get(known.key, known.name).lower() not in PAGE.lower()]
    assert missing == []
