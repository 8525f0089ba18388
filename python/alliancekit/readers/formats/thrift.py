"""Thrift's compact protocol, in which Parquet writes what it says of its pages: structs by the numbers of their fields.

By hand, since no library that is needed anyway gives them before it has read the pages themselves.
(apache/thrift, ``doc/specs/thrift-compact-protocol.md``.)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from mmap import mmap

TRUE, FALSE, BYTE, I16, I32, I64, DOUBLE, BINARY, LIST, SET, MAP, STRUCT = range(1, 13)
LONG: Final = 15
"""In a list's first byte: its length follows."""
MOST_BITS: Final = 63
DOUBLE_BYTES: Final = 8


class Compact:
    """Reads values one after the other.

    Attributes:
        position: of the next byte.

    >>> Compact(bytes([0x15, 0x06, 0x00])).struct()
    {1: 3}
    """

    def __init__(self, data: bytes | mmap, position: int = 0) -> None:
        """Start at a position of the data."""
        self._data = data
        self.position = position

    def struct(self) -> dict[int, object]:
        """Give the next struct.

        Raises:
            ValueError, IndexError, RecursionError: it is none.

        """
        fields: dict[int, object] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._integer()
            kind = head & 15
            fields[number] = kind == TRUE if kind in (TRUE, FALSE) else self._value(kind)
        return fields

    def _value(self, kind: int) -> object:
        match kind:
            case 1 | 2 | 3:  # in a list, true and false take a byte too
                return self._byte()
            case 4 | 5 | 6:
                return self._integer()
            case 7:
                self.position += DOUBLE_BYTES
                return None
            case 8:
                return self._binary()
            case 9 | 10:
                return self._list()
            case 12:
                return self.struct()
        raise ValueError(kind)

    def _list(self) -> list[object]:
        head = self._byte()
        length = self._unsigned() if head >> 4 == LONG else head >> 4
        return [self._value(head & 15) for _ in range(length)]

    def _binary(self) -> bytes:
        length = self._unsigned()
        self.position += length
        return bytes(self._data[self.position - length : self.position])

    def _integer(self) -> int:
        folded = self._unsigned()
        return (folded >> 1) ^ -(folded & 1)

    def _unsigned(self) -> int:
        value = 0
        for shift in range(0, MOST_BITS + 7, 7):
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte == byte & 0x7F:
                return value
        raise ValueError(value)

    def _byte(self) -> int:
        self.position += 1
        return self._data[self.position - 1]
