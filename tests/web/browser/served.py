"""The real pages on a real server on loopback, in a thread of the test's process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from monitor.serve import Listen, bound
from monitor.web.app import make_app
from monitor.web.desk import Desk
from monitor.web.serving import server_of
from tests.web.browser.scene import Scene


@dataclass
class Site:
    """`scene` goes on with the news; `desk` is what the pages work with."""

    address: str
    scene: Scene
    desk: Desk
    server: uvicorn.Server
    thread: threading.Thread

    def stop(self) -> None:
        """As SIGTERM does."""
        self.server.should_exit = True
        self.thread.join(20)
        assert not self.thread.is_alive(), "the server did not end"


@contextmanager
def serve(scene: Scene, *, port: int = 0) -> Iterator[Site]:
    """`port` 0: any that is free."""
    desk = Desk(scene.rules, scene.state, clock=scene.world.clock, environ={})
    with bound(Listen("127.0.0.1", port)) as listening:
        server = server_of(make_app(desk))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, name="pages", daemon=True)
        thread.start()
        site = Site(_address(listening), scene, desk, server, thread)
        try:
            yield site
        finally:
            site.stop()


def _address(listening: socket.socket) -> str:
    return f"http://127.0.0.1:{listening.getsockname()[1]}"
