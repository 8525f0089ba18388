"""Inventory files (TOML, format 1): reading, and telling the author what is wrong in which line."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alliancekit.errors import InventoryError
from alliancekit.inventory.items import FORMS, Beside, Example, Inventory, Item, Wording
from alliancekit.inventory.source import Source, Table
from alliancekit.schema import TOTAL

if TYPE_CHECKING:
    from alliancekit.schema import Form

FORMAT_VERSION: Final = 1


def read_inventory(path: str | Path) -> Inventory:
    """Read and check an inventory file.

    Raises InventoryError, with file, line and what to do, if the file is missing, is not TOML, or is not an inventory.

    Example:
    >>> from alliancekit.inventory import default_inventory_path
    >>> read_inventory(default_inventory_path()).scales
    ('task', 'bond', 'goal')

    """
    source = _open(Path(path))
    top = source.top
    _check_version(top)
    top.only("format_version", "name", "version", "language", "license", "scales", "items", "examples", "beside")
    scales = _scales(top)
    items = tuple(_item(table, scales) for table in top.tables("items"))
    examples = tuple(_example(table, scales) for table in top.optional_tables("examples"))
    beside = tuple(_beside(table) for table in top.optional_tables("beside"))
    for key in ("items", "examples", "beside"):
        _check_ids(top, key)
    _check_scales_have_items(top, scales, items)
    _check_disagree_is_whole(source, items)
    name, version, language, license_name = (top.text(key) for key in ("name", "version", "language", "license"))
    return Inventory(name, version, language, license_name, scales, items, examples, beside)


def _open(path: Path) -> Source:
    try:
        text = path.read_text(encoding="utf-8")
        return Source(path, text, tomllib.loads(text))
    except FileNotFoundError as error:
        raise InventoryError(f"{path}: there is no such file; give the path of an inventory (TOML).") from error
    except tomllib.TOMLDecodeError as error:
        raise InventoryError(f"{path}: {error}. Correct the TOML there.") from error
    except (UnicodeDecodeError, OSError) as error:
        raise InventoryError(f"{path}: cannot be read as UTF-8 text ({error}); save it as UTF-8.") from error


def _check_version(top: Table) -> None:
    version = top.values.get("format_version")
    if version != FORMAT_VERSION or isinstance(version, bool):
        msg = f"the format_version is {version!r}, and this alliancekit reads {FORMAT_VERSION}"
        raise top.error(f"{msg}; write `format_version = {FORMAT_VERSION}`.", key="format_version")


def _scales(top: Table) -> tuple[str, ...]:
    scales = top.texts("scales", may_be_empty=False)
    if TOTAL in scales:
        msg = f"the scale name {TOTAL!r} is reserved for the sum over scales; rename the scale."
        raise top.error(msg, key="scales")
    if len(set(scales)) < len(scales):
        raise top.error("a scale is listed twice; list each once.", key="scales")
    return scales


def _item(table: Table, scales: tuple[str, ...]) -> Item:
    table.only("id", "scale", "key", "statement", *FORMS)
    identity, scale = table.text("id"), _scale(table, scales)
    wordings = {form: _wording(table.table(form)) for form in FORMS}
    return Item(identity, scale, _key(table), table.text("statement"), **wordings)


def _example(table: Table, scales: tuple[str, ...]) -> Example:
    table.only("id", "scale", "form", "agree", "disagree")
    agree, disagree = (table.texts(pole, may_be_empty=False) for pole in ("agree", "disagree"))
    return Example(table.text("id"), _scale(table, scales), _form(table), agree, disagree)


def _beside(table: Table) -> Beside:
    table.only("id", "form", "sentences")
    return Beside(table.text("id"), _form(table), table.texts("sentences", may_be_empty=False))


def _scale(table: Table, scales: tuple[str, ...]) -> str:
    scale = table.text("scale")
    if scale not in scales:
        msg = f"the scale {scale!r} is not one of {', '.join(scales)}; correct it or add it to `scales`."
        raise table.error(msg, key="scale")
    return scale


def _form(table: Table) -> Form:
    written = table.text("form")
    for form in FORMS:
        if written == form:
            return form
    raise table.error(f"the form {written!r} is not one of {', '.join(FORMS)}; correct it.", key="form")


def _key(table: Table) -> int:
    key: Any = table.values.get("key")
    if key not in (1, -1) or not isinstance(key, int) or isinstance(key, bool):
        msg = f"the key is {key!r}; write 1 where agreeing speaks for the scale, -1 where it speaks against it."
        raise table.error(msg, key="key")
    return key


def _wording(table: Table) -> Wording:
    table.only("agree", "disagree")
    disagree = table.texts("disagree") if "disagree" in table.values else ()
    return Wording(table.texts("agree", may_be_empty=False), disagree)


def _check_ids(top: Table, key: str) -> None:
    seen: set[str] = set()
    for table in top.optional_tables(key):
        identity = table.text("id")
        if identity in seen:
            raise table.error("the id stands at an earlier one too; give each its own.", key="id")
        seen.add(identity)


def _check_scales_have_items(top: Table, scales: tuple[str, ...], items: tuple[Item, ...]) -> None:
    for scale in scales:
        if not any(item.scale == scale for item in items):
            raise top.error(f"the scale {scale!r} has no items; add some or remove the scale.", key="scales")


def _check_disagree_is_whole(source: Source, items: tuple[Item, ...]) -> None:
    """Refuse a form that denies some of its items and not others: its scales would not be made alike."""
    for form in FORMS:
        having = [bool(item.wording(form).disagree) for item in items]
        if any(having) and not all(having):
            msg = "`disagree` is missing, and other items of this form have it; add it here or remove it there."
            raise source.item(having.index(False)).table(form).error(msg)
