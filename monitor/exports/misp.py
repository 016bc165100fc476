"""MISP: an event an alert, with a report object, and a geolocation object for each place.

Made by the library of MISP, offline. UUIDs are the same in every export, so importing twice updates.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO, Final
from uuid import uuid5

from monitor.exports.extras import library
from monitor.exports.options import Options
from monitor.exports.row import NAMESPACE, Row, named, stable_id, untitled
from monitor.exports.text import encodable
from monitor.model import NamedFact, Severity

_THREAT: Final = {Severity.CRITICAL: 1, Severity.HIGH: 1, Severity.MEDIUM: 2, Severity.LOW: 3, Severity.INFO: 4}
_DONE: Final = 2  # of the analysis: nothing more comes
_OWN_ORGANISATION: Final = 0  # who imports it decides who else sees it


def write_misp(rows: Iterable[Row], out: BinaryIO, options: Options) -> None:
    """Raises UsageError where the library is not installed."""
    pymisp = library("pymisp", "misp")
    before = b'{"response":[\n'
    for row in rows:
        event = encodable(_event(pymisp, row, options).to_json(indent=None))
        out.write(before + b'{"Event":' + event.encode("utf-8") + b"}")
        before = b",\n"
    out.write(b'{"response":[]}\n' if before.startswith(b"{") else b"\n]}\n")


def _event(pymisp: Any, row: Row, options: Options) -> Any:
    event = pymisp.MISPEvent()
    event.uuid = str(stable_id(row, "misp"))
    event.info = encodable(untitled(row))
    event.date = row.decided_at.date()
    event.timestamp = int(row.decided_at.timestamp())
    event.publish_timestamp = 0
    event.threat_level_id, event.analysis, event.distribution = _THREAT[row.severity], _DONE, _OWN_ORGANISATION
    for tag in _tags(row, options):
        event.add_tag(encodable(tag))
    event.add_object(_report(pymisp, row))
    for place in row.places:
        if place.lat is not None and place.lon is not None:
            event.add_object(_place(pymisp, row, place, options.language))
    return event


def _tags(row: Row, options: Options) -> list[str]:
    return [
        *([f"tlp:{options.tlp}"] if options.tlp else []),
        f'monitor:severity="{row.severity.value}"',
        f'monitor:rule="{row.rule_id}"',
        *(f'monitor:event="{event.id}"' for event in row.events),
        *(f'monitor:tag="{tag}"' for tag in row.tags),
    ]


def _report(pymisp: Any, row: Row) -> Any:
    about = f"{row.feed_name}; {row.reason.value}; independent sources: {row.sources}"
    values = {
        "title": untitled(row),
        "summary": row.summary or untitled(row),
        "link": row.link or "",
        "case-number": row.alert_id,
    }
    return _object(pymisp, row, "report", values, comment=about)


def _place(pymisp: Any, row: Row, place: NamedFact, language: str) -> Any:
    values = {"latitude": str(place.lat), "longitude": str(place.lon), "text": named(place, language)}
    return _object(pymisp, row, "geolocation", values, of=place.id, comment=place.pcode)


def _object(pymisp: Any, row: Row, name: str, values: dict[str, str], *, comment: str, of: str = "") -> Any:
    """By the library's template of that name, which says which attributes there are."""
    made = pymisp.MISPObject(name, strict=True, standalone=False)
    identity = stable_id(row, f"misp {name} {of}")
    made.uuid, made.comment, made.timestamp = str(identity), encodable(comment), int(row.decided_at.timestamp())
    for relation, value in values.items():
        if value.strip():  # MISP strips them, and knows no empty one
            made.add_attribute(
                relation, value=encodable(value), uuid=str(uuid5(NAMESPACE, f"{identity} {relation}")),
                timestamp=int(row.decided_at.timestamp()),
            )  # fmt: skip
    return made
