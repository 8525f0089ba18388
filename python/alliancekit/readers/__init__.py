"""Transcripts as files: one file a format, one protocol, one registry. The only code that parses."""

from __future__ import annotations

from alliancekit.readers.batches import batches
from alliancekit.readers.checking import Checked, check
from alliancekit.readers.expand import Expanded, expand
from alliancekit.readers.options import ReadOptions
from alliancekit.readers.problem import Problem
from alliancekit.readers.protocol import Batch, Format, Table
from alliancekit.readers.reading import ReadResult, read
from alliancekit.readers.registry import FORMATS, reader_for
from alliancekit.readers.scanning import Scan, scan

__all__ = [
    "FORMATS",
    "Batch",
    "Checked",
    "Expanded",
    "Format",
    "Problem",
    "ReadOptions",
    "ReadResult",
    "Scan",
    "Table",
    "batches",
    "check",
    "expand",
    "read",
    "reader_for",
    "scan",
]
