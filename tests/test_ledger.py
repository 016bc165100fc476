"""When operators hear of a trouble: stories told look by look, a minute apart."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import ledger
from monitor.trouble import Finding, Kind, Trouble, Turn
from tests.world import MINUTE, NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def failing(**more) -> Finding:
    return Finding(kind=Kind.FEED_FAILING, subject="one", facts={}, **more)


def heard(looks: Iterable[Finding | None], *, step: timedelta = MINUTE) -> list[tuple[int, str]]:
    """At which look (0 first) which word was said, where each look finds this or nothing."""
    known: dict[str, Trouble] = {}
    words = []
    for number, finding in enumerate(looks):
        now = NOW + number * step
        known = ledger.observe(known, [finding] if finding else [], now=now)
        due = ledger.words(known, now=now)
        known = ledger.said(known, due, now=now)
        words += [(number, word.turn.value) for word in due]
    return words


def test_a_trouble_is_told_when_it_begins_and_when_it_ends():
    assert heard([None, failing(), failing(), None, None]) == [(1, "began"), (3, "ended")]


def test_while_it_lasts_it_is_told_once_a_day():
    assert heard([failing()] * 73, step=HOUR) == [(0, "began"), (24, "lasts"), (48, "lasts"), (72, "lasts")]


def test_advice_is_told_once_a_week():
    moved = Finding(kind=Kind.FEED_MOVED, subject="one", facts={})
    assert heard([moved] * 15, step=DAY) == [(0, "began"), (7, "lasts"), (14, "lasts")]


def test_what_needs_patience_is_told_once_it_lasted():
    short = failing(patience=3 * MINUTE)
    assert heard([short, short, None, short, short, short, short, None]) == [(6, "began"), (7, "ended")]


def test_the_end_of_what_nobody_heard_of_is_no_news():
    assert heard([failing(patience=HOUR), None, None]) == []


def test_what_happened_once_has_no_end_that_is_told():
    assert heard([failing(passes=True), None, None]) == [(0, "began")]


def test_what_comes_and_goes_is_told_ever_more_rarely():
    """Every five minutes for a day: 288 changes."""
    day = [failing() if number // 5 % 2 else None for number in range(24 * 60)]
    words = heard(day)
    assert len(words) <= 12
    assert words[:5] == [(5, "began"), (10, "ended"), (15, "began"), (20, "ended"), (25, "began")]
    assert len([1 for number, _ in words if number >= 12 * 60]) <= 2


def test_what_stayed_away_for_a_day_begins_anew():
    known: dict[str, Trouble] = {}
    for number in range(12):
        known = ledger.observe(known, [failing()] if number % 2 else [], now=NOW + number * MINUTE)
    assert known[failing().key].times == 6
    known = ledger.observe(known, [], now=NOW + HOUR)
    known = ledger.said(known, ledger.words(known, now=NOW + 2 * DAY), now=NOW + 2 * DAY)
    assert ledger.observe(known, [], now=NOW + 2 * DAY) == {}


def test_what_nobody_took_is_to_be_said_at_every_look():
    known: dict[str, Trouble] = {}
    for number in range(3):
        known = ledger.observe(known, [failing()], now=NOW + number * MINUTE)
        assert [word.turn for word in ledger.words(known, now=NOW + number * MINUTE)] == [Turn.BEGAN]


def test_it_began_when_the_first_of_its_failures_was():
    known = ledger.observe({}, [failing(since=NOW - HOUR)], now=NOW)
    assert known[failing().key].begun_at == NOW - HOUR


def test_a_clock_that_was_set_back_silences_nobody():
    known = ledger.observe({}, [failing()], now=NOW + 30 * DAY)
    known = ledger.said(known, ledger.words(known, now=NOW + 30 * DAY), now=NOW + 30 * DAY)
    known = ledger.observe(known, [], now=NOW)
    assert [word.turn for word in ledger.words(known, now=NOW)] == [Turn.ENDED]


@pytest.mark.parametrize(("times", "quiet"), [(1, 0), (3, 0), (4, 1), (5, 4), (6, 16), (7, 24), (10**6, 24)])
def test_the_quiet_grows_with_each_time_and_no_longer_than_a_day(times, quiet):
    assert ledger.quiet(times) == quiet * HOUR


@given(st.lists(st.booleans(), min_size=1, max_size=300), st.integers(1, 120))
def test_whatever_happens_words_alternate_and_are_few(there: list[bool], minutes: int):
    words = heard([failing() if here else None for here in there], step=minutes * MINUTE)
    changes = [turn for _, turn in words if turn != "lasts"]
    assert all(turn == ("began", "ended")[place % 2] for place, turn in enumerate(changes))
    days = 1 + len(there) * minutes // (24 * 60)
    assert len(words) <= 8 + 4 * days


@given(st.lists(st.booleans(), min_size=1, max_size=100))
def test_what_lasts_for_a_day_at_the_end_is_known_to_operators(before: list[bool]):
    looks = [failing() if here else None for here in before] + [failing()] * (24 * 60 + 1)
    assert heard(looks)[-1][1] in ("began", "lasts")
