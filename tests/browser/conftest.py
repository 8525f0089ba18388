"""Pages in a real browser: of the sample corpus, of a larger one, of that one with hostile labels, of one session."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from tests.support.chromium import chromium

import alliancekit as ak
from alliancekit.cli import main
from alliancekit.stats.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
WIDTHS = {"phone": (390, 844), "laptop": (1280, 900), "print": (794, 1123)}
HOSTILE = {
    "anxiety": "</script><script>window.owned=1</script>",
    "depression": "<img src=x onerror=window.owned=1>",
    "grief": "\"' onmouseover=window.owned=1 \u202e\u2028",
    "suicidality": "</title></svg><svg onload=window.owned=1>",
}


@dataclass
class Opened:
    """A page, and everything that the browser said or asked for."""

    page: Any
    url: str
    messages: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Files of the pages, by name."""
    folder = tmp_path_factory.mktemp("pages")
    scores = folder / "scores.parquet"
    assert main(["score", str(ROOT / "examples/sample-corpus"), "-o", str(scores), "--forms", "all"]) == 0
    assert main(["report", str(scores), "-o", str(folder / "sample.html"), "--target", "suicidality"]) == 0
    plan = {"anxiety": 30, "depression": 20, "grief": 8, "suicidality": 12}
    turns = simulate(plan, turns=30, gap={"suicidality": 0.6}, seed=1)
    ak.report(turns, folder / "simulated.html", target="suicidality")
    labels = turns.with_columns(
        pl.col("condition").replace_strict(HOSTILE),
        session_id=pl.format("<b>{}</b>", "session_id"),
        text=pl.lit(HOSTILE["anxiety"]),
    )
    ak.report(labels, folder / "hostile.html", quotes=True, target=HOSTILE["grief"], title=HOSTILE["depression"])
    ak.report(turns.filter(pl.col("session_id") == turns["session_id"][0]), folder / "one.html")
    return {path.stem: path for path in folder.glob("*.html")}


@pytest.fixture
def opened(browser: Any, pages: dict[str, Path]) -> Iterator[Any]:  # noqa: ANN401 - playwright's
    """Open a page by its name, in a context of its own."""
    contexts = []

    def open_page(name: str, *, width: str = "laptop", **options: Any) -> Opened:  # noqa: ANN401 - playwright's
        wide, tall = WIDTHS[width]
        context = browser.new_context(viewport={"width": wide, "height": tall}, **options)
        contexts.append(context)
        found = Opened(context.new_page(), pages[name].as_uri())
        found.page.on("console", lambda message: found.messages.append(message.text))
        found.page.on("pageerror", lambda error: found.messages.append(str(error)))
        found.page.on("dialog", lambda dialog: found.messages.append(dialog.message))
        found.page.on("request", lambda request: found.requests.append(request.url))
        found.page.goto(found.url)
        return found

    yield open_page
    for context in contexts:
        context.close()
