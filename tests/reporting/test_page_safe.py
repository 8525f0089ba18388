"""The page asks for nothing, forbids itself to, tells no secret, and is the same each time."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import alliancekit as ak

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SAID = "zebra-in-the-kitchen"


def hashed(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_policy_allows_its_own_style_and_script_and_nothing_else(page: str, parsed: Callable[[str], Any]) -> None:
    found = parsed(page)
    metas = [attributes for tag, attributes in found.elements if tag == "meta"]
    (policy,) = [one["content"] for one in metas if one.get("http-equiv") == "Content-Security-Policy"]
    directives = dict(part.strip().split(" ", 1) for part in policy.split(";"))
    script = next(text for attributes, text in found.scripts if not attributes)
    assert directives == {
        "default-src": "'none'",
        "style-src": hashed(found.styles[0]),
        "script-src": hashed(script),
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_nothing_on_the_page_leads_anywhere(page: str, parsed: Callable[[str], Any]) -> None:
    found = parsed(page)
    links = [value for _, attributes in found.elements for name, value in attributes.items() if name in ("href", "src")]
    assert links
    assert all(link.startswith("#") for link in links)
    assert set(re.findall(r"https?://[^\"'\s<]*", page)) <= {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@import|@font-face|url\((?!#)", page)
    assert not re.search(r"fetch|XMLHttp|WebSocket|import\(|eval|innerHTML|document\.write", found.scripts[-1][1])


def test_ids_are_unlike_each_other_and_links_find_theirs(page: str, parsed: Callable[[str], Any]) -> None:
    elements = parsed(page).elements
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    wanted = [attributes["href"][1:] for _, attributes in elements if "href" in attributes]
    wanted += [name for _, attributes in elements for name in attributes.get("aria-labelledby", "").split()]
    wanted += [found for _, one in elements for found in re.findall(r"url\(#(.+?)\)", one.get("clip-path", ""))]
    assert set(wanted) <= set(ids)


def test_every_picture_is_named_described_and_followed_by_its_table(page: str) -> None:
    figures = re.findall(r"<figure.*?</figure>", page, flags=re.DOTALL)
    drawn = [figure for figure in figures if "<svg" in figure]
    assert len(drawn) >= 8
    for figure in drawn:
        for svg in re.findall(r"<svg.*?</svg>", figure, flags=re.DOTALL):
            assert 'role="img"' in svg
            assert re.search(r"<title id=[^>]+>[^<]{8,}</title>\s*<desc id=[^>]+>[^<]{20,}</desc>", svg)
        assert figure.rindex("<svg") < figure.index("<table")


def test_conditions_are_marked_for_the_filter_in_pictures_and_tables(page: str) -> None:
    for mark in ("c0", "c1", "c2", "c3"):
        assert f'<option value="{mark}">' in page
        assert f'<tr data-condition="{mark}">' in page
        assert re.search(rf'<figure data-condition="{mark}">', page)
        assert re.search(rf'<g data-condition="{mark}"', page)


def test_text_of_turns_is_on_no_page_that_did_not_ask_for_it(one_scale: pl.DataFrame, make: Callable[..., str]) -> None:
    talk = one_scale.with_columns(
        text=pl.lit(f"I saw a {SAID} & wept"),
        remark=pl.lit(f"{SAID}, she said"),
        utterance=pl.format(f"{SAID}{{}}", "turn_index"),
    )
    assert SAID not in make(talk, minimum_turns=1)
    quoted = make(talk, minimum_turns=1, quotes=True)
    assert f"I saw a {SAID} &amp; wept" in quoted
    assert f"{SAID}, she said" not in quoted


def test_order_of_rows_threads_and_kind_of_frame_change_no_byte(
    turns: pl.DataFrame, page: str, make: Callable[..., str]
) -> None:
    shuffled = turns.sample(fraction=1.0, shuffle=True, seed=3)
    assert make(shuffled.lazy(), target="suicidality", threads=1) == page
    assert make(turns, target="suicidality", threads=2) == page
    assert make(turns, target="suicidality", seed=1) != page


def test_the_page_does_not_grow_with_the_sessions(one_scale: pl.DataFrame, make: Callable[..., str]) -> None:
    many = pl.concat(
        one_scale.with_columns(pl.format("{}-{}", "session_id", pl.lit(at)).alias("session_id")) for at in range(20)
    )
    assert len(make(many)) < 1.2 * len(make(one_scale))


@pytest.mark.parametrize("choices", [{}, {"suppress_small_cells": True}])
def test_a_failure_leaves_the_old_page_as_it_was(
    choices: dict[str, Any], one_scale: pl.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "report.html"
    path.write_text("old")

    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ak.report(one_scale, path, progress=stop, **choices)
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"]
    assert path.read_text() == "old"
