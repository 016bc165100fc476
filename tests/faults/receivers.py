"""Services on loopback that fail as they are told: each takes messages as its own protocol wants, and counts them."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

Answer = tuple[int, str, dict[str, str]]  # status, body, headers

GOOD: Final[dict[str, Answer]] = {
    "slack": (200, "ok", {}),
    "tgram": (200, '{"ok": true, "result": {"message_id": 7}}', {}),
    "discord": (204, "", {}),
    "json": (200, "", {}),
    "ntfy": (200, '{"id": "abc", "event": "message"}', {}),
}
# What a service says with a status that means success when it did not take the message; a webhook has no such word.
SAYS_NO: Final[dict[str, Answer]] = {
    "slack": (200, '{"ok": false, "error": "ratelimited"}', {}),
    "tgram": (200, '{"ok": false, "description": "Bad Request: try again"}', {}),
    "discord": (200, '{"code": 0, "message": "internal"}', {}),
    "json": (422, "", {}),
    "ntfy": (200, '{"code": 50001, "error": "internal"}', {}),
}
PORTAL: Final = "<!DOCTYPE html><html><title>Sign in</title><form action=/accept></form></html>"
ANSWERS: Final[dict[str, Answer]] = {
    "500": (500, "", {}),
    "503": (503, "", {"Retry-After": "1"}),
    "429": (429, '{"ok": false, "parameters": {"retry_after": 1}}', {"Retry-After": "1"}),
    "401": (401, "", {}),
    "403": (403, "", {}),
    "404": (404, "", {}),
    "410": (410, "", {}),
    "redirect": (302, "", {"Location": "http://healthy.example/landing"}),
    "portal": (200, PORTAL, {"Content-Type": "text/html"}),
}
# The same faults where mail is sent: the command that is refused, and with what.
REPLIES: Final[dict[str, tuple[str, str]]] = {
    "500": ("MAIL", "451 4.3.0 try again later"),
    "503": ("CONNECT", "421 4.3.2 too busy"),
    "429": ("RCPT", "450 4.7.1 greylisted"),
    "401": ("MAIL", "530 5.7.0 authentication required"),
    "403": ("MAIL", "550 5.7.1 not allowed"),
    "404": ("RCPT", "550 5.1.1 no such user"),
    "410": ("RCPT", "551 5.1.6 mailbox has moved"),
    "redirect": ("RCPT", "553 5.1.3 try another host"),
    "portal": ("CONNECT", "HTTP/1.1 200 OK"),
    "says no": ("BODY", "452 4.2.2 mailbox full"),
}
TAKES: Final = frozenset(("silent", "hangs", "late", "trickles", "half", "killed"))  # the message, without saying so
UNREACHABLE: Final = frozenset(("refused", "no name", "no connection"))
FAULTS: Final = (*sorted(UNREACHABLE), "slams", *sorted(TAKES), *ANSWERS, "says no")


@dataclass
class Conversation:
    connection: socket.socket

    def __post_init__(self) -> None:
        self.file = self.connection.makefile("rb")

    def say(self, text: str) -> None:
        self.connection.sendall(text.encode())

    def line(self) -> str:
        return self.file.readline().decode(errors="replace").rstrip("\r\n")


class Receiver:
    """One service. `fault` None: it works. `took`: it has had a message, whatever it answered."""

    def __init__(self, kind: str, fault: str | None = None) -> None:
        self.kind, self.fault = kind, fault
        self.messages: list[str] = []
        self.took = threading.Event()
        self._released = threading.Event()
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.port = int(self._socket.getsockname()[1])
        self._fillers: list[socket.socket] = []
        if fault == "no connection":
            self._fill()
        elif fault != "refused":
            self._serve()

    @property
    def address(self) -> tuple[str, int]:
        return ("host.invalid" if self.fault == "no name" else "127.0.0.1", self.port)

    def heal(self) -> None:
        asleep = self.fault in ("no connection", "refused")
        self.fault = None
        self._released.set()
        for filler in self._fillers:
            filler.close()
        if asleep:
            self._serve()

    def close(self) -> None:
        self._released.set()
        for each in (self._socket, *self._fillers):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _fill(self) -> None:
        """A queue of connections that is full: the kernel answers no further one."""
        self._socket.listen(0)
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self._fillers.append(filler)

    def _serve(self) -> None:
        self._socket.listen(64)
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            if self.fault == "slams":
                return
            (self._mail if self.kind == "mailto" else self._http)(Conversation(connection))

    def _take(self, message: str) -> None:
        self.messages.append(message)
        self.took.set()

    def _keep_silent(self, begin: str, say: Callable[[str], None]) -> bool:
        """What follows a message that was taken; whether nothing more is to be said."""
        if self.fault == "half":
            say(begin[: len(begin) // 2])
        elif self.fault == "trickles":
            for char in begin * 1000:
                say(char)
                if self._released.wait(0.2):
                    break
        elif self.fault in ("hangs", "killed"):
            self._released.wait(60)
        elif self.fault == "late":
            self._released.wait(60)
            return False
        return self.fault is not None or begin == ""

    # --- HTTP

    def _http(self, talk: Conversation) -> None:
        length = -1
        while line := talk.line():
            name, _, value = line.partition(":")
            if name.lower() == "content-length":
                length = int(value)
        if length < 0:  # no message, but somebody who followed a redirect
            talk.say(_response(200, "ok", {}))
            return
        body = talk.file.read(length).decode()
        fault = self.fault
        if fault in TAKES:
            self._take(body)
            if self._keep_silent("HTTP/1.1 200 OK\r\nContent-Length: 99\r\nX-Long: ", talk.say):
                return
        answer = SAYS_NO[self.kind] if fault == "says no" else ANSWERS.get(fault or "", GOOD[self.kind])
        if fault is None:
            self._take(body)
        talk.say(_response(*answer))

    # --- SMTP

    def _mail(self, talk: Conversation) -> None:
        command, reply = REPLIES.get(self.fault or "", ("", ""))
        if command == "CONNECT":
            talk.say(f"{reply}\r\n")
            return
        talk.say("220 mail.example ESMTP\r\n")
        while line := talk.line():
            word = line.split()[0].upper()
            if word == command:
                talk.say(f"{reply}\r\n")
            elif word == "QUIT":
                talk.say("221 2.0.0 bye\r\n")
                return
            elif word == "DATA":
                talk.say("354 go ahead\r\n")
                if not self._body(talk, reply if command == "BODY" else "250 2.0.0 taken"):
                    return
            else:
                talk.say("250 2.0.0 ok\r\n")

    def _body(self, talk: Conversation, reply: str) -> bool:
        """Whether the conversation goes on."""
        lines = list(iter(talk.line, "."))
        if self.fault in TAKES or self.fault is None:
            self._take("\n".join(lines))
        if self.fault in TAKES and self._keep_silent("250-more follows\r\n", talk.say):
            return False
        talk.say(f"{reply}\r\n")
        return True


def _response(status: int, body: str, headers: dict[str, str]) -> str:
    lines = {"Content-Length": str(len(body.encode())), "Connection": "close", **headers}
    return f"HTTP/1.1 {status} X\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items()) + f"\r\n{body}"


@contextlib.contextmanager
def closing(receivers: dict[str, Receiver]) -> Iterator[dict[str, Receiver]]:
    try:
        yield receivers
    finally:
        for receiver in receivers.values():
            receiver.close()


def hosts_file(receivers: dict[str, Receiver], hosts: dict[str, str]) -> str:
    """Which service's host is where: `hosts` by the receiver's name."""
    return json.dumps({hosts[name]: receiver.address for name, receiver in receivers.items()})
