"""Atom (RFC 4287) of the alerts, the newest first, for feed readers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from types import MappingProxyType
from typing import BinaryIO, Final
from uuid import uuid5
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from monitor.exports.options import Options
from monitor.exports.row import NAMESPACE, Row, in_words, named, said, stable_id, untitled
from monitor.exports.sheet import stamp
from monitor.exports.text import for_xml

ATOM: Final = "http://www.w3.org/2005/Atom"
GEORSS: Final = "http://www.georss.org/georss"
TITLES: Final = {"ar": "تنبيهات مرصد الأخبار", "en": "Alerts of monitor"}


def write_atom(rows: Iterable[Row], out: BinaryIO, options: Options) -> None:
    xml = XMLGenerator(out, encoding="utf-8", short_empty_elements=True)
    given = iter(rows)
    first = next(given, None)
    xml.startDocument()
    _start(xml, "feed", {"xmlns": ATOM, "xmlns:georss": GEORSS, "xml:lang": options.language})
    _text(xml, "id", options.address or f"urn:uuid:{uuid5(NAMESPACE, 'alerts')}")
    _text(xml, "title", TITLES[options.language])
    _text(xml, "updated", stamp(first.decided_at if first else options.now))
    if options.address:
        _empty(xml, "link", rel="self", type="application/atom+xml", href=options.address)
    if options.page:
        _empty(xml, "link", rel="alternate", type="text/html", href=options.page)
    _text(xml, "generator", "monitor")
    for row in chain([first] if first else [], given):
        _entry(xml, row, options)
    xml.endElement("feed")
    xml.endDocument()
    out.write(b"\n")


def _entry(xml: XMLGenerator, row: Row, options: Options) -> None:
    """An alert is never changed, so when it was decided is when it was updated."""
    _start(xml, "entry")
    _text(xml, "id", stable_id(row, "atom").urn)
    _text(xml, "title", untitled(row))
    _text(xml, "updated", stamp(row.decided_at))
    _text(xml, "published", stamp(row.decided_at))
    _start(xml, "author")
    _text(xml, "name", row.feed_name or row.feed_id)
    xml.endElement("author")
    if row.link:
        _empty(xml, "link", rel="alternate", href=row.link)
    for term, label in categories(row, options.language):
        _empty(xml, "category", term=term, label=label)
    for place in row.places:
        if place.lat is not None and place.lon is not None:
            _text(xml, "georss:point", f"{place.lat} {place.lon}")
    _text(xml, "content", said(row, options.language))  # an entry without a link has to have one
    xml.endElement("entry")


def categories(row: Row, language: str) -> list[tuple[str, str]]:
    """What it can be filtered by in a reader: each with its name."""
    return [
        (f"severity:{row.severity.value}", row.severity.value),
        (f"rule:{row.rule_id}", in_words(row.rule_title, language, row.rule_id)),
        *((f"place:{place.id}", named(place, language)) for place in row.places),
        *((f"event:{event.id}", named(event, language)) for event in row.events),
    ]


def _start(xml: XMLGenerator, name: str, attributes: Mapping[str, str] = MappingProxyType({})) -> None:
    xml.startElement(name, AttributesImpl({key: for_xml(value) for key, value in attributes.items()}))


def _text(xml: XMLGenerator, name: str, text: str) -> None:
    _start(xml, name)
    xml.characters(for_xml(text))
    xml.endElement(name)


def _empty(xml: XMLGenerator, name: str, **attributes: str) -> None:
    _start(xml, name, attributes)
    xml.endElement(name)
