"""Trials over what a monitor has stored."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from monitor.backtest import Stored
from monitor.model import MuteKind, Reason
from monitor.store import Reader, SqliteStore
from monitor.store.feedback_rows import Feedback, Opinion, Said
from monitor.store.mute_rows import Mutes
from tests.backtest.trials import FIRE, STRIKE, STRIKES, rule, titles
from tests.world import MINUTE, NOW, World, feed, item
from tests.world import rule as live_rule

HOUR = timedelta(hours=1)
STRIKE_AGAIN = "غارة على مخزن حبوب قرب بلدة الجسر"


@pytest.fixture
def world() -> World:
    """After a baseline, with a rule that nothing matches: what is tried later is another."""
    world = World(live_rule("live", "غارة"), feeds=[feed("one"), feed("two")])
    world.poll(item("افتتاح معرض", n=1))
    world.poll(item("افتتاح معرض آخر", n=2), feed_id="two")
    return world


def stored(world: World, **bounds: object) -> Stored:
    return Stored(Reader(world.store.database), **bounds)


def now_is(world: World, passed: timedelta) -> None:
    world.clock.advance(passed)


def test_what_the_feeds_brought_is_tried(world, tried):
    assert world.poll(item(STRIKE, n=3)) == [STRIKE]
    assert world.poll(item(FIRE, n=4)) == []
    trial = tried(stored(world), rule("fire", "حريق"))
    assert titles(trial) == [FIRE]
    assert [(each.feed_id, each.source) for each in trial.alerts] == [("one", "one")]
    assert trial.alerts[0].at == NOW + 4 * MINUTE
    assert trial.entries == 4


def test_what_a_feed_held_at_first_is_not_told(tried):
    world = World(live_rule("live", "حصار"), feeds=[feed("one")])
    world.poll(item(STRIKE, n=1))
    world.poll(item(STRIKE, n=1), item(STRIKE_AGAIN, n=2))
    trial = tried(stored(world), STRIKES)
    assert titles(trial) == [STRIKE_AGAIN]
    assert [decided.reason for decided in trial.quiet.values()] == [Reason.BASELINE]


def test_a_first_poll_that_was_told_is_told(tried):
    world = World(live_rule("live", "غارة"), feeds=[feed("one")], baseline=False)
    assert world.poll(item(STRIKE, n=1)) == [STRIKE]
    assert titles(tried(stored(world), STRIKES)) == [STRIKE]


def test_an_edit_of_what_was_told_before_the_time_asked_about_is_not_told_again(world, tried):
    world.poll(item(STRIKE, n=3))
    now_is(world, timedelta(days=5))
    edited = f"{STRIKE} صباح اليوم"
    assert world.poll(item(edited, n=3)) == []
    since = world.clock.now() - HOUR
    assert titles(tried(stored(world, since=since), STRIKES)) == []
    alone = tried(stored(world, since=since), rule("mornings", "صباح"))
    assert titles(alone) == []  # older than max_age: it was published five days ago
    assert [decided.reason for decided in alone.quiet.values()] == [Reason.STALE]


def test_the_hours_before_are_known_and_not_told(world, tried):
    world.poll(item(STRIKE, n=3))
    now_is(world, HOUR)
    since = world.clock.now()
    world.poll(item(STRIKE, n=4, at=since), feed_id="two")
    trial = tried(stored(world, since=since), STRIKES)
    assert (trial.entries, titles(trial)) == (1, [])
    assert [decided.reason for decided in trial.quiet.values()] == [Reason.DUPLICATE]


def test_mutes_are_left_out_unless_they_are_asked_for(world, tried):
    mutes = Mutes(world.store.database)

    def mute(kind: MuteKind, subject: str, lasts: timedelta) -> int:
        now = world.clock.now()
        begun = mutes.begin(kind, subject, until=now + lasts, reason="", by="x", now=now, within=lambda _: ())
        return begun.mute.id

    taken_back = mute(MuteKind.RULE, "live", 9 * HOUR)
    assert world.poll(item(STRIKE, n=3)) == []
    mutes.end(taken_back, now=world.clock.now())
    assert world.poll(item(STRIKE, n=3), item(STRIKE_AGAIN, n=4)) == [STRIKE_AGAIN]
    live = rule("live", "غارة")
    assert titles(tried(stored(world), live)) == [STRIKE, STRIKE_AGAIN]
    kept = tried(stored(world), live, mutes=True)
    assert titles(kept) == [STRIKE_AGAIN]
    assert [decided.reason for decided in kept.quiet.values()] == [Reason.MUTED]


def test_a_muted_story_is_known_again_by_its_entries(world, tried):
    world.poll(item(FIRE, n=3))  # no story of the live rule: the numbers of stories are others in a trial
    world.poll(item(STRIKE, n=4))
    story = world.reports[-1].alerts[0].story_id
    now = world.clock.now()
    Mutes(world.store.database).begin(
        MuteKind.STORY, str(story), until=now + 9 * HOUR, reason="", by="x", now=now, within=lambda _: ()
    )
    now_is(world, HOUR)
    world.poll(item(STRIKE, n=5, at=world.clock.now()), feed_id="two")
    written = (rule("fire", "حريق"), rule("live", "غارة"))
    reasons = [decided.reason for decided in tried(stored(world), *written, mutes=True).quiet.values()]
    assert reasons == [Reason.MUTED]
    assert [decided.reason for decided in tried(stored(world), *written).quiet.values()] == [Reason.DUPLICATE]


def test_what_readers_said_is_counted_by_whether_it_would_be_sent(world, tried):
    world.poll(item(STRIKE, n=3))
    world.poll(item(STRIKE_AGAIN, n=4))
    feedback = Feedback(world.store.database)
    alerts = [alert for report in world.reports for alert in report.alerts]
    for alert, opinions in zip(alerts, ([Opinion.MATCH], [Opinion.WRONG, Opinion.MATCH]), strict=True):
        for number, opinion in enumerate(opinions):
            feedback.say(
                Said(alert_id=alert.id, rule_id="live", opinion=opinion, note="", by=str(number), at=world.clock.now())
            )
    precision = tried(stored(world), rule("live", "غارة, أطراف")).precision
    assert (precision.sent.alerts, precision.sent.right, precision.sent.wrong, precision.sent.share) == (1, 1, 0, 1.0)
    assert (precision.not_sent.alerts, precision.not_sent.right, precision.not_sent.wrong) == (1, 1, 1)
    assert precision.by_rule["live"] == precision.sent


def test_nobody_judged_anything_is_no_precision_of_nought(world, tried):
    world.poll(item(STRIKE, n=3))
    precision = tried(stored(world), STRIKES).precision
    assert not precision.anything
    assert precision.sent.share is None


def test_of_two_polls_at_once_the_one_that_decided_first_tells_here_too(world, tried):
    world.poll_overtaken(item(STRIKE, n=3), feed_id="one", by=item(STRIKE, n=4), by_feed="two")
    sent = [(alert.title, alert.feed_id) for report in world.reports for alert in report.alerts]
    trial = tried(stored(world), rule("live", "غارة"))
    assert [(each.title, each.feed_id) for each in trial.alerts] == sent == [(STRIKE, "two")]


def test_rules_for_certain_feeds_look_at_these_alone(world, tried):
    world.poll(item(STRIKE, n=3))
    assert titles(tried(stored(world), rule("strikes", "غارة", feeds="[two]"))) == []
    assert titles(tried(stored(world), rule("strikes", "غارة", feeds="[one]"))) == [STRIKE]


def test_the_state_is_only_read(tmp_path: Path, tried):
    from monitor.store import open_reader, open_store

    store = open_store(tmp_path / "state", now=NOW)
    assert isinstance(store, SqliteStore)
    world = World(live_rule("live", "غارة"), feeds=[feed("one")], baseline=False, store=store)
    world.poll(item(STRIKE, n=1))
    store.close()
    before = {path.name: path.read_bytes() for path in (tmp_path / "state").iterdir() if path.is_file()}
    with open_reader(tmp_path / "state") as reader:
        assert titles(tried(Stored(reader), STRIKES)) == [STRIKE]
    after = {path.name: path.read_bytes() for path in (tmp_path / "state").iterdir() if path.suffix == ".db"}
    assert after == {name: raw for name, raw in before.items() if name.endswith(".db")}
