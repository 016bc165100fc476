"""What one worker writes while another is in the middle of it. On SQLite, whoever writes is alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest

from monitor.model import ChainStep, Evidence, FeedState, Hold, MuteKind, NotSent, PageSeen, RuleText, Wait
from monitor.store import codec, evidence_rows, feed_rows, feedback_rows, mute_rows, outbox, resend
from monitor.store.article_rows import Articles
from monitor.store.chain_rows import Chains
from monitor.store.feedback_rows import Feedback, Opinion, Said
from monitor.store.housekeeping import Retention, tidy
from monitor.store.mute_rows import Mutes
from monitor.store.postgres.store import PostgresStore, open_postgres
from monitor.store.sql import Connection
from monitor.store.wish_rows import Wishes
from tests.postgres import Postgres
from tests.store.builders import DAY, DESK, FIELD, HOUR, MINUTE, NOW, alert, feeds, item, tell, verdict
from tests.store.conftest import with_schema

from .meanwhile import BOUND, begin, other_worker

LATER = NOW + 200 * DAY
Begin = Callable[[Callable[[], object]], Future[object]]


@pytest.fixture(scope="module")
def shared(postgres: Postgres) -> Iterator[PostgresStore]:
    url = postgres.fresh(with_schema)
    store = open_postgres(url, now=NOW, connections=8)
    yield store
    store.close()
    postgres.drop(url)


@pytest.fixture
def store(shared: PostgresStore) -> PostgresStore:
    with shared.database.write() as db:
        db.execute("TRUNCATE feed_state, feed_key, story, mute, watch, evidence_page, rule_text CASCADE")
        db.execute("TRUNCATE sighting, story_key")
    return shared


@pytest.fixture
def observer(shared: PostgresStore) -> Iterator[PostgresStore]:
    watching = PostgresStore(type(shared.database)(shared.database.url, connections=1))
    yield watching
    watching.close()


@pytest.fixture
def meanwhile(observer: PostgresStore) -> Iterator[Begin]:
    """Begin something in another thread; it is done, or waits for us, when this returns."""
    with other_worker() as pool:
        pool_of: ThreadPoolExecutor = pool
        yield lambda work: begin(pool_of, observer, work)


def count(store: PostgresStore, what: str, *told: object) -> int:
    with store.database.read() as db:
        return int(db.execute(f"SELECT count(*) FROM {what}", told).fetchall()[0][0])


def statuses(store: PostgresStore) -> dict[str, str]:
    with store.database.read() as db:
        return {row[0]: row[1] for row in db.execute("SELECT channel_id, status FROM delivery").fetchall()}


def mute(store: PostgresStore, *, by: str = "desk") -> mute_rows.Begun:
    return Mutes(store.database).begin(
        MuteKind.RULE, "strikes", until=NOW + HOUR, reason="", by=by, now=NOW, within=lambda _: ()
    )


def begin_mute(db: Connection) -> None:
    mute_rows.begin(db, MuteKind.RULE, "strikes", until=NOW + HOUR, reason="", by="desk", now=NOW, within=lambda _: ())


def result(future: Future[object]) -> object:
    return future.result(timeout=BOUND)


# --- people


def test_a_mute_that_is_begun_while_an_alert_is_decided_ends_it(store: PostgresStore, meanwhile: Begin) -> None:
    with store.ingest() as tx:
        assert tx.mutes(NOW) == ()
        begun = meanwhile(lambda: mute(store))
        entry_id, story_id, _ = tx.write(item(verdicts=[verdict()]), seen_at=NOW)
        assert story_id is not None
        tx.alert(entry_id, alert(story_id), [DESK])
    assert result(begun).ended == 1
    assert statuses(store) == {"desk": "ended"}


def test_a_mute_that_is_begun_before_an_alert_is_decided_holds_for_it(store: PostgresStore, meanwhile: Begin) -> None:
    def decide() -> int:
        with store.ingest() as tx:
            return len(tx.mutes(NOW))

    with store.database.write() as db:
        begin_mute(db)
        decided = meanwhile(decide)
    assert result(decided) == 1


def test_what_a_mute_ends_at_this_moment_is_not_claimed(store: PostgresStore, meanwhile: Begin) -> None:
    tell(store)
    with store.database.write() as db:
        begin_mute(db)
        claimed = meanwhile(lambda: store.claim_deliveries(NOW, limit=5, lease=MINUTE))
    assert result(claimed) == []
    assert count(store, "delivery WHERE lease_until_us IS NOT NULL") == 0


def test_a_mute_ends_what_a_fallback_is_about_to_be_told(store: PostgresStore, meanwhile: Begin) -> None:
    tell(store)
    [tried] = store.claim_deliveries(NOW, limit=5, lease=MINUTE)
    with store.database.write() as db:
        outbox.pass_on(db, tried, NotSent(detail="refused", failed_at=NOW), [FIELD], now=NOW)
        begun = meanwhile(lambda: mute(store))
    assert result(begun).ended == 1
    assert statuses(store) == {"desk": "dead", "field": "ended"}


def test_two_who_mute_the_same_at_once_begin_one_mute(store: PostgresStore, meanwhile: Begin) -> None:
    tell(store)
    told = {"until": NOW + HOUR, "reason": "", "by": "link", "now": NOW}
    with store.database.write() as db:
        mute_rows.begin(db, MuteKind.RULE, "strikes", **told, within=lambda _: ())
        by_link = meanwhile(lambda: Wishes(store.database).mute(MuteKind.RULE, "strikes", **told))
    result(by_link)
    assert count(store, "mute") == 1


def test_two_who_mute_as_long_at_once_begin_one_mute(store: PostgresStore, meanwhile: Begin) -> None:
    with store.database.write() as db:
        begin_mute(db)
        other = meanwhile(
            lambda: Mutes(store.database).begin_unless_standing(
                MuteKind.RULE, "strikes", until=NOW + HOUR, reason="", by="b", now=NOW, within=lambda _: ()
            )
        )
    assert result(other)[1] is False
    assert count(store, "mute") == 1


def test_a_mute_by_a_link_is_taken_back(store: PostgresStore) -> None:
    wishes = Wishes(store.database)
    wishes.mute(MuteKind.RULE, "strikes", until=NOW + HOUR, reason="", by="link", now=NOW)
    wishes.unmute("link", now=NOW + MINUTE)
    assert wishes.muted("link", now=NOW + MINUTE) is None


@pytest.mark.parametrize("acknowledge", [Wishes.acknowledge, Wishes.acknowledge_all])
@pytest.mark.parametrize("is_last", [False, True], ids=["another is left", "the last step"])
def test_an_acknowledgement_ends_what_a_chain_tells_at_this_moment(
    store: PostgresStore, meanwhile: Begin, acknowledge: Callable[..., object], is_last: bool
) -> None:
    told = tell(store)
    with store.ingest() as tx:
        tx.wait_for_acknowledgement(told.id, ["field", "chief"], every=MINUTE, due_at=NOW)
    saying = list[Future[object]]()

    def step(_chain: object) -> ChainStep:
        saying.append(meanwhile(lambda: acknowledge(Wishes(store.database), told.id, by="me", now=NOW)))
        return ChainStep(tell=(FIELD,), left=("chief",), due_at=None if is_last else NOW + HOUR)

    Chains(store.database).move(told.id, step, by=NOW, now=NOW)
    result(saying[0])
    assert statuses(store) == {"desk": "pending", "field": "ended"}
    assert count(store, "chain") == 0


def test_two_workers_take_one_step_of_a_chain(store: PostgresStore, meanwhile: Begin) -> None:
    told, chains = tell(store), Chains(store.database)
    with store.ingest() as tx:
        tx.wait_for_acknowledgement(told.id, ["field"], every=MINUTE, due_at=NOW)
    others = list[Future[object]]()

    def step(_chain: object) -> ChainStep:
        if not others:
            others.append(meanwhile(lambda: chains.move(told.id, step, by=NOW, now=NOW)))
        return ChainStep(tell=(FIELD,), left=("chief",), due_at=NOW + HOUR)

    chains.move(told.id, step, by=NOW, now=NOW)
    assert result(others[0]) is None


def test_one_opinion_that_is_said_twice_at_once_is_kept_once(store: PostgresStore, meanwhile: Begin) -> None:
    told = tell(store)
    said = Said(alert_id=told.id, rule_id="strikes", opinion=Opinion.WRONG, note="", by="me", at=NOW)
    with store.database.write() as db:
        feedback_rows.say(db, said)
        both = meanwhile(
            lambda: (
                Feedback(store.database).say(said),
                Wishes(store.database).call_wrong(told.id, "strikes", by="me", now=NOW),
            )
        )
    result(both)
    assert count(store, "feedback") == 1


# --- claims


def test_a_delivery_is_claimed_by_one(store: PostgresStore, meanwhile: Begin) -> None:
    tell(store)
    with store.database.write() as db:
        assert outbox.claim(db, NOW, limit=5, lease=MINUTE, channel_id=None)
        other = meanwhile(lambda: store.claim_deliveries(NOW, limit=5, lease=MINUTE))
    assert result(other) == []


def test_a_feed_is_claimed_by_one_and_whoever_has_it_may_write(store: PostgresStore, meanwhile: Begin) -> None:
    def claim() -> list[FeedState]:
        return store.claim_due_feeds(feeds("one"), NOW, limit=5, lease=MINUTE)

    with store.database.write() as db:  # also the first time that anybody hears of the feed
        [mine] = feed_rows.claim(db, ["one"], NOW, limit=5, lease=MINUTE, every=False)
        new = meanwhile(claim)
    assert result(new) == []
    with store.database.write() as db:
        [mine] = feed_rows.claim(db, ["one"], NOW + HOUR, limit=5, lease=MINUTE, every=False)
        known = meanwhile(lambda: store.claim_due_feeds(feeds("one"), NOW + HOUR, limit=5, lease=MINUTE))
    assert result(known) == []
    with store.ingest() as tx:
        tx.feed_state(mine)


def test_an_article_is_claimed_by_one(store: PostgresStore, meanwhile: Begin) -> None:
    entry = item(link="https://local.example/1")
    with store.ingest() as tx:
        entry_id, _, _ = tx.write(entry, seen_at=NOW)
        tx.want_article(entry_id, entry.entry, entry.fingerprint.raw, now=NOW)
    articles = Articles(store.database)
    with store.database.write() as db:  # as another claims it
        db.execute("UPDATE article SET lease_until_us = ?", (codec.microseconds(NOW + HOUR),))
        other = meanwhile(lambda: articles.claim(["local"], NOW, ahead=MINUTE, limit=5, lease=MINUTE))
    assert result(other) == []


def test_a_try_that_was_cut_short_is_doubted_once(store: PostgresStore, meanwhile: Begin) -> None:
    tell(store)
    store.claim_deliveries(NOW, limit=5, lease=MINUTE)
    with store.database.write() as db:
        outbox.claim(db, NOW + HOUR, limit=5, lease=MINUTE, channel_id="another")
        other = meanwhile(lambda: store.claim_deliveries(NOW + HOUR, limit=5, lease=MINUTE))
    [again] = result(other)
    assert again.doubts == 1


def test_what_is_being_sent_does_not_make_way_for_a_later_alert(store: PostgresStore) -> None:
    told = tell(store)
    [waiting] = store.waiting(NOW, channel_id="desk", limit=5)
    store.hold([(waiting, Wait(hold=Hold.THROTTLE, until=NOW + MINUTE))])
    assert store.claim_deliveries(NOW + MINUTE, limit=5, lease=MINUTE)
    with store.ingest() as tx:  # by a clock that is behind
        entry_id, story_id, number = tx.write(item("أخرى", verdicts=[verdict()], story_id=told.story_id), seen_at=NOW)
        tx.alert(entry_id, alert(story_id or 0, number), [DESK])
    assert count(store, "delivery WHERE status = 'replaced'") == 0


def test_a_failed_try_goes_before_what_its_story_is_told_next_at_this_moment(
    store: PostgresStore, meanwhile: Begin
) -> None:
    told = tell(store)
    [tried] = store.claim_deliveries(NOW, limit=5, lease=MINUTE)
    failed = NotSent(detail="busy", failed_at=NOW)
    with store.ingest() as tx:
        tx.story(told.story_id)
        entry_id, story_id, number = tx.write(item("أخرى", verdicts=[verdict()], story_id=told.story_id), seen_at=NOW)
        tx.alert(entry_id, alert(story_id or 0, number), [DESK])
        recorded = meanwhile(lambda: store.record(tried, failed, retry_at=NOW + HOUR))
    result(recorded)
    assert [each.alert.number for each in store.claim_deliveries(NOW, limit=1, lease=MINUTE)] == [1]


# --- polls of one feed


def test_two_polls_of_a_new_feed_store_its_entry_once(store: PostgresStore, meanwhile: Begin) -> None:
    entry = item(guid="g1")

    def poll() -> None:
        with store.ingest() as tx:
            if not tx.known_entries("local", guids=["g1"], links=[], texts=[entry.fingerprint.text]):
                tx.write(entry, seen_at=NOW)

    with store.ingest() as tx:
        assert not tx.known_entries("local", guids=["g1"], links=[], texts=[entry.fingerprint.text])
        other = meanwhile(poll)
        tx.write(entry, seen_at=NOW)
    result(other)
    assert count(store, "entry") == count(store, "feed_key") == 1


def test_what_two_polls_see_at_once_is_evidence_once(store: PostgresStore, meanwhile: Begin) -> None:
    def write(feed_id: str) -> None:
        with store.database.write() as db:
            evidence_rows.write(db, entries[feed_id], EVIDENCE, ["strikes"])

    entries = {}
    for feed_id in ("one", "two"):
        with store.ingest() as tx:
            entries[feed_id], _, _ = tx.write(item(feed_id=feed_id), seen_at=NOW)
    with store.database.write() as db:
        evidence_rows.write(db, entries["one"], EVIDENCE, ["strikes"])
        other = meanwhile(lambda: write("two"))
    result(other)
    assert (count(store, "evidence_page"), count(store, "rule_text"), count(store, "evidence_rule")) == (1, 1, 2)


EVIDENCE = Evidence(
    page=PageSeen(
        feed_id="local", address="x", url="x", fetched_at=NOW, exchange=None, sha256=b"page", size=1, monitor="1",
        normal_form=1,
    ),
    rules={"strikes": RuleText(rule_id="strikes", text="x", sha256=b"text")},
)  # fmt: skip


# --- housekeeping


def old_entry(store: PostgresStore, title: str = "قديم") -> bytes:
    """Long gone from a feed that was read just now; the hash that the feed would show it by."""
    old = item(title, guid="old")
    with store.ingest() as tx:
        tx.write(old, seen_at=NOW)
        tx.write(item("جديد", guid="new"), seen_at=LATER)
    return old.fingerprint.raw


def test_what_a_poll_finds_still_there_meanwhile_stays(store: PostgresStore, meanwhile: Begin) -> None:
    raw = old_entry(store)
    with store.ingest() as tx:
        tx.still_there("local", [raw], seen_at=LATER)
        tidied = meanwhile(lambda: tidy(store, now=LATER))
    result(tidied)
    assert store.known_raw("local", [raw]) == {raw}
    assert count(store, "entry") == 2


def test_an_entry_that_a_poll_brings_a_version_of_meanwhile_stays(store: PostgresStore, meanwhile: Begin) -> None:
    old_entry(store)
    with store.ingest() as tx:
        [known] = tx.known_entries("local", guids=["old"], links=[], texts=[])
        tidied = meanwhile(lambda: tidy(store, now=LATER))
        tx.write(item("قديم معدل", guid="old", known_id=known.id, verdicts=[verdict()]), seen_at=LATER)
    result(tidied)
    assert count(store, "entry WHERE guid = 'old'") == 2


def test_a_version_that_a_rule_matches_meanwhile_stays(store: PostgresStore, meanwhile: Begin) -> None:
    first, second, third = (item(f"نص {n}", guid="g") for n in range(3))
    with store.ingest() as tx:
        entry_id, _, _ = tx.write(first, seen_at=NOW)
        for version in (second, third):
            tx.write(item(version.entry.title, guid="g", known_id=entry_id), seen_at=NOW)
    again = item(second.entry.title, guid="g", known_id=entry_id, verdicts=[verdict()])
    with store.ingest() as tx:
        assert tx.known_entries("local", guids=["g"], links=[], texts=[])
        tidied = meanwhile(lambda: tidy(store, now=LATER))
        tx.write(again, seen_at=LATER)
    result(tidied)
    assert count(store, "entry") == 3


def test_a_story_that_a_report_joins_meanwhile_stays(store: PostgresStore, meanwhile: Begin) -> None:
    told = tell(store)
    with store.database.write() as db:
        db.execute("DELETE FROM alert")
        db.execute("DELETE FROM entry")
    with store.ingest() as tx:
        assert tx.story(told.story_id) is not None
        tidied = meanwhile(lambda: tidy(store, now=NOW))
        tx.write(item(verdicts=[verdict()], story_id=told.story_id), seen_at=NOW)
    result(tidied)
    assert count(store, "story") == 1


def test_evidence_that_a_poll_names_meanwhile_stays(store: PostgresStore, meanwhile: Begin) -> None:
    with store.ingest() as tx:
        entry_id, _, _ = tx.write(item(), seen_at=NOW)
    with store.database.write() as db:
        evidence_rows.write(db, entry_id, EVIDENCE, ["strikes"])
        db.execute("DELETE FROM evidence")
    with store.database.write() as db:
        evidence_rows.write(db, entry_id, EVIDENCE, ["strikes"])
        tidied = meanwhile(lambda: tidy(store, now=NOW))
    result(tidied)
    assert (count(store, "evidence_page"), count(store, "rule_text")) == (1, 1)


def test_an_old_alert_that_is_sent_anew_meanwhile_stays(store: PostgresStore, meanwhile: Begin) -> None:
    tell(store)
    [delivery] = store.claim_deliveries(NOW, limit=5, lease=MINUTE)
    store.record(delivery, NotSent(detail="refused", failed_at=NOW), retry_at=None)
    with store.database.write() as db:
        assert resend.resend(db, [delivery.id], now=NOW + 500 * DAY) == 1
        tidied = meanwhile(lambda: tidy(store, now=NOW + 500 * DAY))
    result(tidied)
    assert statuses(store) == {"desk": "pending"}


def polled(at: object, *, token: int | None = None) -> FeedState:
    return FeedState(feed_id="local", next_poll_at=at, last_polled_at=at, token=token)  # type: ignore[arg-type]


def test_a_feed_that_is_polled_meanwhile_is_not_forgotten(store: PostgresStore, meanwhile: Begin) -> None:
    with store.ingest() as tx:
        tx.write(item(guid="g"), seen_at=NOW)
        tx.feed_state(polled(NOW))
    now = NOW + 500 * DAY
    with store.ingest() as tx:
        assert tx.known_entries("local", guids=["g"], links=[], texts=[])
        tx.feed_state(polled(now))
        tidied = meanwhile(lambda: tidy(store, now=now, keep=Retention(entries=timedelta(days=900))))
    result(tidied)
    assert count(store, "entry") == count(store, "feed_state") == count(store, "feed_key") == 1


def test_a_feed_of_a_fleet_that_was_away_for_long_is_not_forgotten(store: PostgresStore) -> None:
    with store.ingest() as tx:
        tx.write(item(), seen_at=NOW)
        tx.feed_state(polled(NOW))
    with store.database.write() as db:
        db.execute("UPDATE feed_state SET lane = 'local.example'")
    tidy(store, now=NOW + 500 * DAY)
    assert count(store, "feed_state") == 1
    with store.database.write() as db:
        db.execute("UPDATE feed_state SET lane = NULL")
    tidy(store, now=NOW + 500 * DAY)
    assert count(store, "feed_state") == 0
