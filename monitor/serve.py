"""A small HTTP server for a few fixed pages, and at most one site of addresses that are not: of answers we make
ourselves, of nothing else. Only the site takes a POST, and of that a form of a few fields.

It is asyncio in a thread of its own, and not the library's threading server: there a client that sends a byte now and
then holds a thread for as long as it likes, since each byte begins its timeout anew. Here a connection is a few hundred
bytes of memory, has one deadline for all of it, and beyond `MOST` the oldest goes. Pages are made in two threads; a
page that hangs on a broken disk costs its own askers a 503, and `/healthz` is answered all the same.

The Host header must name an address that we are known by. Else any page in a browser on this machine could read us
by having its own name lead here (DNS rebinding).
"""

from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from typing import Final, Protocol

from monitor.errors import UsageError

log = logging.getLogger(__name__)

SECONDS: Final = 5.0  # for a connection, from its first moment to its last
MOST: Final = 64  # connections
HEAD_BYTES: Final = 8 * 1024
FORM_BYTES: Final = 2 * 1024
MAKING: Final = 2  # pages made at a time
PORT: Final = 9618

_REASONS: Final = {
    200: "OK", 400: "Bad Request", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    408: "Request Timeout", 409: "Conflict", 411: "Length Required", 413: "Content Too Large",
    421: "Misdirected Request", 429: "Too Many Requests", 431: "Request Header Fields Too Large",
    500: "Internal Server Error", 503: "Service Unavailable",
}  # fmt: skip
_HEADERS: Final = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n"
_PLAIN: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Page:
    """`headers` beside those that every answer has; of ASCII, and never of what was asked."""

    status: int
    body: str | bytes
    content_type: str = _PLAIN
    headers: tuple[tuple[str, str], ...] = ()


