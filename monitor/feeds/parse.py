"""A feed's bytes to its entries. feedparser does the reading; what is known to kill or fool it never reaches it.

Text is decoded here (`decode`), made harmless (`clean`) and cut into entries (`parts`). A document that is well-formed
and plain is read whole. In any other each entry is read by itself, for feedparser remembers things from one to the
next; and one that even so cannot be read is read again with nothing but its essentials. Whoever can write one entry of
a feed cannot hide or change the others.

Titles, summaries and bodies stand as feedparser gives them: references are undone once, as XML wants it, and markup
stays. Where a feed escapes twice a title still reads '&quot;' or '&lt;b&gt;': the normal form that rules match, and the
messages, undo that; spans refer to the text as it stands here.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from xml.parsers import expat

from monitor.feeds.clean import clean
from monitor.feeds.decode import decode
from monitor.feeds.entries import LONGEST, Source, read_entry, web_link
from monitor.feeds.parts import NoFeed, Parts, reduce_entry, split
from monitor.feeds.plain import read_plain
from monitor.model import Entry, Parsed, ParseFailed, ParseResult

log = logging.getLogger(__name__)

_TTL_BOUNDS = (1, 24 * 60)  # minutes
_UTF8 = {"content-type": "application/xml; charset=utf-8"}


@dataclass(frozen=True, slots=True)
class _Reading:
    """feedparser's dictionaries: the feed's own, and one for each entry that could be read."""

    feed: Mapping[str, Any]
    entries: list[Mapping[str, Any]]
    is_atom: bool
    lost: int = 0


def parse(
    feed_id: str, body: bytes, content_type: str | None, *, base_url: str, fetched_at: datetime | None = None
) -> ParseResult:
    """The entries of an RSS 0.9x to 2.0, RDF or Atom document, in its order, at most 2,000.

    `base_url` is where the document came from; relative links are resolved against the feed's own link or it.
    `fetched_at` lets dates in the future be told apart from good ones. Never raises for anything that a body may hold.
    """
    decoded = decode(body, content_type)
    if not decoded.text.strip():
        return ParseFailed(detail="an empty document")
    try:
        parts = split(clean(decoded.text))
    except NoFeed as reason:
        return ParseFailed(detail=str(reason))
    reading = _read(parts)
    if parts.entries and not reading.entries:
        return ParseFailed(detail=f"none of its {len(parts.entries)} entries can be read")
    source = Source(feed_id=feed_id, base_url=_base(reading, base_url), fetched_at=fetched_at)
    return Parsed(
        entries=_entries(reading.entries, source),
        is_whole=parts.is_whole,
        title=_string(reading.feed.get("title"))[: LONGEST["title"]],
        ttl=_ttl(reading.feed.get("ttl")),
        warnings=_warnings(decoded.warning, parts, reading),
    )


def _entries(raws: Iterable[Mapping[str, Any]], source: Source) -> tuple[Entry, ...]:
    return tuple(read_entry(raw, source, position=position) for position, raw in enumerate(raws))


def _read(parts: Parts) -> _Reading:
    whole = parts.document(*parts.entries)
    if parts.is_plain() and is_well_formed(whole):
        plain = read_plain(parts)
        if plain is not None:
            return _Reading(_head(parts)["feed"], plain, is_atom=False)
        result = feedparser_reads(whole)
        if result is not None and len(result["entries"]) == len(parts.entries):
            return _Reading(result["feed"], result["entries"], _is_atom(result))
    return _read_one_by_one(parts)


def _head(parts: Parts) -> Mapping[str, Any]:
    return feedparser_reads(parts.document()) or {"feed": {}, "version": ""}


def _read_one_by_one(parts: Parts) -> _Reading:
    head = _head(parts)
    found = [_read_entry_alone(parts, entry) for entry in parts.entries]
    entries = [entry for entry in found if entry is not None]
    return _Reading(head["feed"], entries, _is_atom(head), lost=len(found) - len(entries))


def _read_entry_alone(parts: Parts, entry: str) -> Mapping[str, Any] | None:
    for tried in (entry, reduce_entry(entry)):
        result = feedparser_reads(parts.document(tried))
        if result is not None and result["entries"]:
            raw: Mapping[str, Any] = result["entries"][0]
            return raw
    return None


def is_well_formed(xml: str) -> bool:
    """By expat, which takes a hundredth of feedparser's time. There is no DOCTYPE in the text: nothing can expand."""
    parser = expat.ParserCreate(namespace_separator=" ")
    try:
        parser.Parse(xml.encode("utf-8"), True)
    except expat.ExpatError:
        return False
    return True


def feedparser_reads(xml: str) -> Mapping[str, Any] | None:
    """feedparser on bytes whose encoding it is told. None for what it breaks on."""
    import feedparser  # 80 ms, which commands that read no feed need not pay

    try:
        result: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(xml.encode("utf-8")), response_headers=_UTF8, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as error:  # noqa: BLE001 - it raises whatever its handlers run into: KeyError, AssertionError, …
        log.debug("feedparser.broke", extra={"error": type(error).__name__})
        return None
    return result


def _is_atom(result: Mapping[str, Any]) -> bool:
    return _string(result.get("version")).startswith("atom")


def _base(reading: _Reading, base_url: str) -> str:
    """What relative links are relative to: in RSS, by custom, the site that the feed names; in Atom (RFC 4287 §4.2.7)
    the document. Without query and user name, for a feed's own address may hold secrets there."""
    parts = urlsplit(base_url)
    document = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
    site = None if reading.is_atom else web_link(_string(reading.feed.get("link")), document)
    return site or document


def _ttl(written: object) -> timedelta | None:
    text = _string(written).strip()
    if not (text.isascii() and text.isdigit() and len(text) < 7):
        return None
    least, most = _TTL_BOUNDS
    return timedelta(minutes=max(least, min(int(text), most)))


def _warnings(decoding: str, parts: Parts, reading: _Reading) -> tuple[str, ...]:
    found = (
        decoding,
        f"{parts.left_out} entries too many were left out" if parts.left_out else "",
        "the document breaks off before its end" if not parts.is_whole else "",
        f"{reading.lost} entries could not be read" if reading.lost else "",
    )
    return tuple(warning for warning in found if warning)


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""
