"""STIX 2.1: a bundle in which each alert is a report about its places, by the newsroom that told it.

Each object is made, and so validated, by the library of OASIS; the bundle around them is written as they come, for
the library would hold all of them. Ids are the same in every export (UUIDv5), so who imports twice has them once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO, Final
from uuid import uuid5

from monitor.exports.extras import library
from monitor.exports.options import Options
from monitor.exports.row import NAMESPACE, Row, in_words, named, stable_id, untitled
from monitor.exports.text import encodable
from monitor.model import NamedFact

# Of objects that are not of a moment, such as a town: some instant that stays.
_ALWAYS: Final = datetime(2020, 1, 1, tzinfo=UTC)
_MARKINGS: Final = {"clear": "TLP_WHITE", "green": "TLP_GREEN", "amber": "TLP_AMBER", "red": "TLP_RED"}


def write_stix(rows: Iterable[Row], out: BinaryIO, options: Options) -> None:
    """Raises UsageError where the library is not installed."""
    stix2 = library("stix2", "stix")
    bundle = f'{{"type":"bundle","id":"bundle--{uuid5(NAMESPACE, options.now.isoformat())}","objects":'
    before = bundle.encode() + b"[\n"
    for each in _objects(stix2, rows, options):
        out.write(before + encodable(each.serialize(ensure_ascii=False)).encode("utf-8"))
        before = b",\n"
    out.write(b"\n]}\n")


def _objects(stix2: Any, rows: Iterable[Row], options: Options) -> Iterator[Any]:
    """What is referred to comes before what refers to it, each once."""
    marked: dict[str, Any] = {}
    if options.tlp:
        marking = getattr(stix2, _MARKINGS[options.tlp])
        yield marking
        marked = {"object_marking_refs": [marking.id]}
    ours = _identity(stix2, "monitor", "system", marked)
    yield ours
    known: set[str] = {ours.id}
    for row in rows:
        about = [
            _identity(stix2, row.feed_name or row.feed_id, "organization", marked),
            *(_location(stix2, place, options.language, marked) for place in row.places if _is_somewhere(place)),
        ]
        for each in about:
            if each.id not in known:
                known.add(each.id)
                yield each
        yield _report(stix2, row, ours, about, options.language, marked)


def _report(stix2: Any, row: Row, ours: Any, about: list[Any], language: str, marked: dict[str, Any]) -> Any:
    labels = [
        f"severity:{row.severity.value}", f"rule:{row.rule_id}", f"reason:{row.reason.value}",
        *(f"event:{event.id}" for event in row.events), *(f"tag:{tag}" for tag in row.tags),
    ]  # fmt: skip
    links = [{"source_name": row.feed_name or row.feed_id, "url": row.link}] if row.link else []
    return stix2.Report(
        id=f"report--{stable_id(row, 'stix')}",
        created_by_ref=ours.id,
        created=row.decided_at,
        modified=row.decided_at,
        name=encodable(untitled(row)),
        description=_description(row, language),
        report_types=["incident"],  # of the open vocabulary of STIX
        published=row.published_at or row.decided_at,
        object_refs=list(dict.fromkeys(each.id for each in about)),
        labels=labels,
        external_references=[*links, {"source_name": "monitor", "external_id": row.alert_id}],
        **marked,
    )


def _description(row: Row, language: str) -> str:
    lines = [row.summary, f"{in_words(row.rule_title, language, row.rule_id)}: {row.reason.value}"]
    for name, figure in (("killed", row.killed), ("wounded", row.wounded)):
        if figure is not None:
            most = "" if figure.most == figure.least else " or more" if figure.most is None else f" to {figure.most}"
            lines.append(f"{name}: {figure.least}{most}")
    lines.append(f"independent sources: {row.sources}")
    return encodable("\n".join(line for line in lines if line))


def _identity(stix2: Any, name: str, kind: str, marked: dict[str, Any]) -> Any:
    return stix2.Identity(
        id=f"identity--{uuid5(NAMESPACE, f'{kind} {encodable(name)}')}",
        created=_ALWAYS, modified=_ALWAYS, name=encodable(name), identity_class=kind, **marked,
    )  # fmt: skip


def _is_somewhere(place: NamedFact) -> bool:
    """STIX has no location that is a mere name."""
    return place.lat is not None and place.lon is not None


def _location(stix2: Any, place: NamedFact, language: str, marked: dict[str, Any]) -> Any:
    codes = [{"source_name": "OCHA P-code", "external_id": place.pcode}] if place.pcode else []
    return stix2.Location(
        id=f"location--{uuid5(NAMESPACE, f'place {place.id}')}",
        created=_ALWAYS, modified=_ALWAYS, name=encodable(named(place, language)),
        latitude=place.lat, longitude=place.lon,
        external_references=[{"source_name": "monitor", "external_id": place.id}, *codes], **marked,
    )  # fmt: skip
