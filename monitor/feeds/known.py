"""What a feed's document held, in marks: so that what was read at the last poll need not be read again.

A mark stands for one entry whose bytes were read before, in this very surrounding, into what is stored. It holds:

- a digest of 128 bits of all the bytes that a parser would read for the entry. To have another's entry passed over,
  somebody would have to write one with the digest of bytes that are not his: 2¹²⁸ tries; two entries of one's own with
  one digest (2⁶⁴ tries) hide nothing but one of these. So there is no key that would have to be kept;
- 32 bits each of guid and link. They tell where a new entry bears the name of one that still stands; then the document
  is read in full, for names that several entries bear identify none of them. A chance hit costs one full reading.

The context is a digest of all else that feedparser's answer for an entry depends on: what stands before and after the
entries (namespaces, bases, the site's link, elements left open), and the address. Dates and the ttl of the feed itself,
which change at every poll, say nothing about its entries and are left out of it. In another context no mark counts.

Once a day no mark counts either: retention must hear of every entry that still stands, and a mistake must not last.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from hashlib import blake2b

from monitor.feeds.parts import Parts
from monitor.feeds.schedule import phase

FULL_READING_EVERY = timedelta(hours=24)  # at most; up to a quarter less, so that feeds do not fall due together
_FORMAT = 1
_HEADER = struct.Struct(">BBQ16sH")
_MARK = struct.Struct(">16s4s4s")
_NAMELESS = bytes(4)
_LONGEST_TITLE = 512  # bytes; the head of a feed with a longer one is read each time
_NO_TITLE = 0xFFFF
_NAME = r"(?:[\w.-]{1,40}:)?"
# What a feed says of itself and changes at every poll: dates, and any bare number that is neither title nor address.
_DATE = re.compile(
    rf"(<({_NAME}(?:lastBuildDate|pubDate|updated|modified|date|updateBase))(?:\s[^<>]*)?>)[\w\s:+,./()-]{{0,80}}(?=</\2\s*>)"
)
_NUMBER = re.compile(rf"(<(?!{_NAME}(?:title|link)[\s>])([\w.:-]{{1,80}})(?:\s[^<>]*)?>)\s*\d{{1,12}}\s*(?=</\2\s*>)")
_TTL = re.compile(r"<(?:[\w.-]{1,40}:)?ttl[\s/>]", re.IGNORECASE)
_PLAIN_TTL = re.compile(r"<ttl>([^<>]*)</ttl>")
_LISTED = re.compile(r"""<rdf:li\s+(?:rdf:)?resource\s*=\s*(?:"[^"<>]*"|'[^'<>]*')\s*(?:/>|>\s*</rdf:li\s*>)\s*""")


class By(Enum):
    """What a digest is made of: the entry's bytes as they came, or its text after decoding and cleaning."""

    BYTES = 1
    TEXT = 2


@dataclass(frozen=True, slots=True)
class Mark:
    digest: bytes
    guid: bytes
    link: bytes

    def names(self) -> frozenset[bytes]:
        return frozenset((b"g" + self.guid, b"l" + self.link)) - _NO_NAMES


_NO_NAMES = frozenset((b"g" + _NAMELESS, b"l" + _NAMELESS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """Of one document, by digest. Entries that could not be read, or may read otherwise tomorrow, have none."""

    by: By
    context: bytes
    full_at: int  # when a document of the feed was last read in full: seconds since 1970
    title: str | None  # of the feed; None where its head has to be read each time
    marks: dict[bytes, Mark]

    def to_bytes(self) -> bytes:
        title = None if self.title is None else self.title.encode("utf-8", "surrogatepass")
        length = _NO_TITLE if title is None or len(title) > _LONGEST_TITLE else len(title)
        header = _HEADER.pack(_FORMAT, self.by.value, self.full_at, self.context, length)
        rows = (_MARK.pack(mark.digest, mark.guid, mark.link) for mark in self.marks.values())
        return b"".join((header, title if title and length != _NO_TITLE else b"", *rows))

    def are_current(self, feed_id: str, now: datetime) -> bool:
        age = now.timestamp() - self.full_at
        return 0 <= age < FULL_READING_EVERY.total_seconds() * (1 - phase(feed_id, "full reading") / 4)

    def names(self) -> frozenset[bytes]:
        return names(self.marks.values())


def read_marks(stored: bytes | None) -> Marks | None:
    """None for what is not there, was written by another version of this module, or was damaged where it lay."""
    if not stored or len(stored) < _HEADER.size:
        return None
    form, by, full_at, around, length = _HEADER.unpack_from(stored)
    rest = stored[_HEADER.size :]
    title, rows = (None, rest) if length == _NO_TITLE else (rest[:length], rest[length:])
    if form != _FORMAT or by not in (By.BYTES.value, By.TEXT.value) or len(rows) % _MARK.size:
        return None
    try:
        name = None if title is None else title.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return None
    return Marks(
        by=By(by),
        context=around,
        full_at=full_at,
        title=name,
        marks={row[0]: Mark(*row) for row in _MARK.iter_unpack(rows)},
    )


def names(marks: Iterable[Mark]) -> frozenset[bytes]:
    """The guids and links that entries go by; a guid and a link of the same letters are two names."""
    return frozenset[bytes]().union(*(mark.names() for mark in marks))


def overlaps(last: Marks | None, now: Iterable[Mark]) -> bool | None:
    """Whether two documents share an entry, by what it holds or by what it is called: an edited one is still the same.

    None where it cannot be told.
    """
    marks = list(now)
    if last is None or not last.marks or not marks:
        return None
    return any(mark.digest in last.marks for mark in marks) or not last.names().isdisjoint(names(marks))


def make_mark(digest: bytes, guid: str, link: str | None) -> Mark:
    return Mark(digest, _short(guid), _short(link or ""))


def digest(entry: bytes) -> bytes:
    return blake2b(entry, digest_size=16).digest()


def context(parts: Parts, base: str) -> bytes:
    """`base` is the document's address. Only the text of the elements goes, never a tag: what is open stays open."""
    around = (base, _lasting(parts.head).rstrip(), _lasting(parts.tail).lstrip())
    return digest("\0".join(around).encode("utf-8", "surrogatepass"))


def plain_ttl(parts: Parts) -> str | None:
    """The text of the feed's ttl, '' if it has none; None where that takes a parser."""
    around = parts.head + parts.tail
    written = _TTL.findall(around)
    if not written:
        return ""
    plain = _PLAIN_TTL.search(around)
    return plain[1] if plain and len(written) == 1 else None


def _lasting(markup: str) -> str:
    return _LISTED.sub("", _NUMBER.sub(r"\1", _DATE.sub(r"\1", markup)))


def _short(name: str) -> bytes:
    return blake2b(name.encode("utf-8", "surrogatepass"), digest_size=4).digest() if name else _NAMELESS
