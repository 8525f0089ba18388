"""Schemathesis on the server's own description: ``make fuzz-serve``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

EXAMPLES = 60


def test_every_answer_is_as_described(address: str) -> None:
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        *("run", f"{address}/openapi.json", "--url", address),
        *("--checks", "all", "--max-examples", str(EXAMPLES), "--generation-deterministic"),
        # Streams do not end, so nobody can wait for the whole answer.
        *("--exclude-path", "/sessions/{session_id}/events"),
        # Turns of one session are numbered, so the same request twice is refused, and a turn that JSON Schema takes
        # may have a role that nobody knows.
        *("--exclude-checks", "positive_data_acceptance,missing_required_header"),
    ]
    subprocess.run(command, check=True)
