"""Which lane a feed waits in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from monitor.cluster.lanes import GAP, NOWHERE, Place, gaps, place_of
from monitor.feeds import moves
from monitor.model import FeedState
from tests.cluster.made import feed

QUARTER, NONE = timedelta(milliseconds=250), timedelta(0)


@pytest.mark.parametrize(
    ("url", "host", "gap"),
    [
        ("https://news.example/feed", "news.example", GAP),
        ("http://NEWS.example:8080/other?x=1", "news.example", GAP),  # ports are of one host
        ("https://أخبار.example/feed", "xn--igbicxr.example", GAP),
        ("https://reader:secret@news.example/feed", "news.example", GAP),
        ("http://198.51.100.7/feed", "198.51.100.7", GAP),
        ("http://[2001:0db8:0::1]/feed", "2001:db8::1", GAP),
        ("http://10.0.0.5/feed", "10.0.0.5", QUARTER),  # of the operator's own network
        ("http://192.168.1.9:1200/feed", "192.168.1.9", QUARTER),
        ("http://127.0.0.1:1200/feed", "127.0.0.1", NONE),  # each worker's own machine
        ("http://localhost:1200/feed", "localhost", NONE),
        ("ftp://news.example/feed", NOWHERE, NONE),  # nothing is asked of anybody, and the failure is to be recorded
    ],
)
def test_a_feeds_lane_is_its_host_as_the_fetcher_writes_it(url: str, host: str, gap: timedelta) -> None:
    assert place_of(feed("a", url)) == Place(host, gap)


def test_a_host_that_the_operator_calls_his_own_may_be_asked_more_often() -> None:
    assert place_of(feed("a", "https://bridge.example/1", allow_private=True)) == Place("bridge.example", QUARTER)


def test_where_feeds_of_a_host_differ_the_longest_gap_counts() -> None:
    ours = place_of(feed("a", "https://news.example/1", allow_private=True))
    theirs = place_of(feed("b", "https://news.example/2"))
    assert gaps([ours, theirs]) == gaps([theirs, ours]) == {"news.example": GAP}


def test_a_feed_that_moved_for_good_waits_where_it_is_asked() -> None:
    moved = feed("a", "https://old.example/feed")
    state = FeedState(feed_id="a", next_poll_at=datetime(2026, 3, 4, tzinfo=UTC))
    hosts = []
    for _ in range(moves.BELIEVED):
        state = moves.noted(moved, state, "https://new.example/feed")
        hosts.append(place_of(moved, state).host)
    assert hosts == ["old.example", "old.example", "new.example"]
