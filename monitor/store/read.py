"""The read side: what `status` and its kin show. Works beside a running daemon and never holds it up."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monitor.errors import StateError
from monitor.model import Alert, ArticlesRead, DeliveryStatus, FeedState, Hold, Kinship, Reason, Recipient
from monitor.store import alert_codec, article_reading, codec, place, story_codec
from monitor.store.database import Database as SqliteDatabase
from monitor.store.database import connect_in_memory, connect_to_read, explained
from monitor.store.migrate import migrate, refuse_newer, shipped, version
from monitor.store.ours import of_people
from monitor.store.outbox import DELIVERY_COLUMNS
from monitor.store.sql import Database, Row
from monitor.store.trouble_rows import TroubleRows
from monitor.trouble import Trouble

_TOTALS = """
    SELECT
        (SELECT count(*) FROM feed_state) AS feeds,
        (SELECT count(*) FROM entry) - (SELECT count(*) FROM entry WHERE first_id IS NOT NULL) AS entries,
        (SELECT count(*) FROM story) AS stories,
        (SELECT count(*) FROM alert) AS alerts,
        (SELECT count(*) FROM delivery WHERE status = 'pending') AS pending,
        (SELECT count(*) FROM delivery WHERE status = 'retrying') AS retrying,
        (SELECT count(*) FROM delivery WHERE status = 'sent') AS sent,
        (SELECT count(*) FROM delivery WHERE status = 'dead') AS dead,
        (SELECT count(*) FROM delivery WHERE status = 'replaced') AS replaced,
        (SELECT count(*) FROM delivery WHERE status = 'ended') AS ended
"""
_FEEDS = "SELECT * FROM feed_state ORDER BY feed_id"
_FEEDS_IN_SHORT = """
    SELECT feed_id, next_poll_us, baselined, failures, last_polled_us, last_success_us, last_new_us, last_error,
        failing_since_us, unchanged, asked_wait_us, moved_to, moved_times, rhythm, window_size, newest_us, gap_us,
        warnings, NULL AS validators_url, NULL AS etag, NULL AS last_modified, NULL AS body_hash, NULL AS entry_marks
    FROM feed_state ORDER BY feed_id
