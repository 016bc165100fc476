"""Real servers on loopback: feeds that answer conditionally, a webhook that keeps what it was sent."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.loopback import Quiet, listening


@dataclass
class Site:
    """What a server knows. `pages`: path -> body; `hold`: paths that wait for `release`; `answers`: what the next
    POSTs get (status, headers), then 200s."""

    port: int = 0
    pages: dict[str, bytes] = field(default_factory=dict)
    hold: set[str] = field(default_factory=set)
    release: threading.Event = field(default_factory=threading.Event)
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)  # method, path, as they came
    received: list[dict[str, Any]] = field(default_factory=list)  # JSON of each POST that was answered with 200

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        """Another `host` (localhost) is another one to the fetcher, which asks one host for one feed at a time."""
        return f"http://{host}:{self.port}{path}"

    def hook(self, path: str = "/hook") -> str:
        """An Apprise address of this server."""
        return f"json://127.0.0.1:{self.port}{path}"


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.requests.append(("GET", self.path))
            if self.path in site.hold:
                site.release.wait(60)
            body = site.pages.get(self.path)
            if body is None:
                self._answer(404, {}, b"")
                return
            tag = f'"{hashlib.blake2b(body, digest_size=8).hexdigest()}"'
            if self.headers.get("If-None-Match") == tag:
                self._answer(304, {"ETag": tag}, b"")
            else:
                self._answer(200, {"ETag": tag, "Content-Type": "application/rss+xml; charset=utf-8"}, body)

        def do_POST(self) -> None:
            site.requests.append(("POST", self.path))
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            if self.path in site.hold:
                site.release.wait(60)
            status, headers = site.answers.pop(0) if site.answers else (200, {})
            if status == 200:
                site.received.append(json.loads(body))
            self._answer(status, {"Content-Type": "application/json", **headers}, b"{}")

        def _answer(self, status: int, headers: dict[str, str], body: bytes) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

    return Handler


@contextmanager
def site() -> Iterator[Site]:
    """Serve until the block ends."""
    made = Site()
    with listening(_handler(made)) as made.port:
        try:
            yield made
        finally:
            made.release.set()
