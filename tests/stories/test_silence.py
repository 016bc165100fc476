"""When a rule that waits for entries has waited too long."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.model import Feed, FeedState, Secret, Watch
from monitor.stories.silence import Heard, Silent, feeds_of, news

from .told import HOUR, NOW, RULE

LASTS = 6 * HOUR
WATCH = Watch(rule_id="quiet", begun_at=NOW - 100 * HOUR)


def state(feed_id: str = "one", *, new: float | None = 7, asked: float = 0, **more: object) -> FeedState:
    """Something new came `new` hours ago, and `asked` hours ago it last answered."""
    return FeedState(
        **{
            "feed_id": feed_id,
            "next_poll_at": NOW,
            "baselined": True,
            "last_success_at": NOW - asked * HOUR,
            "last_new_at": None if new is None else NOW - new * HOUR,
            **more,
        }
    )


def silent(hours_ago: float, lasted: float) -> Silent:
    return Silent(since=NOW - hours_ago * HOUR, lasted=timedelta(hours=lasted))


@pytest.mark.parametrize(
    ("states", "found"),
    [
        ([state(new=7)], silent(7, 7)),
        ([state(new=6)], silent(6, 6)),
        ([state(new=5.9)], None),
        ([state(new=9, asked=3)], silent(9, 6)),  # known up to when it answered
        ([state(new=8.9, asked=3)], None),
        ([state(new=20, failures=1)], None),
        ([state(new=20, baselined=False)], None),
        ([state(new=20), None], None),
        ([state(new=20), state("two", new=1)], None),
        ([state(new=20), state("two", new=7)], silent(7, 7)),
        ([state(new=20), state("two", new=20, asked=15)], None),
        ([state(new=20), state("two", new=20, failures=2)], None),
        ([state(new=None)], silent(100, 100)),  # since the rule waits
        ([], None),
    ],
)
def test_a_silence_is_what_every_feed_was_asked_for_and_did_not_bring(states, found) -> None:
    assert news(WATCH, states, lasts=LASTS, seeks=False) == found


@pytest.mark.parametrize(
    ("heard", "found"),
    [(7, silent(7, 7)), (5, None), (None, silent(100, 100))],
)
def test_a_rule_that_looks_for_something_waits_for_that_alone(heard, found) -> None:
    watch = replace(WATCH, heard_at=None if heard is None else NOW - heard * HOUR)
    assert news(watch, [state(new=1)], lasts=LASTS, seeks=True) == found


@pytest.mark.parametrize(
    ("new", "failures", "found"),
    [
        (8, 0, None),
        (20, 0, None),  # the feed that brought it is no longer there
        (1, 0, Heard(since=NOW - 8 * HOUR, lasted=7 * HOUR)),
        (1, 3, Heard(since=NOW - 8 * HOUR, lasted=7 * HOUR)),  # what came, came
    ],
)
def test_a_silence_that_was_decided_lasts_until_something_comes(new, failures, found) -> None:
    watch = replace(WATCH, silent_since=NOW - 8 * HOUR, story_id=1, entry_id=1)
    assert news(watch, [state(new=new, failures=failures)], lasts=LASTS, seeks=False) == found


def test_the_feeds_of_a_rule_are_those_it_names_and_those_with_a_tag_it_names() -> None:
    def feed(feed_id: str, *tags: str) -> Feed:
        return Feed(
            id=feed_id, url=Secret("x"), address="x", name=feed_id, source=feed_id, every=HOUR, tags=frozenset(tags)
        )

    feeds = (feed("a"), feed("b", "state"), feed("c", "local"), feed("state"))
    assert [each.id for each in feeds_of(replace(RULE, feeds=("a", "tag:state")), feeds)] == ["a", "b"]