"""
# Of all versions, less the later ones: both are counted in an index, without a look at texts.
_ENTRIES_BY_FEED = """
    SELECT feed_key.feed_id, versions.number - coalesce(later.number, 0)
    FROM (SELECT feed, count(*) AS number FROM entry GROUP BY feed) AS versions
    JOIN feed_key ON feed_key.feed = versions.feed
    LEFT JOIN (SELECT feed, count(*) AS number FROM entry WHERE first_id IS NOT NULL GROUP BY feed) AS later
        ON later.feed = versions.feed
    ORDER BY feed_key.feed_id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How much there is. `deliveries` has every status, 0 too."""

    feeds: int
    entries: int
    stories: int
    alerts: int
    deliveries: Mapping[DeliveryStatus, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryRecord:
    """One delivery as it stands. `next_try_at` is None once it is over, `last_error` once it is sent. `hold`: what it
    waits, or waited, for. `answer`: what the service said, if it said anything."""

    id: int
    alert: Alert
    recipient: Recipient
    status: DeliveryStatus
    attempts: int
    created_at: datetime
    next_try_at: datetime | None
    last_try_at: datetime | None
    last_error: str | None
    sent_at: datetime | None
    stands_in_for: str | None
    hold: Hold | None = None
    answer: str | None = None
    unacknowledged_since: datetime | None = None

    def is_held(self, now: datetime) -> bool:
        """Whether it waits for what it is held for, rather than for its turn or another try."""
        waits = self.status is DeliveryStatus.PENDING and self.hold is not None
        return waits and self.next_try_at is not None and self.next_try_at > now


class Reader:
    """Each answer is of one moment. Safe from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def database(self) -> Database:
        return self._database

    def feeds(self, *, whole: bool = True) -> list[FeedState]:
        """Every feed that was ever due, also those no longer configured, by id. Not `whole`: without what only the next
        poll asks for, which is two thirds of it: of 100,000 feeds it is 140 MB, not 420."""
        with self._database.read() as db:
            return [codec.feed_state(row) for row in db.execute(_FEEDS if whole else _FEEDS_IN_SHORT)]

    def articles(self, feed_id: str) -> ArticlesRead | None:
        """How reading the feed's articles goes; None where none was ever wanted."""
        with self._database.read() as db:
            return article_reading.of_feed(db, feed_id)

    def entries_by_feed(self) -> dict[str, int]:
        """How many entries are kept; feeds without any are left out."""
        return dict(map(tuple, self._all(_ENTRIES_BY_FEED)))

    def last_polled_at(self) -> datetime | None:
        return codec.instant_or_none(self._all("SELECT max(last_polled_us) FROM feed_state")[0][0])

    def totals(self) -> Totals:
        row = self._all(_TOTALS)[0]
        deliveries = {status: row[status.value] for status in DeliveryStatus}
        return Totals(
            feeds=row["feeds"],
            entries=row["entries"],
            stories=row["stories"],
            alerts=row["alerts"],
            deliveries=deliveries,
        )

    def alerts(self, *, limit: int, since: datetime | None = None) -> list[Alert]:
        """The newest first."""
        query = "SELECT * FROM alert WHERE decided_us >= ? ORDER BY decided_us DESC, story_id DESC, number DESC LIMIT ?"
        return [alert_codec.alert(row) for row in self._all(query, codec.microseconds_or_none(since) or 0, limit)]

    def deliveries(self, status: DeliveryStatus, *, limit: int) -> list[DeliveryRecord]:
        """The newest first."""
        query = f"""
            SELECT {DELIVERY_COLUMNS} FROM delivery JOIN alert ON alert.id = delivery.alert_id
            WHERE delivery.status = ? ORDER BY delivery.id DESC LIMIT ?
        """  # noqa: S608 - the columns are ours
        return [delivery_record(row) for row in self._all(query, status.value, limit)]

    def alert(self, alert_id: str) -> Alert | None:
        rows = self._all("SELECT * FROM alert WHERE id = ?", alert_id)
        return alert_codec.alert(rows[0]) if rows else None

    def alerts_of(self, story_id: int) -> list[str]:
        """Their ids, in the order made."""
        return [
            str(row["id"]) for row in self._all("SELECT id FROM alert WHERE story_id = ? ORDER BY number", story_id)
        ]

    def has_story(self, story_id: int) -> bool:
        return bool(self._all("SELECT 1 FROM story WHERE id = ?", story_id))

    def deliveries_of(self, alert_id: str) -> list[DeliveryRecord]:
        """In the order made."""
        query = f"""
            SELECT {DELIVERY_COLUMNS} FROM delivery JOIN alert ON alert.id = delivery.alert_id
            WHERE delivery.alert_id = ? ORDER BY delivery.id
        """  # noqa: S608 - the columns are ours
        return [delivery_record(row) for row in self._all(query, alert_id)]

    def held(self, now: datetime) -> int:
        """How many deliveries wait for what they are held for, and are not due by now."""
        query = """
            SELECT count(*) FROM delivery
            WHERE status = 'pending' AND hold IS NOT NULL AND next_try_us > ?
        """
        return int(self._all(query, codec.microseconds(now))[0][0])

    def undelivered_since(self, now: datetime) -> datetime | None:
        """Since when the oldest delivery that could be sent by now waits; None if there is none. One that was held
        waits since it was due."""
        query = """
            SELECT min(CASE WHEN hold IS NOT NULL AND attempts = 0 THEN next_try_us ELSE created_us END) FROM delivery
            WHERE status IN ('pending', 'retrying')
                AND NOT (status = 'pending' AND hold IS NOT NULL AND next_try_us > ?)
        """
        return codec.instant_or_none(self._all(query, codec.microseconds(now))[0][0])

    def verdicts(self, *, since: datetime) -> dict[Reason, int]:
        """How often each reason was given; those never given are left out, and so are tests of ours."""
        query = f"""
            SELECT reason, count(*) FROM verdict WHERE decided_us >= ? AND {of_people("rule_id")}
            GROUP BY reason ORDER BY reason
        """  # noqa: S608 - ours
        return {Reason[name]: count for name, count in self._all(query, codec.microseconds(since))}

    def kinship(self, entry_id: int) -> Kinship | None:
        """How an entry came into its story; None for one that no rule matched."""
        found = self._all("SELECT kinship FROM report WHERE entry_id = ?", entry_id)
        return story_codec.load_kinship(found[0]["kinship"]) if found else None

    def troubles(self) -> dict[str, Trouble]:
        """What is wrong with monitor itself, as the last look left it, and what was wrong within a day; by key."""
        return TroubleRows(self._database).load()

    def rows(self, query: str, *parameters: object) -> list[Row]:
        """For what one command alone asks, in a module of the store (`why`)."""
        return self._all(query, *parameters)

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _all(self, query: str, *parameters: object) -> list[Row]:
        with self._database.read() as db:
            return db.execute(query, parameters).fetchall()


def open_reader(state_dir: Path) -> Reader | None:
    """None if nothing was recorded there yet. Raises StateTooNew, StateError, StateDamaged."""
    path = state_dir / place.DATABASE
    if not place.has_content(path):
        return None
    with explained(str(path)):
        db = connect_to_read(path)
        try:
            return Reader(SqliteDatabase(db, str(path))) if _readable(db, str(path)) else None
        except BaseException:
            db.close()
            raise


def empty_reader() -> Reader:
    """Of a state in which nothing was recorded, kept nowhere."""
    db = connect_in_memory()
    migrate(db, shipped())
    return Reader(SqliteDatabase(db, "nothing"))


def _readable(db: sqlite3.Connection, where: str) -> bool:
    migrations = shipped()
    refuse_newer(db, migrations, where)
    found = version(db)
    if 0 < found < migrations[-1].number:
        raise StateError(f"{where} was written by an older version of monitor. Run `monitor check` once to convert it.")
    return found > 0


def delivery_record(row: Row) -> DeliveryRecord:
    status = DeliveryStatus(row["status"])
    waits = status in (DeliveryStatus.PENDING, DeliveryStatus.RETRYING)
    return DeliveryRecord(
        id=row["delivery_id"],
        alert=alert_codec.alert(row),
        recipient=Recipient(channel_id=row["channel_id"], key=row["recipient_key"]),
        status=status,
        attempts=row["attempts"],
        created_at=codec.instant(row["created_us"]),
        next_try_at=codec.instant(row["next_try_us"]) if waits else None,
        last_try_at=codec.instant_or_none(row["last_try_us"]),
        last_error=row["last_error"],
        sent_at=codec.instant_or_none(row["sent_us"]),
        stands_in_for=row["stands_in_for"],
        hold=Hold[row["hold"]] if row["hold"] else None,
        answer=row["answer"],
        unacknowledged_since=codec.instant_or_none(row["unacknowledged_us"]),
    )
