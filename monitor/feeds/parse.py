"""A feed's bytes to its entries. feedparser does the reading; what is known to kill or fool it never reaches it.

Text is decoded here (`decode`), made harmless (`clean`) and cut into entries (`parts`). A document that is well-formed
and plain is read whole. In any other each entry is read by itself, for feedparser remembers things from one to the
next; and one that even so cannot be read is read again with nothing but its essentials. Whoever can write one entry of
a feed cannot hide or change the others. So an entry that stood in the feed's last document need not be read again: what
feedparser says of the others is the same without it (`known`).

Titles, summaries and bodies stand as feedparser gives them: references are undone once, as XML wants it, and markup
stays. Where a feed escapes twice a title still reads '&quot;' or '&lt;b&gt;': the normal form that rules match, and the
messages, undo that; spans refer to the text as it stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from monitor.feeds.clean import clean
from monitor.feeds.decode import decode
from monitor.feeds.entries import LONGEST, Source, lies_ahead, read_entry, web_link
from monitor.feeds.known import Mark, Marks, make_mark, names, overlaps, plain_ttl, read_marks
from monitor.feeds.known_document import Document, new_by_bytes, new_by_text, whole
from monitor.feeds.parts import NoFeed, Parts, split
from monitor.feeds.reading import Reading, read
from monitor.model import Entry, Parsed, ParseFailed, ParseResult

_TTL_BOUNDS = (1, 24 * 60)  # minutes


Reader = Callable[[Parts], Reading]


@dataclass(frozen=True, slots=True)
class _Here:
    """What is the same for all of a document. `last` are the marks of the one before."""

    feed_id: str
    base_url: str
    fetched_at: datetime | None
    last: Marks | None

    @property
    def current(self) -> Marks | None:
        """The last marks, if what they stand for need not be read."""
        at, last = self.fetched_at, self.last
        return last if at is not None and last is not None and last.are_current(self.feed_id, at) else None


@dataclass(frozen=True, slots=True)
class _Found:
    """Entries that were read, with their marks: `passing` are those of entries that may read otherwise tomorrow."""

    entries: list[Entry] = field(default_factory=list)
    marks: dict[bytes, Mark] = field(default_factory=dict)
    passing: list[Mark] = field(default_factory=list)

    def all_marks(self) -> list[Mark]:
        return [*self.marks.values(), *self.passing]


def parse(
    feed_id: str,
    body: bytes,
    content_type: str | None,
    *,
    base_url: str,
    fetched_at: datetime | None = None,
    known: bytes | None = None,
    reader: Reader = read,
) -> ParseResult:
    """The entries of an RSS 0.9x to 2.0, RDF or Atom document, in its order, at most 2,000.

    `base_url` is where the document came from; relative links are resolved against the feed's own link or it.
    `fetched_at` lets dates in the future be told apart from good ones. `reader` is how what was cut is read. Never
    raises for anything that a body may hold, but for want of memory.

    `known` are the marks of the feed's last document (`Parsed.marks`). Entries that stood in it, byte for byte, are
    left out; the others come as if all had been read. All are read once a day, and whenever anything speaks for it.
    Without `fetched_at` there are no marks.
    """
    here = _Here(feed_id, _without_secrets(base_url), fetched_at, read_marks(known))
    quick = new_by_bytes(body, here.current)
    parsed = _parse(quick, here, reader) if quick is not None else None
    return _decode_and_parse(body, content_type, here, reader) if parsed is None else parsed


def parse_known(
    feed_id: str, body: bytes, *, base_url: str, fetched_at: datetime | None, known: bytes | None
) -> Parsed | None:
    """What `parse` says of a document in which nothing is new; None of any other. Without feedparser, and in a time
    that grows with nothing but the length of the body."""
    here = _Here(feed_id, _without_secrets(base_url), fetched_at, read_marks(known))
    quick = new_by_bytes(body, here.current)
    return _all_known(quick, here) if quick is not None else None


def _decode_and_parse(body: bytes, content_type: str | None, here: _Here, reader: Reader) -> ParseResult:
    decoded = decode(body, content_type)
    if not decoded.text.strip():
        return ParseFailed(detail="an empty document")
    try:
        parts = split(clean(decoded.text))
    except NoFeed as reason:
        return ParseFailed(detail=str(reason))
    quick = new_by_text(parts, decoded.warning, here.current)
    parsed = _parse(quick, here, reader) if quick is not None else None
    return _parse_all(whole(body, parts, decoded.warning), here, reader) if parsed is None else parsed


def _parse(document: Document, here: _Here, reader: Reader) -> ParseResult | None:
    """None if what was left out might have to be read after all."""
    if document.is_full:
        return _parse_all(document, here, reader)
    known = _all_known(document, here)
    if known is not None:
        return known
    if here.last is None or here.last.context != document.context(here.base_url):
        return None
    standing = document.standing(here.last)
    reading = reader(document.parts)
    found = _entries(document, reading, here)
    if reading.headless or standing.names() & names(found.all_marks()):
        return None
    return _parsed(document, reading, here, found, replace(standing, marks={**standing.marks, **found.marks}))


def _all_known(document: Document, here: _Here) -> Parsed | None:
    ttl = plain_ttl(document.parts)
    if document.new or not document.digests or here.last is None or here.last.title is None or ttl is None:
        return None
    if here.last.context != document.context(here.base_url):
        return None
    head = Reading({"title": here.last.title, "ttl": ttl}, (), is_atom=False)
    return _parsed(document, head, here, _Found(), document.standing(here.last))


def _parse_all(document: Document, here: _Here, reader: Reader) -> ParseResult:
    parts = document.parts
    reading = reader(parts)
    if parts.entries and all(raw is None for raw in reading.entries):
        return ParseFailed(detail=f"none of its {len(parts.entries)} entries can be read")
    found = _entries(document, reading, here)
    marks = Marks(
        by=document.by,
        context=document.context(here.base_url),
        full_at=int(here.fetched_at.timestamp()) if here.fetched_at else 0,
        title=_title(reading) if _ttl(plain_ttl(parts)) == _ttl(reading.feed.get("ttl")) else None,
        marks=found.marks,
    )
    return _parsed(document, reading, here, found, marks)


def _parsed(document: Document, reading: Reading, here: _Here, found: _Found, marks: Marks) -> Parsed:
    return Parsed(
        entries=tuple(found.entries),
        is_whole=document.parts.is_whole,
        title=_title(reading),
        ttl=_ttl(reading.feed.get("ttl")),
        warnings=_warnings(document.warning, document.parts, reading),
        marks=marks.to_bytes() if here.fetched_at else None,
        window=len(document.digests),
        overlaps=overlaps(here.last, [*marks.marks.values(), *found.passing]) if here.fetched_at else None,
    )


def _entries(document: Document, reading: Reading, here: _Here) -> _Found:
    source = Source(feed_id=here.feed_id, base_url=_base(reading, here.base_url), fetched_at=None)
    found = _Found()
    for number, (position, raw) in enumerate(zip(document.new, reading.entries, strict=True)):
        if raw is None:
            continue
        entry = read_entry(raw, source, position=position)
        mark = make_mark(document.digests[position], entry.guid, entry.link)
        passes = lies_ahead(entry, here.fetched_at)
        if passes:
            entry = read_entry(raw, replace(source, fetched_at=here.fetched_at), position=position)
        if passes or number in reading.mended:
            found.passing.append(mark)
        else:
            found.marks[mark.digest] = mark
        found.entries.append(entry)
    return found


def _title(reading: Reading) -> str:
    return _string(reading.feed.get("title"))[: LONGEST["title"]]


def _without_secrets(url: str) -> str:
    """Without query and user name, for a feed's own address may hold secrets there."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def _base(reading: Reading, document: str) -> str:
    """What relative links are relative to: in RSS, by custom, the site that the feed names; in Atom (RFC 4287 §4.2.7)
    the document."""
    site = None if reading.is_atom else web_link(_string(reading.feed.get("link")), document)
    return site or document


def _ttl(written: object) -> timedelta | None:
    text = _string(written).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        return None
    least, most = _TTL_BOUNDS
    return timedelta(minutes=max(least, min(int(text), most)))


def _warnings(decoding: str, parts: Parts, reading: Reading) -> tuple[str, ...]:
    found = (
        decoding,
        f"{parts.left_out} entries too many were left out" if parts.left_out else "",
        "the document breaks off before its end" if not parts.is_whole else "",
        f"{reading.lost} entries could not be read" if reading.lost else "",
    )
    return (*(warning for warning in found if warning), *reading.notes)


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
