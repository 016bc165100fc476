"""Answers of servers that are broken, overloaded or hostile: each a path of its own, beside how its poll must end."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from tests.feeds.loopback import Request, Script, answer, delayed, drip, endless, hang, raw, reset

FEED = b"<rss version='2.0'><channel><title>t</title><item><title>a</title></item></channel></rss>"
HEAD = b"HTTP/1.1 200 OK\r\n"
GZIP = HEAD + b"Content-Encoding: gzip\r\n"
_MEMBER = gzip.compress(bytes(1 << 26))  # 64 MiB
OVER = threading.Event()  # set when the drips may end

Ends = str | tuple[str, ...]
Case = tuple[str, Script, Ends]


def paths(inside: str) -> Mapping[str, tuple[Script, Ends]]:
    """By path. `inside` is an address that no feed may be led to."""
    cases = [*slow(), *too_large(), *broken(), *refusing(), *no_feeds(), *redirecting(inside)]
    assert len({name for name, _, _ in cases}) == len(cases)
    return {"/" + name.replace(" ", "-"): (script, ends) for name, script, ends in cases}


def slow() -> Iterator[Case]:
    def dripped(name: str, piece: bytes, start: bytes) -> Case:
        return name, drip(piece, start=start, stopped=OVER), "TIMEOUT"

    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    yield "silence", raw(then=hang), "TIMEOUT"
    yield dripped("a status line that drips", b"x", b"HTTP/1.1 200 ")
    yield dripped("headers that drip", b"X: y\r\n", HEAD)
    yield dripped("one header that drips", b"y", HEAD + b"X: ")
    yield dripped("a body that drips", b"x", HEAD + b"\r\n")
    yield dripped("chunks that drip", b"1\r\nx\r\n", HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    yield "a chunk size that drips", drip(b"0", start=chunked, stopped=OVER), ("TIMEOUT", "BROKEN")
    yield dripped("a gzip stream that drips", b"\0", GZIP + b"\r\n\x1f\x8b\x08\0\0\0\0\0\0\xff")
    yield dripped("interim answers that drip", b"HTTP/1.1 102 Processing\r\n\r\n", b"")
    yield "half a status line", raw(b"HTTP/1.", then=hang), "TIMEOUT"
    yield "half the headers", raw(HEAD + b"Content-Type: text/xml\r\n", then=hang), "TIMEOUT"
    yield "half a body", raw(HEAD + b"Content-Length: 99\r\n\r\n<rss", then=hang), "TIMEOUT"
    yield "a body that never begins", raw(HEAD + b"Content-Length: 99\r\n\r\n", then=hang), "TIMEOUT"
    yield "continue and then nothing", raw(b"HTTP/1.1 100 Continue\r\n\r\n", then=hang), "TIMEOUT"
    yield "an error that never ends", raw(b"HTTP/1.1 500 No\r\nContent-Length: 9\r\n\r\n", then=hang), "TIMEOUT"
    yield "slow redirects", delayed(0.7, lambda request: answer(302, location=request.path)), "TIMEOUT"


def too_large() -> Iterator[Case]:
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    bomb = _MEMBER * 16
    tiny = gzip.compress(b"") * 5_000
    packer = zlib.compressobj(wbits=31)
    nothing = packer.compress(b"") + packer.flush(zlib.Z_SYNC_FLUSH)
    yield "an endless body", endless(b"x" * 65_536, start=HEAD + b"\r\n"), _ENDLESS
    yield "endless chunks", endless(b"2000\r\n" + b"x" * 8192 + b"\r\n", start=chunked), _ENDLESS
    yield "tiny chunks without end", endless(b"1\r\nx\r\n" * 5_000, start=chunked), _ENDLESS
    yield "an endless chunk extension", endless(b"x" * 65_536, start=chunked + b"5;"), _ANY
    yield "endless trailers", endless(b"X: y\r\n" * 99, start=chunked + b"1\r\nx\r\n0\r\n"), _ENDLESS
    yield "ten gigabytes announced", raw(HEAD + b"Content-Length: 10737418240\r\n\r\n", then=hang), "TOO_LARGE"
    yield "a length beyond numbers", raw(HEAD + b"Content-Length: 99999999999999999999\r\n\r\n", then=hang), _ANY
    yield "many headers", endless(b"X-A: b\r\n" * 50, start=HEAD), _ENDLESS
    yield "an endless header", endless(b"x" * 65_536, start=HEAD + b"X: "), _ENDLESS
    yield "an endless status line", endless(b"x" * 65_536, start=b"HTTP/1.1 200 "), _ENDLESS
    yield "an endless header name", endless(b"x" * 65_536, start=HEAD), _ENDLESS
    yield "a folded header without end", endless(b" x\r\n" * 99, start=HEAD + b"X: y\r\n"), _ENDLESS
    yield "interim answers without end", endless(b"HTTP/1.1 103 Early\r\n\r\n" * 20, start=b""), _ENDLESS
    yield "cookies without end", endless(b"Set-Cookie: a=b\r\n" * 50, start=HEAD), _ENDLESS
    yield "a gzip bomb", answer(200, bomb, content_encoding="gzip"), "TOO_LARGE"
    yield "a gzip bomb in one piece", answer(200, _MEMBER, content_encoding="x-gzip"), "TOO_LARGE"
    yield "a deflate bomb", answer(200, zlib.compress(bytes(1 << 26)), content_encoding="deflate"), "TOO_LARGE"
    yield "a raw deflate bomb", answer(200, _deflated(bytes(1 << 26)), content_encoding="deflate"), "TOO_LARGE"
    yield "gzip in tiny pieces", answer(200, tiny, content_encoding="gzip"), "TOO_LARGE"
    yield "gzip of nothing without end", endless(nothing[10:] * 999, start=GZIP + b"\r\n" + nothing), _ENDLESS


def broken() -> Iterator[Case]:
    packed = gzip.compress(FEED)
    chunked = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
    yield "truncated gzip", answer(200, packed[:-9], content_encoding="gzip"), "BROKEN"
    yield "gzip with a wrong sum", answer(200, packed[:-8] + b"\0" * 8, content_encoding="gzip"), "BROKEN"
    yield "gzip that is none", answer(200, FEED, content_encoding="gzip"), "BROKEN"
    yield "deflate that is none", answer(200, FEED, content_encoding="deflate"), "BROKEN"
    yield "a coding nobody asked for", answer(200, FEED, content_encoding="br"), "BROKEN"
    yield "gzip in gzip", answer(200, gzip.compress(packed), content_encoding="gzip, gzip"), "BROKEN"
    yield "a short body", raw(HEAD + b"Content-Length: 999\r\n\r\n" + FEED), "BROKEN"
    yield "a cut chunk", raw(chunked + b"99\r\n<rss"), "BROKEN"
    yield "chunks without an end", raw(chunked + b"4\r\n<rss\r\n"), "BROKEN"
    yield "a chunk size in words", raw(chunked + b"zz\r\n<rss"), "BROKEN"
    yield "a chunk size below nothing", raw(chunked + b"-4\r\n<rss\r\n0\r\n\r\n"), "BROKEN"
    yield "a chunk size beyond numbers", raw(chunked + b"ffffffffffffffffff\r\n<rss"), "BROKEN"
    yield "a length below nothing", raw(HEAD + b"Content-Length: -5\r\n\r\n" + FEED), "BROKEN"
    yield "a length in words", raw(HEAD + b"Content-Length: long\r\n\r\n" + FEED), "BROKEN"
    yield "a transfer coding nobody knows", raw(HEAD + b"Transfer-Encoding: knitted\r\n\r\n" + FEED), "BROKEN"
    yield "another protocol", raw(b"SSH-2.0-OpenSSH_9.6\r\n"), "BROKEN"
    yield "no protocol at all", raw(FEED), "BROKEN"
    yield "a version from the future", raw(b"HTTP/9.9 200 OK\r\n\r\n" + FEED), "BROKEN"
    yield "a preface of HTTP 2", raw(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "BROKEN"
    yield "a status of two digits", raw(b"HTTP/1.1 20 OK\r\n\r\n" + FEED), "BROKEN"
    yield "a status in words", raw(b"HTTP/1.1 fine OK\r\n\r\n" + FEED), "BROKEN"
    yield "a zero byte in a header", raw(HEAD + b"X: a\0b\r\n\r\n" + FEED), "BROKEN"
    yield "nothing and goodbye", raw(), "BROKEN"
    yield "nothing and a reset", raw(then=reset), "BROKEN"
    yield "a reset in the headers", raw(HEAD + b"X: ", then=reset), "BROKEN"
    yield "a reset in the body", raw(HEAD + b"Content-Length: 99\r\n\r\n<rss", then=reset), "BROKEN"
    yield "an unasked change of protocol", raw(b"HTTP/1.1 101 Switch\r\nUpgrade: websocket\r\n\r\n", then=hang), _ANY
    yield "an empty page", answer(200, b""), "BROKEN"
    yield "a page of blanks", answer(200, b" \r\n\t" * 99), "BROKEN"
    yield "gzip of blanks", answer(200, gzip.compress(b"\n\n"), content_encoding="gzip"), "BROKEN"


def refusing() -> Iterator[Case]:
    yield "unchanged although nobody asked", answer(304), "STATUS"
    for status in (204, 206, 400, 401, 403, 404, 407, 410, 418, 500, 503, 511, 599, 999):
        yield f"status {status} with a feed", answer(status, FEED, content_type="text/xml"), "STATUS"
    for wish in ("999999999999", "Fri, 31 Dec 9999 23:59:59 GMT", "-1", "soon", "Fri, 99 Foo 99999 99:99:99"):
        yield f"too many requests until {wish}", answer(429, b"", retry_after=wish), "STATUS"
    yield "an endless error", endless(b"x" * 65_536, start=b"HTTP/1.1 500 No\r\n\r\n"), "STATUS"
    yield "a redirect to nowhere", answer(302), "STATUS"
    yield "many choices", answer(300, FEED, location="/elsewhere"), "STATUS"


def no_feeds() -> Iterator[Case]:
    html = "text/html; charset=utf-8"
    login = b"<!DOCTYPE html><html><head><title>Sign in</title></head><body><form method=post></form></body></html>"
    captcha = b"<html><body><h1>Checking your browser</h1><script src=/challenge.js></script></body></html>"
    yield "a login page", answer(200, login, content_type=html), "NOT_A_FEED"
    yield "a captcha", answer(200, captcha, content_type="application/rss+xml"), "NOT_A_FEED"
    yield "an xhtml page", answer(200, b"<?xml version='1.0'?>" + login, content_type="text/xml"), "NOT_A_FEED"
    yield "a json error", answer(200, b'{"error": "quota"}', content_type="application/json"), "NOT_A_FEED"
    yield "a line of text", answer(200, b"Service temporarily unavailable"), "NOT_A_FEED"
    yield "a picture", answer(200, b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9), "NOT_A_FEED"
    yield "a path as body", answer(200, b"/etc/passwd"), "NOT_A_FEED"
    yield "an address as body", answer(200, b"http://127.0.0.1/"), "NOT_A_FEED"
    yield "another kind of xml", answer(200, b"<svg xmlns='http://www.w3.org/2000/svg'/>"), "NOT_A_FEED"


def redirecting(inside: str) -> Iterator[Case]:
    def to(name: str, location: str, ends: Ends, status: int = 302) -> Case:
        return name, answer(status, location=location), ends

    for status in (301, 302, 303, 307, 308):
        yield to(f"a circle of {status}", f"/a-circle-of-{status}", "REDIRECTS", status)
    yield "a redirect that grows", _growing, ("REDIRECTS", "BAD_ADDRESS", "STATUS", "TOO_LARGE")
    yield to("a redirect inside", f"//{inside}/", "FORBIDDEN_ADDRESS")
    yield to("a redirect inside for good", f"//{inside}/", "FORBIDDEN_ADDRESS", 308)
    yield to("a redirect to metadata", "//169.254.169.254/latest/meta-data/", "FORBIDDEN_ADDRESS")
    yield to("a redirect by number", "//2130706434:9/", "FORBIDDEN_ADDRESS")
    yield to("a redirect to IPv6", "//[::1]:9/", "FORBIDDEN_ADDRESS")
    yield to("a redirect to a file", "file:///etc/passwd", "BAD_ADDRESS")
    yield to("a redirect to a file in capitals", "FILE:/etc/passwd", "BAD_ADDRESS")
    yield to("a redirect to data", "data:text/xml,<rss/>", "BAD_ADDRESS")
    yield to("a redirect to a script", "javascript:alert(1)", "BAD_ADDRESS")
    yield to("a redirect to gopher", "gopher://127.0.0.1:9/_x", "BAD_ADDRESS")
    yield to("a redirect with a user", "//user@127.0.0.1:9/", "BAD_ADDRESS")
    yield to("a redirect with a backslash", f"http://news.example\\@{inside}/", "BAD_ADDRESS")
    yield to("a redirect with a control", "/a\x01b", "BAD_ADDRESS")
    yield to("a redirect to a wrong port", "http://127.0.0.1:99999/", "BAD_ADDRESS")
    yield to("a redirect to port zero", "http://127.0.0.1:0/", "BAD_ADDRESS")
    yield to("a redirect to half an address", "http://[::1/", "BAD_ADDRESS")
    yield to("a redirect to no host", "http:///x", "BAD_ADDRESS")
    yield to("a long redirect", "/" + "x" * 9_000, "BAD_ADDRESS")
    yield "an endless redirect", endless(b"x" * 65_536, start=b"HTTP/1.1 302 F\r\nLocation: /"), _ENDLESS
    body = b"HTTP/1.1 302 F\r\nLocation: file:///x\r\n\r\n"
    yield "a redirect with an endless body", endless(b"x" * 65_536, start=body), "BAD_ADDRESS"


def _growing(stream: socket.socket, request: Request) -> None:
    location = request.path + "x" * 1_500
    with suppress(OSError):
        answer(302, location=location)(stream, request)


def _deflated(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


_ENDLESS: Ends = ("TOO_LARGE", "TIMEOUT")  # a slow machine does not come to the end of its patience in bytes
_ANY: Ends = ("TIMEOUT", "TOO_LARGE", "BROKEN", "STATUS")  # libcurl decides; it must end, small and as a failure
Scripts = Mapping[str, Callable[[socket.socket, Request], None]]
