"""GeoJSON (RFC 7946): an alert is a feature, its places are the points of it; without one it has no geometry."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

from monitor.exports.columns import as_json, points
from monitor.exports.jsons import write_array
from monitor.exports.options import Options
from monitor.exports.row import Row


def write_geojson(rows: Iterable[Row], out: BinaryIO, options: Options) -> None:  # noqa: ARG001 - as all formats
    out.write(b'{"type":"FeatureCollection","features":')
    write_array((_feature(row) for row in rows), out)
    out.write(b"}\n")


def _feature(row: Row) -> dict[str, Any]:
    return {"type": "Feature", "id": row.alert_id, "geometry": _geometry(row), "properties": as_json(row)}


def _geometry(row: Row) -> dict[str, Any] | None:
    """Longitude comes first (section 3.1.1)."""
    found = [[longitude, latitude] for _, latitude, longitude in points(row)]
    if not found:
        return None
    if len(found) == 1:
        return {"type": "Point", "coordinates": found[0]}
    return {"type": "MultiPoint", "coordinates": found}
