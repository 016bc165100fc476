"""Turns among workers: had by rows of the database that they share, kept while their holder sends, lost with it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from monitor.alerts.account import Account
from monitor.alerts.zero import Zero
from monitor.errors import StateError
from monitor.model import Delivery
from monitor.ports import Clock
from monitor.store.turn_rows import Taken, TurnRows

log = logging.getLogger(__name__)

# How long the channels of a worker that was killed wait for another; three signs of life may be lost on the way.
LEASE: Final = timedelta(seconds=15)
SIGN_EVERY: Final = 4.0  # seconds
# A message takes a minute at most (`ports.Sender`). Whoever sends for longer than this hangs for ever, and its turn
# must not hang with it.
LONGEST: Final = 180.0  # seconds
# Channels that a worker serves at a time, one message each. What is under way as its machine dies is sent again: with
# no bound up to 18 messages were. (Where it alone is killed, receipts tell what was taken: `alerts.receipts`.)
CHANNELS: Final = 8
LAST_WORD: Final = 0.5  # seconds that the end of a worker waits for a sign of life under way


class FleetTurns:
    """`turns.Turns` of one worker."""

    def __init__(self, rows: TurnRows, worker: str, clock: Clock, *, sign_every: float = SIGN_EVERY) -> None:
        """`worker`: no two that live have the same. `sign_every`: seconds, well within the lease of the rows."""
        self._rows, self._worker, self._clock, self._sign_every = rows, worker, clock, sign_every
        self._lock = threading.Lock()
        self._had: set[_Had] = set()
        self._closed = threading.Event()
        self._keeper: threading.Thread | None = None

    def take(self, channel_id: str, account: Account, /) -> _Had | None:
        before = self._clock.monotonic()
        taken = self._rows.take(channel_id, self._worker)
        if taken is None:
            return None
        zero = Zero.of(taken.taken_at, (before + self._clock.monotonic()) / 2)
        account.load(channel_id, taken.pace, zero)
        had = _Had(self._rows, taken, self._clock, pace=partial(account.dump, channel_id, zero), ended=self._forget)
        with self._lock:
            self._had.add(had)
            self._begin_to_keep()
        return had

    def left(self) -> Sequence[str]:
        return self._rows.left()

    def sign(self) -> None:
        """Keep every turn whose holder may still be sending. Raises nothing."""
        with self._lock:
            had = {each.taken: each for each in self._had if each.may_send()}
        if not had or self._closed.is_set():
            return
        channels = [each.channel_id for each in had]
        try:
            for lost in self._rows.keep_all(had):
                had[lost].lose()
        except StateError as error:  # the turns last a while; the next sign may come through
            log.warning("turn.not_kept", extra={"channels": channels, "what": str(error)})
        except Exception as error:  # nobody else would keep them
            if self._closed.is_set():  # the store did not wait for us, nor does anybody need it
                log.info("turn.not_kept", extra={"channels": channels, "what": str(error)})
            else:
                log.exception("turn.not_kept", extra={"channels": channels})

    def close(self) -> None:
        """Keep nothing any more; what is had is another's when its lease ends. Returns soon, also while the database is
        away, and a sign that is under way then may outlive the store. Idempotent."""
        self._closed.set()
        if self._keeper is not None:
            self._keeper.join(LAST_WORD)

    def _begin_to_keep(self) -> None:
        if self._keeper is None and not self._closed.is_set():
            self._keeper = threading.Thread(target=self._keep, name="turns", daemon=True)
            self._keeper.start()

    def _keep(self) -> None:
        while not self._closed.wait(self._sign_every):
            self.sign()

    def _forget(self, had: _Had) -> None:
        with self._lock:
            self._had.discard(had)


class _Had:
    """`turns.Turn`."""

    def __init__(
        self, rows: TurnRows, taken: Taken, clock: Clock, *, pace: Callable[[], str], ended: Callable[[_Had], None]
    ) -> None:
        """`pace`: the text that tells the next one how fast the channel was sent to, until now."""
        self._rows, self._taken, self._clock, self._pace, self._ended = rows, taken, clock, pace, ended
        self._asked_at = clock.monotonic()
        self._lost = False

    @property
    def taken(self) -> Taken:
        return self._taken

    @property
    def channel_id(self) -> str:
        return self._taken.channel_id

    def claim(
        self,
        now: datetime,
        *,
        limit: int,
        lease: timedelta,
        ids: Sequence[int] | None = None,
        together: bool = False,
    ) -> list[Delivery]:
        self._asked_at = self._clock.monotonic()
        return self._rows.claim(self._taken, now, limit=limit, lease=lease, ids=ids, together=together)

    def keeps(self) -> bool:
        self._asked_at = self._clock.monotonic()
        kept = self._rows.keep(self._taken, pace=self._pace())
        if not kept:
            self.lose()
        return kept

    def may_send(self) -> bool:
        """As another thread than the holder's sees it."""
        return not self._lost and self._clock.monotonic() - self._asked_at <= LONGEST

    def end(self, *, broke: bool) -> None:
        lost, self._lost = self._lost, True  # whatever comes of the rest
        self._ended(self)
        if not lost:
            (self._rows.leave if broke else self._rows.give_back)(self._taken, self._pace())

    def lose(self) -> None:
        """Another has it. From any thread."""
        if not self._lost:
            self._lost = True
            log.warning("turn.lost", extra={"channel": self.channel_id})
