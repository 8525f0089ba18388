"""The server's process: uvicorn, quiet, and stopped so that nothing acknowledged is lost."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
import sys
from typing import TYPE_CHECKING, Final

import uvicorn

from alliancekit.errors import FileAccessError, ParameterError
from alliancekit.live.notice import NOTICE
from alliancekit.live.serve.application import Application
from alliancekit.live.serve.guard import LOOPBACK

if TYPE_CHECKING:
    from types import FrameType

    from alliancekit.live.serve.settings import Settings
    from alliancekit.live.store import SessionStore
    from alliancekit.scorer import Scorer

GRACE_SECONDS: Final = 30
"""How long answers under way may take once the server was told to stop."""
CONNECTIONS: Final = 2048


class Server(uvicorn.Server):
    """A server whose event streams end when it is told to stop, so that it does not wait for their readers."""

    def __init__(self, config: uvicorn.Config, application: Application) -> None:
        super().__init__(config)
        self._application = application

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take note of a signal."""
        super().handle_exit(sig, frame)
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        loop.call_soon_threadsafe(self._application.hub.close)


def serve(  # noqa: PLR0913 - the choices of the command
    scorer: Scorer, store: SessionStore, settings: Settings, *, host: str, port: int, token: str | None
) -> None:
    """Serve until a signal comes.

    Raises:
        ParameterError: the host is not loopback and there is no token.
        FileAccessError: the address cannot be had.

    """
    check_address(host, token)
    hosts = LOOPBACK | {host, f"[{host}]"} if is_loopback(host) else None
    application = Application(scorer, store, settings=settings, token=token, hosts=hosts)
    listening = listen(host, port)
    _no_messages_of_errors()
    config = uvicorn.Config(
        application.asgi,
        access_log=False,
        log_config=None,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        limit_concurrency=CONNECTIONS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    name = f"[{host}]" if ":" in host else host
    sys.stderr.write(f"listening on http://{name}:{listening.getsockname()[1]}\n{NOTICE}\n")
    Server(config, application).run(sockets=[listening])


def check_address(host: str, token: str | None) -> None:
    """Refuse to be reached from elsewhere without a token.

    Raises:
        ParameterError: the host is not loopback and there is no token.

    """
    if token is None and not is_loopback(host):
        raise ParameterError(f"{host} can be reached from other machines: give a token with --token-file")


def is_loopback(host: str) -> bool:
    """Tell whether only this machine can reach an address.

    >>> is_loopback("localhost"), is_loopback("127.0.0.1"), is_loopback("0.0.0.0")
    (True, True, False)
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def listen(host: str, port: int) -> socket.socket:
    """Give a socket that listens, so that a client who is told of it can connect.

    Raises:
        FileAccessError: the address cannot be had.

    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        listening = socket.socket(family, socket.SOCK_STREAM)
    except OSError:
        raise FileAccessError(f"{host}: there is no such host.") from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(CONNECTIONS)
    except OSError as error:
        listening.close()
        raise FileAccessError(f"{host}:{port}: cannot be listened on: {error.strerror}.") from None
    return listening


def _no_messages_of_errors() -> None:
    """Keep tracebacks, whose last line may quote what was sent, out of uvicorn's log."""

    def without_traceback(record: logging.LogRecord) -> bool:
        record.exc_info = record.exc_text = None
        return True

    logging.getLogger("uvicorn.error").addFilter(without_traceback)
