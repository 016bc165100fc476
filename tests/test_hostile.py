"""What a feed that lies, and knows how this works, cannot do to the reports of others (docs/why/voices.md)."""

from __future__ import annotations

from datetime import timedelta

from monitor.model import Reason
from tests.world import MINUTE, ScriptedReading, World, feed, item, rule

HERS, HIS, THEIRS = (
    "غارة على هرابش", "طائرات حربية تنفذ غارة في حي هرابش", "غارة عنيفة تهز هرابش وتوقع ضحايا بين المدنيين",
)  # fmt: skip


def world(min_sources: int = 1) -> World:
    """Three honest feeds, and one that is not."""
    feeds = [feed(each) for each in ("one", "two", "three", "liar")]
    asked = rule(min_sources=min_sources, throttle=timedelta(0))
    return World(asked, feeds=feeds, baseline=False, reading=ScriptedReading())


def tell(world: World, who: str, title: str, n: int, *, ago: timedelta = timedelta(0)) -> list[Reason]:
    world.poll(item(title, n=n, at=world.clock.now() - ago), feed_id=who)
    return [alert.reason for alert in world.reports[-1].alerts]


def test_two_sources_stay_two_where_a_third_claims_both_texts_with_earlier_dates() -> None:
    asked = world(min_sources=3)
    assert tell(asked, "one", HERS, 1) == tell(asked, "two", HIS, 2) == []
    an_hour_ago = asked.clock.now() - timedelta(hours=1)
    asked.poll(item(HERS, n=90, at=an_hour_ago), item(HIS, n=91, at=an_hour_ago), feed_id="liar")
    assert tell(asked, "three", THEIRS, 3) == [Reason.CORROBORATED]
    (alert,) = asked.reports[-1].alerts
    assert [each.name for each in alert.told_by if each.independent] == ["one", "two", "three"]


def test_an_entry_that_is_dated_back_when_it_is_in_the_story_closes_it_for_nobody() -> None:
    asked = world(min_sources=3)
    tell(asked, "one", HERS, 1)
    tell(asked, "liar", f"{HERS} صباحا", 9)
    tell(asked, "liar", f"{HERS} صباحا مروعة", 9, ago=timedelta(days=9000))
    assert tell(asked, "two", HIS, 2) == [Reason.CORROBORATED]


def test_a_toll_that_nobody_else_tells_keeps_no_other_quiet() -> None:
    asked = world()
    assert tell(asked, "one", HERS, 1) == [Reason.FIRST_REPORT]
    assert tell(asked, "liar", f"{HERS} قتل 99999", 9) == [Reason.UPDATED]
    asked.clock.advance(30 * MINUTE)
    assert tell(asked, "two", f"{HIS} قتل 12", 2) == [Reason.UPDATED]
    assert asked.reports[-1].alerts[0].before == {"killed": "99999"}
    assert tell(asked, "three", f"{THEIRS} قتل 12", 3) == []


def test_a_denial_that_comes_before_the_event_does_not_hide_it() -> None:
    asked = world()
    assert tell(asked, "liar", f"نفي: {HERS}", 9) == [Reason.FIRST_REPORT]
    assert tell(asked, "one", HIS, 1) == [Reason.UPDATED]
    assert asked.reports[-1].alerts[0].why == "it tells the event, of which only a denial was told"
