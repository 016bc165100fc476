"""An application on the server of the pages, in a thread of the test's process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from starlette.types import ASGIApp

from monitor.serve import Listen, bound
from monitor.web.serving import server_of

SOON = 20.0  # seconds that a test waits for what must come


@contextmanager
def running_on(listening: socket.socket, app: ASGIApp) -> Iterator[None]:
    server = server_of(app)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="pages", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(SOON)
        assert not thread.is_alive(), "the server did not end"


@contextmanager
def running(app: ASGIApp, *, port: int = 0) -> Iterator[int]:
    """On loopback; the port. 0: any that is free."""
    with bound(Listen("127.0.0.1", port)) as listening, running_on(listening, app):
        yield listening.getsockname()[1]
