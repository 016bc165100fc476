"""Inputs that nobody would write on purpose, unless to break us: pieces known for that, put together by chance.

Everything comes out of the `Random` that is given, so the same seed makes the same input.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from random import Random
from typing import Any

LETTERS = "ابتةثجحخدذرزسشصضطظعغفقكلمنهويىءآأؤإئ"
WORDS = (
    "اشتباكات", "غارة", "مطار", "دير الزور", "ذكرى", "قصف", "عاجل", "Deir ez-Zor", "airport", "clashes", "Suriye",
    "havaalanı", "دێرەزوور", "فرودگاه", "аэропорт", "و", "ال", "لل", "٢٠٢٦", "۱۲", "3", "،", "؟", ".", "…", "«", "»",
)  # fmt: skip
SIGNS = (
    "\x00", "\x07", "\x1b[31m", "\x1b]0;x\x07", "\x7f", "\x85", "\x9b31m", "\xa0", "\xad", "\u034f", "\u061c", "\u0640",
    "\u064b", "\u0670", "\u180e", "\u200b", "\u200c", "\u200d", "\u200f", "\u2028", "\u2029", "\u202e", "\u202d",
    "\u2066", "\u2067", "\u2068", "\u2069", "\u206f", "\u3164", "\ue000", "\ue001", "\ufdfa", "\ufe0f", "\ufeff",
    "\ufff9", "\ufffe", "\uffff", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f1f8\U0001f1fe", "\U000e0041",
    "\U0010ffff", "e\u0301", "\u0344", "İ", "ß", "ﬁ", "ﻻ", "\r", "\n", "\r\n", "\t", " ", "\ud800", "\udfff", "\ud83d",
)  # fmt: skip
COMMANDS = (
    "@everyone", "@here", "<!channel>", "<@U12345>", "<users/all>", "[x](javascript:alert(1))", "<https://e.example|x>",
    "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "{0.__class__}", "{{7*7}}", "%(x)s", "%n", "${HOME}",
    "${file:/etc/passwd}", "$(id)", "`id`", "'; DROP TABLE entry; --", "\" OR 1=1", "../../../etc/passwd", "*_~`",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b>", "</b>", "<!--", "-->", "<![CDATA[", "]]>", "<?x",
    "<!DOCTYPE x [<!ENTITY a 'b'>]>", "&a;", "&amp;lt;b&amp;gt;", "&#0;", "&#xD800;", "&#x9b;", "&#99999999;", "&lt", "&",
    "<", ">", "\\", "\\u0000", "\"", "'", "!!python/object/apply:os.system [id]", "Bcc: x@y.example", "=cmd|' /C calc'!A0",
)  # fmt: skip
ELEMENTS = (
    "rss", "channel", "item", "entry", "feed", "rdf:RDF", "title", "link", "guid", "id", "description", "summary",
    "content", "content:encoded", "author", "name", "email", "dc:creator", "dc:date", "pubDate", "updated", "published",
    "category", "enclosure", "media:content", "media:title", "media:group", "source", "image", "url", "textinput", "ttl",
    "cloud", "georss:point", "gml:pos", "itunes:explicit", "itunes:summary", "xhtml:div", "div", "p", "svg", "math", "x",
    "a" * 300, "عنوان", "x:y", "ns0:item", "skipHours", "comments", "creativeCommons:license", "psc:chapter",
)  # fmt: skip
ATTRIBUTES = (
    "xml:base", "base", "href", "type", "mode", "rel", "src", "url", "isPermaLink", "xmlns", "xmlns:x", "rdf:about",
    "xml:lang", "version", "length", "term", "scheme", "domain", "style", "encoding",
)  # fmt: skip
VALUES = (
    "text/html", "application/octet-stream", "base64", "xml", "escaped", "javascript:x", "http://[x", "//x", "http://a.example/",
    "http://www.w3.org/2005/Atom", "http://purl.org/rss/1.0/", "true", "2.0", "1.0", "utf-8", "utf-7", "ar", "0", "-1",
)  # fmt: skip
DATES = (
    "Mon, 02 Mar 2026 10:00:00 +0300", "2026-03-02T10:00:00Z", "20260302T100000", "1772445600", "2 آذار 2026", "10:00 ص",
    "Mon,", "March", "31 Feb 2026", "99", "0000", "9999-12-31T23:59:59+14:00", "0001-01-01T00:00:00-14:00", "+9999", "EST",
    "UTC", "Z", ":", "-", "/", ",", "٢٠٢٦", "٣", "مارس", "أبريل", "PM", "مساء", "1e9", "2026", "12", "T",
)  # fmt: skip
CODECS = (
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-8",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "windows-1256",
    "iso8859-6",
    "latin-1",
    "koi8-r",
)
LABELS = (
    None, "application/rss+xml", "text/xml; charset=windows-1256", "text/html; charset=utf-16", "x", "text/xml; charset=\x00",
    "application/xml; charset=" + "u" * 300, ";;;=", "text/xml; charset=undefined", "text/xml; charset=iso-8859-6",
)  # fmt: skip


def text(rng: Random, longest: int = 12) -> str:
    """A heap of words, signs and commands, now and then one of them very many times."""
    pieces = [_piece(rng) for _ in range(rng.randrange(longest + 1))]
    if rng.random() < 0.01:
        pieces.append(_piece(rng) * rng.choice((200, 5_000, 40_000)))
    return rng.choice(("", " ")).join(pieces)[:200_000]


def _piece(rng: Random) -> str:
    kind = rng.random()
    if kind < 0.4:
        return rng.choice(WORDS)
    if kind < 0.55:
        return rng.choice(SIGNS)
    if kind < 0.75:
        return rng.choice(COMMANDS)
    if kind < 0.9:
        return "".join(rng.choices(LETTERS, k=rng.randrange(1, 9)))
    return chr(rng.choice((rng.randrange(0x250), rng.randrange(0x600, 0x700), rng.randrange(0x110000))))


def broken(rng: Random, whole: str, pieces: Sequence[str]) -> str:
    """A good text with some pieces cut out, moved, doubled, or put in."""
    for _ in range(rng.choice((1, 1, 2, 3, 8))):
        at = rng.randrange(len(whole) + 1)
        end = min(len(whole), at + rng.choice((0, 0, 1, 4, 30, 400)))
        put = rng.choice(("piece", "piece", "piece", "nothing", "double", "elsewhere", "many", "text"))
        if put == "piece":
            middle = rng.choice(pieces)
        elif put == "double":
            middle = whole[at:end] * 2
        elif put == "elsewhere":
            start = rng.randrange(len(whole) + 1)
            middle = whole[start : start + end - at]
        elif put == "many":
            piece = rng.choice(pieces)
            times = rng.choice((20, 300)) if rng.random() < 0.95 else 20_000
            middle = piece * min(times, 1 + 200_000 // (len(piece) + 1))
        else:
            middle = text(rng, 4) if put == "text" else ""
        whole = whole[:at] + middle + whole[end:]
    return whole


def broken_bytes(rng: Random, whole: bytes) -> bytes:
    changed = bytearray(whole)
    for _ in range(rng.choice((0, 1, 3, 20))):
        at = rng.randrange(len(changed) + 1)
        changed[at : at + rng.choice((0, 1, 1, 2, 9))] = rng.randbytes(rng.choice((0, 1, 1, 2, 5)))
    return bytes(changed[: rng.randrange(len(changed) + 1)] if rng.random() < 0.1 else changed)


def encoded(rng: Random, written: str) -> bytes:
    """As some publisher would, or as none would."""
    raw = (
        written.encode(rng.choice(CODECS), "replace")
        if rng.random() < 0.9
        else written.encode("utf-8", "surrogatepass")
    )
    return broken_bytes(rng, raw) if rng.random() < 0.4 else raw


def markup(rng: Random) -> str:
    """A feed, or something that begins like one."""
    root, channel, item = rng.choice(
        (
            ("rss", "channel", "item"),
            ("rss", "channel", "item"),
            ("feed", "", "entry"),
            ("rdf:RDF", "channel", "item"),
            ("x", "", "item"),
        )
    )
    inside = "".join(_entry(rng, item) for _ in range(rng.choice((0, 1, 2, 5))))
    head = _elements(rng, 3)
    body = f"<{channel}>{head}{inside}</{channel}>" if channel else head + inside
    prolog = rng.choice(
        ("", '<?xml version="1.0"?>', f'<?xml version="1.0" encoding="{rng.choice(VALUES)}"?>', _piece(rng))
    )
    return f"{prolog}<{root}{_attributes(rng)}>{body}</{root}>"


def _entry(rng: Random, name: str) -> str:
    title = f"<title>{text(rng, 5)}</title>"
    link = (
        f"<link>https://a.example/{rng.randrange(9)}</link>" if rng.random() < 0.7 else f"<link>{text(rng, 3)}</link>"
    )
    return f"<{name}{_attributes(rng)}>{title}{link}{_elements(rng, 4)}</{name}>"


def _elements(rng: Random, most: int, depth: int = 0) -> str:
    return "".join(_element(rng, depth) for _ in range(rng.randrange(most + 1)))


def _element(rng: Random, depth: int) -> str:
    name = rng.choice(ELEMENTS)
    inside = _elements(rng, 2, depth + 1) if depth < 4 and rng.random() < 0.3 else text(rng, 3)
    if rng.random() < 0.25:
        inside = " ".join(rng.choices(DATES, k=rng.randrange(1, 5)))
    if rng.random() < 0.01:
        return f"<{name}>" * rng.choice((50, 3_000))
    end = "" if rng.random() < 0.05 else f"</{rng.choice(ELEMENTS) if rng.random() < 0.05 else name}>"
    return f"<{name}{_attributes(rng)}>{inside}{end}"


def _attributes(rng: Random) -> str:
    if rng.random() < 0.6:
        return ""
    written = (
        f" {rng.choice(ATTRIBUTES)}={rng.choice(quotes)}{rng.choice(VALUES) if rng.random() < 0.7 else text(rng, 2)}{rng.choice(quotes)}"
        for quotes in rng.choices(("'", '"', ('"', "'", "")), k=rng.randrange(1, 4))
    )
    return "".join(written)


def date(rng: Random) -> str:
    if rng.random() < 0.02:
        return rng.choice(DATES) * rng.choice((100, 50_000))
    pieces = [rng.choice(DATES) if rng.random() < 0.9 else text(rng, 2) for _ in range(rng.randrange(1, 7))]
    return rng.choice(("", " ", " ", "-", ":")).join(pieces)


HOSTS = (
    "a.example", "127.0.0.1", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "١٢٧.0.0.1", "localhost", "أخبار.example", "xn--a", "a..b",
    "a" * 70, "example.com.", "-a", "[", "]", "%31", "127.0.0.1%00.example", "a@b", "a:b@c", "1.1.1.1 &@2.2.2.2#@3.3.3.3",
)  # fmt: skip


def address(rng: Random) -> str:
    scheme = rng.choice(
        (
            "http://",
            "https://",
            "HTTP://",
            "//",
            "http:/",
            "http:\\\\",
            "file:",
            "file://",
            "gopher://",
            "socks5://",
            "socks5h://",
            "javascript:",
            "",
            "ftp://",
            "ht\ttp://",
        )
    )
    port = rng.choice(("", "", ":80", ":0", ":99999", ":", ":٨٠", ":-1", ":8080"))
    path = rng.choice(("", "/", "/feed", "/%00", "/../..", "?q=${X}", "#f", "/ خبر", "\\x", "?a=b&c=[d]"))
    written = scheme + rng.choice(HOSTS) + port + path
    if rng.random() < 0.3:
        written = broken(rng, written, (*SIGNS, *COMMANDS, *HOSTS))
    return written if rng.random() > 0.01 else written * 3_000


def line_of_json(rng: Random) -> bytes:
    """A line for `monitor match`."""
    keys = ("id", "title", "summary", "text", "url", "published", "source", text(rng, 1))
    document = {rng.choice(keys): _json_value(rng) for _ in range(rng.randrange(6))} | {"title": text(rng)}
    line = json.dumps(document, ensure_ascii=rng.random() < 0.5)
    if rng.random() < 0.4:
        line = broken(
            rng,
            line,
            ("{", "}", "[" * 5_000, '"', ":", ",", "NaN", "1e999", "-Infinity", "\\ud800", "null", "\\", "9" * 5_000),
        )
    raw = line.replace("\n", " ").encode("utf-8", "surrogatepass")
    return broken_bytes(rng, raw) if rng.random() < 0.2 else raw


def _json_value(rng: Random) -> Any:
    return rng.choice((None, True, 0, -1.5, 10**400, text(rng, 3), [], [text(rng, 1)], {"a": {}}, {"title": [None]}))


def compressed(rng: Random) -> tuple[bytes, str]:
    """A body and its coding, whole or damaged."""
    body = text(rng, 9).encode("utf-8", "replace") * (rng.choice((1, 9)) if rng.random() < 0.97 else 3_000)
    window = rng.choice((31, 15, -15))
    packer = zlib.compressobj(wbits=window)
    packed = (packer.compress(body) + packer.flush()) * rng.choice((1, 1, 1, 2, 150))
    coding = rng.choice(("gzip", "x-gzip", "deflate", "GZIP ", "br", "gzip, gzip", "", "identity"))
    return (broken_bytes(rng, packed) if rng.random() < 0.6 else packed), coding


def headers(rng: Random) -> list[bytes]:
    """The lines of an answer's head."""
    names = (
        "Location",
        "ETag",
        "Last-Modified",
        "Retry-After",
        "Cache-Control",
        "Content-Encoding",
        "Content-Type",
        "Expires",
        "Date",
        "Age",
        "Set-Cookie",
        "X",
    )
    values = (
        "0",
        "-1",
        "9" * 40,
        "max-age=99999999999999",
        "max-age=",
        "gzip",
        "text/html",
        '"x"',
        "W/",
        date(rng),
        address(rng),
        text(rng, 3),
    )
    status = rng.choice(("200", "304", "301", "308", "404", "429", "999", "abc", "", "٢٠٠"))
    lines = [f"HTTP/{rng.choice(('1.1', '2', '9.9', ''))} {status} {text(rng, 1)}"]
    lines += [
        f"{rng.choice(names)}{rng.choice((': ', ':', ' : ', ''))}{rng.choice(values)}" for _ in range(rng.randrange(7))
    ]
    return [
        line.encode(rng.choice(("utf-8", "latin-1")), "replace") + rng.choice((b"\r\n", b"\n", b""))
        for line in [*lines, ""]
    ]


