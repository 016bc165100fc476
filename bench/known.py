"""What a poll costs where nothing, or one entry, is new, beside `feedparser.parse` of the same bytes.

    python -m bench.known [FEED.xml …]

Each row is one feed: made up as common feeds are built, or a file. All columns are CPU milliseconds in this one process
(the median of several runs, each way in turn), and how many times less than feedparser that is:

unchanged      the same bytes once more, answered 200: nothing but their hash
none new       the feed's own date has changed, its entries have not
one new        49 of 50 entries are known
in full        all entries are read, with our own decoding and cleaning
"""

from __future__ import annotations

import argparse
import io
import re
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import feedparser

from monitor.feeds.parse import parse
from monitor.feeds.schedule import body_hash
from monitor.model import Parsed

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
ENTRY = re.compile(rb"<(item|entry)(?=[\s>]).*?</\1\s*>\s*", re.DOTALL)
SENTENCE = "أفاد سكان بأن اشتباكات اندلعت مساء أمس قرب الجسر الشرقي وأن القصف طال أطراف البلدة"
WORDS = SENTENCE.split()
ROUNDS = 9


def text(words: int, seed: int) -> str:
    return " ".join(WORDS[(seed + step * step) % len(WORDS)] for step in range(words))


def made(kind: str, count: int = 50) -> bytes:
    """A feed of our own: RSS with its texts in CDATA, RSS escaped twice, or Atom."""
    if kind == "atom":
        entries = "".join(
            f'<entry><title>{text(9, n)}</title><id>urn:x:{n}</id><link href="https://a.example/{n}"/>'
            f"<updated>2026-05-31T10:00:00Z</updated>"
            f'<content type="html">{escape("<p>" + text(120, n))}</content></entry>\n'
            for n in range(count)
        )
        return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>ت</title><updated>{NOW}</updated>{entries}</feed>'.encode()
    body = (lambda n: escape(escape(f"<p>{text(120, n)}</p>" * 3))) if kind == "escaped twice" else _cdata
    entries = "".join(
        f"<item><title>{text(9, n)}</title><link>https://a.example/{n}</link><guid>{n}</guid>"
        f"<pubDate>Sun, 31 May 2026 10:00:00 GMT</pubDate><description>{body(n)}</description></item>\n"
        for n in range(count)
    )
    head = f"<title>ت</title><link>https://a.example/</link><lastBuildDate>{NOW}</lastBuildDate>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{entries}</channel></rss>'.encode()


def _cdata(n: int) -> str:
    return f"<![CDATA[<p>{text(120, n)}</p>]]>"


def read(body: bytes, known: bytes | None = None) -> Parsed:
    parsed = parse("x", body, None, base_url="https://a.example/feed", fetched_at=NOW, known=known)
    if not isinstance(parsed, Parsed):
        raise SystemExit(f"not a feed: {parsed.detail}")
    return parsed


def ways(body: bytes) -> dict[str, Callable[[], object]]:
    first = ENTRY.search(body)
    if first is None:
        raise SystemExit("no entry in it")
    before = read(body[: first.start()] + body[first.end() :]).marks
    redated = re.sub(rb"(<(lastBuildDate|updated)>)[^<]*", rb"\g<1>2026-06-01 12:05", body[: first.start()])
    moved, marks = redated + body[first.start() :], read(body).marks
    spared = len(read(body).entries) - len(read(body, before).entries)
    if spared < len(read(body).entries) - 1:
        print(f"  (only {spared} entries are spared)")
    return {
        "feedparser": lambda: feedparser.parse(io.BytesIO(body)),
        "unchanged": lambda: body_hash(body),
        "none new": lambda: read(moved, marks),
        "one new": lambda: read(body, before),
        "in full": lambda: read(body),
    }


def measure(body: bytes) -> dict[str, float]:
    compared = ways(body)
    spent: dict[str, list[float]] = {name: [] for name in compared}
    for _ in range(ROUNDS):
        for name, way in compared.items():
            begun = time.process_time()
            way()
            spent[name].append((time.process_time() - begun) * 1000)
    return {name: statistics.median(times) for name, times in spent.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    files = parser.parse_args().files
    feeds = {kind: made(kind) for kind in ("cdata", "escaped twice", "atom")} | {f.name: f.read_bytes() for f in files}
    print(f"{'feed':28} {'KiB':>5} {'feedparser':>10}   unchanged        none new         one new          in full")
    for name, body in feeds.items():
        spent = measure(body)
        theirs = spent.pop("feedparser")
        columns = "   ".join(f"{own:6.3f} {theirs / own:6.1f}x" for own in spent.values())
        print(f"{name[:28]:28} {len(body) // 1024:5} {theirs:10.2f}   {columns}")


if __name__ == "__main__":
    main()
