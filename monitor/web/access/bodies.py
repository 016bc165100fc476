"""What a request brings: read whole before anything else looks at it, so much and no more, within so long."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import FormData, Headers
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import Message, Receive

KIB: Final = 1024
USUAL: Final = 64 * KIB
# Where more may come, by the beginning of the path: lists of feeds; a whole rules file, in which an Arabic letter takes
# six signs of a form. And where less will do, since anybody may send it.
BY_PATH: Final = (
    ("/login", 4 * KIB),
    ("/a/", 4 * KIB),
    ("/feeds", 5 * KIB * KIB),
    ("/rules", KIB * KIB),
    ("/api/", KIB * KIB),
)
SECONDS: Final = 30.0
_MOST_FIELDS: Final = 1000
_MOST_FILES: Final = 4


class BadBody(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def most_for(path: str) -> int:
    """Bytes."""
    return next((most for prefix, most in BY_PATH if path.startswith(prefix)), USUAL)


async def read(receive: Receive, headers: Headers, most: int) -> bytes:
    """Raises BadBody: 413 for too much, 408 for too slow, 400 for one that broke off."""
    said = headers.get("content-length", "0")
    if not (said.isascii() and said.isdigit()):
        raise BadBody(400)
    if len(said) > 12 or int(said) > most:
        raise BadBody(413)
    body = bytearray()
    try:
        async with asyncio.timeout(SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise BadBody(400)
                body += message.get("body", b"")
                if len(body) > most:
                    raise BadBody(413)
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError:
        raise BadBody(408) from None


def replayed(body: bytes, receive: Receive) -> Receive:
    """For whoever reads it after us."""
    waiting = [body]

    async def again() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return again


async def form(body: bytes, headers: Headers) -> FormData:
    """Its fields; none if it is no form. Raises BadBody."""
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/x-www-form-urlencoded":
        try:
            fields = parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
        except ValueError:
            raise BadBody(400) from None
        return FormData([(name, value) for name, value in fields])
    if kind == "multipart/form-data":
        return await _parts(body, headers)
    return FormData()


async def _parts(body: bytes, headers: Headers) -> FormData:
    async def stream() -> AsyncGenerator[bytes]:
        yield body
        yield b""

    try:
        parser = MultiPartParser(
            headers, stream(), max_files=_MOST_FILES, max_fields=_MOST_FIELDS, max_part_size=len(body) + 1
        )
        return await parser.parse()
    except (MultiPartException, KeyError, ValueError):
        raise BadBody(400) from None
