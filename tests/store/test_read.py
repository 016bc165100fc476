from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from monitor.errors import StateError
from monitor.model import DeliveryStatus, FeedState, NotSent, Reason, Sent, Validators
from monitor.store import DeliveryRecord, Reader, SqliteStore, Totals, open_reader, open_store, read
from monitor.store.migrate import Migration, shipped

from . import children
from .builders import DAY, DESK, FIELD, HOUR, MINUTE, NOW, alert, item, tell, verdict


@pytest.fixture
def reader(store: SqliteStore) -> Reader:
    if store.path is None:  # in memory, or on a server
        return Reader(store.database)
    opened = open_reader(store.path.parent)
    assert opened is not None
    return opened


def learn(store: SqliteStore, *states: FeedState) -> None:
    with store.ingest() as tx:
        for state in states:
            tx.feed_state(state)


def test_a_new_state_has_nothing_of_anything(reader: Reader) -> None:
    nothing = dict.fromkeys(DeliveryStatus, 0)
    assert reader.totals() == Totals(feeds=0, entries=0, stories=0, alerts=0, deliveries=nothing)
    assert (reader.feeds(), reader.entries_by_feed(), reader.alerts(limit=9), reader.verdicts(since=NOW)) == (
        [],
        {},
        [],
        {},
    )
    assert (reader.last_polled_at(), reader.undelivered_since(NOW)) == (None, None)


def test_feeds_are_shown_with_all_that_was_learned(store: SqliteStore, reader: Reader) -> None:
    known = FeedState(
        feed_id="b", next_poll_at=NOW + HOUR, baselined=True, body_hash=b"\0\xff", failures=2,
        validators=Validators(url="digest", etag='W/"é"', last_modified=None),
        last_polled_at=NOW, last_success_at=NOW - DAY, last_new_at=NOW - 2 * DAY, last_error="too slow: 30 s",
    )  # fmt: skip
    other = FeedState(feed_id="a", next_poll_at=NOW, last_polled_at=NOW - MINUTE)
    learn(store, known, other)
    assert reader.feeds() == [other, known]
    assert reader.last_polled_at() == NOW


def test_feeds_are_shown_without_what_only_their_next_poll_asks_for(store: SqliteStore, reader: Reader) -> None:
    told = FeedState(
        feed_id="b", next_poll_at=NOW + HOUR, baselined=True, failures=2, last_polled_at=NOW,
        last_success_at=NOW - DAY, last_new_at=NOW - 2 * DAY, last_error="too slow: 30 s", failing_since=NOW - HOUR,
        unchanged=3, asked_wait=HOUR, moved_to="https://moved.example/", moved_times=4, rhythm=b"rhythm", window=7,
        newest_at=NOW - DAY, gap_at=NOW - MINUTE, warnings=("odd",),
    )  # fmt: skip
    validators = Validators(url="digest", etag='W/"1"', last_modified="yesterday")
    learn(store, replace(told, validators=validators, body_hash=b"hash", entry_marks=b"marks"))
    assert reader.feeds(whole=False) == [told]


def test_totals_count_what_there_is(store: SqliteStore, reader: Reader) -> None:
    tell(store, "أ", DESK, FIELD)
    tell(store, "ب", DESK)
    with store.ingest() as tx:
        tx.write(item("ج", feed_id="other"), seen_at=NOW)
    dead, sent, *_ = store.claim_deliveries(NOW, limit=2, lease=MINUTE)
    store.record(dead, NotSent(detail="gone", failed_at=NOW), retry_at=None)
    store.record(sent, Sent(sent_at=NOW), retry_at=None)
    assert reader.totals() == Totals(
        feeds=0,
        entries=3,
        stories=2,
        alerts=2,
        deliveries={
            DeliveryStatus.PENDING: 1,
            DeliveryStatus.RETRYING: 0,
            DeliveryStatus.SENT: 1,
            DeliveryStatus.DEAD: 1,
            DeliveryStatus.REPLACED: 0,
            DeliveryStatus.ENDED: 0,
        },
    )
    assert reader.entries_by_feed() == {"local": 2, "other": 1}


def test_alerts_come_newest_first(store: SqliteStore, reader: Reader) -> None:
    told = [tell(store, f"خبر {n}", seen_at=NOW + n * HOUR) for n in range(4)]
    assert reader.alerts(limit=3) == told[:0:-1]
    assert reader.alerts(limit=9, since=NOW + 2 * HOUR) == [told[3], told[2]]


def test_alerts_of_one_moment_keep_their_order(store: SqliteStore, reader: Reader) -> None:
    with store.ingest() as tx:
        entry_id, story_id, _ = tx.write(item(verdicts=[verdict()]), seen_at=NOW)
        assert story_id is not None
        for number in (2, 3, 1):
            tx.alert(entry_id, alert(story_id, number), [])
    assert [each.number for each in reader.alerts(limit=9)] == [3, 2, 1]


