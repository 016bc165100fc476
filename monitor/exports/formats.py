"""The formats by name: what an export may be written as, and how."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from monitor.exports.atom import write_atom
from monitor.exports.columns import alerts
from monitor.exports.csvs import write_csv
from monitor.exports.geojson import write_geojson
from monitor.exports.jsonfeed import write_jsonfeed
from monitor.exports.jsons import write_json, write_ndjson
from monitor.exports.misp import write_misp
from monitor.exports.options import Options, Write
from monitor.exports.row import Row
from monitor.exports.sheet import Sheet
from monitor.exports.stix import write_stix
from monitor.exports.xlsx import write_xlsx


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`suffix` of a file's name, without the dot. `binary`: nothing for a terminal."""

    name: str
    media: str
    suffix: str
    binary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tabular(Format):
    """Takes rows of any kind."""

    write_sheet: Callable[[Sheet[Any], BinaryIO], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfAlerts(Format):
    """Says what an alert is in a language of its own. `tlp`: it can say how far it may travel."""

    write: Write
    tlp: bool = False


TABULAR: Final[Mapping[str, Tabular]] = {
    each.name: each
    for each in (
        Tabular(name="json", media="application/json", suffix="json", write_sheet=write_json),
        Tabular(name="ndjson", media="application/x-ndjson", suffix="ndjson", write_sheet=write_ndjson),
        Tabular(name="csv", media="text/csv; charset=utf-8", suffix="csv", write_sheet=write_csv),
        Tabular(
            name="xlsx", media="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", suffix="xlsx",
            binary=True, write_sheet=write_xlsx,
        ),
    )
}  # fmt: skip
OF_ALERTS: Final[Mapping[str, OfAlerts]] = {
    each.name: each
    for each in (
        OfAlerts(name="geojson", media="application/geo+json", suffix="geojson", write=write_geojson),
        OfAlerts(
            name="stix", media="application/stix+json;version=2.1", suffix="stix.json", write=write_stix, tlp=True
        ),
        OfAlerts(name="misp", media="application/json", suffix="misp.json", write=write_misp, tlp=True),
        OfAlerts(name="atom", media="application/atom+xml", suffix="atom", write=write_atom),
        OfAlerts(name="jsonfeed", media="application/feed+json", suffix="feed.json", write=write_jsonfeed),
    )
}
FORMATS: Final[Mapping[str, Tabular | OfAlerts]] = {**TABULAR, **OF_ALERTS}


def write_alerts(how: Tabular | OfAlerts, rows: Iterable[Row], out: BinaryIO, options: Options) -> None:
    """Raises UsageError where the format's library is not installed."""
    match how:
        case Tabular():
            how.write_sheet(alerts(rows, options.language), out)
        case OfAlerts():
            how.write(rows, out, options)
