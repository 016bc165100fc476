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

import io
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from xml.parsers import expat

from monitor.feeds.clean import clean
from monitor.feeds.decode import decode
from monitor.feeds.entries import LONGEST, Source, lies_ahead, read_entry, web_link
from monitor.feeds.known import Mark, Marks, make_mark, names, overlaps, plain_ttl, read_marks
from monitor.feeds.known_document import Document, new_by_bytes, new_by_text, whole
from monitor.feeds.parts import NoFeed, Parts, reduce_entry, split
from monitor.model import Entry, Parsed, ParseFailed, ParseResult

log = logging.getLogger(__name__)

_TTL_BOUNDS = (1, 24 * 60)  # minutes
_UTF8 = {"content-type": "application/xml; charset=utf-8"}

Raw = Mapping[str, Any]
"""What feedparser makes of a document, a feed or an entry."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The feed's own values, and those of each entry, None for one that cannot be read. `notes` are for the operator.

    `headless`: the parser breaks on the document even without entries. `mended`: numbers of entries that were not read
    as they stand, for they break the parser.
    """

    feed: Raw
    entries: Sequence[Raw | None]
    is_atom: bool
    notes: tuple[str, ...] = ()
    headless: bool = False
    mended: frozenset[int] = frozenset()

    @property
    def lost(self) -> int:
        """How many cannot be read for no reason that `notes` would tell."""
        return sum(raw is None and number not in self.mended for number, raw in enumerate(self.entries))

    @classmethod
    def of(
        cls,
        head: Raw,
        found: Iterable[Raw | None],
        *,
        notes: tuple[str, ...] = (),
        mended: frozenset[int] = frozenset(),
    ) -> Reading:
        """`head` as `read_head` gives it."""
        return cls(
            head["feed"], tuple(found), _is_atom(head), notes=notes, headless="version" not in head, mended=mended
        )


def read(parts: Parts) -> Reading:
    text = parts.document(*parts.entries)
    if parts.is_plain() and _is_well_formed(text):
        result = _feedparser(text)
        if result is not None and len(result["entries"]) == len(parts.entries):
            return Reading(result["feed"], result["entries"], _is_atom(result))
    return Reading.of(read_head(parts), [read_entry_alone(parts, entry) for entry in parts.entries])


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
    `fetched_at` lets dates in the future be told apart from good ones. `reader` is how what was
    cut is read. Never raises for anything that a body may hold, but for want of memory.

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


def read_head(parts: Parts) -> Raw:
    result = _feedparser(parts.document())
    return {"feed": result["feed"], "version": result.get("version")} if result is not None else {"feed": {}}


def read_entry_alone(parts: Parts, entry: str) -> Raw | None:
    for tried in (entry, reduce_entry(entry)):
        result = _feedparser(parts.document(tried))
        if result is not None and result["entries"]:
            raw: Raw = result["entries"][0]
            return raw
    return None


def _is_well_formed(xml: str) -> bool:
    """By expat, which takes a hundredth of feedparser's time. There is no DOCTYPE in the text: nothing can expand."""
    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(xml.encode("utf-8"), True)
    except expat.ExpatError:
        return False
    return True


def _feedparser(xml: str) -> Raw | None:
    """feedparser on bytes whose encoding it is told. None for what it breaks on."""
    import feedparser  # 80 ms, which commands that read no feed need not pay

    try:
        result: Raw = feedparser.parse(
            io.BytesIO(xml.encode("utf-8")), response_headers=_UTF8, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # noqa: BLE001 - it raises whatever its handlers run into: KeyError, AssertionError, …
        log.debug("feedparser.broke", extra={"error": type(error).__name__})
        return None
    return result


def _is_atom(result: Raw) -> bool:
    return _string(result.get("version")).startswith("atom")


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
