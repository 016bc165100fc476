"""GeoJSON, as RFC 7946 wants it."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given

from monitor.exports.columns import as_json
from monitor.exports.geojson import write_geojson
from tests.exports.rows import BARE, DEZ, HOSTILE, OPTIONS, RIVER, WHOLE, any_row, hostile
from tests.exports.test_tables import cut


def written(*rows):
    out = io.BytesIO()
    write_geojson(rows, out, OPTIONS)
    return json.loads(out.getvalue())


def test_each_place_is_a_point_with_its_longitude_first():
    feature = written(WHOLE)["features"][0]
    assert feature["geometry"] == {
        "type": "MultiPoint",
        "coordinates": [[DEZ.lon, DEZ.lat], [RIVER.lon, RIVER.lat]],
    }
    assert feature["id"] == WHOLE.alert_id


def test_an_alert_without_a_place_has_no_geometry():
    assert written(BARE)["features"][0]["geometry"] is None


def test_no_alert_is_an_empty_collection():
    assert written() == {"type": "FeatureCollection", "features": []}


@given(any_row())
def test_every_alert_is_a_feature_with_all_its_fields(row):
    (feature,) = written(row)["features"]
    assert feature["type"] == "Feature"
    assert feature["properties"] == cut(as_json(row))
    points = [[place.lon, place.lat] for place in row.places if None not in (place.lat, place.lon)]
    match feature["geometry"]:
        case None:
            assert points == []
        case {"type": "Point", "coordinates": point}:
            assert points == [point]
        case {"type": "MultiPoint", "coordinates": several}:
            assert points == several


@pytest.mark.parametrize("text", HOSTILE[:-1], ids=range(len(HOSTILE) - 1))
def test_hostile_texts_break_no_feature(text):
    assert [each["properties"]["headline"] for each in written(hostile(text), WHOLE)["features"]] == [
        cut(text), WHOLE.headline
    ]  # fmt: skip
