"""What the figures were made on: processor and cores, nothing that names the machine."""

from __future__ import annotations

import platform
import sys
from pathlib import Path

import numpy as np
import polars as pl

import alliancekit
from alliancekit import _native


def line() -> str:
    """Describe software and machine in one line."""
    versions = f"alliancekit {alliancekit.__version__}, Python {platform.python_version()}"
    libraries = f"numpy {np.__version__}, polars {pl.__version__}"
    return f"{versions}, {libraries} · {_processor()}, {_native.available_threads()} cores"


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if sys.platform == "linux" else []
    names = [text.split(":", 1)[1].strip() for text in lines if text.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
