"""The events, read back by MISP's library."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pymisp
import pytest
from hypothesis import given, settings

from monitor.errors import UsageError
from monitor.exports.misp import write_misp
from monitor.exports.row import untitled
from monitor.exports.text import encodable
from tests.exports.rows import BARE, HOSTILE, NOW, OPTIONS, WHOLE, any_row, hostile


def events(*rows, options=OPTIONS) -> list[pymisp.MISPEvent]:
    out = io.BytesIO()
    write_misp(rows, out, options)
    found = []
    for each in json.loads(out.getvalue())["response"]:
        event = pymisp.MISPEvent(strict_validation=True)
        event.load(each)
        found.append(event)
    return found


def told(each: pymisp.MISPObject) -> dict[str, str]:
    return {attribute.object_relation: attribute.value for attribute in each.attributes}


def test_an_alert_is_an_event_with_its_report_and_its_places():
    (event,) = events(WHOLE)
    assert (event.info, event.date, event.threat_level_id) == (WHOLE.headline, NOW.date(), 1)
    report, *places = event.objects
    assert told(report) == {
        "title": WHOLE.headline, "summary": WHOLE.summary, "link": WHOLE.link, "case-number": WHOLE.alert_id,
    }  # fmt: skip
    assert [told(place)["text"] for place in places] == ["دير الزور", "النهر"]
    assert float(told(places[0])["latitude"]) == 35.3359
    assert {tag.name for tag in event.tags} >= {'monitor:severity="critical"', 'monitor:event="air-strike"'}


def test_no_alert_is_no_event():
    assert events() == []


def test_it_says_how_far_it_may_travel_when_told_so():
    (event,) = events(WHOLE, options=replace(OPTIONS, tlp="amber"))
    assert "tlp:amber" in {tag.name for tag in event.tags}
    assert not [tag for tag in events(WHOLE)[0].tags if tag.name.startswith("tlp")]


def test_uuids_are_the_same_in_every_export_and_no_two_alike():
    def uuids() -> list[str]:
        return [
            uuid
            for event in events(WHOLE, BARE)
            for uuid in (
                event.uuid, *(each.uuid for each in event.objects),
                *(attribute.uuid for each in event.objects for attribute in each.attributes),
            )
        ]  # fmt: skip

    first = uuids()
    assert first == uuids()
    assert len(first) == len(set(first))


@settings(max_examples=40)
@given(any_row())
def test_every_row_makes_a_valid_event(row):
    (event,) = events(row)
    assert event.info == encodable(untitled(row)).strip()


@pytest.mark.parametrize("text", HOSTILE[:-1], ids=range(len(HOSTILE) - 1))
def test_hostile_texts_break_no_event(text):
    titles = [encodable(untitled(hostile(text))).strip(), WHOLE.headline]  # it keeps no white space around them
    assert [event.info for event in events(hostile(text), WHOLE)] == titles


def test_without_the_library_the_remedy_names_the_extra(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr("monitor.exports.extras.import_module", missing)
    with pytest.raises(UsageError, match=r"'pymisp'.*pip install 'monitor\[misp\]'"):
        events(WHOLE)
