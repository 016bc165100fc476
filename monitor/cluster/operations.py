"""Trouble, told once by a fleet: its ledger is in the database, and one worker at a time reads it, says and writes.

What a worker found, or was told of by its parts, it knows by itself; what others found or reported it takes from the
ledger, as lasting until one of them says otherwise.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
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
        return self._load()

    def take_back(self, troubles: Iterable[str]) -> None:
        """What a worker reported that may be gone: over once, so that whoever reports it from now on is heard."""
        ledger = self._load()
        keys = {key for key in map(_key, troubles) if key in ledger and ledger[key].lasts}
        if keys:
            self._taken_back |= keys
            self._hurry()

    def found(self, findings: Iterable[Finding], *, moot: Iterable[str] = ()) -> None:
        """Not heard while another worker says something; the next look comes soon."""
        with self._alone() as alone:
            if not alone:
                return
            self._begin()
            self._looks.now = True
            try:
                with self._taking_back():
                    super().found([*findings, *self._of_others(reported=True)], moot=moot)
            finally:
                self._looks.now = False

    def settle(self) -> None:
        if getattr(self._looks, "now", False):
            super().settle()
            return
        with self._alone() as alone:
            if not alone:
                self._closing.wait(AGAIN)
                self._hurry()
                return
            self._begin()
            with self._taking_back():
                self._found = [*self._of_others(reported=False), *self._of_others(reported=True)]
                super().settle()

    def _begin(self) -> None:
        with self._lock:
            self._ledger = self._kept = self._load()

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
                alone = stack.enter_context(self._database.trying(LOCK, "operations"))
            except StateError as error:  # the database is away: told when it is back
                log.warning("operations.wait", extra={"what": str(error)})
                alone = False
            yield alone


def _key(trouble: str) -> str:
    return Finding(kind=Kind.REPORTED, subject=trouble, facts={}).key
