"""The loop of polls, and what it has in common with that of deliveries (`outbound`): what is due is claimed, worked on
in the background, and accounted for. A tick returns at once.

`check` ticks until nothing is left, `run` for ever.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from threading import Condition

from monitor.errors import LeaseLost, StateError
from monitor.feeds import moves
from monitor.model import (
    Feed,
    FeedState,
    FetchRequest,
    FetchResult,
    NotModified,
    PollReport,
)
from monitor.pipeline import Pipeline, Unchanged
from monitor.ports import Clock, Fetcher, Store
from monitor.setup import Setup

log = logging.getLogger(__name__)

# Longer than a poll or a batch of sends can take, so that a lease ends only when its holder is gone.
LEASE = timedelta(minutes=10)
# Polls that brought nothing are recorded together, for a transaction costs far more than a row in it. A crash loses
# nothing with them: their feeds are asked again.
TOGETHER = 256
TOGETHER_WITHIN = 0.2  # seconds; at once when nothing else is under way
NAMED = 5  # feeds, in the log


def nobody(_error: Exception) -> None:
    pass


class Loop:
    """Keeps account of what is under way, by key. `lost` hears of what nobody expected, in the thread where it came."""

    def __init__(self, threads: int, name: str, lost: Callable[[Exception], None]) -> None:
        self._workers = ThreadPoolExecutor(threads, thread_name_prefix=name)
        self._busy: set[str] = set()
        self._idle = Condition()
        self._stopping = False
        self._lost = lost
        self.trouble: Exception | None = None  # the first error that nobody expected; for callers that end

    @property
    def busy(self) -> bool:
        """Whether something is under way."""
        return bool(self._busy)

    def wait(self, timeout: float | None = None) -> bool:
        """Until nothing is under way. False if it still is after `timeout` seconds."""
        with self._idle:
            return self._idle.wait_for(lambda: not self._busy, timeout)

    def wait_for_any(self, timeout: float) -> None:
        """Until something ended, or `timeout` seconds."""
        with self._idle:
            if self._busy:
                self._idle.wait(timeout)

    def stop(self) -> None:
        """Begin nothing more. What is under way goes on; what is only leased is due again at the next start."""
        self._stopping = True
        self._workers.shutdown(wait=False)

    def _broke(self, event: str, error: Exception, **about: str) -> None:
        """The loop must go on; the leases hold back meanwhile what was claimed."""
        self.trouble = self.trouble or error
        if isinstance(error, StateError):
            log.error(event, extra={**about, "what": str(error)})
        else:
            log.error(event, extra=about, exc_info=error)
        try:
            self._lost(error)
        except Exception:  # whoever hears of it must not break what goes on
            log.exception("lost.broke")

    def _begin(self, key: str) -> bool:
        with self._idle:
            if self._stopping or key in self._busy:
                return False
            self._busy.add(key)
            return True

    def _end(self, *keys: str) -> None:
        with self._idle:
            self._busy.difference_update(keys)
            self._idle.notify_all()


@dataclass(frozen=True, slots=True)
class _Nothing:
    """A poll that brought nothing new, and what it began with."""

    setup: Setup
    poll: Unchanged


class PollLoop(Loop):
    """Feeds, fetched side by side, taken in by a few threads."""

    def __init__(
        self,
        *,
        pipeline: Pipeline,
        store: Store,
        fetcher: Fetcher,
        clock: Clock,
        report: Callable[[PollReport], None],
        lost: Callable[[Exception], None] = nobody,
        capacity: int = 4096,
        threads: int = 2,
    ) -> None:
        """`capacity`: feeds under way at most, waiting for their host included. `threads`: how many are taken in at a
        time. `report` is called in a worker."""
        super().__init__(threads + 1, "take", lost)  # one that gathers
        self._pipeline, self._store, self._fetcher, self._clock = pipeline, store, fetcher, clock
        self._report, self._capacity = report, capacity
        self._nothing: list[_Nothing] = []  # brought, and not recorded yet
        self._gathers = False

    def tick(
        self,
        setup: Setup,
        feeds: Iterable[Feed] | None = None,
        *,
        every: bool = False,
        ahead: timedelta = timedelta(0),
    ) -> list[str]:
        """Begin to poll what is due of `feeds` (or of all), or all of them with `every`; the ids of those begun.

        `ahead`: what will be due so soon is due now, for a caller that comes again only much later.
        """
        with self._idle:
            busy = set(self._busy) if feeds is None or feeds else set[str]()
        wanted = [feed for feed in (setup.feeds.values() if feeds is None else feeds) if feed.id not in busy]
        free = self._capacity - len(busy)
        if self._stopping or free <= 0 or not wanted:
            return []
        now = self._clock.now() + ahead
        states = self._store.claim_due_feeds(wanted, now, limit=free, lease=LEASE, every=every)
        for state in states:
            self._poll(setup, setup.feeds[state.feed_id], state)
        return [state.feed_id for state in states]

    def begin(self, setup: Setup, state: FeedState) -> None:
        """Begin to poll a feed of `setup` that somebody claimed for us; nothing where it is under way here already."""
        self._poll(setup, setup.feeds[state.feed_id], state)

    def wait_for(self, feed_ids: Collection[str]) -> None:
        """Until none of these is under way."""
        wanted = set(feed_ids)
        with self._idle:
            self._idle.wait_for(lambda: not wanted & self._busy)

    def _poll(self, setup: Setup, feed: Feed, state: FeedState) -> None:
        if not self._begin(feed.id):
            return
        try:
            asked = FetchRequest(feed=feed, validators=state.validators, moved_to=moves.believed(feed, state))
            future = self._fetcher.submit(asked)
        except Exception as error:  # noqa: BLE001 - it must neither count as under way for ever, nor stop the others
            self._broke("poll.lost", error, feed=feed.id)
            self._end(feed.id)
        else:
            future.add_done_callback(lambda done: self._fetched(setup, feed, state, done))

    def _fetched(self, setup: Setup, feed: Feed, state: FeedState, done: Future[FetchResult]) -> None:
        if not done.cancelled() and done.exception() is None:
            result = done.result()
            if isinstance(result, NotModified):
                self._gather(_Nothing(setup, Unchanged(feed, state, result)))
                return
        try:
            self._workers.submit(self._take, setup, feed, state, done)
        except RuntimeError:  # stopped meanwhile: the feed stays due
            self._end(feed.id)

    def _take(self, setup: Setup, feed: Feed, state: FeedState, done: Future[FetchResult]) -> None:
        try:
            if not (self._stopping or done.cancelled()):
                self._report(self._pipeline.take(setup, feed, state, done.result()))
        except Exception as error:  # noqa: BLE001 - the loop must go on; see _broke
            self._broke("poll.lost", error, feed=feed.id)
        finally:
            self._end(feed.id)

    # --- what brought nothing

    def _gather(self, brought: _Nothing) -> None:
        with self._idle:
            self._nothing.append(brought)
            begins, self._gathers = not self._gathers, True
            if self._has_gathered():
                self._idle.notify_all()
        try:
            if begins:
                self._workers.submit(self._record_gathered)
        except RuntimeError:  # stopped meanwhile: the feeds stay due
            while gathered := self._gathered():
                self._end(*(each.poll.feed.id for each in gathered))

    def _has_gathered(self) -> bool:
        return self._stopping or len(self._nothing) >= min(TOGETHER, len(self._busy))

    def _record_gathered(self) -> None:
        while gathered := self._gathered():
            try:
                self._record(gathered)
            except Exception as error:  # noqa: BLE001 - if this ended, no poll that brings nothing would ever end again
                self._broke("polls.lost", error)
            finally:
                self._end(*(each.poll.feed.id for each in gathered))

    def _gathered(self) -> list[_Nothing]:
        """What is to be recorded now; empty if there is no more, and then whoever brings some begins anew."""
        with self._idle:
            if self._nothing:
                self._idle.wait_for(self._has_gathered, TOGETHER_WITHIN)
            gathered, self._nothing = self._nothing, []
            self._gathers = bool(gathered)
        return gathered

    def _record(self, gathered: Sequence[_Nothing]) -> None:
        """Together; what cannot be, one by one, for one feed that breaks us must not cost the others their poll."""
        try:
            reports = self._pipeline.take_unchanged([each.poll for each in gathered])
        except LeaseLost:  # one feed is another worker's meanwhile; the others are ours
            self._record_apart(gathered)
        except StateError as error:
            self._broke("polls.lost", error, feeds=", ".join(each.poll.feed.id for each in gathered[:NAMED]))
        except Exception as error:
            log.warning("polls.apart", extra={"feeds": len(gathered)}, exc_info=error)
            self._record_apart(gathered)
        else:
            for report, each in zip(reports, gathered, strict=True):
                self._account_for(each.poll.feed, partial(self._report, report))

    def _record_apart(self, gathered: Sequence[_Nothing]) -> None:
        for each in gathered:
            self._account_for(each.poll.feed, partial(self._take_alone, each))

    def _take_alone(self, brought: _Nothing) -> None:
        poll = brought.poll
        self._report(self._pipeline.take(brought.setup, poll.feed, poll.state, poll.result))

    def _account_for(self, feed: Feed, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 - the loop must go on; see _broke
            self._broke("poll.lost", error, feed=feed.id)
