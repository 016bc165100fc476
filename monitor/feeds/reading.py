"""What feedparser makes of a document that was cut into its parts, or of one entry of it."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.parsers import expat

from monitor.feeds.parts import Parts, reduce_entry
from monitor.feeds.plain import read_plain

log = logging.getLogger(__name__)

_UTF8 = {"content-type": "application/xml; charset=utf-8"}

Raw = Mapping[str, Any]
"""What feedparser makes of a document, a feed or an entry."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The feed's own values, and those of each entry, None for one that cannot be read. `notes` are for the operator.

    `headless`: the document could not be read even without entries. `mended`: numbers of entries that were not read as
    they stand, for they break the parser.
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
        head: Raw | None,
        found: Iterable[Raw | None],
        *,
        notes: tuple[str, ...] = (),
        mended: frozenset[int] = frozenset(),
    ) -> Reading:
        """`head` as `read_head` gives it."""
        known = head or {"feed": {}}
        return cls(known["feed"], tuple(found), _is_atom(known), notes=notes, headless=head is None, mended=mended)


def read(parts: Parts) -> Reading:
    """In the cheapest way that is as good as any."""
    whole = parts.document(*parts.entries)
    if parts.is_plain() and is_well_formed(whole):
        plain = read_plain(parts)
        if plain is not None:
            return Reading.of(read_head(parts), plain)
        result = feedparser_reads(whole)
        if result is not None and len(result["entries"]) == len(parts.entries):
            return Reading.of(_head_of(result), result["entries"])
    return Reading.of(read_head(parts), [read_entry_alone(parts, entry) for entry in parts.entries])


def read_head(parts: Parts) -> Raw | None:
    """The document without its entries; None if even that cannot be read."""
    result = feedparser_reads(parts.document())
    return None if result is None else _head_of(result)


def read_entry_alone(parts: Parts, entry: str) -> Raw | None:
    for tried in (entry, reduce_entry(entry)):
        result = feedparser_reads(parts.document(tried))
        if result is not None and result["entries"]:
            raw: Raw = result["entries"][0]
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


def feedparser_reads(xml: str) -> Raw | None:
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


def _head_of(result: Raw) -> Raw:
    return {"feed": result["feed"], "version": result.get("version")}


def _is_atom(head: Raw) -> bool:
    version = head.get("version")
    return isinstance(version, str) and version.startswith("atom")
