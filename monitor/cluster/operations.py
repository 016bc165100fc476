"""Trouble, told once by a fleet: its ledger is in the database, and one worker at a time reads it, says and writes.

What a worker found, or was told of by its parts, it knows by itself; what others found or reported it takes from the
ledger, as lasting until one of them says otherwise.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Final

from monitor.errors import StateError
from monitor.operations import Memory, Operations
from monitor.ports import Clock, Sender
from monitor.store.postgres.database import PostgresDatabase
from monitor.trouble import Finding, Kind, Trouble

log = logging.getLogger(__name__)

LOCK: Final = 0x6D6F6E6A  # of pg_try_advisory_lock, with the hash of a name; see `migrate.UPGRADE`
AGAIN: Final = 2.0  # seconds after which who found another at it comes again


class FleetOperations(Operations):
    """`operations.Operations` of one worker."""

    def __init__(self, sender: Sender, *, clock: Clock, memory: Memory, database: PostgresDatabase) -> None:
        super().__init__(sender, clock=clock, memory=memory)
        self._database = database
        self._looks = threading.local()
        self._looking = threading.Lock()  # the lock of the fleet ends with its connection, while we may still speak
        # What was said and could not be written, with what was in the ledger before, by key.
        self._unkept: dict[str, tuple[Trouble | None, Trouble]] = {}
        self._ours: set[str] = set()  # keys of what our own parts reported at any time
        self._taken_back: set[str] = set()  # keys, until the next look
        self._found = []

    def tell(
        self, trouble: str, title: str, text: str, *, passes: bool = False, patience: timedelta = timedelta(0)
    ) -> None:
        self._ours.add(_key(trouble))
        super().tell(trouble, title, text, passes=passes, patience=patience)

    def over(self, trouble: str) -> None:
        """Also what another worker reported under the same name, and then perhaps could not take back."""
        key = _key(trouble)
        lasts = (known := self._ledger.get(key)) is not None and known.lasts
        self._ours.add(key)
        super().over(trouble)
        if lasts:
            self._hurry()

    def troubles(self) -> Mapping[str, Trouble]:
        """Raises StateError: what cannot be read has not ended."""
        return self._merged(self._memory.load())

    def take_back(self, troubles: Iterable[str]) -> None:
        """What a worker reported that may be gone: over once, so that whoever reports it from now on is heard."""
        keys = set(map(_key, troubles))
        try:
            keys &= {key for key, trouble in self.troubles().items() if trouble.lasts}
        except StateError as error:  # of what does not last nothing is taken back
            log.warning("operations.wait", extra={"what": str(error)})
        if keys:
            self._taken_back |= keys
            self._hurry()

    def found(self, findings: Iterable[Finding], *, moot: Iterable[str] = ()) -> None:
        """Not heard while another worker says something, or the database is away; the next look comes soon."""
        with self._alone() as alone:
            if not (alone and self._begin()):
                return
            self._looks.now = True
            try:
                with self._taking_back():
                    super().found([*findings, *self._of_others(reported=True)], moot=moot)
            finally:
                self._looks.now = False
        self._keep_the_rest()

    def settle(self) -> None:
        if getattr(self._looks, "now", False):
            super().settle()
            return
        with self._alone() as alone:
            if begun := alone and self._begin():
                with self._taking_back():
                    self._found = [*self._of_others(reported=False), *self._of_others(reported=True)]
                    super().settle()
        if not begun:
            self._closing.wait(AGAIN)
            self._hurry()
            return
        self._keep_the_rest()

    def _begin(self) -> bool:
        """False where the ledger cannot be read: by an empty one, all that lasts would be told anew."""
        try:
            stored = self._memory.load()
        except StateError as error:
            log.warning("operations.wait", extra={"what": str(error)})
            return False
        with self._lock:
            self._ledger, self._kept = self._merged(stored), stored
        return True

    def _merged(self, stored: dict[str, Trouble]) -> dict[str, Trouble]:
        """With what we said and could not write. Where another said something of the same since, its word counts."""
        ours = {
            key: said
            for key, (before, said) in self._unkept.items()
            if stored.get(key) == before or _said_later(said, stored.get(key))
        }
        return stored | ours

    def _keep(self) -> None:
        super()._keep()
        kept, ledger = self._kept, self._ledger
        self._unkept = {
            key: (kept.get(key), trouble)
            for key, trouble in ledger.items()
            if _heard(trouble) != _heard(kept.get(key))
        }  # fmt: skip

    def _keep_the_rest(self) -> None:
        """The connection that had the lock may have ended while something was said: once more, on another, before
        others look. Whatever is not kept then is in the next look."""
        if not self._unkept:
            return
        with self._alone() as alone:
            if alone and self._begin():
                self._keep()
        if self._unkept:
            self._hurry()

    def _of_others(self, *, reported: bool) -> list[Finding]:
        """What lasts, and is not ours to end."""
        return [
            trouble.finding
            for key, trouble in self._ledger.items()
            if trouble.lasts and (trouble.finding.kind is Kind.REPORTED) is reported
            and key not in self._ours | self._taken_back
        ]  # fmt: skip

    @contextmanager
    def _taking_back(self) -> Iterator[None]:
        seen = frozenset(self._taken_back)
        yield
        self._taken_back -= seen

    @contextmanager
    def _alone(self) -> Iterator[bool]:
        with ExitStack() as stack:
            try:
                if alone := self._looking.acquire(blocking=False):
                    stack.callback(self._looking.release)
                    alone = stack.enter_context(self._database.trying(LOCK, "operations"))
            except StateError as error:  # the database is away: told when it is back
                log.warning("operations.wait", extra={"what": str(error)})
                alone = False
            yield alone


def _key(trouble: str) -> str:
    return Finding(kind=Kind.REPORTED, subject=trouble, facts={}).key


def _heard(trouble: Trouble | None) -> tuple[bool, datetime | None]:
    """What the operators heard of it last, and when."""
    return (False, None) if trouble is None else (trouble.told, trouble.said_at)


def _said_later(ours: Trouble, other: Trouble | None) -> bool:
    if ours.said_at is None or other is None or other.said_at is None:
        return ours.said_at is not None
    return ours.said_at > other.said_at
