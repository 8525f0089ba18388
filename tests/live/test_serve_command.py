"""The command itself: its address, its token, its log, its end."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import httpx
import pytest

from alliancekit.cli import ExitCode, main

if TYPE_CHECKING:
    from pathlib import Path

PLANTED = "zebedee-4711"


def test_it_answers_says_nothing_of_sessions_and_ends_cleanly(tiny_bundle: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "alliancekit.cli", "serve", "--port", "0", "--bundle", str(tiny_bundle)]
    with subprocess.Popen(
        [*command, "--state", str(tmp_path / "state")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        address = process.stderr.readline().removeprefix("listening on ").strip()
        assert "not a suicide-risk assessment" in process.stderr.readline()
        with httpx.Client(base_url=address, timeout=60, trust_env=False) as client:
            for text in (f"I trust {PLANTED}", "I trust you."):
                body = {"role": "user", "text": text}
                assert client.post(f"/sessions/{PLANTED}/turns", json=body).status_code == 200
            client.post(f"/{PLANTED}", content=PLANTED.encode())
            with client.stream("GET", f"/sessions/{PLANTED}/events") as stream:
                process.send_signal(signal.SIGTERM)
                assert b"".join(stream.iter_bytes()).startswith(b": updates follow")
        out, err = process.communicate(timeout=60)
    assert process.returncode == ExitCode.TERMINATED
    assert PLANTED not in out + err
    assert err == "Terminated.\n"


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])  # noqa: S104 - it is refused
def test_other_addresses_than_loopback_need_a_token(host: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--host", host]) == ExitCode.USAGE
    assert "--token-file" in capfd.readouterr().err


@pytest.mark.parametrize("content", [b"", b"short\n", b"two words that are long\n", "ü".encode() * 20])
def test_a_token_that_is_none_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_bytes(content)
    assert main(["serve", "--token-file", str(path)]) == ExitCode.USAGE
    assert main(["serve", "--token-file", str(tmp_path / "none")]) == ExitCode.IO


def test_a_port_that_is_taken_is_said_to_be_so(tiny_bundle: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert main(["serve", "--port", str(port), "--bundle", str(tiny_bundle)]) == ExitCode.IO
    assert "cannot be listened on" in capfd.readouterr().err
