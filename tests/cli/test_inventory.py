"""`alliance inventory`: a template without wording, and a check that says which line is wrong."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
from tests.support.tiny_inventory import gated_inventory, tiny_inventory
from typer.testing import CliRunner

from alliancekit.cli.app import app
from alliancekit.errors import InventoryError
from alliancekit.inventory import read_inventory
from alliancekit.inventory.keys import KEYS, WAI_36
from alliancekit.inventory.methods import available_methods

if TYPE_CHECKING:
    from pathlib import Path


def run(*arguments: str) -> str:
    result = CliRunner().invoke(app, ["inventory", *arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result.stdout


@pytest.mark.parametrize("name", KEYS)
def test_template_has_the_key_and_no_wording(name: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    run("template", name, "-o", str(path))
    items = tomllib.loads(path.read_text(encoding="utf-8"))["items"]
    keyed = {scale: sorted(_numbered(item) for item in items if item["scale"] == scale) for scale in KEYS[name].scales}
    assert keyed == {scale: sorted(numbers) for scale, numbers in KEYS[name].scales.items()}
    assert {item["statement"] for item in items} == {""}
    with pytest.raises(InventoryError, match=r"mine\.toml:\d+: item .*: number 1 in 'agree' is ''"):
        read_inventory(path)


def test_template_filled_in_gives_the_published_method(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    run("template", "wai-36", "-o", str(path))
    text = path.read_text(encoding="utf-8").replace('statement = ""', 'statement = "S"')
    path.write_text(text.replace('agree = [""]', 'agree = ["Something of one\'s own."]'), encoding="utf-8")
    inventory = read_inventory(path)
    assert available_methods(inventory) == ("signed-sum", "keyed-mean")
    assert len(inventory.items) == len(WAI_36.items) == 36
    assert [item.key for item in inventory.of_scale("bond")].count(-1) == 3


def test_key_is_that_of_the_design() -> None:
    counts = {scale: (sum(n > 0 for n in ns), sum(n < 0 for n in ns)) for scale, ns in WAI_36.scales.items()}
    assert counts == {"task": (7, 5), "bond": (9, 3), "goal": (6, 6)}
    assert sorted(number for number, _, _ in WAI_36.items) == list(range(1, 37))


def test_check_says_which_methods_are_allowed(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(gated_inventory(), encoding="utf-8")
    assert run("check", str(path)).count("yes") == 4
    path.write_text(tiny_inventory(disagree=False, keys=(1, 1)), encoding="utf-8")
    said = run("check", str(path))
    assert said.count("yes") == 1
    assert "gated needs sentences that are beside the scales" in " ".join(said.split())


def _numbered(item: dict[str, object]) -> int:
    return int(str(item["id"]).rsplit("-", 1)[1]) * (1 if item["key"] == 1 else -1)
