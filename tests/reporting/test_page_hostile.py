"""Whatever stands in labels, ids, names and titles, the page stays the page that it is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import alliancekit as ak
from alliancekit.cli import main
from alliancekit.reporting.apa.html import table_html
from alliancekit.reporting.apa.table import Cell, Heading, Table, words
from alliancekit.reporting.choices import Origin
from alliancekit.reporting.page.policy import embedded
from alliancekit.reporting.plots.results import result_picture
from alliancekit.scored import Provenance

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HOSTILE = [
    "</script><script>alert(1)</script>",
    "</title></style></svg><img src=x onerror=alert(1)>",
    '"\' onmouseover=alert(1) x="',
    '=HYPERLINK("http://evil")',
    "]]><!--<svg onload=alert(1)>",
    "line\u2028separator\u2029\u0085",
    "\u202egnp.exe\u2066",
    "\x1b[2J\x1b]0;owned\x07",
    "../../etc/passwd",
    "{{ 7 * 7 }}{% raw %}",
    "$\\frac{1}{0}$ \\input{x}",
    "javascript:alert(1)",
    "\N{FAMILY}\u0301\N{CJK UNIFIED IDEOGRAPH-6F22}" * 20,
    "&lt;&#0;&amp",
]
ALLOWED = set(
    re.findall(
        r"\S+",
        """
        html head meta title style body a header h1 h2 h3 nav ol li br span p label select option main section
        bdi dl div dt dd figure figcaption details summary table caption thead tbody tr th td i data ul footer
        script svg desc g path use text defs clippath rect pre code blockquote
        """,
    )
)


@pytest.fixture(scope="module")
def hostile(one_scale: pl.DataFrame) -> pl.DataFrame:
    """The corpus with a hostile label and id in every session."""
    ids = one_scale["session_id"].unique().sort()
    names = pl.DataFrame(
        {
            "session_id": ids,
            "condition": [HOSTILE[at % len(HOSTILE)] for at in range(len(ids))],
            "id": [f"{HOSTILE[at % len(HOSTILE)]}{at}" for at in range(len(ids))],
        }
    )
    joined = one_scale.drop("condition").join(names, on="session_id", maintain_order="left")
    return joined.with_columns(session_id="id", text=pl.lit("<b>He said it & I cried</b>")).drop("id")


def origin() -> Origin:
    made = Provenance("<script>1</script>", ("task",), "own", "<i onclick=x>", "</dd><script>2</script>")
    return Origin("<svg onload=alert(1)>.parquet", "00", made, "alliance report '</code><script>3</script>'")


def test_nothing_from_data_becomes_an_element_an_attribute_or_a_script(
    hostile: pl.DataFrame, make: Callable[..., str], parsed: Callable[[str], Any]
) -> None:
    page = make(hostile, title=HOSTILE[0], target=HOSTILE[0], minimum_turns=1, quotes=True, origin=origin())
    found = parsed(page)
    assert {tag for tag, _ in found.elements} <= ALLOWED
    for tag, attributes in found.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
        assert set(attributes) <= ATTRIBUTES, (tag, attributes)
    assert len(found.scripts) == 2
    assert len(found.styles) == 1
    for mark in ("\u2028", "\u2029", "\u202e", "\u2066", "\x1b", "\x07", "\x85"):
        assert mark not in page
    assert "7 * 7" in page, "a label is no template"
    labels = {row["condition"] for row in json.loads(found.scripts[0][1])["by_condition"]}
    assert labels == set(HOSTILE)


ATTRIBUTES = set(
    re.findall(
        r"\S+",
        """
        lang charset http-equiv content name class href id aria-label aria-labelledby hidden value
        data-condition tabindex role scope type xmlns viewbox width height d fill font-family stroke-linejoin
        clip-path stroke stroke-dasharray stroke-dashoffset stroke-width x y transform font-size text-anchor
        font-weight stroke-linecap fill-opacity fill-rule opacity stroke-opacity
        """,
    )
)


def test_pictures_take_hostile_labels_as_words(hostile: pl.DataFrame) -> None:
    picture = result_picture(ak.gap(hostile, by="condition", resamples=99))
    svg = picture.svg()
    assert "<img" not in svg
    assert "onload" not in svg.replace("&lt;svg onload=alert(1)&gt;", "").replace("&lt;svg onload", "")
    assert "javascript:alert(1)" in svg, "a label is shown as it is"


@given(st.text())
def test_any_label_survives_in_json_and_ends_no_script(label: str) -> None:
    text = embedded({"gap": pl.DataFrame({"condition": [label]})})
    assert json.loads(text) == {"gap": [{"condition": label}]}
    assert text.isascii()
    assert not set("<>&\n\r") & set(text)


@given(st.text(), st.text())
def test_any_word_is_escaped_in_a_table(title: str, label: str) -> None:
    html = table_html(Table(title, [Heading(label)], [[words(label)], [Cell(title)]], [label], [label, None]))
    bare = html
    for known in ("table", "caption", "thead", "tbody", "tr", "th", "td", "bdi", "i", "p"):
        bare = bare.replace(f"</{known}>", "").replace(f"<{known}>", "")
    for known in ('<table class="apa">', '<th scope="col">', '<p class="note">'):
        bare = bare.replace(known, "")
    assert not set("<>") & set(bare)


def test_file_names_are_shown_without_folders_and_do_nothing(one_scale: pl.DataFrame, here: Path) -> None:
    name = "<img src=x onerror=alert(1)>;$(touch owned) \N{SKULL}.parquet"
    (here / "Ann Miller").mkdir()
    one_scale.write_parquet(here / "Ann Miller" / name)
    assert main(["report", f"Ann Miller/{name}", "-o", "out.html", "--resamples", "99", "--bins", "2"]) == 0
    page = (here / "out.html").read_text(encoding="utf-8")
    assert "<img" not in page
    assert "Ann Miller" not in page
    assert not (here / "owned").exists()
