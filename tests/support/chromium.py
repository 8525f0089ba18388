"""The system's Chromium, headless, driven by playwright."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium() -> Iterator[Any]:
    """Start it, and end it after the block."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - installed where a browser is asked for

    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        message = f"no Chromium on the path (looked for {', '.join(NAMES)}); install the system's package"
        raise RuntimeError(message)
    # Its sandbox can't be had as root, which containers are.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()
