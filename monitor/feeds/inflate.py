"""Undoing one content coding, within a bound, and knowing a broken-off body from a whole one."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

_GZIP = 31  # zlib's window bits for a gzip wrapper,
_ZLIB = 15  # for a zlib wrapper (what RFC 9110 §8.4.1.2 calls deflate),
_RAW = -15  # and for none (what some servers call deflate)
_MOST_MEMBERS = 100  # each costs a copy of what follows it: many tiny ones would be quadratic
_CODINGS = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": _ZLIB}


@dataclass(frozen=True, slots=True)
class Spoilt:
    """The body cannot be had."""

    detail: str
    too_large: bool = False


def inflate(body: bytes, coding: str, *, limit: int) -> bytes | Spoilt:
    """The body without its coding, as the Content-Encoding header names it ('' for none); at most `limit` bytes."""
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        return body
    if coding not in _CODINGS:
        return Spoilt("a content coding that was not asked for")
    try:
        return _members(body, _window(body, coding), limit)
    except zlib.error:
        return Spoilt("the compressed body is damaged")


def _window(body: bytes, coding: str) -> int:
    has_zlib_header = len(body) > 1 and body[0] & 0x0F == 8 and (body[0] << 8 | body[1]) % 31 == 0  # RFC 1950 §2.2
    return _RAW if coding == "deflate" and not has_zlib_header else _CODINGS[coding]


def _members(body: bytes, window: int, limit: int) -> bytes | Spoilt:
    """A gzip body may be several members, one after the other (RFC 1952 §2.2); anything else after the end is left."""
    whole = bytearray()
    for _ in range(_MOST_MEMBERS):
        stream = zlib.decompressobj(window)
        whole += stream.decompress(body, limit - len(whole) + 1)
        if len(whole) > limit:
            return Spoilt(f"more than {limit:,} bytes when inflated", too_large=True)
        if not stream.eof:
            return Spoilt("the compressed body breaks off")
        body = stream.unused_data
        if window != _GZIP or not body.startswith(b"\x1f\x8b"):
            return bytes(whole)
    return Spoilt("the compressed body is in too many pieces", too_large=True)
