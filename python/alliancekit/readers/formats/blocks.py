"""A text file in pieces that end where a record ends, so that memory is set by the piece and not by the file.

Polars' streaming scans of CSV and JSON lines read hundreds of megabytes ahead, whatever is taken of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK: Final = 4 << 20
QUOTE: Final = b'"'


def blocks(file: BinaryIO, *, end: bytes, quoted: bool, size: int = BLOCK) -> Iterator[bytes]:
    r"""Give the content in pieces of about `size` bytes, each up to the end of a record.

    Args:
        file: open at the beginning.
        end: the byte that ends a line.
        quoted: whether a line may end between quotes, where no record ends (RFC 4180).
        size: bytes that are read at a time; a piece has more where a record is longer.

    >>> import io
    >>> list(blocks(io.BytesIO(b'a,"b\nc"\nd,e\n'), end=b"\n", quoted=True, size=5))
    [b'a,"b\nc"\n', b'd,e\n']

    """
    begun: list[bytes] = []
    inside = False
    while block := file.read(size):
        cut = _last_end(block, end, inside=inside) if quoted else block.rfind(end) + 1
        inside = quoted and inside != bool(block.count(QUOTE) % 2)
        if cut:
            yield b"".join([*begun, block[:cut]])
            begun = []
        begun.append(block[cut:])
    if rest := b"".join(begun):
        yield rest


def first_record(content: bytes, *, end: bytes) -> bytes:
    r"""Give the first record of a text table with its end.

    >>> first_record(b'"a\nb",c\nd,e\n', end=b"\n")
    b'"a\nb",c\n'
    """
    cut = content.find(end) + 1
    while cut and content.count(QUOTE, 0, cut) % 2:
        cut = content.find(end, cut) + 1
    return content[:cut] if cut else content


def in_rows(frames: Iterator[pl.DataFrame], rows: int) -> Iterator[pl.DataFrame]:
    """Give the same table in pieces of `rows` rows, the last one aside.

    >>> [piece.height for piece in in_rows(iter([pl.DataFrame({"a": [1, 2, 3]})] * 3), 4)]
    [4, 4, 1]
    """
    waiting: list[pl.DataFrame] = []
    height = 0
    for frame in frames:
        waiting.append(frame)
        height += frame.height
        if height >= rows:
            whole = pl.concat(waiting)
            for start in range(0, height - rows + 1, rows):
                yield whole[start : start + rows]
            waiting = [whole[height - height % rows :]]
            height %= rows
    if height:
        yield pl.concat(waiting)


def _last_end(block: bytes, end: bytes, *, inside: bool) -> int:
    """Give the place after the last end of a line that stands outside of quotes; 0 where there is none."""
    quotes = block.count(QUOTE) + inside
    at = len(block)
    while (before := block.rfind(end, 0, at)) >= 0:
        quotes -= block.count(QUOTE, before, at)
        if quotes % 2 == 0:
            return before + 1
        at = before
    return 0
