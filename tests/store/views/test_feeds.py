"""What is recorded of feeds: counted, and gone through from one entry to the next."""

from __future__ import annotations

import pytest

from monitor.model import Facts, Reason
from monitor.store.read import Reader
from monitor.store.views import feeds
from tests.store.builders import DAY, HOUR, NOW, item, tell, verdict


@pytest.fixture
def reader(store):
    return Reader(store.database)


def write(store, *items, seen_at=NOW):
    with store.ingest() as tx:
        return [tx.write(each, seen_at=seen_at)[0] for each in items]


def test_each_feed_is_counted_and_versions_are_not_counted_apart(store, reader):
    tell(store, "غارة")
    [entry_id] = write(store, item("ب", guid="g", verdicts=[verdict("one"), verdict("two")]))
    write(store, item("بب", guid="g", known_id=entry_id, verdicts=[verdict("one")]))
    write(store, item("ج"), item("د", feed_id="other"))
    assert feeds.counts(reader, since=NOW - DAY) == {
        "local": feeds.Counts(kept=3, matched=2, alerts=1),
        "other": feeds.Counts(kept=1),
    }


def test_what_is_long_past_is_kept_and_counts_as_no_match_of_late(store, reader):
    tell(store, "غارة", seen_at=NOW - 40 * DAY)
    assert feeds.counts(reader, since=NOW - 30 * DAY) == {"local": feeds.Counts(kept=1)}


def test_tests_of_ours_are_no_matches(store, reader):
    tell(store, "اختبار", rule_id="monitor:canary")
    assert feeds.counts(reader, since=NOW - DAY) == {"local": feeds.Counts(kept=1)}


def test_entries_are_gone_through_from_the_newest_each_once(store, reader):
    for hour in range(5):
        write(
            store,
            item(f"{hour} أ"),
            item(f"{hour} ب"),
            item(f"{hour} غيره", feed_id="other"),
            seen_at=NOW + hour * HOUR,
        )
    seen, after = [], None
    while page := feeds.entries(reader, "local", limit=3, after=after):
        seen += [each.title for each in page]
        after = feeds.Cursor.read(str(page[-1].cursor))
    assert seen == [f"{hour} {letter}" for hour in range(4, -1, -1) for letter in "بأ"]
    assert feeds.entries(reader, "nobody", limit=3) == ()


def test_an_entry_tells_its_latest_text_and_what_each_rule_made_of_it_last(store, reader):
    [entry_id] = write(store, item("أول", guid="g", verdicts=[verdict("one", Reason.BASELINE)]))
    write(store, item("آخر", guid="g", known_id=entry_id, verdicts=[verdict("one", Reason.UPDATED), verdict("two")]))
    [entry] = feeds.entries(reader, "local", limit=9)
    assert (entry.title, entry.changes, entry.seen_at) == ("آخر", 1, NOW)
    assert [(each.rule_id, each.reason) for each in entry.found] == [
        ("one", Reason.UPDATED),
        ("two", Reason.FIRST_REPORT),
    ]


def test_that_an_article_was_read_is_no_change_of_its_entry(store, reader):
    first = item("خبر", guid="g")
    [entry_id] = write(store, first)
    with store.ingest() as tx:
        whole = item("خبر", guid="g", body="نص المقال.", known_id=entry_id)
        tx.want_article(entry_id, first.entry, first.fingerprint.raw, now=NOW)
        tx.write(whole, seen_at=NOW)
        tx.has_article_body(entry_id, whole.fingerprint.text, completed=True)
    assert feeds.entries(reader, "local", limit=9)[0].changes == 0
    write(store, item("خبر آخر", guid="g", body="نص المقال.", known_id=entry_id))
    assert feeds.entries(reader, "local", limit=9)[0].changes == 1


def test_an_alerted_entry_names_its_alerts(store, reader):
    told = tell(store, "غارة")
    assert [each.alerts for each in feeds.entries(reader, "local", limit=9)] == [(told.id,)]


def test_new_entries_are_counted_by_the_hour(store, reader):
    hour = NOW.replace(minute=0, second=0, microsecond=0)
    write(store, item("أ"), item("ب"), item("ج", feed_id="other"), seen_at=NOW)
    write(store, item("د"), seen_at=NOW - 3 * HOUR)
    write(store, item("ه"), seen_at=NOW - 9 * DAY)
    assert list(feeds.by_hour(reader, "local", since=NOW - DAY)) == [(hour - 3 * HOUR, 1), (hour, 2)]


def test_places_are_those_that_alerts_of_peoples_rules_tell_of(store, reader):
    from dataclasses import replace

    from tests.store.builders import DESK, alert

    of_rules = [("a", "strikes", ("dez", "sy")), ("b", "strikes", ("dez",)), ("a", "strikes", ("dez",))]
    of_tests = [("monitor:canary", "monitor:canary", ("dez",))]
    for n, (feed_id, rule_id, places) in enumerate(of_rules + of_tests):
        with store.ingest() as tx:
            row = item(f"غارة {n}", feed_id=feed_id, verdicts=[verdict(rule_id)])
            entry_id, story_id, number = tx.write(row, seen_at=NOW)
            told = replace(alert(story_id, number, rule_id=rule_id), feed_id=feed_id, facts=Facts(places=places))
            assert tx.alert(entry_id, told, [DESK])
    assert feeds.places(reader, since=NOW - DAY) == [("dez", 3, 2), ("sy", 1, 1)]
    assert feeds.places(reader, since=NOW + DAY) == []


@pytest.mark.parametrize("written", ["", "1", "1.", ".1", "1.2.3", "-1.2", "٣.٤", "1e3.2", "9" * 19 + ".1"])
def test_what_is_no_cursor_is_none(written):
    assert feeds.Cursor.read(written) is None


def test_a_page_reads_no_more_than_it_shows(in_sqlite):
    """By the plan: an index goes from one to the next, and nothing is sorted."""
    reader = Reader(in_sqlite.database)
    plans = [
        " ".join(str(row[3]) for row in reader.rows(f"EXPLAIN QUERY PLAN {query}", *told))
        for query, told in (
            (feeds._BY_HOUR, ("local", 0)),
            (feeds._ALERTS, (0,)),
            (feeds._KEPT, ()),
        )
    ]
    asked = {"feed_id": "local", "written_us": 1, "id": 1, "limit": 1}
    with reader.database.read() as db:
        plans.append(" ".join(str(row[3]) for row in db.execute(f"EXPLAIN QUERY PLAN {feeds._ENTRIES}", asked)))
    assert "COVERING INDEX entry_by_feed (feed=?" in plans[0]
    assert "COVERING INDEX entry_by_feed" in plans[2]
    assert "alert_by_time (decided_us>?" in plans[1]
    assert "entry_by_feed (feed=?" in plans[3]
    assert "TEMP B-TREE FOR ORDER BY" not in plans[3].replace("FOR LAST", "")
