"""A scorer without a model: the scores of a text are made of its letters, so that every text has its own."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import polars as pl

from alliancekit.precision import EngineInfo
from alliancekit.scorer import Scorer

if TYPE_CHECKING:
    from pathlib import Path

    from alliancekit.scorer import Progress
    from alliancekit.texts import Texts

SCALES = ("task", "total")
LIMIT = 6


class FakeScorer(Scorer):
    """Scores by length and content; a text of more than `LIMIT` words is truncated.

    Attributes:
        asked: the texts of each call.

    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        if not (folder / "bundle.json").exists():
            (folder / "bundle.json").write_text("{}")
        self.bundle_path = folder
        self.bundle_sha256 = hashlib.sha256((folder / "bundle.json").read_bytes()).hexdigest()
        self.manifest = {"scales": SCALES, "forms": ("patient", "therapist"), "files": {"model.onnx": {"sha256": "00"}}}
        self.threads = 1
        self.method = "contrast"
        self.asked: list[list[str]] = []

    @property
    def info(self) -> EngineInfo:
        """What a real scorer says of its engine."""
        return EngineInfo("auto", "float32", "onnxruntime", "none", "a fake", {})

    def score_texts(self, texts: Texts, *, progress: Progress | None = None) -> pl.DataFrame:
        """Give what the engine gives."""
        assert isinstance(texts, pl.Series)
        self.asked.append(texts.to_list())
        if progress is not None:
            progress(1, 2)
        said = texts.str.strip_chars()
        there = (said != "").fill_null(value=False)
        words = said.str.count_matches(r"\S+")
        value = (said.hash(seed=9) % 10_007).cast(pl.Float32) / 10_007
        made = {
            "n_tokens": words.cast(pl.UInt32),
            "truncated": words > LIMIT,
            **{
                f"{scale}_{form}_form": (value + number).cast(pl.Float32)
                for number, (scale, form) in enumerate((s, f) for s in SCALES for f in ("patient", "therapist"))
            },
        }
        frame = pl.DataFrame(made)
        return frame.select(pl.when(there).then(pl.col(name)).alias(name) for name in frame.columns)
