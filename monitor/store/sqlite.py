"""The Store of one machine: SQLite in the state directory."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

from monitor.errors import StateError
from monitor.model import (
    Alert,
    Delivery,
    Entry,
    Feed,
    FeedState,
    Fingerprint,
    Hold,
    IngestEntry,
    KnownEntry,
    KnownStory,
    Mute,
    NotSent,
    Outcome,
    Recipient,
    Report,
    Sent,
    Wait,
    WantedArticle,
)
from monitor.store import article_rows, chain_rows, codec, entry_rows, feed_rows, outbox, place, story_rows
from monitor.store.backup import copy_to
from monitor.store.database import Database, connect_in_memory, connect_in_passing, connect_to_read, explained
from monitor.store.database import check as quick_check
from monitor.store.first_poll import FirstPolls
from monitor.store.migrate import migrate, refuse_newer, shipped
from monitor.store.straits import Straits
from monitor.store.watch_rows import WatchRows

Result = TypeVar("Result")

RESCUED = "monitor-rescued.db"


class SqliteIngest:
    """`ports.Ingest`; of use only inside the block of `SqliteStore.ingest`."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._open: sqlite3.Connection | None = db
        self._first = FirstPolls()
        self._numbers: dict[str, int] = {}

    @property
    def _db(self) -> sqlite3.Connection:
        # Also SQLite ends one, when the disk is full. Each further statement would be a transaction of its own.
        if self._open is None or not self._open.in_transaction:
            raise RuntimeError("this transaction is over")
        return self._open

    def end(self) -> None:
        self._open = None

    def known_entries(
        self, feed_id: str, *, guids: Sequence[str], links: Sequence[str], texts: Sequence[bytes]
    ) -> tuple[KnownEntry, ...]:
        """By the guid and link of the latest version; at most the newest `entry_rows.NEWEST` for each key."""
        if self._first.miss(feed_id, guids, links, texts):
            return ()
        feed = self._number(feed_id)
        if feed is None:
            self._first.begin(feed_id)
            return ()
        return entry_rows.known(self._db, feed, guids=guids, links=links, texts=texts)

    def stories(self, keys: Sequence[int], *, since: datetime) -> tuple[KnownStory, ...]:
        return story_rows.kin(self._db, keys, since=since)

    def story(self, story_id: int) -> KnownStory | None:
        return story_rows.load(self._db, story_id)

    def report(self, entry_id: int) -> Report | None:
        return story_rows.report(self._db, entry_id)

    def mutes(self, now: datetime) -> tuple[Mute, ...]:
        return story_rows.mutes(self._db, now)

    @property
    def watches(self) -> WatchRows:
        return WatchRows(self._db)

    def write(self, entry: IngestEntry, *, seen_at: datetime) -> tuple[int, int | None, int]:
        feed = self._number(entry.entry.feed_id)
        if feed is None:
            feed = self._numbers[entry.entry.feed_id] = entry_rows.number_feed(self._db, entry.entry.feed_id)
        self._first.note(entry)
        return entry_rows.write(self._db, entry, feed, seen_at=seen_at)

    def still_there(self, feed_id: str, raws: Sequence[bytes], *, seen_at: datetime) -> None:
        entry_rows.still_there(self._db, feed_id, raws, seen_at=seen_at)

    def alert(
        self,
        entry_id: int,
        alert: Alert,
        recipients: Sequence[Recipient],
        *,
        hold: Hold | None = None,
        due_at: datetime | None = None,
        waits: Mapping[str, Wait] | None = None,
    ) -> bool:
        return outbox.add_alert(self._db, entry_id, alert, recipients, hold=hold, due_at=due_at, waits=waits)

    def wait_for_acknowledgement(
        self, alert_id: str, channels: Sequence[str], *, every: timedelta, due_at: datetime
    ) -> None:
        chain_rows.begin(self._db, alert_id, channels, every=every, due_at=due_at)

    def want_article(self, entry_id: int, entry: Entry, raw: bytes, *, now: datetime) -> None:
        feed = self._number(entry.feed_id)
        assert feed is not None, "its entry was written just now"
        article_rows.want(self._db, feed, entry_id, link=entry.link or "", raw=raw, now=now)

    def want_article_again(self, entry_id: int, *, now: datetime) -> None:
        article_rows.want_again(self._db, entry_id, now=now)

    def article_shown(self, entry_id: int, entry: Entry, mark: Fingerprint) -> None:
        article_rows.shown(self._db, entry_id, mark, link=entry.link or "")

    def has_article_body(self, entry_id: int, text: bytes, *, completed: bool) -> None:
        article_rows.has_body(self._db, entry_id, text, completed=completed)

    def article_is_wanted(self, wanted: WantedArticle) -> bool:
        return article_rows.is_wanted(self._db, wanted)

    def article_read(self, entry_id: int, page: str, *, now: datetime) -> None:
        article_rows.read(self._db, entry_id, page, now=now)

    def _number(self, feed_id: str) -> int | None:
        if feed_id not in self._numbers:
            found = entry_rows.feed_number(self._db, feed_id)
            if found is None:
                return None
            self._numbers[feed_id] = found
        return self._numbers[feed_id]

    def feed_state(self, state: FeedState) -> None:
        feed_rows.replace(self._db, state)