Make = Callable[[], Page]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`path` and `query` as they came. `headers` by their names in small letters, of several of one name the last.
    `peer` is who is connected to us: a reverse proxy, where there is one. Its query holds what must not be logged."""

    method: str
    path: str
    query: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    peer: str = ""


class Site(Protocol):
    """Pages below one path, which are known only when they are asked for. `prefix` begins and ends with '/'."""

    prefix: str

    def hosts(self) -> Iterable[str]:
        """Names, in small letters and without a port, by which this site may be asked for; other pages may not."""

    def open(self, request: Request) -> Page | Make:
        """The page, where that waits for nothing, or how to make it. Never raises; called by one thread only."""


class Refused(Exception):
    """A request that gets no page."""

    def __init__(self, status: int) -> None:
        super().__init__(_REASONS[status])
        self.page = Page(status, _REASONS[status])


@dataclass(frozen=True, slots=True)
class Listen:
    """Where to listen: a host as the system takes it (no brackets), a port; 0 is any that is free."""

    host: str
    port: int

    @property
    def is_loopback(self) -> bool:
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @classmethod
    def of(cls, written: str, *, option: str = "--listen") -> Listen:
        """`127.0.0.1:9618`, `[::1]:9618`, or a port alone, which is one of this machine only. Raises UsageError; the
        `option` is where it stands."""
        host, _, port = written.strip().rpartition(":")
        bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
        if not (port.isascii() and port.isdigit() and int(port) < 65536) or (":" in bare and bare == host):
            raise UsageError(f"{option} needs an address and a port, for example 127.0.0.1:{PORT} or [::1]:{PORT}")
        return cls(bare or "127.0.0.1", int(port))


def read_request(
    head: bytes, pages: Iterable[str], hosts: frozenset[str], *, site: Site | None = None, peer: str = ""
) -> Request:
    """What is asked for, without its body. Raises Refused; nothing of the request is repeated.

    `hosts` are in lower case, without a port. A Host that is a plain IP address of ours may always be named: no name
    leads there, so no other site does.
    """
    first, *lines = head.split(b"\r\n")
    words = first.split(b" ")
    if len(words) != 3 or words[2] not in (b"HTTP/1.1", b"HTTP/1.0"):
        raise Refused(400)
    named = [line.partition(b":")[2].strip() for line in lines if line[:5].lower() == b"host:"]
    if len(named) != 1 or any(line[:1] in (b" ", b"\t") for line in lines):  # none, several, or one that is folded
        raise Refused(400)
    path, _, query = words[1].decode("latin-1").partition("?")
    of_site = site is not None and path.startswith(site.prefix)
    host = _without_port(named[0].decode("latin-1").lower())
    if host not in hosts and not (site is not None and of_site and host in site.hosts()):
        raise Refused(421)
    if words[0] not in ((b"GET", b"HEAD", b"POST") if of_site else (b"GET", b"HEAD")):
        raise Refused(405)
    if not of_site and path not in pages:
        raise Refused(404)
    headers = [_header(line) for line in lines]
    if sum(name == "content-length" for name, _ in headers) > 1:  # a proxy may have believed the other one
        raise Refused(400)
    return Request(method=words[0].decode("ascii"), path=path, query=query, headers=dict(headers), peer=peer)


def _header(line: bytes) -> tuple[str, str]:
    name, _, value = line.decode("latin-1").partition(":")
    return name.lower(), value.strip(" \t")


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    if colon and port.isascii() and port.isdigit() and (":" not in name or name.endswith("]")):
        host = name
    return host.strip("[]").removesuffix(".")


class Server:
    """Serves from `start` to the end of the process."""

    def __init__(
        self,
        listen: Listen,
        pages: Mapping[str, Make],
        *,
        at_once: Mapping[str, Make] | None = None,
        site: Site | None = None,
        hosts: Iterable[str] = (),
        seconds: float = SECONDS,
    ) -> None:
        """Binds; raises UsageError. `at_once`: pages that wait for nothing, and are made where nothing can hold them
        up. `hosts`: names that we are known by, besides where we listen."""
        self._pages, self._at_once, self._site, self._seconds = pages, dict(at_once or {}), site, seconds
        own = {"localhost", "127.0.0.1", "::1"} if listen.is_loopback else set()
        self._hosts = frozenset({listen.host.lower(), *own, *(_without_port(host.lower()) for host in hosts)})
        self._making = ThreadPoolExecutor(MAKING, thread_name_prefix="page")
        self._being_made = 0
        self._open: dict[asyncio.StreamWriter, None] = {}  # the oldest first
        self._loop = asyncio.new_event_loop()
        self._socket = bound(listen)
        self._thread = threading.Thread(target=self._run, name="monitor-serve", daemon=True)
        self.port = int(self._socket.getsockname()[1])

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Idempotent. A page that is being made is let go."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(2)
        self._socket.close()
        self._making.shutdown(wait=False, cancel_futures=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            server = asyncio.start_server(self._serve, sock=self._socket, limit=HEAD_BYTES)
            self._loop.run_until_complete(server)
            self._loop.run_forever()
        finally:
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0))
            self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open[writer] = None
        if len(self._open) > MOST:
            oldest = next(iter(self._open))
            self._open.pop(oldest)
            oldest.transport.abort()
        try:
            async with asyncio.timeout(self._seconds):
                await self._converse(reader, writer)
        except (TimeoutError, OSError):
            pass
        finally:
            self._open.pop(writer, None)
            writer.transport.abort()  # what is left unsent is nobody's; it was written within the deadline

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        wants_body = True
        try:
            request = await self._request(reader, writer)
            wants_body = request.method != "HEAD"
            made = self._open_page(request)
            page = made if isinstance(made, Page) else await self._made(made)
        except Refused as refused:
            page = refused.page
        writer.write(_answer(page, wants_body=wants_body))
        await writer.drain()
        writer.write_eof()
        await reader.read(HEAD_BYTES)  # until the client hangs up: to close with something unread would cut it off

    async def _request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request:
        head = await self._head(reader)
        peer = writer.get_extra_info("peername")
        pages = {*self._pages, *self._at_once}
        names = self._names(writer)
        request = read_request(head, pages, names, site=self._site, peer=str(peer[0]) if peer else "")
        return replace(request, body=await self._form(reader, request)) if request.method == "POST" else request

    async def _form(self, reader: asyncio.StreamReader, request: Request) -> bytes:
        """A body that says how long it is, and is short."""
        length = request.headers.get("content-length", "")
        if "transfer-encoding" in request.headers or not (length.isascii() and length.isdigit()):
            raise Refused(411)
        if len(length) > 9 or int(length) > FORM_BYTES:
            raise Refused(413)
        try:
            return await reader.readexactly(int(length))
        except asyncio.IncompleteReadError:
            raise Refused(400) from None

    def _open_page(self, request: Request) -> Page | Make:
        path = request.path
        if path in self._at_once:
            return self._at_once[path]()
        if path in self._pages:
            return self._pages[path]
        assert self._site is not None, "read_request lets no other path through"
        return self._site.open(request)

    async def _head(self, reader: asyncio.StreamReader) -> bytes:
        try:
            return (await reader.readuntil(b"\r\n\r\n"))[:-4]
        except asyncio.LimitOverrunError:
            raise Refused(431) from None
        except asyncio.IncompleteReadError:
            raise Refused(400) from None

    def _names(self, writer: asyncio.StreamWriter) -> frozenset[str]:
        here = writer.get_extra_info("sockname")
        return self._hosts | {str(here[0]).partition("%")[0].removeprefix("::ffff:")} if here else self._hosts

    async def _made(self, make: Make) -> Page:
        if self._being_made >= MAKING:
            return Page(503, "busy")
        self._being_made += 1
        future = self._loop.run_in_executor(self._making, make)
        future.add_done_callback(self._was_made)
        try:
            return await asyncio.wait_for(asyncio.shield(future), self._seconds * 0.8)
        except TimeoutError:
            return Page(503, "it takes too long")
        except Exception as error:
            log.error("page.broke", exc_info=error)
            return Refused(500).page

    def _was_made(self, _future: object) -> None:
        self._being_made -= 1


def bound(listen: Listen, *, option: str = "--listen") -> socket.socket:
    """Raises UsageError; the `option` is where it stands."""
    try:
        family = socket.AF_INET6 if ":" in listen.host else socket.AF_INET
        found = socket.socket(family, socket.SOCK_STREAM)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((listen.host, listen.port))
        found.listen(MOST)
    except OSError as error:
        remedy = f"choose another port with {option}, or end what uses it"
        raise UsageError(
            f"cannot listen on {listen.host} port {listen.port}: {error.strerror or error}; {remedy}"
        ) from error
    return found


def _answer(page: Page, *, wants_body: bool) -> bytes:
    body = page.body if isinstance(page.body, bytes) else (page.body + "\n").encode("utf-8", "backslashreplace")
    allow = "Allow: GET, HEAD\r\n" if page.status == 405 and not page.headers else ""
    more = "".join(f"{name}: {value}\r\n" for name, value in page.headers)
    head = (
        f"HTTP/1.1 {page.status} {_REASONS[page.status]}\r\nContent-Type: {page.content_type}\r\n"
        f"Content-Length: {len(body)}\r\n{allow}{more}{_HEADERS}\r\n"
    )
    return head.encode("ascii") + (body if wants_body else b"")
