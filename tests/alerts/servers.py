"""Real receivers on loopback that do as they are told."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from tests.loopback import Quiet, listening

Answer = Callable[["_Handler"], None]


@dataclass
class Webhook:
    """What came, and what to answer next; the last answer stays."""

    port: int = 0
    got: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)  # ends what hangs or trickles
    began: threading.Event = field(default_factory=threading.Event)  # a request has come whole

    def url(self, path: str = "/hook", *, user: str = "", query: str = "") -> str:
        return f"json://{user}127.0.0.1:{self.port}{path}{query}"


def status(code: int, body: str = "", **headers: str) -> Answer:
    def answer(handler: _Handler) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        payload = body.encode()
        handler.send_header("Content-Length", str(len(payload)))
        handler.end_headers()
        handler.wfile.write(payload)

    return answer


def hang(handler: _Handler) -> None:
    handler.hook.released.wait(60)


def late(handler: _Handler) -> None:
    """A success, but only when released."""
    handler.hook.released.wait(60)
    status(200)(handler)


def trickle(handler: _Handler) -> None:
    """Header bytes that come just often enough for no single read to time out."""
    while not handler.hook.released.wait(0.05):
        try:
            handler.wfile.write(b"H")
        except OSError:
            return


def endless(handler: _Handler) -> None:
    """A success whose body never ends."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while not handler.hook.released.is_set():
            handler.wfile.write(b"x" * 65536)
    except OSError:
        return


def drop(handler: _Handler) -> None:
    """Take the whole request and go without a word."""
    handler.close_connection = True


class _Handler(Quiet):
    hook: Webhook

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.hook.paths.append(self.path)
        self.hook.headers.append(dict(self.headers))
        self.hook.got.append(json.loads(body))
        self.hook.began.set()
        answers = self.hook.answers
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def do_GET(self) -> None:
        self.hook.paths.append(f"GET {self.path}")
        status(200)(self)


@contextmanager
def webhook(*answers: Answer) -> Iterator[Webhook]:
    hook = Webhook(answers=list(answers) or [status(200)])
    handler = type("Handler", (_Handler,), {"hook": hook})
    with listening(handler) as hook.port:
        try:
            yield hook
        finally:
            hook.released.set()


@dataclass
class Mailbox:
    """A mail server: whom it refuses, what it took."""

    port: int = 0
    got: list[tuple[list[str], bytes]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)  # recipient -> reply
    after_data: list[str] = field(default_factory=list)  # replies to the final dot, instead of 250
    password: str | None = None

    def url(self, query: str, *, user: str = "") -> str:
        return f"mailto://{user}127.0.0.1:{self.port}?from=monitor@sender.example&smtp=127.0.0.1&{query}"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.got.append((list(envelope.rcpt_tos), envelope.content))
        return self.after_data.pop(0) if self.after_data else "250 OK"


class _Controller(Controller):
    def _trigger_server(self) -> None:  # asks the server once while it starts; port 0 is known only after that
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def mail_server(**box: Any) -> Iterator[Mailbox]:
    mailbox = Mailbox(**box)
    options: dict[str, Any] = {}
    if mailbox.password is not None:
        options = {
            "auth_require_tls": False,
            "auth_required": True,
            "authenticator": lambda *_: AuthResult(success=False, handled=False),
        }
    controller = _Controller(mailbox, hostname="127.0.0.1", port=0, **options)
    controller.start()
    mailbox.port = controller.port
    try:
        yield mailbox
    finally:
        controller.stop()
