"""An answer that comes before its request has come whole: too much, not allowed, nothing that reads it. To close a
connection on which something waits to be read resets it, and the other side may lose our answer with it; a proxy tells
its own "bad gateway" then. So the answer goes out, and what still comes is dropped for a while (RFC 9112, 9.6)."""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MIB: Final = 1024 * 1024
MOST: Final = 64 * MIB  # of what is dropped; more than a proxy lets through
SECONDS: Final = 30.0  # from the first moment of a request: as long as one may take that is read


class Lingering:
    """Middleware, around all that may answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _brings_a_body(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        request = _Request(scope, receive)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start" and not request.is_over:
                # Else the rest would be read as long as somebody sends it, before the next request.
                MutableHeaders(scope=message)["Connection"] = "close"
            if not _is_end(message) or request.is_over:
                await send(message)
                return
            await send({**message, "more_body": True})
            await request.drop()
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        await self._app(scope, request.receive, sending)


class _Request:
    def __init__(self, scope: Scope, receive: Receive) -> None:
        self._receive = receive
        self._waits_to_be_asked = "100-continue" in Headers(scope=scope).get("expect", "").lower()
        self._until = asyncio.get_running_loop().time() + SECONDS
        self._begun = self.is_over = False

    async def receive(self) -> Message:
        self._begun = True
        message = await self._receive()
        self.is_over = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    async def drop(self) -> None:
        """What still comes. Whoever waits for our word to send a body has it with the answer: nothing comes."""
        if self._waits_to_be_asked and not self._begun:
            return
        dropped = 0
        try:
            async with asyncio.timeout_at(self._until):
                while not self.is_over and dropped <= MOST:
                    dropped += len((await self.receive()).get("body", b""))
        except TimeoutError:
            return


def _brings_a_body(headers: Headers) -> bool:
    return headers.get("content-length", "0") != "0" or "transfer-encoding" in headers


def _is_end(message: Message) -> bool:
    return message["type"] == "http.response.body" and not message.get("more_body", False)
