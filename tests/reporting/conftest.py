"""A corpus with four conditions, one of them small, and pages made of it."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

import alliancekit as ak
from alliancekit.stats.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import polars as pl

QUICK: dict[str, Any] = {"resamples": 99, "bins": 3}
SCALES = ("task", "bond")


@pytest.fixture(scope="session")
def turns() -> pl.DataFrame:
    """Scored turns of 32 sessions on two scales, `grief` with three of the sessions. Not to be changed."""
    plan = {"anxiety": 12, "depression": 9, "grief": 3, "suicidality": 8}
    return simulate(plan, turns=24, gap={"suicidality": 0.8}, scales=SCALES, seed=4).drop("total")


@pytest.fixture(scope="session")
def one_scale(turns: pl.DataFrame) -> pl.DataFrame:
    """The same on `task` alone, for quicker pages. Not to be changed."""
    return turns.drop("bond")


@pytest.fixture(scope="session")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Write a report and give its page."""

    def made(frame: pl.DataFrame | pl.LazyFrame, **choices: Any) -> str:  # noqa: ANN401 - as the function takes them
        path = tmp_path_factory.mktemp("page") / "report.html"
        ak.report(frame, path, **QUICK | choices)
        return path.read_text(encoding="utf-8")

    return made


@pytest.fixture(scope="session")
def page(turns: pl.DataFrame, make: Callable[..., str]) -> str:
    """The page of the corpus, with a target. Not to be changed."""
    return make(turns, target="suicidality")


class Parsed(HTMLParser):
    """What a browser would make of a page: elements with attributes, and the words between them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[tuple[dict[str, str], str]] = []
        self.styles: list[str] = []
        self.words: list[str] = []
        self._inside: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element, and what a raw-text one is."""
        found = {name: value or "" for name, value in attrs}
        self.elements.append((tag, found))
        if tag in ("script", "style"):
            self._inside.append((tag, found))

    def handle_endtag(self, tag: str) -> None:
        """Leave a raw-text element."""
        if self._inside and self._inside[-1][0] == tag:
            self._inside.pop()

    def handle_data(self, data: str) -> None:
        """Keep words, scripts and styles apart."""
        if not self._inside:
            self.words.append(data)
        elif self._inside[-1][0] == "script":
            self.scripts.append((self._inside[-1][1], data))
        else:
            self.styles.append(data)

    @property
    def text(self) -> str:
        """The words of the page, with single blanks."""
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.fixture(scope="session")
def parsed() -> Callable[[str], Parsed]:
    """Parse a page as a browser does."""
    return Parsed


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
