"""Whether somebody is who they say, by what only they know."""

from __future__ import annotations

import hmac
import logging
from dataclasses import dataclass
from hashlib import sha256
from threading import BoundedSemaphore, Lock
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from monitor.model import Access
from monitor.web.access.sessions import NAMELESS
from monitor.web.access.tries import Tries

log = logging.getLogger(__name__)

AT_ONCE: Final = 5  # log-ins: one is worked on, the others wait; each hash takes 64 MiB and a tenth of a second


@dataclass(frozen=True, slots=True)
class Welcome:
    user: str


@dataclass(frozen=True, slots=True)
class Wrong:
    """The name or the password; which of them is not told."""


@dataclass(frozen=True, slots=True)
class Later:
    seconds: int
    busy: bool = False  # with others, and not by any fault of theirs


class LogIns:
    """Safe from any thread; a call may take as long as `AT_ONCE` hashes."""

    def __init__(self, tries: Tries | None = None) -> None:
        self._tries, self._hasher = tries or Tries(), PasswordHasher()
        self._waiting, self._working = BoundedSemaphore(AT_ONCE), Lock()

    def judge(self, name: str, password: str, address: str, access: Access, *, now: float) -> Welcome | Wrong | Later:
        """`name` is '' for the token. `now` is monotonic."""
        account = name or NAMELESS
        wait = self._tries.begin(sha256(account.encode("utf-8", "surrogatepass")).hexdigest(), address, now=now)
        if wait:
            log.warning("web.log_in_held", extra={"address": address, "seconds": round(wait)})
            return Later(int(wait) + 1)
        if not self._waiting.acquire(blocking=False):
            return Later(5, busy=True)
        try:
            good = self._is_good(account, password, access)
        finally:
            self._waiting.release()
        if not good:  # the name is not told: people type passwords there
            known = account if account == NAMELESS or account in dict(access.users) else "unknown"
            log.warning("web.log_in_failed", extra={"user": known, "address": address})
            return Wrong()
        self._tries.succeeded(sha256(account.encode()).hexdigest())
        log.info("web.logged_in", extra={"user": account, "address": address})
        return Welcome(account)

    def _is_good(self, account: str, password: str, access: Access) -> bool:
        if account == NAMELESS:
            wanted = access.token.reveal() if access.token else ""
            brought = password.encode("utf-8", "surrogatepass")
            return hmac.compare_digest(brought, wanted.encode()) and bool(wanted)
        users = dict(access.users)
        if not users:
            return False
        # For a name that nobody has, the work is the same, and its outcome nothing: time tells no names.
        proof = users.get(account) or next(iter(users.values()))
        return self._matches(proof, password) and account in users

    def _matches(self, proof: str, password: str) -> bool:
        with self._working:
            try:
                return self._hasher.verify(proof, password)
            except (Argon2Error, InvalidHashError, ValueError):
                return False


def hash_of(password: str) -> str:
    """As the rules take it."""
    return PasswordHasher().hash(password)
