"""A server in a thread of the test's process, on a port that is free."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import uvicorn

from alliancekit.live.serve.application import Application
from alliancekit.live.serve.guard import LOOPBACK
from alliancekit.live.serve.run import listen
from alliancekit.live.store import SessionStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit import Reference, Scorer
    from alliancekit.live.serve.settings import Settings


@contextmanager
def served(
    scorer: Scorer,
    settings: Settings,
    *,
    reference: Reference | None = None,
    folder: Path | None = None,
    token: str | None = None,
) -> Iterator[httpx.Client]:
    """Serve while the block runs; the client knows the address and the port."""
    store = SessionStore(scorer, reference, folder=folder, active=100)
    application = Application(scorer, store, settings=settings, token=token, hosts=LOOPBACK)
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(application.asgi, log_config=None, access_log=False, lifespan="on", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        with httpx.Client(
            base_url=f"http://127.0.0.1:{listening.getsockname()[1]}", timeout=60, trust_env=False
        ) as client:
            yield client
    finally:
        application.hub.close()
        server.should_exit = True
        thread.join()
        listening.close()
        store.close()