class SqliteStore:
    """`ports.Store`, and what the command line and the daemon do to state. Get one from `opening.open_store`.

    Instants keep their microseconds. A text's NULs and lone surrogates come back as U+FFFD. Raises StateError, with a
    remedy, for what the disk or another process does to us; then nothing of the call was stored.
    """

    def __init__(self, database: Database, *, path: Path | None, warnings: tuple[str, ...] = ()) -> None:
        self.database, self.path, self.warnings = database, path, warnings
        self._inode = path.stat().st_ino if path else None
        self._straits = Straits(database, path.parent) if path else None

    @classmethod
    def in_memory(cls, *, now: datetime) -> SqliteStore:
        return cls._scratch(connect_in_memory(), now)

    @classmethod
    def in_passing(cls, *, now: datetime) -> SqliteStore:
        """As `in_memory`, for more than fits there; nothing of it is left when it is closed."""
        return cls._scratch(connect_in_passing(), now)

    @classmethod
    def copy_in_memory(cls, state_dir: Path, *, now: datetime) -> SqliteStore:
        """What is recorded in the directory, or nothing, to be tried on: what is written here stays here.

        Creates nothing. Raises as `open_store`.
        """
        path = state_dir / place.DATABASE
        db = connect_in_memory()
        if place.has_content(path):
            with explained(str(path)), contextlib.closing(connect_to_read(path)) as original:
                refuse_newer(original, shipped(), str(path))
                original.backup(db)
                quick_check(db, str(path))
        return cls._scratch(db, now)

    @classmethod
    def _scratch(cls, db: sqlite3.Connection, now: datetime) -> SqliteStore:
        migrate(db, shipped())
        name_generation(db, now)
        return cls(Database(db, "the state in memory"), path=None)

    @property
    def generation(self) -> str:
        """Differs between any two databases that were begun anew; a backup has its original's."""
        with self.database.read() as db:
            return str(db.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()[0])

    def claim_due_feeds(
        self, feeds: Sequence[Feed], now: datetime, *, limit: int, lease: timedelta, every: bool = False
    ) -> list[FeedState]:
        """Polling ends a lease: with `every`, claim all at once, or a second call hands out the same feeds again."""
        ids = [feed.id for feed in feeds]
        return self._write(lambda db: feed_rows.claim(db, ids, now, limit=limit, lease=lease, every=every))

    def known_raw(self, feed_id: str, raws: Sequence[bytes]) -> frozenset[bytes]:
        with self.database.read() as db:
            return entry_rows.known_raw(db, feed_id, raws)

    def shown_otherwise(self, feed_id: str, raws: Collection[bytes]) -> frozenset[bytes]:
        with self.database.read() as db:
            return article_rows.shown_otherwise(db, feed_id, raws)

    def article_bodies(self, feed_id: str, entries: Sequence[Entry]) -> Mapping[int, tuple[int, str]]:
        with self.database.read() as db:
            return article_rows.bodies(db, feed_id, entries)

    @contextlib.contextmanager
    def ingest(self) -> Iterator[SqliteIngest]:
        with self.database.write() as db:
            transaction = SqliteIngest(db)
            try:
                yield transaction
            finally:
                transaction.end()

    def channels_due(self, now: datetime) -> list[str]:
        with self.database.read() as db:
            return outbox.channels_due(db, now)

    def waiting(self, now: datetime, *, channel_id: str, limit: int) -> list[Delivery]:
        with self.database.read() as db:
            return [outbox.delivery(row) for row in outbox.due(db, now, limit=limit, channel_id=channel_id)]

    def claim_deliveries(
        self,
        now: datetime,
        *,
        limit: int,
        lease: timedelta,
        channel_id: str | None = None,
        ids: Sequence[int] | None = None,
        together: bool = False,
    ) -> list[Delivery]:
        return self._write(
            lambda db: outbox.claim(
                db, now, limit=limit, lease=lease, channel_id=channel_id, ids=ids, together=together
            )
        )

    def record(self, delivery: Delivery, result: Sent | NotSent, *, retry_at: datetime | None) -> None:
        self._write(lambda db: outbox.record(db, delivery, result, retry_at=retry_at))

    def record_together(self, outcomes: Sequence[Outcome], *, now: datetime) -> None:
        def record_all(db: sqlite3.Connection) -> None:
            for each in outcomes:
                if each.instead and isinstance(each.result, NotSent):
                    outbox.pass_on(db, each.delivery, each.result, each.instead, now=now)
                else:
                    outbox.record(db, each.delivery, each.result, retry_at=each.retry_at)

        self._write(record_all)

    def hold(self, held: Sequence[tuple[Delivery, Wait]]) -> None:
        self._write(lambda db: outbox.hold(db, held))

    def look_anew(self, now: datetime, *, rule_ids: Sequence[str]) -> None:
        """What waits for the end of quiet hours or for a digest, or was throttled by a rule that is not among these, is
        due: whoever claims it may hold it again."""
        self._write(lambda db: outbox.look_anew(db, now, rule_ids))

    def defer(self, delivery: Delivery, *, until: datetime, why: str | None = None) -> None:
        self._write(lambda db: outbox.defer(db, delivery, until=until, why=why))

    def put_off(self, deliveries: Sequence[Delivery], *, until: datetime, why: str | None = None) -> None:
        def put_all_off(db: sqlite3.Connection) -> None:
            for delivery in deliveries:
                outbox.defer(db, delivery, until=until, why=why)

        self._write(put_all_off)

    def pass_on(self, delivery: Delivery, result: NotSent, recipients: Sequence[Recipient], *, now: datetime) -> None:
        self._write(lambda db: outbox.pass_on(db, delivery, result, recipients, now=now))

    def resend(self, delivery_ids: Sequence[int] | None = None, *, now: datetime) -> int:
        """Begin these deliveries anew (None: all dead ones), sent ones too. Returns how many.

        Their attempts and their age count from now. One that is being sent at this moment is left alone.
        """
        return self._write(lambda db: outbox.resend(db, delivery_ids, now=now))

    def resend_to(self, channel_id: str, *, now: datetime) -> int:
        """As `resend`, everything of one channel that was given up and told to no fallback."""
        return self._write(lambda db: outbox.resend_to(db, channel_id, now=now))

    def make_due(self, feed_ids: Sequence[str], *, now: datetime) -> None:
        """Poll these feeds at the next look, whenever they were due. Unknown ones are due anyway."""
        self._write(lambda db: feed_rows.make_due(db, feed_ids, codec.microseconds(now)))

    def take_over(self, *, now: datetime) -> None:
        """For a process that has just acquired the poll lock: whoever held a lease is gone, so it ends here.

        What the clock, set back meanwhile, would hold up is due now.
        """

        def end_leases(db: sqlite3.Connection) -> None:
            feed_rows.take_over(db, codec.microseconds(now))
            outbox.take_over(db, codec.microseconds(now))
            chain_rows.take_over(db, codec.microseconds(now))
            article_rows.take_over(db, codec.microseconds(now))

        self._write(end_leases)

    def shift_leases(self, delta: timedelta, *, now: datetime) -> None:
        """The wall clock jumped by `delta`: due times, leases and the age of what is undelivered go with it.

        But for feeds that were polled between the jump and `now`: those know the new time already.
        """
        us = delta // timedelta(microseconds=1)

        def shift(db: sqlite3.Connection) -> None:
            feed_rows.shift(db, us, codec.microseconds(now))
            outbox.shift(db, us)
            chain_rows.shift(db, us)
            article_rows.shift(db, us)

        self._write(shift)

    def _write(self, work: Callable[[sqlite3.Connection], Result]) -> Result:
        """In one transaction, and once more for each rung down that the store has to take (see `straits`)."""
        return self.database.do(work)

    # --- bad times

    @property
    def trouble(self) -> str | None:
        """Why not all is recorded as it should be, and what to do, for the operators; None as a rule."""
        return self._straits.trouble if self._straits else None

    @property
    def holds(self) -> bool:
        """Whether what is written is only in memory, because the disk takes nothing."""
        return self.database.held is not None

    def reserve(self, *, keeps_going: bool) -> None:
        """For the process that polls: lay the ballast. `keeps_going`: hold in memory what the disk does not take."""
        if self._straits:
            self._straits.keeps_going = keeps_going
            self._straits.reserve()

    def look_up(self) -> None:
        """If the disk takes writes again, go back to recording all. To be asked every few seconds; cheap."""
        if self._straits:
            self._straits.look()

    def check(self) -> None:
        """Read every page of what is on the disk, holding nobody up. Raises StateDamaged."""
        if self.path is None:
            return
        with explained(self.database.place), contextlib.closing(connect_to_read(self.path)) as own:
            quick_check(own, self.database.place)

    def in_place(self) -> bool:
        """Whether the file under our path is still the one we write to. If not, what we store goes nowhere."""
        if self.path is None:
            return True
        try:
            return self.path.stat().st_ino == self._inode
        except OSError:
            return False

    def rescue(self) -> Path | None:
        """Our file is gone or another's is in its place: save what we have, and tell where. None if that fails.

        A file that is gone is put back; another one is left alone, and ours is laid beside it.
        """
        if self.path is None or self.in_place():
            return None
        target = self.path if not self.path.exists() else self.path.with_name(RESCUED)
        try:
            with self.database.read() as db:
                copy_to(db, target, of=self.database.place)
        except (StateError, sqlite3.Error):
            return None
        return target

    def close(self) -> None:
        """Waits for what is under way. Idempotent."""
        if self.holds:
            self.look_up()
        self.database.close()


def name_generation(db: sqlite3.Connection, now: datetime) -> None:
    db.execute("INSERT OR IGNORE INTO meta (name, value) VALUES ('generation', ?)", (os.urandom(16).hex(),))
    db.execute("INSERT OR IGNORE INTO meta (name, value) VALUES ('begun_at', ?)", (now.isoformat(),))
