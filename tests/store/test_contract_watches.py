"""What every store promises about rules that stand for others, count stories, or wait for entries."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from monitor.model import CountedStory, Facts, Reason, VolumeTold
from monitor.ports import Store
from monitor.store import Retention, SqliteStore, tidy
from monitor.store.rules_rows import FOLLOWED
from monitor.store.watch_rows import watches

from .builders import DAY, DESK, HOUR, MINUTE, NOW, alert, item, tell, verdict


def further(store: Store, story_id: int, number: int, at: datetime, **changed: object) -> None:
    with store.ingest() as tx:
        row = item(f"{number}", story_id=story_id, verdicts=[verdict()])
        entry_id, _, _ = tx.write(row, seen_at=at)
        tx.alert(entry_id, replace(alert(story_id, number, decided_at=at), **changed), [DESK])


def story(number: int, ago: timedelta) -> CountedStory:
    return CountedStory(story_id=number, told_at=NOW - ago)


def counted(store: Store, own: CountedStory, *, compares: bool = False, now: datetime = NOW - 40 * DAY):
    with store.ingest() as tx:
        watch = tx.watches.watch("many", b"1", now=now)
        return tx.watches.counted(watch, own, within=HOUR, compares=compares)


# --- what was told


def test_what_was_told_under_a_rule_is_each_story_by_its_newest_alert(store: Store) -> None:
    tell(store, "غارة", seen_at=NOW)
    further(store, 1, 2, NOW + HOUR, facts=Facts(places=("homs",), events=("clash",)), title="ثان")
    tell(store, "حريق", seen_at=NOW + 2 * HOUR)
    tell(store, "فيضان", seen_at=NOW + 2 * HOUR, rule_id="floods")
    with store.ingest() as tx:
        newest, oldest = tx.watches.told("strikes", since=NOW)
        assert (newest.story_id, oldest.story_id) == (2, 1)
        assert (oldest.alert_id, oldest.told_at, oldest.title) == ("1.2", NOW + HOUR, "ثان")
        assert (oldest.places, oldest.events) == ({"homs"}, {"clash"})
        assert [each.story_id for each in tx.watches.told("strikes", since=NOW + 90 * MINUTE)] == [2]
        assert tx.watches.told("unknown", since=NOW) == ()


def test_a_story_that_was_denied_last_is_not_among_what_was_told(store: Store) -> None:
    tell(store)
    further(store, 1, 2, NOW + HOUR, reason=Reason.DENIED)
    with store.ingest() as tx:
        assert tx.watches.told("strikes", since=NOW) == ()


# --- watches


def test_a_rule_is_watched_from_when_it_began_to_look_for_what_it_looks_for(store: Store) -> None:
    with store.ingest() as tx:
        assert tx.watches.watch("many", b"1", now=NOW).begun_at == NOW
        tx.watches.heard("many", at=NOW + MINUTE)
        tx.watches.heard("many", at=NOW)
        tx.watches.count("many", story(1, HOUR))
        same = tx.watches.watch("many", b"1", now=NOW + HOUR)
        assert (same.begun_at, same.heard_at) == (NOW, NOW + MINUTE)
        other = tx.watches.watch("many", b"2", now=NOW + HOUR)
        assert (other.begun_at, other.heard_at) == (NOW + HOUR, None)
        assert tx.watches.counted(other, story(2, HOUR), within=DAY, compares=False).others == ()


@pytest.mark.parametrize(("version", "begins_anew"), [(7, False), (8, True), (9, True), (None, True)])
def test_who_works_by_older_rules_than_others_begins_nothing_anew(
    store: SqliteStore, version: int | None, begins_anew: bool
) -> None:
    with store.database.write() as db:
        db.execute("INSERT INTO meta (name, value) VALUES (?, '8')", (FOLLOWED,))
    with store.ingest() as tx:
        tx.watches.watch("many", b"1", now=NOW, version=8)
        assert tx.watches.watch("first", b"1", now=NOW, version=version).begun_at == NOW
        found = tx.watches.watch("many", b"2", now=NOW + HOUR, version=version)
        assert found.begun_at == (NOW + HOUR if begins_anew else NOW)
        tx.watches.keep_only(["first"], version=version)
    assert watches(store.database).keys() == ({"first"} if begins_anew else {"first", "many"})


def test_a_silence_is_remembered_until_it_is_over(store: Store) -> None:
    with store.ingest() as tx:
        tx.watches.watch("quiet", b"1", now=NOW)
        tx.watches.silent("quiet", since=NOW, story_id=3, entry_id=4)
    with store.ingest() as tx:
        lasting = tx.watches.watch("quiet", b"1", now=NOW + HOUR)
        assert (lasting.silent_since, lasting.story_id, lasting.entry_id) == (NOW, 3, 4)
        tx.watches.silent("quiet", since=None, story_id=None, entry_id=None)
        assert tx.watches.watch("quiet", b"1", now=NOW).silent_since is None


# --- counting


def test_a_story_counts_once_by_the_earliest_time(store: Store) -> None:
    own = story(9, timedelta())
    counted(store, own)
    with store.ingest() as tx:
        for ago in (30 * MINUTE, 50 * MINUTE, 10 * MINUTE):
            tx.watches.count("many", story(1, ago))
        tx.watches.count("others", story(2, MINUTE))
    assert counted(store, own).others == (story(1, 50 * MINUTE),)
    again = counted(store, story(1, MINUTE))
    assert (again.own, again.others) == (story(1, 50 * MINUTE), ())


def test_stories_are_known_back_to_the_last_alert_however_long_ago(store: Store) -> None:
    counted(store, story(9, timedelta()))
    tell(store)
    with store.ingest() as tx:
        for number, ago in enumerate((10 * DAY, 5 * DAY, HOUR), 1):
            tx.watches.count("many", story(number, ago))
        told = VolumeTold(alert_id="1.1", reached_at=NOW - 6 * DAY, decided_at=NOW - 6 * DAY, told_at=NOW - 6 * DAY)
        watch = tx.watches.watch("many", b"1", now=NOW)
        near = tx.watches.counted(watch, story(9, timedelta()), within=HOUR, compares=False)
        assert [each.story_id for each in near.others] == [3]
        tx.watches.note("many", told)
    found = counted(store, story(9, timedelta()))
    assert [each.story_id for each in found.others] == [2, 3]
    assert found.told == (told,)


def test_what_is_usual_is_the_mean_of_the_same_hours_since_the_rule_began_and_two_weeks_at_least(store: Store) -> None:
    own = story(99, timedelta())
    counted(store, own)
    with store.ingest() as tx:
        for day in range(1, 41):
            for number in range(3 if day % 2 else 1):
                tx.watches.count("many", story(100 * day + number, day * DAY + number * MINUTE))
            tx.watches.count("many", story(100 * day + 50, day * DAY + 2 * HOUR))  # at another hour
    assert counted(store, own, compares=True).usual == pytest.approx(2.0)
    with store.ingest() as tx:
        for begun, known in ((13, False), (14, False), (15, True)):
            watch = replace(tx.watches.watch("many", b"1", now=NOW), begun_at=NOW - begun * DAY)
            usual = tx.watches.counted(watch, own, within=HOUR, compares=True).usual
            assert (usual is not None) is known


def test_headlines_are_the_newest_of_each_story(store: Store) -> None:
    tell(store, "أول")
    further(store, 1, 2, NOW + HOUR)
    with store.ingest() as tx:
        assert tx.watches.headlines([1, 7]) == {1: "2"}


def test_what_lies_behind_the_weeks_that_a_surge_looks_back_is_pruned(store: SqliteStore) -> None:
    counted(store, story(9, timedelta()))
    with store.ingest() as tx:
        tx.watches.count("many", story(1, 37 * DAY))
        tx.watches.count("many", story(2, 35 * DAY))
    tidy(store, now=NOW, keep=Retention())
    with store.database.read() as db:
        assert [row[0] for row in db.execute("SELECT story_id FROM counted")] == [2]
