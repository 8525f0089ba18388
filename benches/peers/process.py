"""A worker seen from outside: started in the peer's environment, spoken to in lines of JSON, ended whatever happens."""

from __future__ import annotations

import json
import os
import select
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benches.peers.place import Unable

if TYPE_CHECKING:
    from benches.peers.catalogue import Peer

ROOT: Final = Path(__file__).parents[2]


class Process:
    """One peer's process. Every method raises `Unable` with the reason where the peer cannot go on."""

    def __init__(self, peer: Peer, threads: int, *, environments: Path = ROOT) -> None:
        # Not resolved: the link's own place is what tells Python which environment it is of.
        python = environments.absolute() / peer.environment / "bin" / "python"
        if not python.exists():
            raise Unable(f"{peer.environment} is not installed (make bench-peers does it)")
        command = [str(python), "-m", "benches.peers.worker", peer.engine]
        self._running = subprocess.Popen(  # noqa: S603 - our own command
            command,
            cwd=ROOT,
            env=_environment(threads),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def ask(self, verb: str, limit_s: float, **message: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Send a message and wait for the answer, at most `limit_s` seconds."""
        request = json.dumps({"do": verb, **message}).encode() + b"\n"
        try:
            self._stdin.write(request)
            self._stdin.flush()
        except BrokenPipeError:
            raise Unable(self._how_it_ended()) from None
        answer: dict[str, Any] = json.loads(self._line(time.monotonic() + limit_s, limit_s))
        if "failed" in answer:
            raise Unable(answer["failed"])
        return answer

    def _line(self, until: float, limit_s: float) -> bytes:
        found = bytearray()
        descriptor = self._stdout.fileno()
        while not found.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], max(0.0, until - time.monotonic()))
            if not ready:
                self.end()
                raise Unable(f"took longer than {limit_s:.0f} s")
            part = os.read(descriptor, 65536)
            if not part:
                raise Unable(self._how_it_ended())
            found += part
        return bytes(found)

    def _how_it_ended(self) -> str:
        code = self._running.wait()
        return f"its process ended with signal {-code}" if code < 0 else f"its process ended with code {code}"

    def end(self) -> None:
        """End the process."""
        self._running.kill()
        self._running.wait()
        self._stdin.close()
        self._stdout.close()

    @property
    def _stdin(self) -> Any:  # noqa: ANN401 - a pipe, there since it was asked for
        return self._running.stdin

    @property
    def _stdout(self) -> Any:  # noqa: ANN401 - likewise
        return self._running.stdout


def _environment(threads: int) -> dict[str, str]:
    """As ours, with the thread counts that libraries read, and no hub to turn to."""
    counts = dict.fromkeys(
        ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS", "RTEN_NUM_THREADS"), str(threads)
    )
    offline = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    return {
        **os.environ,
        **counts,
        **offline,
        "ORT_DISABLE_TELEMETRY": "1",
        "DO_NOT_TRACK": "1",
        "PYTHONPATH": str(ROOT),
    }