RULE_PIECES = (
    "version: 1\n", "rules:\n", "- ", "  ", "all:", "any:", "none:", "[", "]", "{", "}", ": ", "\n", "'", '"', "|", ">", "&a ", "*a",
    "!!python/object/apply:os.system ['id']", "!!python/name:os.system ", "!!python/module:os ", "!t ", "!!binary ", "!!set ", "#",
    "${X}", "${file:/etc/passwd}", "${", "id: x", "مطار", "\t", "\u200f", "place: idlib", "near: 3 words", "channels:\n", "feeds:\n",
    "---\n", "...\n", "%YAML 9\n", "  - url: https://a.example/\n", "groups:\n", "places:\n", "? ", "<<: *a", "regex: '(a+)+$'",
    "regex: '((((((.*)*)*)*)*)*)*'", "null", "~", "\u0085", ",", "،", "@", "throttle: 15m", "severity: ", "include: [x.yaml]",
    "query: '((a OR b) NEAR/5 c) AND NOT d'", "title: {ar: خبر}", "every: 1m", "tests:\n", "expires: 2026-13-40", "0x1F", "1e999",
    "2026-01-01", "yes", "-0", "\ud800", "\x00", "\ufeff", "[" * 200, "- " * 200, "{a: " * 200,
)  # fmt: skip
QUERY_PIECES = (
    "(", ")", " AND ", " OR ", " NOT ", " NEAR ", "NEAR/5", "NEAR/", "NEAR/999999999999", "place:", "group:airport", "event:clash", "title:", "body:",
    "exact:", '"', '"مطار دير الزور"', "مطار", "اشتباك*", "*", "-", "+", "|", "&", "و", "أو", "ليس", "قرب", "،", "/", ":", "~", "~2", "^", "\\", "  ",
    "place:idlib", "(" * 60, "NOT (", "regex:/x/", "'", "#", "‏",
)  # fmt: skip


def query(rng: Random) -> str:
    if rng.random() < 0.01:
        return rng.choice(QUERY_PIECES) * rng.choice((100, 3_000))
    return "".join(
        rng.choice(QUERY_PIECES) if rng.random() < 0.85 else text(rng, 1) for _ in range(rng.randrange(1, 14))
    )


def opml(rng: Random, whole: str) -> bytes:
    pieces = (
        "<outline text='x' xmlUrl='https://a.example/'>", "</outline>", "<outline/>", "<opml>", "</opml>", "<body>", "</body>", "<head>",
        " xmlUrl='file:///etc/passwd'", " xmlUrl='https://a.example/${HOME}'", " category='/a/b,c'", " type='include' url='http://127.0.0.1:9/'",
        "<!DOCTYPE x>", "<!ENTITY a 'b'>", "&a;", "<", ">", *COMMANDS, *SIGNS,
    )  # fmt: skip
    return encoded(rng, broken(rng, whole, pieces))
