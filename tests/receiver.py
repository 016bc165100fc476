"""A service on loopback that keeps what it is sent, and answers each path as it is told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.loopback import Quiet, listening


@dataclass
class Receiver:
    """`status`: what a path answers, 200 where it is not named. `got`: method, path and body of each request."""

    port: int = 0
    status: dict[str, int] = field(default_factory=dict)
    pages: dict[str, bytes] = field(default_factory=dict)
    got: list[tuple[str, str, str]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def hook(self, path: str) -> str:
        """As an Apprise address."""
        return f"json://127.0.0.1:{self.port}{path}"

    def titles(self, path: str) -> list[str]:
        """Of the messages that a path took, in order."""
        return [str(json.loads(body)["title"]) for method, at, body in self.got if (method, at) == ("POST", path)]

    def texts(self, path: str) -> list[str]:
        return [str(json.loads(body)["message"]) for method, at, body in self.got if (method, at) == ("POST", path)]


def _handler(receiver: Receiver) -> type[BaseHTTPRequestHandler]:
    class Handler(Quiet):
        def do_GET(self) -> None:
            self._answer("GET", "")

        def do_POST(self) -> None:
            self._answer("POST", self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

        def _answer(self, method: str, body: str) -> None:
            status = receiver.status.get(self.path, 200)
            if status == 200:
                receiver.got.append((method, self.path, body))
            answer = receiver.pages.get(self.path, b"OK")
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    return Handler


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Listens until the block ends."""
    made = Receiver()
    with listening(_handler(made)) as made.port:
        yield made
