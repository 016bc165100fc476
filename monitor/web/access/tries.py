"""How often somebody may try to log in."""

from __future__ import annotations

from collections import OrderedDict, deque
from threading import Lock
from typing import Final

MINUTE: Final = 60.0
WINDOW: Final = 15 * MINUTE
PER_ACCOUNT: Final = 10  # within the window, wherever they come from
PER_ADDRESS: Final = 20
IN_ALL: Final = 60  # a minute: whoever has a thousand addresses does not keep us busy
# Subjects that are remembered. The ceiling lets in fewer within the window, so that none is pushed out by inventing
# others.
_MOST: Final = 2 * IN_ALL * int(WINDOW / MINUTE)


class Tally:
    """So many of one subject within so many seconds. Safe from any thread."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._seconds = most, seconds
        self._at: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def wait(self, subject: str, *, now: float) -> float:
        """Seconds until one more is let through; 0 for at once."""
        with self._lock:
            kept = self._kept(subject, now)
            return max(kept[0] + self._seconds - now, 0.0) if len(kept) >= self._most else 0.0

    def count(self, subject: str, *, now: float) -> None:
        with self._lock:
            self._kept(subject, now).append(now)
            self._at.move_to_end(subject)
            while len(self._at) > _MOST:
                self._at.popitem(last=False)

    def forget(self, subject: str) -> None:
        with self._lock:
            self._at.pop(subject, None)

    def _kept(self, subject: str, now: float) -> deque[float]:
        kept = self._at.setdefault(subject, deque())
        while kept and kept[0] + self._seconds <= now:
            kept.popleft()
        return kept


class Tries:
    """Counted before a password is looked at: many at once are no way around it."""

    def __init__(self) -> None:
        self._accounts, self._addresses = Tally(PER_ACCOUNT, WINDOW), Tally(PER_ADDRESS, WINDOW)
        self._all = Tally(IN_ALL, MINUTE)
        self._lock = Lock()

    def begin(self, account: str, address: str, *, now: float) -> float:
        """Counts one, and answers 0; or how many seconds to wait, and nothing is counted. `now` is monotonic."""
        subjects = (self._accounts, account), (self._addresses, address), (self._all, "")
        with self._lock:
            wait = max(tally.wait(subject, now=now) for tally, subject in subjects)
            if wait == 0:
                for tally, subject in subjects:
                    tally.count(subject, now=now)
            return wait

    def succeeded(self, account: str) -> None:
        """The account's failures were its owner's. Those of an address stand: it may try the accounts of others."""
        self._accounts.forget(account)
