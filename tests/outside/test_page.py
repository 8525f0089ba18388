"""The page in a real browser, without a window: ``make test-page``."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from conftest import push

if TYPE_CHECKING:
    from collections.abc import Iterator

SAID = "I keep going for the walks, and I feel that you get why."
DROPPED = "I do not want this. It does not help, and you do not see me."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.fail("there is no chromium; install the system's package")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page, which must neither complain nor ask anybody else for anything."""
    found = browser.new_page()
    complaints: list[str] = []
    asked: list[str] = []
    found.on("pageerror", lambda error: complaints.append(str(error)))
    found.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    found.on("request", lambda request: asked.append(request.url))
    found.goto(address)
    yield found
    assert [url for url in asked if not url.startswith(address)] == []
    # A session that is not there yet is the one thing that the page asks for in vain.
    assert [text for text in complaints if "404" not in text] == []
    found.close()


def follow(page: Page, session: str) -> None:
    page.get_by_label("Session").fill(session)
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("status")).to_have_text("following")


def test_both_sides_the_gap_and_the_states_are_shown_as_they_come(page: Page, address: str) -> None:
    expect(page.locator("#notice")).to_contain_text("not a suicide-risk assessment")
    follow(page, "seen")
    expect(page.locator("#turns")).to_have_text("-")
    push(address, "seen", "user", SAID)
    update = push(address, "seen", "assistant", "You want to walk.")
    expect(page.locator("#turns")).to_have_text("2")
    running = update["running"]
    assert isinstance(running, dict)
    for side in ("patient", "therapist"):
        expect(page.locator(f"#{side}")).to_have_text(f"{running['total'][f'{side}_mean']:.4f}")
    expect(page.locator("#gap")).to_have_text(f"{running['total']['gap']:.4f}")
    expect(page.locator("#chart circle.patient")).to_have_count(1)
    expect(page.locator("#chart circle.therapist")).to_have_count(1)
    rows = page.locator("#signals tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("patient falling (total)")
    expect(rows.nth(0)).to_contain_text("not enough data")


def test_an_alert_is_seen_with_its_evidence(page: Page, address: str) -> None:
    follow(page, "echo")
    for turn in range(40):
        push(address, "echo", ("user", "assistant")[turn % 2], f"{SAID} Walk number {turn // 2}.")
    alert = page.locator("#signals td.alert")
    expect(alert.first).to_have_text("alert")
    row = page.locator("#signals tr", has=page.locator("td.alert")).first
    expect(row.locator("td").nth(2)).to_contain_text("39")


def test_another_scale_can_be_looked_at(page: Page, address: str) -> None:
    follow(page, "scale")
    update = push(address, "scale", "user", SAID)
    expect(page.locator("#turns")).to_have_text("1")
    page.get_by_label("Scale").select_option("bond")
    running = update["running"]
    assert isinstance(running, dict)
    expect(page.locator("#patient")).to_have_text(f"{running['bond']['patient_mean']:.4f}")


def test_who_comes_late_sees_how_the_session_stands(page: Page, address: str) -> None:
    for turn in range(6):
        push(address, "late", ("user", "assistant")[turn % 2], DROPPED)
    follow(page, "late")
    expect(page.locator("#turns")).to_have_text("6")
    page.reload()
    expect(page.locator("#turns")).to_have_text("6")


def test_what_a_session_is_called_is_text_and_no_markup(page: Page) -> None:
    page.get_by_label("Session").fill("<img src=x onerror=alert(1)>")
    page.get_by_role("button", name="Follow").click()
    expect(page.get_by_role("status")).to_have_text("not following")
