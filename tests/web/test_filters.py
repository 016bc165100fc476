"""What the address of the alerts page asks for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from starlette.datastructures import QueryParams

from monitor.model import Severity
from monitor.store.feedback_rows import Opinion
from monitor.store.views.history import Wanted
from monitor.web.filters import Filters

DAMASCUS, BERLIN = ZoneInfo("Asia/Damascus"), ZoneInfo("Europe/Berlin")


def wanted(query: str, zone: ZoneInfo = DAMASCUS) -> Wanted:
    return Filters.read(QueryParams(query)).wanted(zone, lambda places: frozenset((*places, "within")))


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


CASES = [
    ("", Wanted()),
    ("rule=strikes&rule=clashes", Wanted(rules=frozenset({"strikes", "clashes"}))),
    ("rule=&place=&source=&day=&seen=", Wanted()),  # as a form sends what was not chosen
    ("severity=high&severity=critical", Wanted(severities=frozenset({Severity.HIGH, Severity.CRITICAL}))),
    ("severity=awful", Wanted()),
    ("place=syria", Wanted(places=frozenset({"syria", "within"}))),
    ("event=airstrike&source=wire", Wanted(events=frozenset({"airstrike"}), sources=frozenset({"wire"}))),
    ("seen=no", Wanted(seen=False)),
    ("seen=yes", Wanted(seen=True)),
    ("seen=perhaps", Wanted()),
    ("opinion=wrong", Wanted(opinion=Opinion.WRONG)),
    ("opinion=none", Wanted(opinion="none")),
    ("day=2026-11-22", Wanted(since=at(2026, 11, 21, 21), until=at(2026, 11, 22, 21))),
    ("since=2026-11-22&until=2026-11-23", Wanted(since=at(2026, 11, 21, 21), until=at(2026, 11, 23, 21))),
    ("since=2026-11-22", Wanted(since=at(2026, 11, 21, 21))),
    ("day=2026-22-11", Wanted()),
    ("day=0001-01-01", Wanted()),
    ("day=9999-12-31", Wanted()),
    ("rule=" + "x" * 300, Wanted()),
    ("before=1.2.3&did=seen&lang=en", Wanted()),
]


@pytest.mark.parametrize(("query", "expected"), CASES, ids=[query[:30] for query, _ in CASES])
def test_an_address_asks_for_what_it_says_and_for_nothing_that_nobody_can_mean(query, expected):
    assert wanted(query) == expected


def test_a_day_has_as_many_hours_as_its_reader_has():
    longest = wanted("day=2026-10-25", BERLIN)
    assert longest.until is not None
    assert longest.since is not None
    assert (longest.until - longest.since).total_seconds() == 25 * 3600


def test_what_is_read_is_written_as_it_was():
    query = "rule=a%26b&severity=high&place=homs&day=2026-11-22&seen=no&opinion=wrong"
    filters = Filters.read(QueryParams(query))
    assert filters.query() == f"?{query}"
    assert Filters.read(QueryParams(filters.query()[1:])) == filters
    assert filters.query(before="1.2.3") == f"?{query}&before=1.2.3"


def test_one_condition_is_taken_away_and_the_others_stay():
    filters = Filters.read(QueryParams("rule=a&rule=b&seen=no&day=2026-11-22"))
    assert filters.without("rule", "a").query() == "?rule=b&day=2026-11-22&seen=no"
    assert filters.without("seen", "no").query() == "?rule=a&rule=b&day=2026-11-22"
    assert filters.without("day", "2026-11-22").day is None
    assert filters.day == date(2026, 11, 22)


def test_no_condition_is_none():
    assert not Filters()
    assert Filters().query() == ""
    assert Filters(seen="no")
