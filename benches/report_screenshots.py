"""Pictures of reports for docs/report.md: of the sample corpus, and of AnnoMI where it is beside the checkout."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image
from tests.support.chromium import chromium

from alliancekit.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]
OUTPUT = ROOT / "docs" / "report"
CORPORA = {
    "sample": (ROOT / "examples" / "sample-corpus", ["--target", "suicidality"]),
    "annomi": (ROOT.parent / "shared" / "data" / "AnnoMI-simple.csv", ["--by", "mi_quality", "--target", "low"]),
}
LOOKS: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}},
    "laptop": {"viewport": {"width": 1280, "height": 900}},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "print": {"viewport": {"width": 794, "height": 1123}},
}
COLOURS = 96
"""Of a picture: pages of text and lines need few, and the repository stays small."""


def pages(folder: Path) -> Iterator[tuple[str, Path]]:
    for name, (source, options) in CORPORA.items():
        if not source.exists():
            print(f"{name}: {source.name} is not beside the checkout, left out")
            continue
        scores, page = folder / f"{name}.parquet", folder / f"{name}.html"
        if main(["score", str(source), "-o", str(scores), "--forms", "all"]) == 0:
            main(["report", str(scores), "-o", str(page), *options])
            yield name, page


def photograph(browser: Any, page: Path, look: str) -> bytes:  # noqa: ANN401 - playwright's
    context = browser.new_context(**LOOKS[look])
    opened = context.new_page()
    if look == "print":
        opened.emulate_media(media="print")
    opened.goto(page.as_uri())
    picture: bytes = opened.screenshot(full_page=True)
    context.close()
    return picture


def small(picture: bytes) -> bytes:
    file = io.BytesIO()
    few = (
        Image.open(io.BytesIO(picture))
        .convert("RGB")
        .quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    )
    few.save(file, format="png", optimize=True)
    return file.getvalue()


def run() -> None:
    OUTPUT.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, chromium() as browser:
        for name, page in pages(Path(folder)):
            for look in LOOKS if name == "sample" else ("phone", "laptop", "print"):
                path = OUTPUT / f"{name}-{look}.png"
                path.write_bytes(small(photograph(browser, page, look)))
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    run()
