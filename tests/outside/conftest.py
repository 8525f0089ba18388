"""A server of the checkout's own environment; the tests run in another, which has no alliancekit."""

from __future__ import annotations

import json
import subprocess
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ALLIANCE = ROOT / ".venv" / "bin" / "alliance"


@pytest.fixture(scope="session")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is usual in the synthetic sample corpus."""
    folder = tmp_path_factory.mktemp("reference")
    scores, output = folder / "scores.parquet", folder / "reference.json"
    subprocess.run([ALLIANCE, "score", ROOT / "examples" / "sample-corpus", "--echo", "-o", scores], check=True)
    subprocess.run([ALLIANCE, "reference", "build", scores, "--simulate", "-o", output], check=True)
    return output


@pytest.fixture
def address(reference: Path, tmp_path: Path) -> Iterator[str]:
    """Address of a server that keeps its sessions in a folder, and says nothing more after its start."""
    options = ["--port", "0", "--reference", str(reference), "--state", str(tmp_path / "state")]
    with subprocess.Popen([str(ALLIANCE), "serve", *options], stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        yield process.stderr.readline().removeprefix("listening on ").strip()
        process.terminate()
        assert process.wait(60) == 143
        assert "internal error" not in process.stderr.read()


def push(address: str, session: str, role: str, text: str) -> dict[str, object]:
    """Send a turn and give its update."""
    body = json.dumps({"role": role, "text": text}).encode()
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{address}/sessions/{session}/turns", body, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request) as response:  # noqa: S310 - as above
        found: dict[str, object] = json.load(response)
        return found