def test_a_dead_delivery_tells_what_happened_to_it(store: SqliteStore, reader: Reader) -> None:
    told = tell(store)
    (delivery,) = store.claim_deliveries(NOW + MINUTE, limit=1, lease=HOUR)
    store.record(delivery, NotSent(detail="HTTP 404 from hooks.example", failed_at=NOW + MINUTE), retry_at=None)
    expected = DeliveryRecord(
        id=delivery.id, alert=told, recipient=DESK, status=DeliveryStatus.DEAD, attempts=1, created_at=NOW,
        next_try_at=None, last_try_at=NOW + MINUTE, last_error="HTTP 404 from hooks.example", sent_at=None,
        stands_in_for=None,
    )  # fmt: skip
    assert reader.deliveries(DeliveryStatus.DEAD, limit=9) == [expected]
    store.resend(now=NOW + DAY)
    assert reader.deliveries(DeliveryStatus.DEAD, limit=9) == []
    (again,) = store.claim_deliveries(NOW + DAY, limit=1, lease=HOUR)
    store.record(again, Sent(sent_at=NOW + DAY), retry_at=None)
    assert reader.deliveries(DeliveryStatus.SENT, limit=9) == [
        replace(
            expected, status=DeliveryStatus.SENT, created_at=NOW + DAY,
            last_try_at=NOW + DAY, last_error=None, sent_at=NOW + DAY,
        )
    ]  # fmt: skip


def test_what_waits_longest_is_known(store: SqliteStore, reader: Reader) -> None:
    tell(store, "ب", seen_at=NOW)
    tell(store, "أ", seen_at=NOW - HOUR)
    (oldest,) = store.claim_deliveries(NOW, limit=1, lease=HOUR)
    store.record(oldest, NotSent(detail="busy", failed_at=NOW), retry_at=NOW + MINUTE)
    assert reader.undelivered_since(NOW) == NOW - HOUR
    (waiting,) = reader.deliveries(DeliveryStatus.RETRYING, limit=9)
    assert (waiting.next_try_at, waiting.last_error) == (NOW + MINUTE, "busy")
    store.record(oldest, Sent(sent_at=NOW), retry_at=None)
    assert reader.undelivered_since(NOW) == NOW


def test_quiet_decisions_are_counted_by_their_reason(store: SqliteStore, reader: Reader) -> None:
    with store.ingest() as tx:
        tx.write(item("أ", verdicts=[verdict("a", Reason.DUPLICATE), verdict("b", Reason.STALE)]), seen_at=NOW)
        tx.write(item("ب", verdicts=[verdict("a", Reason.DUPLICATE)]), seen_at=NOW)
        tx.write(item("ج", verdicts=[verdict("a", Reason.BASELINE)]), seen_at=NOW - DAY)
    assert reader.verdicts(since=NOW) == {Reason.DUPLICATE: 2, Reason.STALE: 1}
    assert reader.verdicts(since=NOW - DAY)[Reason.BASELINE] == 1


def test_where_nothing_was_recorded_there_is_no_reader(tmp_path: Path) -> None:
    assert open_reader(tmp_path / "none") is None
    (tmp_path / "monitor.db").touch()
    assert open_reader(tmp_path) is None
    assert [file.name for file in tmp_path.iterdir()] == ["monitor.db"]


def test_reading_works_beside_a_process_that_is_writing(tmp_path: Path) -> None:
    code = """
    store = open_store(directory, now=NOW)
    tell(store, "أ")
    with store.ingest() as tx:
        tx.write(item("ب"), seen_at=NOW)
        print("writing", flush=True)
        sys.stdin.readline()
    """
    with children.start(tmp_path, code) as child:
        assert children.first_line(child) == "writing"
        with open_reader(tmp_path) as reader:
            assert reader.totals().entries == 1
            child.communicate("done\n")
            assert reader.totals().entries == 2


def test_a_reader_cannot_write(on_disk: SqliteStore) -> None:
    assert on_disk.path is not None
    with open_reader(on_disk.path.parent) as reader, pytest.raises(StateError, match="cannot be written"):
        reader._all("DELETE FROM feed_state")


def test_a_state_of_an_older_version_says_how_to_convert_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    open_store(tmp_path, now=NOW).close()
    monkeypatch.setattr(read, "shipped", lambda: (*shipped(), Migration(number=shipped()[-1].number + 1, sql="")))
    with pytest.raises(StateError, match=r"older version of monitor\. Run `monitor check` once"):
        open_reader(tmp_path)
