"""What a reader's browser makes of a report."""

from __future__ import annotations

import io
import re
import time
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from axe_playwright_python.sync_playwright import Axe
from pypdf import PdfReader

import alliancekit as ak
from alliancekit.stats.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.browser.conftest import Opened

NAMES = ("sample", "simulated", "hostile", "one")
WIDTHS = ("phone", "laptop", "print")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_it_opens_without_a_word_or_a_request(name: str, width: str, opened: Callable[..., Opened]) -> None:
    found = opened(name, width=width)
    assert found.messages == []
    assert found.requests == [found.url]
    wide = found.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1], "no part of the page is cut off"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_every_picture_and_table_has_size(name: str, width: str, opened: Callable[..., Opened]) -> None:
    page = opened(name, width=width).page
    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
    boxes = page.evaluate(
        "[...document.querySelectorAll('figure svg, figure table')].map(e => e.getBoundingClientRect())"
        ".map(box => [box.width, box.height])"
    )
    assert boxes
    assert all(wide > 100 and tall > 15 for wide, tall in boxes)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(name: str, scheme: str, opened: Callable[..., Opened]) -> None:
    for width in ("phone", "laptop"):
        page = opened(name, width=width, color_scheme=scheme).page
        page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
        found = Axe().run(page).response["violations"]
        assert [(one["id"], [node["html"][:120] for node in one["nodes"]][:3]) for one in found] == []


def test_words_of_pictures_do_not_leave_them(opened: Callable[..., Opened]) -> None:
    for name in ("sample", "simulated", "one"):
        out = opened(name).page.evaluate(
            "[...document.querySelectorAll('svg text')].filter(text => { const a = text.getBoundingClientRect(),"
            " b = text.closest('svg').getBoundingClientRect(); return a.left < b.left - 1 || a.right > b.right + 1 "
            "|| a.bottom > b.bottom + 1 || a.top < b.top - 1 }).map(text => text.textContent)"
        )
        assert out == [], name


def test_hostile_labels_do_nothing(opened: Callable[..., Opened]) -> None:
    found = opened("hostile")
    found.page.locator("svg g[data-condition]:has(use)").first.hover()
    assert found.page.evaluate("typeof window.owned") == "undefined"
    assert found.page.title() == "<img src=x onerror=window.owned=1>"
    assert found.messages == []
    blocked = found.page.evaluate(
        "new Promise(done => { document.addEventListener('securitypolicyviolation', e => done(e.violatedDirective));"
        " const image = new Image(); image.src = 'https://example.org/x.png'; })"
    )
    assert blocked == "img-src", "the policy forbids every network"


def test_a_condition_can_be_chosen_and_print_shows_all(opened: Callable[..., Opened]) -> None:
    page = opened("simulated").page
    rows, figures = "#where tbody tr:visible", "#closing figure:visible"
    before = (page.locator(rows).count(), page.locator(figures).count())
    page.select_option("#filter select", label="grief")
    assert page.locator("#where tbody tr[data-condition]:visible").count() > 0
    assert page.locator(rows).count() < before[0]
    assert page.locator("#closing figure[data-condition]:visible").count() == 1
    assert page.locator("svg g.other").count() > 0
    page.emulate_media(media="print")
    assert (page.locator(rows).count(), page.locator(figures).count()) == before


def test_without_javascript_everything_is_there(opened: Callable[..., Opened]) -> None:
    page = opened("simulated", java_script_enabled=False).page
    assert page.locator("section:visible").count() == 7
    assert page.locator("#filter").is_hidden()
    page.locator("summary").first.click()
    assert page.locator("details[open] table").first.is_visible()


@pytest.mark.parametrize("name", ["sample", "simulated"])
def test_print_is_whole(name: str, opened: Callable[..., Opened]) -> None:
    page = opened(name, java_script_enabled=name == "sample").page
    headings = page.locator("h2").all_text_contents()
    scripted = name == "sample"
    cells = page.evaluate("[...document.querySelectorAll('tbody td')].map(e => e.textContent)") if scripted else []
    pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True, format="A4")))
    words = re.sub(r"\s", "", "".join(one.extract_text() for one in pdf.pages))
    for wanted in [*headings, *cells]:
        assert re.sub(r"\s", "", wanted) in words, wanted
    assert page.locator("details").count() > 0
    assert "Coursewithinthesession,suicidality" in words, "folded tables are printed open"


def test_a_hundred_thousand_sessions_open_within_a_second(browser: Any, tmp_path: Path) -> None:  # noqa: ANN401 - playwright's
    turns = simulate({"anxiety": 60_000, "depression": 40_000}, turns=6, seed=1)
    assert turns["session_id"].n_unique() == 100_000
    path = tmp_path / "large.html"
    ak.report(turns.filter(pl.col("turn_index") < 6), path, resamples=99, minimum_turns=3)
    page = browser.new_page()
    page.goto("about:blank")
    start = time.perf_counter()
    page.goto(path.as_uri(), wait_until="load")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    seconds = time.perf_counter() - start
    assert seconds < 1.0, f"{seconds:.2f} s"
