"""AnnoMI as turns and as sessions, with what needs no model: turn count, lengths, talk share, sentiment."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

ANNOMI: Final = Path(__file__).parents[3] / "shared" / "data" / "AnnoMI-simple.csv"
ROLES: Final = ("patient", "therapist")
PLAIN: Final = ("turns", "patient_words", "therapist_words", "talk_share", "patient_sentiment", "therapist_sentiment")


def read_turns(path: Path) -> pl.DataFrame:
    """Return a row each turn: session, video, whether the session is of high quality, role, text, talk type."""
    raw = pl.read_csv(path, infer_schema_length=None)
    return raw.select(
        session="transcript_id",
        video="video_url",
        high=pl.col("mi_quality") == "high",
        role=pl.col("interlocutor").replace_strict({"client": "patient", "therapist": "therapist"}),
        talk="client_talk_type",
        text=pl.col("utterance_text").fill_null(""),
    ).with_columns(words=pl.col("text").str.split(" ").list.len().cast(pl.Float64), sentiment=sentiment(raw))


def sentiment(raw: pl.DataFrame) -> pl.Series:
    """Return VADER's compound sentiment of each turn."""
    analyzer = SentimentIntensityAnalyzer()
    texts = raw["utterance_text"].fill_null("")
    known = {text: analyzer.polarity_scores(text)["compound"] for text in texts.unique()}
    return pl.Series([known[text] for text in texts], dtype=pl.Float64)


def sessions_of(turns: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Return a row each session: its label, what needs no model, and each role's mean of `columns`."""
    by_role = [
        pl.col(name).filter(pl.col("role") == role).mean().fill_null(0).alias(f"{role}_{name}")
        for name in ("sentiment", *columns)
        for role in ROLES
    ]
    words = [pl.col("words").filter(pl.col("role") == role).sum().alias(f"{role}_words") for role in ROLES]
    grouped = turns.group_by("session", maintain_order=True)
    table = grouped.agg(pl.col("video").first(), pl.col("high").first(), pl.len().alias("turns"), *words, *by_role)
    return table.with_columns(
        talk_share=pl.col("patient_words") / (pl.col("patient_words") + pl.col("therapist_words")),
        **{name: pl.col(name).cast(pl.Float64).log() for name in ("turns", "patient_words", "therapist_words")},
    )
