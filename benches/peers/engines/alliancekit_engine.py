"""Ours: text in, scores and embedding out; every turn encoded, unless repeats are to be scored once."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import polars as pl
from benches.peers.place import Unable

from alliancekit import _native
from alliancekit.runtime import library_path, switch_telemetry_off

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.peers.place import Encode, Place, Vectors

PACKAGES = ("alliancekit",)


def open_engine(place: Place) -> Encode:
    switch_telemetry_off()
    merge = bool(place.options.get("merge_repeats", False))
    asked, library = place.options["precision"], os.fspath(library_path())
    engine = _native.Engine(place.bundle, library, place.threads, merge_repeats=merge, precision=asked)
    runs, _, _, why = engine.tier
    if asked not in ("auto", runs):
        raise Unable(why)

    def encode(texts: Sequence[str]) -> Vectors:
        return engine.score_and_embed(pl.Series(texts, dtype=pl.String))[1]

    return encode
