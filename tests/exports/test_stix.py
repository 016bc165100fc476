"""The bundle, read back by the library of OASIS in its strict mode."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
import stix2
from hypothesis import given, settings

from monitor.errors import UsageError
from monitor.exports.options import TLPS
from monitor.exports.row import untitled
from monitor.exports.stix import write_stix
from monitor.exports.text import encodable
from tests.exports.rows import BARE, HOSTILE, NOW, OPTIONS, WHOLE, any_row, hostile


def bundle(*rows, options=OPTIONS) -> stix2.Bundle:
    """Strict: nothing of ours that STIX does not know."""
    out = io.BytesIO()
    write_stix(rows, out, options)
    return stix2.parse(out.getvalue().decode(), allow_custom=False)


def of(kind: str, found: stix2.Bundle) -> list:
    return [each for each in found.objects if each.type == kind]


def test_an_alert_is_a_report_about_its_places_by_its_newsroom():
    found = bundle(WHOLE)
    (report,) = of("report", found)
    assert report.name == WHOLE.headline
    assert report.published == WHOLE.published_at
    assert report.created == report.modified == NOW
    assert report.external_references[0].url == WHOLE.link
    assert "severity:critical" in report.labels
    assert "killed: 5\nwounded: 10 or more" in report.description
    places = {each.id: each for each in of("location", found)}
    assert [(place.name, place.latitude, place.longitude) for place in places.values()] == [
        ("دير الزور", 35.3359, 40.1408), ("النهر", 0.0, -0.5),
    ]  # fmt: skip
    names = {each.id: each.name for each in (*of("identity", found), *places.values())}
    assert [names[ref] for ref in report.object_refs] == [WHOLE.feed_name, "دير الزور", "النهر"]
    assert names[report.created_by_ref] == "monitor"


def test_what_is_referred_to_comes_first_and_once():
    found = bundle(WHOLE, replace(WHOLE, alert_id="12.4"), BARE)
    known: set[str] = set()
    for each in found.objects:
        assert each.id not in known
        assert set(each.get("object_refs", ())) | {each.get("created_by_ref")} <= known | {None}
        known.add(each.id)
    assert len(of("location", found)) == 2
    assert len(of("report", found)) == 3


def test_ids_are_the_same_in_every_export():
    first, again = ({each.id: each for each in bundle(WHOLE, BARE).objects} for _ in range(2))
    assert first == again
    reversed_ = {each.id: each for each in bundle(BARE, WHOLE).objects}
    assert first == reversed_


@pytest.mark.parametrize("tlp", TLPS)
def test_how_far_it_may_travel_is_marked_on_every_object(tlp):
    marking, *marked = bundle(WHOLE, options=replace(OPTIONS, tlp=tlp)).objects
    assert marking.definition.tlp == ("white" if tlp == "clear" else tlp)
    assert {tuple(each.object_marking_refs) for each in marked} == {(marking.id,)}


@settings(max_examples=60)
@given(any_row())
def test_every_row_makes_a_valid_bundle(row):
    (report,) = of("report", bundle(row))
    assert report.name == encodable(untitled(row))
    assert len(report.object_refs) >= 1


@pytest.mark.parametrize("text", HOSTILE[:-1], ids=range(len(HOSTILE) - 1))
def test_hostile_texts_break_no_object(text):
    titles = [encodable(untitled(hostile(text))), WHOLE.headline]
    assert [each.name for each in of("report", bundle(hostile(text), WHOLE))] == titles


def test_without_the_library_the_remedy_names_the_extra(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr("monitor.exports.extras.import_module", missing)
    with pytest.raises(UsageError, match=r"'stix2'.*pip install 'monitor\[stix\]'"):
        bundle(WHOLE)
