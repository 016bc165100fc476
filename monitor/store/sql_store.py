"""What the Store does by statements, on any of the databases."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TypeVar

from monitor.model import Delivery, Entry, Feed, FeedState, NotSent, Outcome, Receipt, Recipient, Sent, Wait
from monitor.store import article_rows, chain_rows, codec, entry_rows, feed_rows, outbox, resend
from monitor.store.ingest import SqlIngest
from monitor.store.receipt_rows import record_receipt
from monitor.store.sql import Connection, Database, claiming, decide_alone

Result = TypeVar("Result")


class SqlStore:
    """`ports.Store`, and what the command line and the daemon do to state.

    Instants keep their microseconds. A text's NULs and lone surrogates come back as U+FFFD. Raises StateError, with a
    remedy, for what the database cannot do for us; then nothing of the call was stored.
    """

    path: Path | None = None  # of its file, if it is one
    warnings: tuple[str, ...] = ()  # fit for an operator

    def __init__(self, database: Database) -> None:
        self.database = database
        self._turn = Lock()

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
        claim = claiming(
            lambda db: feed_rows.claim(db, ids, now, limit=limit, lease=lease, every=every),
            lambda db, claimed: feed_rows.held(db, claimed, now + lease),
        )
        return self._write(claim)

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
    def turn_of(self, _feed_id: str, /) -> Iterator[None]:
        """One for all feeds: the process is alone, and has one writer at a time anyhow."""
        with self._turn:
            yield

    @contextlib.contextmanager
    def ingest(self) -> Iterator[SqlIngest]:
        with self.database.write() as db:
            transaction = SqlIngest(db)
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
        claim = claiming(
            lambda db: outbox.claim(
                db, now, limit=limit, lease=lease, channel_id=channel_id, ids=ids, together=together
            ),
            lambda db, claimed: outbox.held(db, claimed, now + lease),
        )
        return self._write(claim)

    def record(self, delivery: Delivery, result: Sent | NotSent, *, retry_at: datetime | None) -> None:
        self._write(lambda db: outbox.record(db, delivery, result, retry_at=retry_at))

    def record_receipt(self, receipt: Receipt) -> int:
        """What was taken, though whoever sent it recorded nothing. How many deliveries are sent by that, which were not
        known to be."""
        return self._write(lambda db: record_receipt(db, receipt))

    def record_together(self, outcomes: Sequence[Outcome], *, now: datetime) -> None:
        def record_all(db: Connection) -> None:
            if any(isinstance(each.result, NotSent) for each in outcomes):
                decide_alone(db)  # before the first row; see `outbox`
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
        def put_all_off(db: Connection) -> None:
            for delivery in deliveries:
                outbox.defer(db, delivery, until=until, why=why)

        self._write(put_all_off)

    def pass_on(self, delivery: Delivery, result: NotSent, recipients: Sequence[Recipient], *, now: datetime) -> None:
        self._write(lambda db: outbox.pass_on(db, delivery, result, recipients, now=now))

    def resend(self, delivery_ids: Sequence[int] | None = None, *, now: datetime) -> int:
        """Begin these deliveries anew (None: all dead ones), sent ones too. Returns how many.

        Their attempts and their age count from now. One that is being sent at this moment is left alone.
        """
        return self._write(lambda db: resend.resend(db, delivery_ids, now=now))

    def resend_to(self, channel_id: str, *, now: datetime) -> int:
        """As `resend`, everything of one channel that was given up and told to no fallback."""
        return self._write(lambda db: resend.resend_to(db, channel_id, now=now))

    def make_due(self, feed_ids: Sequence[str], *, now: datetime) -> None:
        """Poll these feeds at the next look, whenever they were due. Unknown ones are due anyway."""
        self._write(lambda db: feed_rows.make_due(db, feed_ids, codec.microseconds(now)))

    def take_over(self, *, now: datetime) -> None:
        """For a process that has just acquired the poll lock: whoever held a lease is gone, so it ends here.

        What the clock, set back meanwhile, would hold up is due now.
        """

        def end_leases(db: Connection) -> None:
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

        def shift(db: Connection) -> None:
            feed_rows.shift(db, us, codec.microseconds(now))
            outbox.shift(db, us)
            chain_rows.shift(db, us)
            article_rows.shift(db, us)

        self._write(shift)

    # --- bad times

    @property
    def trouble(self) -> str | None:
        """Why not all is recorded as it should be, and what to do, for the operators; None as a rule."""
        return None

    @property
    def holds(self) -> bool:
        """Whether what is written is only in memory, because the disk takes nothing."""
        return False

    def reserve(self, *, keeps_going: bool) -> None:
        """For the process that polls: lay the ballast. `keeps_going`: hold in memory what the disk does not take."""

    def look_up(self) -> None:
        """If the disk takes writes again, go back to recording all. To be asked every few seconds; cheap."""

    def check(self) -> None:
        """Look whether what is recorded can be read, holding nobody up. Raises StateDamaged, StateError."""

    def in_place(self) -> bool:
        """Whether what we write is still found where others look for it. If not, it goes nowhere."""
        return True

    def rescue(self) -> Path | None:
        """It is not in place: save what we have, and tell where. None if that fails."""
        return None

    def settle(self) -> None:
        """After much was removed: what the database can do for itself."""

    def close(self) -> None:
        """Waits for what is under way. Idempotent."""
        self.database.close()

    def _write(self, work: Callable[[Connection], Result]) -> Result:
        """In one transaction, and once more for each rung down that the store has to take (see `straits`)."""
        return self.database.do(work)


def name_generation(db: Connection, now: datetime) -> None:
    add = "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING"
    db.execute(add, ("generation", os.urandom(16).hex()))
    db.execute(add, ("begun_at", now.isoformat()))
