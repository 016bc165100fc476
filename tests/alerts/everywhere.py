"""Every service there is, on loopback: a proxy that answers in place of any host, with a certificate for it.

Whoever is told of it by HTTPS_PROXY and REQUESTS_CA_BUNDLE, as operators tell of their own proxies, reaches Slack,
Telegram and the rest here, and nothing of it is changed for that: the requests are those that would go out.
"""

from __future__ import annotations

import json
import os
import re
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from tests.feeds.certificates import Made, made
from tests.loopback import Quiet, listening

# As the services answer to a message that they take, by host and a part of the path. `{id}` counts messages, from 1.
_ANSWERS: Final[tuple[tuple[str, str, str], ...]] = (
    ("hooks.slack.com", "", "ok"),
    ("slack.com", "chat.postMessage", '{"ok": true, "channel": "C1", "ts": "1732278000.00{id}"}'),
    ("api.telegram.org", "sendMessage", '{"ok": true, "result": {"message_id": {id}}}'),
    ("discord.com", "", '{"id": "90{id}", "channel_id": "77"}'),
    ("graph.facebook.com", "", '{"messages": [{"id": "wamid.{id}"}]}'),
    ("chat.googleapis.com", "", '{"name": "m", "thread": {"name": "spaces/S/threads/{id}"}}'),
    ("ntfy.example", "", '{"id": "n{id}", "event": "message"}'),
    ("matrix.example", "/login", '{"access_token": "tok", "home_server": "matrix.example", "user_id": "@m:x"}'),
    ("matrix.example", "/join/", '{"room_id": "!room:matrix.example"}'),
    ("matrix.example", "/send/", '{"event_id": "$event{id}"}'),
    ("signal.example", "", '{"timestamp": "173227800000{id}"}'),
    ("mattermost.example", "/hooks/", "ok"),
    ("mattermost.example", "/api/v4/posts", '{"id": "post{id}"}'),
    ("mattermost.example", "", '{"id": "channel1", "name": "town"}'),
    ("rocket.example", "", '{"success": true, "message": {"_id": "r{id}"}}'),
    ("gotify.example", "", '{"id": {id}}'),
    ("api.pushover.net", "", '{"status": 1, "request": "p{id}"}'),
)
_ACCEPTED: Final = ("logic.azure.example",)  # Teams workflows: 202 and nothing more


@dataclass(frozen=True)
class Got:
    """A request as it came."""

    method: str
    host: str
    path: str  # with the query
    headers: dict[str, str]
    body: bytes
    tls: bool

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Everywhere:
    """`got`: in order. `refuse`: (status, body) for a host's next request, instead of its answer; the list shrinks."""

    port: int = 0
    authority: Made = field(default_factory=lambda: made("test authority", authority=True))
    folder: Path = Path()
    got: list[Got] = field(default_factory=list)
    refuse: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    contexts: dict[str, ssl.SSLContext] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def messages(self, host: str) -> list[Got]:
        """What carried a message to the host, without logins and the like."""
        asides = r"/login|/register|/join/|/directory/|/joined_rooms|/account|/channels/name|/logout"
        return [got for got in self.got if got.host == host and got.method != "GET" and not re.search(asides, got.path)]

    def context(self, host: str) -> ssl.SSLContext:
        with self.lock:
            if host not in self.contexts:
                self.contexts[host] = made(host, by=self.authority).context(self.folder)
            return self.contexts[host]

    def answer(self, got: Got) -> tuple[int, str]:
        with self.lock:
            self.got.append(got)
            if self.refuse.get(got.host):
                return self.refuse[got.host].pop(0)
            number = len(self.messages(got.host))
        if got.host in _ACCEPTED:
            return 202, ""
        if got.host == "mattermost.example" and got.path == "/api/v4/posts":
            return 201, f'{{"id": "post{number}"}}'
        for host, part, answer in _ANSWERS:
            if host == got.host and part in got.path:
                return 200, answer.replace("{id}", str(number))
        return 200, "{}"


class _Handler(Quiet):
    everywhere: Everywhere
    protocol_version = "HTTP/1.1"
    tls_host: str | None = None

    def do_CONNECT(self) -> None:
        host = self.path.rpartition(":")[0]
        self.send_response(200, "Connected")
        self.end_headers()
        self.wfile.flush()
        self.connection = self.everywhere.context(host).wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb")
        self.tls_host = host
        self.close_connection = False

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        parts = urlsplit(self.path)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        got = Got(
            method=self.command,
            host=self.tls_host or parts.hostname or "",
            path=path,
            headers={name.title(): value for name, value in self.headers.items()},
            body=body,
            tls=self.tls_host is not None,
        )
        status, text = self.everywhere.answer(got)
        payload = text.encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)
        self.wfile.flush()

    do_GET = do_POST = do_PUT = _answer


@contextmanager
def everywhere(folder: Path) -> Iterator[Everywhere]:
    """Listens until the block ends, and is the proxy of whatever process is started within it."""
    made_up = Everywhere(folder=folder)
    bundle = folder / "authority.pem"
    bundle.write_text(made_up.authority.pem)
    with listening(type("Handler", (_Handler,), {"everywhere": made_up})) as made_up.port:
        proxy = f"http://127.0.0.1:{made_up.port}"
        told = {"HTTPS_PROXY": proxy, "HTTP_PROXY": proxy, "REQUESTS_CA_BUNDLE": str(bundle)}
        with _environment(told):
            yield made_up


@contextmanager
def _environment(told: dict[str, str]) -> Iterator[None]:
    hidden = [name for name in os.environ if name.lower().endswith("_proxy")]
    before = {name: os.environ.get(name) for name in (*hidden, *told)}
    for name in hidden:
        del os.environ[name]
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
