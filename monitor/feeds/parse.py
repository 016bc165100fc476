"""A feed's bytes to its entries. feedparser does the reading; what is known to kill or fool it never reaches it.

Text is decoded here (`decode`), made harmless (`clean`) and cut into entries (`parts`). A document that is well-formed
and plain is read whole. In any other each entry is read by itself, for feedparser remembers things from one to the
next; and one that even so cannot be read is read again with nothing but its essentials. Whoever can write one entry of
a feed cannot hide or change the others. So an entry that stood in the feed's last document need not be read again: what
feedparser says of the others is the same without it (`known`, `known_cut`).

Titles, summaries and bodies stand as feedparser gives them: references are undone once, as XML wants it, and markup
stays. Where a feed escapes twice a title still reads '&quot;' or '&lt;b&gt;': the normal form that rules match, and the
messages, undo that; spans refer to the text as it stands here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit, urlunsplit

from monitor.feeds.clean import clean
from monitor.feeds.decode import decode
from monitor.feeds.entries import LONGEST, Source, lies_ahead, read_entry, web_link
from monitor.feeds.known import By, Mark, Marks, context, digest, make_mark, names, plain_ttl, read_marks
from monitor.feeds.known_cut import cut
from monitor.feeds.parts import NoFeed, Parts, split
from monitor.feeds.reading import Reading, read
from monitor.model import Entry, Parsed, ParseFailed, ParseResult

_TTL_BOUNDS = (1, 24 * 60)  # minutes


@dataclass(frozen=True, slots=True)
class _Here:
    """What is the same for all of a document. `last` are the marks of the one before, if they can be compared.
    `read` is how what was cut is read."""

    feed_id: str
    base_url: str
    fetched_at: datetime | None
    last: Marks | None
    read: Callable[[Parts], Reading]

    @property
    def current(self) -> Marks | None:
        """The last marks, if what they stand for need not be read."""
        at, last = self.fetched_at, self.last
        return last if at is not None and last is not None and last.are_current(self.feed_id, at) else None


@dataclass(frozen=True, slots=True)
class _Document:
    """`parts` hold the entries that are to be read, at the places `new`; `digests` are of all entries."""

    parts: Parts
    new: Sequence[int]
    by: By
    digests: Sequence[bytes]
    warning: str = ""

    @property
    def is_full(self) -> bool:
        return len(self.new) == len(self.digests)


@dataclass(frozen=True, slots=True)
class _Found:
    """Entries that were read; marks of those that will read the same tomorrow, and the `passing` ones of the others."""

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
    reader: Callable[[Parts], Reading] = read,
) -> ParseResult:
    """The entries of an RSS 0.9x to 2.0, RDF or Atom document, in its order, at most 2,000.

    `base_url` is where the document came from; relative links are resolved against the feed's own link or it.
    `fetched_at` lets dates in the future be told apart from good ones. `reader` is how what was cut is read. Never
    raises for anything that a body may hold, but for want of memory.

    `known` are the marks of the feed's last document (`Parsed.marks`). Entries that stood in it, byte for byte, are
    left out; the others come as if all had been read. All are read once a day, and whenever anything speaks for it.
    Without `fetched_at` there are no marks.
    """
    here = _Here(feed_id, _without_secrets(base_url), fetched_at, read_marks(known), reader)
    quick = _new_by_bytes(body, here.current)
    parsed = _parse(quick, here) if quick is not None else None
    return _decode_and_parse(body, content_type, here) if parsed is None else parsed


def _decode_and_parse(body: bytes, content_type: str | None, here: _Here) -> ParseResult:
    decoded = decode(body, content_type)
    if not decoded.text.strip():
        return ParseFailed(detail="an empty document")
    try:
        parts = split(clean(decoded.text))
    except NoFeed as reason:
        return ParseFailed(detail=str(reason))
    quick = _new_by_text(parts, decoded.warning, here.current)
    parsed = _parse(quick, here) if quick is not None else None
    return _parse_all(_whole(body, parts, decoded.warning), here) if parsed is None else parsed


def _new_by_bytes(body: bytes, last: Marks | None) -> _Document | None:
    if last is None or last.by is not By.BYTES:
        return None
    found = cut(body, last.marks)
    return None if found is None else _Document(found.parts, found.new, By.BYTES, found.digests)


def _new_by_text(parts: Parts, warning: str, last: Marks | None) -> _Document | None:
    if last is None or last.by is not By.TEXT:
        return None
    digests = _text_digests(parts)
    new = [at for at, each in enumerate(digests) if each not in last.marks]
    fresh = replace(parts, entries=tuple(parts.entries[at] for at in new))
    return _Document(fresh, new, By.TEXT, digests, warning)


def _whole(body: bytes, parts: Parts, warning: str) -> _Document:
    """Marked by its bytes if cutting them comes to the very same parts."""
    found = None if warning else cut(body, ())
    new = range(len(parts.entries))
    if found is not None and found.parts == parts:
        return _Document(parts, new, By.BYTES, found.digests)
    return _Document(parts, new, By.TEXT, _text_digests(parts), warning)


def _text_digests(parts: Parts) -> list[bytes]:
    return [digest(entry.encode("utf-8", "surrogatepass")) for entry in parts.entries]


def _parse(document: _Document, here: _Here) -> ParseResult | None:
    """None if what was left out might have to be read after all."""
    if document.is_full:
        return _parse_all(document, here)
    around = context(document.parts, here.base_url)
    if here.last is None or here.last.context != around:
        return None
    standing = {each: here.last.marks[each] for each in document.digests if each in here.last.marks}
    marks = replace(here.last, marks=standing)
    ttl = plain_ttl(document.parts)
    if not document.new and marks.title is not None and ttl is not None:
        return _parsed(document, Reading({"title": marks.title, "ttl": ttl}, [], is_atom=False), here, _Found(), marks)
    reading = here.read(document.parts)
    found = _entries(document, reading, here)
    if reading.headless or marks.names() & names(found.all_marks()):
        return None
    return _parsed(document, reading, here, found, replace(marks, marks={**standing, **found.marks}))


def _parse_all(document: _Document, here: _Here) -> ParseResult:
    parts = document.parts
    reading = here.read(parts)
    if parts.entries and not reading.entries:
        return ParseFailed(detail=f"none of its {len(parts.entries)} entries can be read")
    found = _entries(document, reading, here)
    marks = Marks(
        by=document.by,
        context=context(parts, here.base_url),
        full_at=int(here.fetched_at.timestamp()) if here.fetched_at else 0,
        title=_title(reading) if _ttl(plain_ttl(parts)) == _ttl(reading.feed.get("ttl")) else None,
        marks=found.marks,
    )
    return _parsed(document, reading, here, found, marks)


def _parsed(document: _Document, reading: Reading, here: _Here, found: _Found, marks: Marks) -> Parsed:
    return Parsed(
        entries=tuple(found.entries),
        is_whole=document.parts.is_whole,
        title=_title(reading),
        ttl=_ttl(reading.feed.get("ttl")),
        warnings=_warnings(document.warning, document.parts, reading),
        marks=marks.to_bytes() if here.fetched_at else None,
        window=len(document.digests),
        overlaps=_overlaps(here.last, [*marks.marks.values(), *found.passing]) if here.fetched_at else None,
    )


def _title(reading: Reading) -> str:
    return _string(reading.feed.get("title"))[: LONGEST["title"]]


def _overlaps(last: Marks | None, now: list[Mark]) -> bool | None:
    """By what the entries hold or by what they are called: an edited one is still the same."""
    if last is None or not last.marks or not now:
        return None
    return any(mark.digest in last.marks for mark in now) or not last.names().isdisjoint(names(now))


def _entries(document: _Document, reading: Reading, here: _Here) -> _Found:
    source = Source(feed_id=here.feed_id, base_url=_base(reading, here.base_url), fetched_at=None)
    found = _Found()
    for number, raw in reading.entries:
        position = document.new[number]
        entry = read_entry(raw, source, position=position)
        mark = make_mark(document.digests[position], entry.guid, entry.link)
        if lies_ahead(entry, here.fetched_at):
            entry = read_entry(raw, replace(source, fetched_at=here.fetched_at), position=position)
            found.passing.append(mark)
        else:
            found.marks[mark.digest] = mark
        found.entries.append(entry)
    return found


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
