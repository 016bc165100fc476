"""Small servers on loopback that say exactly what a test tells them, byte by byte."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Request:
    method: str
    path: str
    headers: dict[str, str]  # by lower-case name; latin-1


Script = Callable[[socket.socket, Request], None]


@dataclass
class Server:
    """What it was asked stands in `requests`; `connections` counts also those that asked nothing. `most_at_once` is
    the largest number of requests that were under way together."""

    host: str
    port: int
    scripts: Mapping[str, Script]
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    under_way: int = 0
    most_at_once: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    scheme: str = "http"

    def url(self, path: str = "/", host: str | None = None) -> str:
        return f"{self.scheme}://{host or self.host}:{self.port}{path}"

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]


@contextmanager
def serve(
    scripts: Mapping[str, Script], *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None
) -> Iterator[Server]:
    """A server for the time of the block. `scripts` go by path; '*' answers every other."""
    listener = socket.create_server((host, 0), backlog=128)
    server = Server(host, listener.getsockname()[1], scripts, scheme="https" if tls else "http")
    threading.Thread(target=_accept, args=(listener, server, tls), daemon=True).start()
    try:
        yield server
    finally:
        server.stopped.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        listener.close()


def _accept(listener: socket.socket, server: Server, tls: ssl.SSLContext | None) -> None:
    while not server.stopped.is_set():
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        server.connections += 1
        threading.Thread(target=_converse, args=(connection, server, tls), daemon=True).start()


def _converse(connection: socket.socket, server: Server, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError, ssl.SSLError), connection:
        connection.settimeout(30)
        stream = tls.wrap_socket(connection, server_side=True) if tls else connection
        with stream:
            while request := _request(stream):
                script = server.scripts.get(request.path) or server.scripts["*"]
                _answer(stream, request, server, script)


def _answer(stream: socket.socket, request: Request, server: Server, script: Script) -> None:
    with server.lock:
        server.requests.append(request)
        server.under_way += 1
        server.most_at_once = max(server.most_at_once, server.under_way)
    try:
        script(stream, request)
    finally:
        with server.lock:
            server.under_way -= 1


def _request(stream: socket.socket) -> Request | None:
    raw = b""
    while b"\r\n\r\n" not in raw:
        chunk = stream.recv(65536)
        if not chunk or not (raw + chunk).startswith(b"G"):
            return None  # gone, or no GET: TLS, where none is spoken
        raw += chunk
    first, *lines = raw.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.partition(":") for line in lines)
    return Request(method, path, {name.lower(): value.strip() for name, _, value in pairs})


def answer(status: int = 200, body: bytes = b"", **headers: str) -> Script:
    """A whole answer. `content_type=` stands for Content-Type; a given content_length overrules the true one."""
    named = {"content-length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    head = f"HTTP/1.1 {status} Whatever\r\n{lines}\r\n".encode("latin-1")
    return lambda stream, _: stream.sendall(head + (b"" if status in (204, 304) else body))


def raw(*pieces: bytes, then: Callable[[socket.socket], None] = lambda stream: None) -> Script:
    """These bytes, then `then`; the connection is closed after it."""

    def script(stream: socket.socket, _: Request) -> None:
        stream.sendall(b"".join(pieces))
        then(stream)
        with suppress(OSError):
            stream.shutdown(socket.SHUT_RDWR)

    return script


def hang(stream: socket.socket) -> None:
    """Until the other side gives up."""
    with suppress(OSError):
        stream.recv(1)


def endless(piece: bytes, *, start: bytes) -> Script:
    """`piece` over and over, until the other side has enough."""

    def script(stream: socket.socket, _: Request) -> None:
        stream.sendall(start)
        while True:
            stream.sendall(piece)

    return script


def drip(piece: bytes, *, start: bytes, stopped: threading.Event) -> Script:
    """`piece` every twentieth of a second: never silent for long, never done."""

    def script(stream: socket.socket, _: Request) -> None:
        stream.sendall(start)
        while not stopped.wait(0.05):
            stream.sendall(piece)

    return script


def reset(stream: socket.socket) -> None:
    """Close with RST instead of FIN."""
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def gated() -> tuple[threading.Event, Script]:
    """An answer that waits until the event is set."""
    opened = threading.Event()

    def script(stream: socket.socket, request: Request) -> None:
        opened.wait(30)
        answer(200, b"<rss/>")(stream, request)

    return opened, script


def delayed(seconds: float, make: Callable[[Request], Script]) -> Script:
    def script(stream: socket.socket, request: Request) -> None:
        threading.Event().wait(seconds)
        make(request)(stream, request)

    return script


def until(condition: Callable[[], object]) -> None:
    """Wait for what another thread brings about; fail after half a minute."""
    pause = threading.Event()
    for _ in range(3000):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError("it never came to that")
