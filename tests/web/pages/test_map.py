"""The map over HTTP: a drawing for those who see it, a table for all."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.language import Lexicon
from monitor.model import Severity
from monitor.store.views.places import Happened
from monitor.web.map import outlines
from monitor.web.pages import map as page
from tests.web.site import a_desk, client
from tests.world import NOW, FakeClock


@pytest.fixture
def desk(tmp_path, monkeypatch):
    desk = a_desk(tmp_path)
    monkeypatch.setattr(desk, "clock", FakeClock())
    return desk


@pytest.fixture
def told(monkeypatch):
    """What the store says, by the start of the time asked for."""
    since = []

    def happened(_reader, *, since: object = None, asked=since):
        asked.append(since)
        return [
            Happened(place_id="deir-ez-zor", stories=7, alerts=9, worst=Severity.CRITICAL, last_at=NOW),
            Happened(place_id="tripoli-libya", stories=2, alerts=2, worst=Severity.LOW, last_at=NOW),
            Happened(place_id="no-longer-known", stories=1, alerts=1, worst=Severity.INFO, last_at=NOW),
        ]

    monkeypatch.setattr(page, "happened", happened)
    return since


def get(desk, address="/map", language="en"):
    answer = client(desk, accept_language=language).get(address)
    assert answer.status_code == 200
    return answer.text


def test_every_place_stands_in_a_table_that_leads_to_its_alerts(desk, told):
    text = get(desk)
    assert '<a href="/?place=deir-ez-zor&amp;since=2026-11-15"><bdi dir="auto">Deir ez-Zor</bdi></a>' in text
    assert "no-longer-known" in text
    assert "CRITICAL" in text
    assert "Syria" in text


def test_a_place_that_is_not_on_the_map_is_told_to_be_none(desk, told):
    rows = get(desk).split("<tr>")
    assert ["coordinates are unknown" in row for row in rows if '<th scope="row"><a href="/?place=' in row] == [
        False,
        False,
        True,
    ]


def test_what_circles_mean_stands_below_them(desk, told):
    text = get(desk)
    assert [f">{words}</text>" in text for words in ("2 stories", "7 stories", "CRITICAL", "LOW", "INFO")] == [
        True
    ] * 4 + [False]


@pytest.mark.parametrize(
    ("address", "days"),
    [("/map", 7), ("/map?days=1", 1), ("/map?days=30", 30), ("/map?days=9999999999", 7), ("/map?days=x", 7)],
)
def test_it_tells_of_the_last_day_week_or_thirty_days(desk, told, address, days):
    get(desk, address)
    assert told == [NOW - timedelta(days=days)]


def test_places_are_circles_of_the_colour_of_the_worst(desk, told):
    text = get(desk, language="ar")
    assert 'class="map-dot critical"' in text
    assert ">دير الزور: 7 أخبار، " in text.replace(", ", "، ")
    assert 'direction="rtl"' in text


def test_a_country_is_shown_alone(desk, told):
    text = get(desk, "/map?country=LY&days=30")
    assert "tripoli-libya" in text
    assert "deir-ez-zor" not in text
    assert '<a class="chip" href="/map?days=30&amp;country=LY" aria-current="true">' in text


def test_a_country_that_nobody_knows_is_everywhere(desk, told):
    text = get(desk, "/map?country=nowhere")
    assert "deir-ez-zor" in text
    assert "tripoli-libya" in text


def test_where_nothing_happened_it_says_so_and_still_shows_the_lands(desk):
    text = get(desk)
    assert "No alert named a place in this time." in text
    assert 'id="map-land"' in text


def test_without_the_extra_it_says_how_to_install_it_and_has_the_table(desk, told, monkeypatch):
    monkeypatch.setattr(page, "countries", lambda: ())
    text = get(desk)
    assert "pip install &#39;monitor[map]&#39;" in text
    assert "map-sea" not in text
    assert "deir-ez-zor" in text


def test_very_many_places_are_told_of_in_part(desk, told, monkeypatch):
    monkeypatch.setattr(page, "MOST_ROWS", 1)
    text = get(desk)
    assert "And 2 more places." in text
    assert "no-longer-known" not in text


def test_outlines_are_read_when_a_map_is_asked_for_and_not_before(tmp_path):
    outlines.countries.cache_clear()
    desk = a_desk(tmp_path)
    client(desk).get("/static/site.css")
    assert outlines.countries.cache_info().misses == 0


def test_a_lexicon_without_places_has_a_map_too(desk, monkeypatch):
    monkeypatch.setattr(type(desk.config), "lexicon", property(lambda _: Lexicon()))
    assert "No alert named a place" in get(desk)
