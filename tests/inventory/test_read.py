"""Inventory files: what is accepted, and how a mistake is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.support.tiny_inventory import gated_inventory, tiny_inventory

from alliancekit.errors import InventoryError
from alliancekit.inventory import default_inventory_path, read_inventory
from alliancekit.inventory.methods import METHODS, available_methods

if TYPE_CHECKING:
    from pathlib import Path

MISTAKES = {
    "unknown scale": ('scale = "bond"', 'scale = "band"', "bond-1", "the scale 'band' is not one of task, bond, goal"),
    "key not ±1": ("key = -1", "key = 0", "task-2", "the key is 0; write 1 where agreeing"),
    "key is true": ("key = 1", "key = true", "task-1", "the key is True"),
    "missing form": ("[items.therapist]", "[items.extra]", "task-1", "the key 'extra' is unknown; known keys"),
    "misspelt form": ("[items.patient]", "[items.patent]", "task-1", "did you mean 'patient'?"),
    "duplicate id": ('id = "task-2"', 'id = "task-1"', "task-1", "the id stands at an earlier one too"),
    "blank sentence": ('"You and I work on bond-2', '"  ", "Work on bond-2', "bond-2", "number 2 in 'agree' is '  '"),
    "no sentences": ('agree = ["We agree on goal-1.', 'agree = []\nx = ["', "goal-1", "the key 'x' is unknown"),
    "not a list": (
        'disagree = ["We do not agree on goal-1."',
        "disagree = [1",
        "goal-1",
        "number 1 in 'disagree' is 1",
    ),
    "unknown key": ('statement = "Statement goal-4"', 'statment = "?"', "goal-4", "did you mean 'statement'?"),
    "blank statement": ('statement = "Statement goal-4"', 'statement = ""', "goal-4", "'statement' has to be a text"),
    "reserved scale": ('"task", "bond", "goal"]', '"task", "bond", "goal", "total"]', None, "'total' is reserved"),
    "repeated scale": ('"task", "bond", "goal"]', '"task", "bond", "goal", "task"]', None, "listed twice"),
    "scale without items": ('"task", "bond", "goal"]', '"task", "bond", "goal", "pace"]', None, "'pace' has no items"),
    "other format": ("format_version = 1", "format_version = 2", None, "the format_version is 2"),
    "example of no scale": (
        'id = "bond-patient"\nscale = "bond"',
        'id = "bp"\nscale = "band"',
        "bp",
        "'band' is not one",
    ),
    "example without form": ('scale = "bond"\nform = "patient"', 'scale = "bond"', "bond-patient", "'form' has to be"),
    "form of nobody": (
        'id = "bus"\nform = "patient"',
        'id = "bus"\nform = "boss"',
        "bus",
        "'boss' is not one of patient",
    ),
    "beside twice": ('id = "bill"', 'id = "bus"', "bus", "the id stands at an earlier one too"),
    "beside without sentences": ('sentences = ["The bill comes by post."]', "sentences = []", "bill", "'sentences'"),
    "no name": ('name = "tiny"\n', "", None, "'name' has to be a text, and is None"),
}


def write(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(("old", "new", "item", "expected"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistake_is_told_with_file_line_and_item(
    old: str, new: str, item: str | None, expected: str, tmp_path: Path
) -> None:
    text = gated_inventory()
    assert old in text
    path = write(tmp_path, text.replace(old, new, 1))
    with pytest.raises(InventoryError) as caught:
        read_inventory(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:")
    assert expected in message
    if item is not None:
        assert f" '{item}': " in message or f" '{item}', " in message


@pytest.mark.parametrize(
    ("old", "new", "line_holds"),
    [
        ('scale = "bond"', 'scale = "band"', 'scale = "band"'),
        ('"You and I work on bond-2', '"", "Work on bond-2', 'agree = ["I agree on bond-2.", ""'),
        ('id = "task-2"', 'id = "task-1"', 'id = "task-1"'),
        ('scales = ["task", "bond", "goal"]', 'scales = ["total"]', 'scales = ["total"]'),
    ],
)
def test_line_is_the_one_to_change(old: str, new: str, line_holds: str, tmp_path: Path) -> None:
    path = write(tmp_path, tiny_inventory().replace(old, new, 1))
    with pytest.raises(InventoryError) as caught:
        read_inventory(path)
    line = int(str(caught.value).split(":")[1])
    around = path.read_text(encoding="utf-8").splitlines()[line - 1 : line + 1]
    assert line_holds in "\n".join(around)


def test_second_item_of_the_same_id_is_the_one_named(tmp_path: Path) -> None:
    path = write(tmp_path, tiny_inventory().replace('id = "task-2"', 'id = "task-1"'))
    with pytest.raises(InventoryError) as caught:
        read_inventory(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    second = [number for number, line in enumerate(lines, 1) if line == 'id = "task-1"'][1]
    assert str(caught.value).startswith(f"{path}:{second}: item 'task-1': ")


def test_missing_form_is_named(tmp_path: Path) -> None:
    text = tiny_inventory()
    start = text.index("[items.therapist]")
    path = write(tmp_path, text[:start] + text[text.index("[[items]]", start) :])
    with pytest.raises(
        InventoryError, match=r"item 'task-1': the therapist form is missing; add `\[items.therapist\]`"
    ):
        read_inventory(path)


def test_syntax_error_has_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, 'format_version = 1\nname = "open\n')
    with pytest.raises(InventoryError, match=r"mine\.toml: .*line 2.*Correct the TOML there"):
        read_inventory(path)


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InventoryError, match="there is no such file"):
        read_inventory(tmp_path / "none.toml")


def test_not_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "latin.toml"
    path.write_bytes('name = "Bündnis"'.encode("latin-1"))
    with pytest.raises(InventoryError, match="save it as UTF-8"):
        read_inventory(path)


def test_disagree_may_be_left_out_everywhere(tmp_path: Path) -> None:
    inventory = read_inventory(write(tmp_path, tiny_inventory(disagree=False)))
    assert available_methods(inventory) == ("signed-sum", "keyed-mean")


def test_disagree_may_not_be_left_out_here_and_there(tmp_path: Path) -> None:
    text = tiny_inventory().replace(
        'disagree = ["I do not agree on bond-3.", "You never work on bond-3."]', "disagree = []"
    )
    with pytest.raises(InventoryError, match="item 'bond-3', patient form: `disagree` is missing"):
        read_inventory(write(tmp_path, text))


def test_any_scales_in_any_language(tmp_path: Path) -> None:
    text = tiny_inventory().replace('"task"', '"Ziel"').replace('"bond"', '"Bindung"').replace('"goal"', '"tempo"')
    assert read_inventory(write(tmp_path, text)).scales == ("Ziel", "Bindung", "tempo")


def test_default_inventory_is_balanced_and_allows_every_method() -> None:
    inventory = read_inventory(default_inventory_path())
    assert available_methods(inventory) == METHODS
    for scale in inventory.scales:
        assert sorted(item.key for item in inventory.of_scale(scale)) == [-1] * 6 + [1] * 6
