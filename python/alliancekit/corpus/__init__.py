"""Corpora of any size: batches in, a folder of parts out, in memory that does not grow, whatever stops it."""

from __future__ import annotations

from alliancekit.corpus.arrow_batches import score_batches, scored_schema
from alliancekit.corpus.scan import parts_of, scales_of, scan_scores
from alliancekit.corpus.score import ScoredCorpus, resume_corpus, score_corpus
from alliancekit.corpus.status import Status
from alliancekit.corpus.verify import Verified, verify_corpus

__all__ = [
    "ScoredCorpus",
    "Status",
    "Verified",
    "parts_of",
    "resume_corpus",
    "scales_of",
    "scan_scores",
    "score_batches",
    "score_corpus",
    "scored_schema",
    "verify_corpus",
]
