"""What a feed's state means."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.feeds import health, rhythm
from monitor.model import ArticlesRead, FeedState
from monitor.trouble import Kind
from tests.world import NOW, feed

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
WELL = {"last_polled_at": NOW, "last_success_at": NOW, "last_new_at": NOW - HOUR, "window": 30}
REFUSED, GONE = "the server refused: one.example answered 403", "the server refused: one.example answered 410"


def found(usual_gap: timedelta | None = HOUR, **learned) -> list[Kind]:
    state = FeedState(feed_id="one", next_poll_at=NOW, **{**WELL, **learned})
    return [each.kind for each in health.findings(feed(), state, now=NOW, usual_gap=usual_gap)]


@pytest.mark.parametrize(
    ("learned", "kinds"),
    [
        ({}, []),
        ({"failures": 2, "last_error": REFUSED, "failing_since": NOW - HOUR}, []),
        ({"failures": 3, "last_error": REFUSED, "failing_since": NOW - HOUR}, [Kind.FEED_FAILING]),
        ({"failures": 2, "last_error": REFUSED, "failing_since": NOW - 7 * HOUR}, [Kind.FEED_FAILING]),
        ({"failures": 1, "last_error": REFUSED, "failing_since": NOW - 7 * HOUR}, []),
        ({"failures": 2, "last_error": REFUSED, "last_success_at": NOW - 2 * DAY}, [Kind.FEED_FAILING]),
        ({"failures": 1, "last_error": GONE}, []),
        ({"failures": 2, "last_error": GONE}, [Kind.FEED_GONE]),
        ({"failures": 2, "last_error": "no connection: one.example:410"}, []),
        ({"failures": 2, "last_error": "too slow: feed-410.example"}, []),
        ({"window": 0}, [Kind.FEED_EMPTY]),
        ({"window": 0, "last_new_at": None}, []),
        ({"window": None}, []),
        ({"last_new_at": NOW - 25 * HOUR}, [Kind.FEED_SILENT]),
        ({"last_new_at": NOW - 23 * HOUR}, []),
        ({"last_new_at": NOW - 25 * HOUR, "failures": 1}, []),
        ({"last_new_at": None}, []),
        # We were off for two days and have not read it since: nobody knows what it published.
        ({"last_new_at": NOW - 49 * HOUR, "last_polled_at": NOW - 48 * HOUR, "last_success_at": NOW - 48 * HOUR}, []),
        ({"warnings": ("neither UTF-8 nor labelled; read as cp1252",)}, [Kind.FEED_GARBLED]),
        ({"warnings": ("Arabic text was encoded twice; repaired",)}, [Kind.FEED_GARBLED]),
        ({"warnings": ("2 damaged characters",)}, []),
        ({"warnings": ("200 damaged characters",)}, [Kind.FEED_GARBLED]),
        ({"warnings": ("the text is cp1256, which no label says",)}, []),
        ({"gap_at": NOW - HOUR}, [Kind.FEED_OVERFLOWS]),
        ({"gap_at": NOW - 25 * HOUR}, []),
        ({"moved_to": "https://new.example/rss", "moved_times": 3}, [Kind.FEED_MOVED]),
        ({"moved_to": "https://new.example/rss", "moved_times": 2}, []),
        ({"failures": 3, "window": 0, "gap_at": NOW, "moved_to": "x", "moved_times": 9}, [Kind.FEED_FAILING]),
        (
            {"gap_at": NOW, "moved_to": "https://new.example/rss", "moved_times": 3},
            [Kind.FEED_OVERFLOWS, Kind.FEED_MOVED],
        ),
    ],
)
def test_what_is_wrong_with_a_feed(learned, kinds):
    assert found(**learned) == kinds


@pytest.mark.parametrize(
    ("usual_gap", "may_be_silent_for"),
    [
        (MINUTE, DAY),  # however lively a feed is, a day off is no trouble yet
        (HOUR, DAY),
        (2.5 * DAY, 7.5 * DAY),  # over weekends nobody writes
        (None, 7 * DAY),
    ],
)
def test_how_long_a_feed_may_be_silent_is_its_own_habit(usual_gap, may_be_silent_for):
    assert found(usual_gap, last_new_at=NOW - may_be_silent_for) == []
    assert found(usual_gap, last_new_at=NOW - may_be_silent_for - MINUTE) == [Kind.FEED_SILENT]


def habit(every: timedelta) -> bytes | None:
    """Three weeks in which a new entry came so often, up to now."""
    blob, at = None, NOW - 21 * DAY
    while at < NOW:
        blob = rhythm.learned(blob, since=at, until=at + every, new=1)
        at += every
    return blob


@pytest.mark.parametrize(
    ("every", "silent_for", "kinds"),
    [
        (HOUR / 2, 12 * HOUR, [Kind.FEED_SILENT]),  # 24 entries should have come
        (HOUR / 2, 8 * HOUR, []),
        (MINUTE, 5 * HOUR, []),  # whatever its pace, some hours are no trouble yet
        (MINUTE, 7 * HOUR, [Kind.FEED_SILENT]),
        (3 * HOUR, 20 * HOUR, []),
    ],
)
def test_a_busy_feed_is_missed_sooner_than_after_a_day(every, silent_for, kinds):
    assert found(HOUR, rhythm=habit(every), last_new_at=NOW - silent_for) == kinds


@pytest.mark.parametrize(
    ("gaps", "usual"),
    [
        ([], None),
        ([HOUR] * 4, None),
        ([HOUR] * 5, HOUR),
        ([HOUR] * 30 + [5 * DAY], HOUR),  # one holiday is no habit
        ([HOUR] * 30 + [2 * DAY] * 4, 2 * DAY),  # four weekends are
    ],
)
def test_the_usual_longest_gap_is_the_longest_but_one(gaps, usual):
    assert health.usual_longest(gaps) == usual


@pytest.mark.parametrize(
    ("wants", "read", "told"),
    [
        (True, None, False),
        (True, {"of": 3, "unread": 3}, False),
        (True, {"of": 4, "unread": 2}, True),
        (True, {"of": 20, "unread": 9}, False),
        (True, {"of": 20, "unread": 10}, True),
        (False, {"of": 20, "unread": 20}, False),
    ],
)
def test_articles_of_which_half_are_not_read_are_told(wants, read, told):
    articles = ArticlesRead(waiting=0, error="x", **read) if read else None
    found = health.unread_articles(feed(full_text=wants), articles)
    assert (found is not None and found.kind is Kind.FEED_ARTICLES) is told
