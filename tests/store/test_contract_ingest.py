"""What every store promises about the poll's transaction."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Sequence

import pytest

from monitor.model import FeedState, IngestEntry, KnownEntry, KnownStory, Reason, Span
from monitor.ports import Store
from monitor.store import Reader, SqliteStore

from .builders import DAY, DESK, HOUR, MINUTE, NOW, alert, digest, item, key, tell, verdict


def write(store: Store, entry: IngestEntry, *, seen_at=NOW) -> tuple[int, int | None, int]:
    with store.ingest() as tx:
        return tx.write(entry, seen_at=seen_at)


def known(
    store: Store, feed_id: str = "local", *, guids: Sequence[str] = (), links: Sequence[str] = (), texts=()
) -> tuple[KnownEntry, ...]:
    with store.ingest() as tx:
        return tx.known_entries(feed_id, guids=guids, links=links, texts=texts)


def story_of(store: Store, title: str, *, since=NOW - DAY) -> KnownStory | None:
    with store.ingest() as tx:
        return next(iter(tx.stories([key(title)], since=since)), None)


# What an entry is known by


@pytest.mark.parametrize(
    "asked",
    [{"guids": ["g\ud800"]}, {"links": ["https://local.example/1"]}, {"texts": [digest("قصف  ")]}],
    ids=["guid", "link", "text"],
)
def test_a_feed_s_very_first_entries_are_known_to_those_that_follow_in_the_same_poll(store: Store, asked) -> None:
    one = item("قصف", guid="g\ud800", link="https://local.example/1")
    nothing = {"guids": [], "links": [], "texts": []}
    with store.ingest() as tx:
        assert tx.known_entries("local", **{**nothing, **asked}) == ()
        entry_id, *_ = tx.write(one, seen_at=NOW)
        assert [each.id for each in tx.known_entries("local", **{**nothing, **asked})] == [entry_id]
        assert tx.known_entries("other", **{**nothing, **asked}) == ()
        assert tx.known_entries("local", guids=["another"], links=[], texts=[digest("آخر")]) == ()


def test_a_stored_entry_is_found_by_its_guid_its_link_or_its_text(store: Store) -> None:
    entry = item("قصف", guid="g1", link="https://local.example/1", published_at=NOW - HOUR)
    entry_id, *_ = write(store, entry)
    expected = KnownEntry(
        id=entry_id,
        guid="g1",
        link="https://local.example/1",
        published_at=NOW - HOUR,
        texts=frozenset({entry.fingerprint.text}),
        words=frozenset({"قصف"}),
        matched_rules=frozenset(),
        story_id=None,
    )
    assert known(store, guids=["g1"]) == (expected,)
    assert known(store, links=["https://local.example/1"]) == (expected,)
    assert known(store, texts=[entry.fingerprint.text]) == (expected,)
    assert known(store, guids=["g2"], links=["https://local.example/2"], texts=[b"other"]) == ()


def test_an_entry_found_in_three_ways_is_one(store: Store) -> None:
    entry = item(guid="g1", link="https://local.example/1")
    write(store, entry)
    assert len(known(store, guids=["g1"], links=["https://local.example/1"], texts=[entry.fingerprint.text])) == 1


def test_entries_without_guid_do_not_share_it(store: Store) -> None:
    write(store, item("أول"))
    write(store, item("ثان"))
    assert known(store, guids=[""]) == ()


def test_another_feeds_entries_are_not_known(store: Store) -> None:
    entry = item(feed_id="other", guid="g1")
    write(store, entry)
    assert known(store, "local", guids=["g1"], texts=[entry.fingerprint.text]) == ()
    assert store.known_raw("local", [entry.fingerprint.raw]) == frozenset()


def test_a_version_replaces_guid_link_date_and_words_and_keeps_all_texts(store: Store) -> None:
    first = item("قصف على الجسر", guid="g1", link="https://local.example/1", published_at=NOW - HOUR)
    entry_id, *_ = write(store, first)
    second = item(
        "قصف على الجسر القديم",
        guid="g2",
        link="https://local.example/2",
        published_at=NOW,
        known_id=entry_id,
    )
    assert write(store, second)[0] == entry_id
    (entry,) = known(store, texts=[first.fingerprint.text])
    assert (entry.guid, entry.link, entry.published_at) == ("g2", "https://local.example/2", NOW)
    assert entry.words == second.fingerprint.words
    assert entry.texts == {first.fingerprint.text, second.fingerprint.text}
    assert store.known_raw("local", [first.fingerprint.raw, second.fingerprint.raw, b"x"]) == {
        first.fingerprint.raw,
        second.fingerprint.raw,
    }


def test_a_version_of_an_entry_that_is_not_there_is_a_bug(store: Store) -> None:
    with pytest.raises(LookupError):
        write(store, item(known_id=77))


def test_rules_that_any_version_matched_are_remembered(store: Store) -> None:
    entry_id, story_id, _ = write(store, item("أ", guid="g", verdicts=[verdict("one", Reason.BASELINE)]))
    write(store, item("ب", guid="g", known_id=entry_id, story_id=story_id, verdicts=[verdict("two", Reason.STALE)]))
    write(store, item("ج", guid="g", known_id=entry_id))
    (entry,) = known(store, guids=["g"])
    assert entry.matched_rules == {"one", "two"}
    assert entry.story_id == story_id


def test_the_first_decision_about_a_version_stays(store: SqliteStore) -> None:
    """A worker whose lease ended may write again what another has written and decided meanwhile."""
    entry_id, story_id, _ = write(store, item("قصف", verdicts=[verdict(reason=Reason.FIRST_REPORT)]))
    late = item("قصف", known_id=entry_id, story_id=story_id, verdicts=[verdict(reason=Reason.DUPLICATE)])
    assert write(store, late)[:2] == (entry_id, story_id)
    assert Reader(store.database).verdicts(since=NOW) == {Reason.FIRST_REPORT: 1}


def test_the_same_text_in_other_markup_is_known_and_no_version(store: SqliteStore) -> None:
    entry_id, *_ = write(store, item(guid="g"))
    for nonce in range(5):
        write(store, item(guid="g", markup=f"<img src=x{nonce}>", known_id=entry_id))
    with store.database.read() as db:
        assert db.execute("SELECT count(*) FROM entry").fetchone()[0] == 1
    assert store.known_raw("local", [item(guid="g", markup="<img src=x3>").fingerprint.raw])


def test_many_keys_are_asked_for_at_once(store: Store) -> None:
    entries = [item(f"خبر {n}", guid=f"g{n}", link=f"https://local.example/{n}") for n in range(1200)]
    with store.ingest() as tx:
        for entry in entries:
            tx.write(entry, seen_at=NOW)
    raws = [entry.fingerprint.raw for entry in entries]
    assert store.known_raw("local", raws) == frozenset(raws)
    assert len(known(store, guids=[f"g{n}" for n in range(1200)])) == 1200
    with store.ingest() as tx:
        tx.still_there("local", raws, seen_at=NOW + DAY)


def test_a_guid_given_to_everything_costs_a_bounded_number_of_entries(store: Store) -> None:
    with store.ingest() as tx:
        ids = [tx.write(item(f"خبر {n}", guid="same"), seen_at=NOW)[0] for n in range(40)]
    found = known(store, guids=["same"])
    assert [entry.id for entry in found] == ids[-25:]
    oldest = item("خبر 0").fingerprint.text
    assert [entry.id for entry in known(store, texts=[oldest])] == ids[:1]


def test_texts_that_cannot_be_stored_get_replacements_and_are_found_again(store: Store) -> None:
    entry = item("عاجل \ud83d قصف\0", summary="\udfff", guid="g\0", link="https://local.example/\udc80")
    spans = [Span(field="title", start=0, end=4, clause="مطار\0")]
    entry_id, *_ = write(store, IngestEntry(
        entry=entry.entry, fingerprint=entry.fingerprint, known_id=None, story_id=None,
        verdicts=(verdict("r", spans=spans),),
    ))  # fmt: skip
    assert [each.id for each in known(store, guids=["g\0"])] == [entry_id]
    assert known(store, links=["https://local.example/\udc80"])[0].words == {"عاجل", "\ufffd", "قصف\ufffd"}


# Stories


def test_without_a_verdict_there_is_no_story(store: Store) -> None:
    assert write(store, item("خبر"))[1:] == (None, 1)
    assert story_of(store, "خبر") is None


def test_a_verdict_begins_a_story_that_its_keys_find(store: Store) -> None:
    entry = item("قصف", verdicts=[verdict(reason=Reason.BASELINE)])
    _, story_id, number = write(store, entry)
    assert number == 1
    story = story_of(store, "قصف")
    assert story is not None
    assert (story.id, story.begun_at, len(story.reports), story.alerts) == (story_id, NOW, 1, ())


def test_a_second_feed_joins_the_story(store: Store) -> None:
    first = item("قصف", summary="أ", verdicts=[verdict()])
    _, story_id, _ = write(store, first)
    second = item("قصف", summary="ب", feed_id="other", story_id=story_id, verdicts=[verdict()])
    assert write(store, second)[1] == story_id
    story = story_of(store, "قصف")
    assert story is not None
    assert story.id == story_id


def test_each_rules_newest_alert_is_known(store: Store) -> None:
    with store.ingest() as tx:
        entry_id, story_id, _ = tx.write(item("قصف", verdicts=[verdict("a"), verdict("b")]), seen_at=NOW)
        assert story_id is not None
        for number, (rule, at) in enumerate([("a", NOW), ("b", NOW + HOUR), ("a", NOW + MINUTE)], 1):
            assert tx.alert(entry_id, alert(story_id, number, rule_id=rule, decided_at=at), [])
    story = story_of(store, "قصف")
    assert story is not None
    assert {(told.rule_id, told.number, told.alerted_at) for told in story.alerts} == {
        ("a", 3, NOW + MINUTE),
        ("b", 2, NOW + HOUR),
    }


def test_of_stories_that_share_as_much_the_newest_is_the_first(store: Store) -> None:
    write(store, item("قصف", summary="أمس", verdicts=[verdict()]), seen_at=NOW - 2 * DAY)
    _, newest, _ = write(store, item("قصف", summary="اليوم", verdicts=[verdict()]))
    story = story_of(store, "قصف", since=NOW - 3 * DAY)
    assert story is not None
    assert story.id == newest


def test_a_key_last_seen_too_long_ago_finds_no_story(store: Store) -> None:
    write(store, item("قصف", verdicts=[verdict()]), seen_at=NOW)
    assert story_of(store, "قصف", since=NOW) is not None
    assert story_of(store, "قصف", since=NOW + MINUTE) is None


def test_a_story_is_found_by_the_keys_of_every_version(store: Store) -> None:
    entry_id, story_id, _ = write(store, item("أنباء أولية", guid="g", verdicts=[verdict()]))
    later = item("قصف على الجسر", guid="g", known_id=entry_id, story_id=story_id, verdicts=[verdict()])
    write(store, later, seen_at=NOW + MINUTE)
    for title in ("أنباء أولية", "قصف على الجسر"):
        story = story_of(store, title)
        assert story is not None
        assert story.id == story_id


def test_unknown_keys_find_nothing_and_repeated_ones_nothing_more(store: Store) -> None:
    write(store, item("قصف", verdicts=[verdict()]))
    with store.ingest() as tx:
        assert len(tx.stories([key("قصف"), key("غيره"), key("قصف")], since=NOW)) == 1


# Alerts


def test_the_next_alert_of_a_story_has_the_next_number(store: Store) -> None:
    first = tell(store, "قصف")
    _, _, number = write(store, item("قصف", summary="تحديث", story_id=first.story_id, verdicts=[verdict()]))
    assert (first.number, number) == (1, 2)


def test_an_alert_that_is_there_is_not_stored_twice(store: Store) -> None:
    with store.ingest() as tx:
        entry_id, story_id, number = tx.write(item(verdicts=[verdict()]), seen_at=NOW)
        assert story_id is not None
        assert tx.alert(entry_id, alert(story_id, number), [DESK]) is True
        assert tx.alert(entry_id, alert(story_id, number), [DESK]) is False
    assert len(store.claim_deliveries(NOW, limit=10, lease=MINUTE)) == 1


def test_a_recipient_named_twice_gets_one_delivery(store: Store) -> None:
    tell(store, "قصف", DESK, DESK)
    assert len(store.claim_deliveries(NOW, limit=10, lease=MINUTE)) == 1


# The transaction


def test_a_block_that_raises_leaves_nothing(store: SqliteStore) -> None:
    with contextlib.suppress(ZeroDivisionError), store.ingest() as tx:
        entry_id, story_id, number = tx.write(item(guid="g", verdicts=[verdict()]), seen_at=NOW)
        assert story_id is not None
        tx.alert(entry_id, alert(story_id, number), [DESK])
        tx.feed_state(FeedState(feed_id="local", next_poll_at=NOW, failures=9))
        raise ZeroDivisionError
    assert known(store, guids=["g"]) == ()
    assert story_of(store, "غارة على أطراف البلدة") is None
    assert store.claim_deliveries(NOW, limit=10, lease=MINUTE) == []
    tell(store, "قصف")  # and the store still works


def test_a_transaction_that_is_over_cannot_be_written_to(store: Store) -> None:
    with store.ingest() as tx:
        pass
    with pytest.raises(RuntimeError):
        tx.write(item(), seen_at=NOW)


def test_only_one_transaction_decides_at_a_time(store: Store) -> None:
    """Eight threads ask whether the story is there and begin it if not: without a lock, several would begin it."""

    def poll(n: int) -> None:
        with store.ingest() as tx:
            story = next(iter(tx.stories([key("قصف")], since=NOW)), None)
            story_id = story.id if story else None
            entry = item("قصف", summary=str(n), feed_id=f"f{n}", story_id=story_id, verdicts=[verdict()])
            found.append(tx.write(entry, seen_at=NOW)[1])

    found: list[int | None] = []
    threads = [threading.Thread(target=poll, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1
