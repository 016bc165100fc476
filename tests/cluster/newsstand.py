"""A server for a fleet's feeds and channels: cheap enough that, on the same machine, workers are what is measured."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import json
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_HEAD = b"HTTP/1.1 %s\r\nContent-Length: %d\r\nContent-Type: %s\r\n%s\r\n"


@dataclass(frozen=True, slots=True)
class Message:
    """What a channel was sent. `at`: by the monotonic clock."""

    channel: str
    title: str
    text: str
    at: float


@dataclass
class Newsstand:
    """`page`: what a path shows at this moment. `delay`: seconds that each look takes, `slow`: that each message takes
    to be accepted. `looks`: paths in the order in which they were answered; `messages` likewise. `holds`: nobody is
    answered; `held`: paths of those who wait."""

    page: Callable[[str], bytes]
    delay: float = 0.0
    slow: float = 0.0
    port: int = 0
    looks: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    holds: bool = False
    held: list[str] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until the client closes."""
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                method, path, _ = head.split(" ", 2)
                headers = dict(line.lower().split(": ", 1) for line in head.splitlines()[1:] if line)
                if method == "POST":
                    self._take(path, await reader.readexactly(int(headers["content-length"])))
                    if self.slow:
                        await asyncio.sleep(self.slow)
                    answer = _answer(b"200 OK", b"{}", b"application/json")
                else:
                    answer = await self._look(path, headers.get("if-none-match", ""))
                writer.write(answer)
                await writer.drain()
        writer.close()

    def _take(self, path: str, body: bytes) -> None:
        told = json.loads(body)
        self.messages.append(Message(path.strip("/"), told["title"], told["message"], time.monotonic()))

    async def _look(self, path: str, known: str) -> bytes:
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.holds:
            self.held.append(path)
            while self.holds:
                await asyncio.sleep(0.02)
        self.looks.append(path)
        body = self.page(path)
        tag = hashlib.blake2b(body, digest_size=8).hexdigest()
        more = f'ETag: "{tag}"\r\n'.encode()
        if tag in known:
            return _answer(b"304 Not Modified", b"", b"application/rss+xml", more)
        return _answer(b"200 OK", body, b"application/rss+xml; charset=utf-8", more)


def _answer(status: bytes, body: bytes, kind: bytes, more: bytes = b"") -> bytes:
    return _HEAD % (status, len(body), kind, more) + body


@contextmanager
def newsstand(page: Callable[[str], bytes], *, delay: float = 0.0, slow: float = 0.0) -> Iterator[Newsstand]:
    """Listens on all of 127.0.0.0/8, in a thread, until the block ends."""
    made = Newsstand(page, delay, slow)
    loop, opened, closed = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def listen() -> None:
        server = await asyncio.start_server(made.serve, "0.0.0.0", 0, backlog=1024)
        made.port = server.sockets[0].getsockname()[1]
        opened.set()
        await closed.wait()
        server.close()

    thread = threading.Thread(target=_run, args=(loop, listen()), name="newsstand", daemon=True)
    thread.start()
    assert opened.wait(30)
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(closed.set)
        thread.join(10)


def _run(loop: asyncio.AbstractEventLoop, listen: Coroutine[None, None, None]) -> None:
    """Ends what clients left open, too."""
    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(listen)
