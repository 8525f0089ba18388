"""A client that costs little, so that on one machine the server is what is measured."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    Turn = tuple[str, str]


@dataclass(slots=True)
class Answers:
    """What came back: seconds of each answer 200, and counts by status."""

    seconds: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)

    def include(self, status: int, seconds: float) -> None:
        """Count an answer."""
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status == 200:  # noqa: PLR2004 - as HTTP has it
            self.seconds.append(seconds)


class Connection:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def push(self, session: str, turn: Turn) -> int:
        """Send a turn and give the status of the answer."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        body = json.dumps({"role": turn[0], "text": turn[1]}).encode()
        head = f"POST /sessions/{session}/turns HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        answer = (await reader.readuntil(b"\r\n\r\n")).lower()
        length = int(answer.split(b"content-length: ")[1].split(b"\r\n")[0])
        await reader.readexactly(length)
        return int(answer[9:12])

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()


async def talk(port: int, session: str, turns: Sequence[Turn], answers: Answers) -> None:
    """Send a session's turns, each when the one before is answered."""
    connection = Connection(port)
    for turn in turns:
        start = time.perf_counter()
        status = await connection.push(session, turn)
        answers.include(status, time.perf_counter() - start)
    connection.close()


async def talk_all(port: int, talks: Sequence[Sequence[Turn]], name: str) -> Answers:
    """Have all sessions talk at once."""
    answers = Answers()
    await asyncio.gather(*(talk(port, f"{name}-{number}", turns, answers) for number, turns in enumerate(talks)))
    return answers
