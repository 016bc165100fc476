"""What every store promises about stories, what was told of them, and what waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from monitor.model import (
    Alert,
    DeliveryStatus,
    Facts,
    Figure,
    Hold,
    Kinship,
    KinshipKind,
    KnownStory,
    LastAlert,
    NamedFact,
    Origin,
    Reason,
    Severity,
    SourceTold,
    Span,
    Tag,
    Version,
)
from monitor.ports import Store
from monitor.store import Reader, Retention, SqliteStore, tidy

from .builders import DAY, DESK, FIELD, HOUR, MINUTE, NOW, alert, item, key, tell, verdict

KILLED = Figure(kind="killed", least=3, most=None, span=Span(field="title", start=0, end=5, clause="killed"))
FACTS = Facts(
    killed=KILLED,
    wounded=Figure(kind="wounded", least=10, most=12, span=Span(field="body", start=7, end=9, clause="wounded")),
    places=("deir-ez-zor", "harabish"),
    events=("airstrike",),
    actors=("sdf",),
    tags=frozenset({Tag.CORRECTION, Tag.DENIED}),
    spans=(Span(field="title", start=0, end=4, clause="place deir-ez-zor"),),
)


def facts(killed: int | None = None, *, tags: frozenset[Tag] = frozenset()) -> Facts:
    return Facts(killed=None if killed is None else replace(KILLED, least=killed), tags=tags)


def report(
    store: Store, title: str, *, seen_at: datetime = NOW, story_id: int | None = None, **more
) -> tuple[int, int]:
    """Write one; its entry and its story."""
    with store.ingest() as tx:
        written = item(title, story_id=story_id, verdicts=[verdict()], **more)
        entry_id, story, _ = tx.write(written, seen_at=seen_at)
    assert story is not None
    return entry_id, story


def found(store: Store, *titles: str, since: datetime = NOW - DAY) -> tuple[KnownStory, ...]:
    with store.ingest() as tx:
        return tx.stories([key(title) for title in titles], since=since)


def follow(store: Store, entry_id: int, story_id: int, *, at: datetime, to=(DESK,), **about) -> Alert:
    """One more alert of a story; held until `held_until`, if that is said."""
    rule_id = about.pop("rule_id", "strikes")
    with store.ingest() as tx:
        number = max((last.number for last in tx.story(story_id).alerts), default=0) + 1
        told = replace(alert(story_id, number, rule_id=rule_id, decided_at=at), **about)
        hold = Hold.THROTTLE if told.held_until is not None else None
        assert tx.alert(entry_id, told, to, hold=hold, due_at=told.held_until)
    return told


def last(store: Store, story_id: int) -> LastAlert:
    with store.ingest() as tx:
        story = tx.story(story_id)
    assert story is not None
    (told,) = story.alerts
    return told


def by_status(store: SqliteStore, status: DeliveryStatus) -> list[str]:
    return [record.alert.id for record in Reader(store.database).deliveries(status, limit=99)]


# Reports


def test_a_report_comes_back_as_it_was_written_but_for_the_words_that_say_its_facts(store: Store) -> None:
    written = item(
        "قصف", link="https://local.example/1", verdicts=[verdict()], facts=FACTS, published_at=NOW - HOUR,
        origin=Origin(newsroom="local-desk", owner="state", credited="afp"),
    )  # fmt: skip
    with store.ingest() as tx:
        entry_id, _, _ = tx.write(written, seen_at=NOW)
        kept = tx.report(entry_id)
    assert kept is not None
    assert written.sketch is not None
    assert kept.sketch == replace(written.sketch, facts=replace(FACTS, spans=()))
    assert (kept.origin, kept.feed_id, kept.seen_at) == (written.origin, "local", NOW)
    assert (kept.title, kept.link) == ("قصف", "https://local.example/1")


def test_what_a_report_said_before_comes_back_as_it_was_written(store: Store) -> None:
    first = item("قصف", verdicts=[verdict()], facts=FACTS, published_at=NOW - HOUR)
    second = item("قصف عنيف", verdicts=[verdict()], facts=facts(3), published_at=NOW - HOUR)
    assert first.sketch is not None
    assert second.sketch is not None
    with store.ingest() as tx:
        entry_id, story_id, _ = tx.write(first, seen_at=NOW)
        kept = tx.report(entry_id)
    assert kept is not None
    assert (kept.earlier, kept.edited_at) == ((), None)
    earlier = (
        Version(sketch=first.sketch, seen_at=NOW),
        Version(sketch=second.sketch, seen_at=NOW + MINUTE),
    )
    third = replace(
        item("ثالث", verdicts=[verdict()], published_at=NOW - HOUR, known_id=entry_id, story_id=story_id),
        earlier=earlier, edited_at=NOW + 2 * MINUTE,
    )  # fmt: skip
    with store.ingest() as tx:
        tx.write(third, seen_at=NOW + 3 * MINUTE)
        kept = tx.report(entry_id)
    assert kept is not None
    assert (kept.seen_at, kept.edited_at) == (NOW, NOW + 2 * MINUTE)
    bare = [replace(each, sketch=replace(each.sketch, facts=replace(each.sketch.facts, spans=()))) for each in earlier]
    assert kept.earlier == tuple(bare)


def test_an_entry_without_a_verdict_is_no_report(store: Store) -> None:
    with store.ingest() as tx:
        entry_id, _, _ = tx.write(item("خبر"), seen_at=NOW)
        assert tx.report(entry_id) is None
        assert tx.story(77) is None


def test_a_version_renews_its_report_and_leaves_when_it_was_told_first(store: Store) -> None:
    entry_id, story_id = report(store, "قصف", published_at=NOW - HOUR, facts=facts(3))
    with store.ingest() as tx:
        later = item("قصف عنيف", known_id=entry_id, story_id=story_id, verdicts=[verdict()], facts=facts(5))
        tx.write(later, seen_at=NOW + HOUR)
        kept = tx.report(entry_id)
        story = tx.story(story_id)
    assert kept is not None
    assert story is not None
    assert story.reports == (kept,)
    assert (kept.sketch.told_at, kept.seen_at) == (NOW - HOUR, NOW)
    assert kept.sketch.facts == facts(5)
    assert kept.title == "قصف عنيف"


def test_a_story_has_its_reports_in_the_order_seen(store: Store) -> None:
    _, story_id = report(store, "أول", published_at=NOW)
    report(store, "ثان", story_id=story_id, seen_at=NOW + MINUTE, published_at=NOW - HOUR, feed_id="other")
    with store.ingest() as tx:
        story = tx.story(story_id)
    assert story is not None
    assert [each.title for each in story.reports] == ["أول", "ثان"]


def test_of_a_story_of_very_many_reports_the_first_and_the_newest_are_there(store: Store) -> None:
    _, story_id = report(store, "0")
    for n in range(1, 130):
        report(store, str(n), story_id=story_id, seen_at=NOW + n * MINUTE)
    with store.ingest() as tx:
        whole = tx.story(story_id)
    assert whole is not None
    assert [each.title for each in whole.reports] == ["0", *map(str, range(30, 130))]
    (candidate,) = found(store, "77")
    assert [each.title for each in candidate.reports] == ["0", *map(str, range(106, 130))]


# Candidates


def test_a_newsroom_that_tells_a_hundred_times_pushes_no_other_out(store: Store) -> None:
    _, story_id = report(store, "الأول", feed_id="one")
    report(store, "الثاني", story_id=story_id, seen_at=NOW + MINUTE, feed_id="two")
    for number in range(120):
        report(store, f"نسخة {number}", story_id=story_id, seen_at=NOW + 2 * MINUTE, feed_id="loud")
    with store.ingest() as tx:
        told = tx.story(story_id)
    assert {each.origin.newsroom for each in told.reports} == {"one", "two", "loud"}
    assert len(told.reports) <= 103


def test_who_denies_is_no_source_of_what_was_told(store: Store) -> None:
    entry_id, story_id = report(store, "أ")
    follow(store, entry_id, story_id, at=NOW, facts=facts(tags=frozenset({Tag.DENIED})), sources=1)
    assert last(store, story_id).sources == 0
    follow(store, entry_id, story_id, at=NOW, facts=facts(4), sources=2)
    follow(store, entry_id, story_id, at=NOW, facts=facts(3, tags=frozenset({Tag.DENIED})), sources=3)
    assert last(store, story_id).sources == 2
    assert last(store, story_id).figures == {("killed", 4), ("killed", 3)}


def test_those_that_share_most_keys_come_first_and_among_them_the_newest(store: Store) -> None:
    stories = {title: report(store, title, seen_at=NOW + n * MINUTE)[1] for n, title in enumerate("أبج")}
    report(store, "د", story_id=stories["أ"])
    assert [story.id for story in found(store, "أ", "ب", "ج", "د")] == [stories["أ"], stories["ج"], stories["ب"]]


def test_a_key_of_all_the_world_s_stories_costs_a_bounded_number_of_them(store: Store) -> None:
    stories = [report(store, "عاجل", summary=str(n), seen_at=NOW + n * MINUTE)[1] for n in range(40)]
    assert [story.id for story in found(store, "عاجل")] == stories[:-17:-1]


def test_an_entry_edited_for_ever_keeps_the_keys_of_its_newest_versions_only(store: SqliteStore) -> None:
    entry_id, story_id = report(store, "0")
    for n in range(1, 120):
        report(store, str(n), known_id=entry_id, story_id=story_id, seen_at=NOW + n * MINUTE)
    assert found(store, "119") != ()
    assert found(store, "30") != ()
    assert found(store, "0") == ()


# What was told


def test_an_alert_comes_back_as_it_was_stored(store: Store) -> None:
    first = tell(store, "قصف")
    place = NamedFact(id="deir-ez-zor", name={"ar": "دير الزور", "en": "Deir ez-Zor"}, pcode="SY09", lat=0.0, lon=40.1)
    told = replace(
        alert(first.story_id, 2, decided_at=NOW + MINUTE),
        reason=Reason.CORROBORATED,
        facts=FACTS,
        places=(place,),
        events=(NamedFact(id="airstrike", name={"ar": "غارة"}),),
        actors=(NamedFact(id="sdf", name={}),),
        sources=3,
        reports=7,
        told_by=(
            SourceTold(name="سانا", link="https://sana.example/1", told_at=NOW),
            SourceTold(name="ناقل", link=None, told_at=NOW + MINUTE, independent=False),
        ),
        follows=first.id,
        before={"killed": "3"},
        why="killed 3, now 5",
        held_until=NOW + HOUR,
        article={"place deir-ez-zor": ("ديرالزور", "بدير <b>الزور</b>")},
    )
    with store.ingest() as tx:
        assert tx.alert(1, told, [DESK])
    assert [each.alert for each in store.claim_deliveries(NOW + HOUR, limit=9, lease=MINUTE)] == [first, told]


def test_what_was_told_of_a_story_adds_up(store: Store) -> None:
    entry_id, story_id = report(store, "قصف")
    first = follow(store, entry_id, story_id, at=NOW, facts=facts(3), sources=2)
    follow(store, entry_id, story_id, at=NOW + MINUTE, reason=Reason.UPDATED, facts=facts(5))
    follow(store, entry_id, story_id, at=NOW + 2 * MINUTE, reason=Reason.CORROBORATED, facts=facts())
    told = last(store, story_id)
    assert (told.first_id, told.number, told.alerted_at) == (first.id, 3, NOW + 2 * MINUTE)
    assert (told.killed, told.wounded, told.sources, told.corroborated) == (5, None, 2, True)
    assert (told.denied, told.corrected, told.escalated) == (False, False, False)


def test_a_correction_takes_back_what_was_told(store: Store) -> None:
    entry_id, story_id = report(store, "قصف")
    follow(store, entry_id, story_id, at=NOW, facts=facts(30))
    follow(store, entry_id, story_id, at=NOW, reason=Reason.CORRECTED, facts=facts(3))
    told = last(store, story_id)
    assert (told.killed, told.withdrawn, told.corrected) == (3, {"killed 30"}, True)


def test_a_denial_and_an_escalation_are_remembered_behind_what_came_later(store: Store) -> None:
    entry_id, story_id = report(store, "قصف")
    for reason, tags in (
        (Reason.FIRST_REPORT, frozenset()),
        (Reason.DENIED, frozenset({Tag.DENIED})),
        (Reason.ESCALATED, frozenset()),
        (Reason.UPDATED, frozenset()),
    ):
        follow(store, entry_id, story_id, at=NOW, reason=reason, facts=facts(tags=tags), severity=Severity.CRITICAL)
    told = last(store, story_id)
    assert (told.denied, told.escalated, told.severity, told.reason) == (True, True, Severity.CRITICAL, Reason.UPDATED)


def test_what_is_held_is_told_when_its_throttle_ends(store: Store) -> None:
    entry_id, story_id = report(store, "قصف")
    follow(store, entry_id, story_id, at=NOW, held_until=NOW + HOUR)
    assert (last(store, story_id).alerted_at, last(store, story_id).told_at) == (NOW, NOW + HOUR)


# What waits


def test_a_held_delivery_is_due_when_its_time_comes(store: Store) -> None:
    entry_id, story_id = report(store, "قصف")
    told = follow(store, entry_id, story_id, at=NOW, held_until=NOW + HOUR)
    assert store.channels_due(NOW + HOUR - MINUTE) == []
    assert store.claim_deliveries(NOW + HOUR - MINUTE, limit=9, lease=MINUTE) == []
    (delivery,) = store.claim_deliveries(NOW + HOUR, limit=9, lease=MINUTE)
    assert (delivery.alert, delivery.hold, delivery.created_at) == (told, Hold.THROTTLE, NOW)


def test_a_later_alert_takes_the_place_of_one_that_still_waits(store: SqliteStore) -> None:
    entry_id, story_id = report(store, "قصف")
    first = follow(store, entry_id, story_id, at=NOW)
    waiting = follow(store, entry_id, story_id, at=NOW + MINUTE, held_until=NOW + HOUR)
    newest = follow(store, entry_id, story_id, at=NOW + 2 * MINUTE, held_until=NOW + HOUR)
    assert by_status(store, DeliveryStatus.REPLACED) == [waiting.id]
    assert by_status(store, DeliveryStatus.PENDING) == [newest.id, first.id]
    assert [each.alert.id for each in store.claim_deliveries(NOW + DAY, limit=9, lease=MINUTE)] == [first.id, newest.id]


@pytest.mark.parametrize(
    "other",
    [{"rule_id": "another"}, {"to": (FIELD,)}, {"at": NOW + HOUR}],
    ids=["another rule", "another recipient", "it is due by now"],
)
def test_it_takes_no_other_place(store: SqliteStore, other) -> None:
    entry_id, story_id = report(store, "قصف")
    follow(store, entry_id, story_id, at=NOW, held_until=NOW + HOUR)
    follow(store, entry_id, story_id, **{"at": NOW + MINUTE, "held_until": NOW + 2 * HOUR, **other})
    assert by_status(store, DeliveryStatus.REPLACED) == []


def test_another_story_s_alert_replaces_nothing(store: SqliteStore) -> None:
    follow(store, *report(store, "قصف"), at=NOW, held_until=NOW + HOUR)
    follow(store, *report(store, "غارة"), at=NOW + MINUTE, held_until=NOW + HOUR)
    assert by_status(store, DeliveryStatus.REPLACED) == []


def test_what_is_held_counts_as_waiting_only_from_when_it_is_due(store: SqliteStore) -> None:
    entry_id, story_id = report(store, "قصف")
    follow(store, entry_id, story_id, at=NOW, held_until=NOW + HOUR)
    reader = Reader(store.database)
    assert (reader.held(NOW), reader.undelivered_since(NOW)) == (1, None)
    assert (reader.held(NOW + HOUR), reader.undelivered_since(NOW + HOUR)) == (0, NOW + HOUR)


# Mutes


def test_only_mutes_in_force_are_told(store: SqliteStore) -> None:
    with store.database.write() as db:
        for until, ended in ((NOW + HOUR, None), (NOW, None), (NOW + DAY, NOW)):
            us = [
                None if at is None else int(at.timestamp()) * 1_000_000 + at.microsecond for at in (until, NOW, ended)
            ]
            db.execute(
                "INSERT INTO mute (kind, subject, until_us, reason, by, begun_us, ended_us) "
                "VALUES ('place', 'harabish', ?, 'works', 'desk', ?, ?)",
                us,
            )
    with store.ingest() as tx:
        (mute,) = tx.mutes(NOW)
    assert (mute.id, mute.kind.value, mute.subject, mute.until, mute.reason) == (
        1, "place", "harabish", NOW + HOUR, "works",
    )  # fmt: skip


# Housekeeping


def test_keys_older_than_any_story_looks_back_are_removed(store: SqliteStore) -> None:
    report(store, "قديم")
    report(store, "حديث", seen_at=NOW + 2 * DAY)
    tidy(store, now=NOW + 4 * DAY)
    with store.database.read() as db:
        assert [row[0] for row in db.execute("SELECT key FROM story_key")] == [key("حديث")]


def test_a_report_goes_with_its_entry_and_a_story_with_its_last(store: SqliteStore) -> None:
    report(store, "قديم")
    with store.ingest() as tx:
        tx.write(item("باق"), seen_at=NOW + 100 * DAY)
    removed = tidy(store, now=NOW + 100 * DAY, keep=Retention(keys=200 * DAY))
    assert (removed.entries, removed.stories) == (1, 1)
    with store.database.read() as db:
        left = [db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("report", "story_key", "story")]
    assert left == [0, 0, 0]


def test_how_an_entry_came_into_its_story_stays(store: SqliteStore) -> None:
    _, story_id = report(store, "قصف")
    joined = Kinship(kind=KinshipKind.SAME_EVENT, score=0.75, why=("same place harabish",))
    with store.ingest() as tx:
        new = replace(item("غارة", feed_id="other", story_id=story_id, verdicts=[verdict()]), kinship=joined)
        entry_id, _, _ = tx.write(new, seen_at=NOW)
        again = item("غارة جوية", feed_id="other", known_id=entry_id, story_id=story_id, verdicts=[verdict()])
        tx.write(again, seen_at=NOW)
    assert Reader(store.database).kinship(entry_id) == joined
