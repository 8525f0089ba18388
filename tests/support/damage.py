"""Files damaged in some places, for tests that a reader gives turns or an error of ours and nothing else."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from alliancekit.errors import AllianceError
from alliancekit.readers import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hypothesis.strategies import DrawFn, SearchStrategy


def damaged(seeds: Sequence[bytes]) -> SearchStrategy[bytes]:
    """Give a seed of which pieces are cut out, doubled or replaced."""

    @st.composite
    def strategy(draw: DrawFn) -> bytes:
        data = draw(st.sampled_from(seeds))
        for _ in range(draw(st.integers(1, 4))):
            at = draw(st.integers(0, len(data)))
            end = min(at + draw(st.integers(0, 40)), len(data))
            put = draw(st.one_of(st.binary(max_size=12), st.just(data[at:end] * 2), st.just(b"\n\n"), st.just(b'"')))
            data = data[:at] + put + data[end:]
        return data

    return strategy()


def turns_or_error(data: bytes, suffix: str) -> None:
    """Read the bytes as a file; an error that is not ours gets through."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"talk{suffix}"
        path.write_bytes(data)
        try:
            turns = read(path, unnamed="leave-out", encoding="cp1252").turns
        except AllianceError:
            return
    assert turns["text"].null_count() == 0
