"""Packed files are read as what they hold, and nothing of it is left on the disk under a name."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st
from tests.support.transcripts import transcripts

from alliancekit import read
from alliancekit.errors import DataError
from alliancekit.readers import FORMATS

PACKED = {".gz": gzip.compress, ".zst": zstandard.ZstdCompressor().compress}
FOLDERS = {"convokit"}
TEXT = "session_id,turn_index,role,text\ns,0,client,I lost my keys.\ns,1,counsellor,Where?\n"


@pytest.mark.parametrize("suffix", PACKED)
@pytest.mark.parametrize("key", [known.key for known in FORMATS if known.key not in FOLDERS])
def test_each_format_is_read_as_if_it_were_not_packed(tmp_path: Path, key: str, suffix: str) -> None:
    plain_suffix, content = transcripts()[key]
    (tmp_path / "plain").mkdir()
    (tmp_path / "packed").mkdir()
    plain = tmp_path / "plain" / f"talk{plain_suffix}"
    packed = tmp_path / "packed" / f"talk{plain_suffix}{suffix}"
    plain.write_bytes(content)
    packed.write_bytes(PACKED[suffix](content))
    expected, found = read(plain), read(packed.parent)
    assert found.turns.equals(expected.turns)
    assert [(problem.code, problem.row) for problem in found.problems] == [
        (problem.code, problem.row) for problem in expected.problems
    ]
    assert {problem.path for problem in found.problems} <= {packed}


@pytest.mark.parametrize("suffix", PACKED)
def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(spool))
    path = tmp_path / f"talk.csv{suffix}"
    path.write_bytes(PACKED[suffix](TEXT.encode()))
    assert read(path).turns.height == 2
    path.write_bytes(PACKED[suffix](TEXT.replace("role", "who").encode()))
    with pytest.raises(DataError) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert "/proc" not in str(raised.value)
    assert list(spool.iterdir()) == []


@given(share=st.floats(0, 0.999), suffix=st.sampled_from(sorted(PACKED)))
def test_a_truncated_file_is_refused(share: float, suffix: str) -> None:
    content = PACKED[suffix](TEXT.encode())
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"talk.csv{suffix}")
        path.write_bytes(content[: int(len(content) * share)])
        with pytest.raises(DataError):
            read(path)


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7), suffix=st.sampled_from(sorted(PACKED)))
def test_a_flipped_bit_is_refused_or_does_no_harm(at: int, bit: int, suffix: str) -> None:
    content = bytearray(PACKED[suffix](TEXT.encode()))
    content[at % len(content)] ^= 1 << bit
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"talk.csv{suffix}")
        path.write_bytes(content)
        try:
            turns = read(path).turns
        except DataError:
            return
    assert turns.height <= 2
