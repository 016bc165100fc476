"""The job of a batch: each feed is asked at its slot, and what it brings is taken in as on one machine."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from threading import Event, Lock
from typing import Any, Final

from monitor.cluster.batches import Batch, Lease, is_beyond, is_late
from monitor.cluster.lanes import place_of
from monitor.cluster.plan import clock_us, hand_back, renew
from monitor.errors import StateError
from monitor.loops import PollLoop
from monitor.model import FeedState
from monitor.ports import Clock
from monitor.setup import Setup
from monitor.store import codec, feed_rows
from monitor.store.postgres.database import PostgresDatabase

log = logging.getLogger(__name__)

# From a feed's slot on: longer than a fetch, its parsing and its transaction can take together. A worker that dies is
# missed long before, and its batches are begun again with the leases that they have.
LEASE: Final = timedelta(minutes=5)
# Feeds that this worker does not know, because it has not loaded the newest rules: others are to come by meanwhile.
# And feeds whose poll could not be written, because the database went away: it is to come back meanwhile.
PUT_OFF: Final = timedelta(seconds=10)
_SECOND: Final = 1_000_000


class BatchPolls:
    """Safe from any thread; one thread a batch."""

    def __init__(
        self,
        *,
        database: PostgresDatabase,
        polls: PollLoop,
        setup: Callable[[int], Setup | None],
        clock: Clock,
        worker: str,
    ) -> None:
        """`setup`: the rules to poll by, told which number the batch was planned by; None while there are none."""
        self._database, self._polls, self._setup, self._clock, self._worker = database, polls, setup, clock, worker
        self._stopping = Event()
        self._kept, self._keeping = list[Lease](), Lock()  # that the database was not there to take back

    def stop(self) -> None:
        """Ask no feed any more; those that were not asked yet are handed back."""
        self._stopping.set()

    def work(self, payload: Mapping[str, Any]) -> None:
        """Until every feed of the batch was polled, or handed back. Once more after a crash: what was done is not done
        again, because its lease has ended."""
        self._hand_back(())
        batch = Batch.read(payload)
        try:
            self._ask(batch)
        except Exception:  # the database went away, as a rule: nobody would ask the rest before their leases end
            self._polls.wait_for([each.feed_id for each in batch.leases])
            self._hand_back(batch.leases, later=PUT_OFF)  # those that were answered are leased no more
            raise

    def _ask(self, batch: Batch) -> None:
        setup = self._setup(batch.rules)
        known = [each for each in batch.leases if setup is not None and each.feed_id in setup.feeds]
        self._hand_back((each for each in batch.leases if each not in known), later=PUT_OFF)
        if setup is not None and known:
            self._poll(setup, known)

    def _poll(self, setup: Setup, leases: Sequence[Lease]) -> None:
        states = self._states(leases)
        left = deque(each for each in leases if each.feed_id in states)
        begun, ahead_us = list[Lease](), self._ahead_us()
        while left:
            lease = left.popleft()
            if is_beyond(lease, self._database_us(ahead_us)) or not self._wait_for(lease, ahead_us):
                self._hand_back([lease, *left])
                break
            if is_late(lease, self._database_us(ahead_us)) and self._keeps_apart(setup, states[lease.feed_id]):
                left = self._renewed([lease, *left])
                continue
            # While it is leased the row says when the lease ends; the next poll is counted from when this one was due.
            self._polls.begin(setup, replace(states[lease.feed_id], next_poll_at=codec.instant(lease.at_us)))
            begun.append(lease)
        self._polls.wait_for(states)
        self._hand_back(begun, later=PUT_OFF)  # of these nothing could be written; the others are leased no more

    @staticmethod
    def _keeps_apart(setup: Setup, state: FeedState) -> bool:
        """Whether the host is asked at intervals. One that may be asked at any time can be asked late, too."""
        return place_of(setup.feeds[state.feed_id], state).gap > timedelta(0)

    def _wait_for(self, lease: Lease, ahead_us: int) -> bool:
        """False if we are to stop."""
        seconds = (lease.at_us - self._database_us(ahead_us)) / _SECOND
        return not (self._stopping.wait(seconds) if seconds > 0 else self._stopping.is_set())

    def _renewed(self, late: Sequence[Lease]) -> deque[Lease]:
        """Slots that lie ahead, for those whose slots passed; those that get none are asked by somebody, later."""
        with self._database.write() as db:
            return deque(renew(db.raw, late, lease=LEASE, worker=self._worker))

    def _hand_back(self, leases: Iterable[Lease], *, later: timedelta = timedelta(0)) -> None:
        with self._keeping:
            given, self._kept = [*leases, *self._kept], []
        if not given:
            return
        try:
            with self._database.write() as db:
                due_us = clock_us(db.raw) + later // timedelta(microseconds=1)
                hand_back(db.raw, given, now_us=due_us)
        except StateError as error:  # their leases end by themselves, in minutes; the next batch may come before
            with self._keeping:
                self._kept += given
            log.warning("batch.kept", extra={"feeds": len(given), "what": str(error)})

    def _states(self, leases: Sequence[Lease]) -> Mapping[str, FeedState]:
        """Of those that are still leased to whoever works on this batch."""
        tokens = {each.feed_id: each.token for each in leases}
        with self._database.read() as db:
            found = feed_rows.leased(db, list(tokens))
        return {state.feed_id: state for state in found if state.token == tokens[state.feed_id]}

    def _ahead_us(self) -> int:
        """By how much the database's clock is ahead of our monotonic one, to a few milliseconds."""
        before = self._clock.monotonic()
        with self._database.read() as db:
            shown = clock_us(db.raw)
        return shown - round((before + self._clock.monotonic()) / 2 * _SECOND)

    def _database_us(self, ahead_us: int) -> int:
        return round(self._clock.monotonic() * _SECOND) + ahead_us
