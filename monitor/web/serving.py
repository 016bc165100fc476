"""The pages on an address, until told to stop."""

from __future__ import annotations

import signal
import socket
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from monitor.web.protocol import Protocol
from monitor.web.watcher import end_streams

CONNECTIONS: Final = 200  # beyond it an asker gets a 503 at once
KEEP_ALIVE: Final = 15  # seconds
END_WITHIN: Final = 3  # seconds for answers under way; a stream of events never ends by itself


class Server(uvicorn.Server):
    """Ends the streams of events first, which would not end by themselves."""

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await end_streams()
        await super().shutdown(sockets)


def server_of(app: ASGIApp) -> uvicorn.Server:
    """To `run` on a bound socket. It says nothing by itself: an address may hold a token, and so may not be logged."""
    return Server(
        uvicorn.Config(
            app,
            http=Protocol,
            access_log=False,
            log_config=None,
            log_level="warning",
            server_header=False,
            lifespan="off",
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=END_WITHIN,
            ws="none",
            proxy_headers=False,  # who may speak for others is for the access rules to say
        )
    )


def run(app: ASGIApp, listening: socket.socket) -> None:
    """Until SIGINT or SIGTERM, which are the proper end: the server would raise them once more when it has ended."""
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: None)
    server_of(app).run(sockets=[listening])
