"""Which rules version a worker works by: the newest that it can load, looked for again and again.

Looking is one row by its key, so it polls: at most twice a second, and whenever a batch was planned by another
version. That is soon beside what the version takes to be compiled, needs no connection of its own to listen on, and
works behind a pooler of transactions, where a NOTIFY reaches nobody; nor can one be missed while a connection is away.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock, Thread
from typing import Final

from monitor.config import Config
from monitor.errors import StateDamaged, StateError
from monitor.model.rules_versions import PublishedRules
from monitor.ports import Clock
from monitor.reload import Refusal, Renewal, renew
from monitor.setup import Setup
from monitor.store.rules_rows import RulesVersions

log = logging.getLogger(__name__)

LOOK_EVERY: Final = timedelta(seconds=0.5)
TRY_AGAIN: Final = timedelta(minutes=1)  # what a version lacked may be there meanwhile: the file of a secret, room
# Versions before the newest that a worker which has none yet tries as well: who looks for what is missing on workers
# may publish one after the other that all lack it, and whoever restarts then would watch nothing.
FALL_BACK: Final = 50

_IN_NEED: Final = "The rest of it is in force here: no worker had all that it needs, and nothing would be watched."

_Identity = tuple[int, datetime]  # a database that was brought back may have another version of the same number


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """A version that was loaded and compiled just now. `asked_anew`: ids of feeds that are due at once. `tested`: its
    own tests passed; those of a worker's first version were not run."""

    number: int
    config: Config
    setup: Setup
    asked_anew: tuple[str, ...]
    tested: bool


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What became of the newest version. `in_force` may be an older one, where the worker had none yet."""

    of: _Identity
    in_force: InForce | None
    trouble: str


class RulesWatch:
    """Safe from any thread. Nothing waits for what is loaded and compiled: that is done by a thread of its own."""

    def __init__(
        self,
        versions: RulesVersions,
        *,
        load: Callable[[PublishedRules], Config],
        compile_: Callable[[Config], Setup],
        clock: Clock,
        load_in_need: Callable[[PublishedRules], Config] | None = None,
        done: Callable[[], object] = lambda: None,
    ) -> None:
        """`load` may raise ConfigError and StateError; see `published.load_whole` and `prepared.compile_setup`.
        `load_in_need` likewise, of what a whole version lacks here; it may refuse, while others work by all of it.
        `done` is called in the thread that loaded a version, or could not: a look has something to tell."""
        self._versions, self._load, self._compile, self._clock = versions, load, compile_, clock
        self._load_in_need, self._call = load_in_need, done
        self._lock = Lock()
        self._looked: float | None = None  # monotonic
        self._tried: float | None = None
        self._again = False
        self._seen: _Identity | None = None  # the version that was tried last
        self._current: InForce | None = None
        self._thread: Thread | None = None
        self._done: _Attempt | None = None
        self._trouble = "no rules were published yet: 'monitor rules publish' does it"

    @property
    def number(self) -> int | None:
        """Of the version that the worker works by; None before its first."""
        current = self._current
        return None if current is None else current.number

    @property
    def trouble(self) -> str:
        """Why that is not the newest; '' if it is. Fit for people."""
        return self._trouble

    def look(self, *, wanted: int | None = None) -> InForce | None:
        """What is to be worked by from now on, told once; None where nothing changed.

        Returns at once. `wanted`: the version that somebody else works by: if it is another than ours, the database is
        asked even if that was done just now. Raises StateError where it cannot be asked.
        """
        with self._lock:
            taken = self._taken()
            if taken is None and self._is_time(wanted):
                self._look()
            return taken

    def load_again(self) -> None:
        """At the next look, also if the number is still the same: for SIGHUP, after a secret's file was changed. It
        takes no lock: a signal may interrupt who has it."""
        self._again, self._looked = True, None

    def close(self, *, within: float) -> bool:
        """Whether nothing is being loaded any more."""
        thread = self._thread
        if thread is not None:
            thread.join(within)
        return thread is None or not thread.is_alive()

    # --- under the lock

    def _taken(self) -> InForce | None:
        done, self._done = self._done, None
        if done is None:
            return None
        self._seen, self._tried = done.of, self._clock.monotonic()
        if done.trouble != self._trouble:
            self._trouble = done.trouble
            if done.trouble:
                log.error("rules.refused", extra={"version": done.of[0], "why": done.trouble})
        if done.in_force is not None:
            self._current = done.in_force
            log.info("rules.version", extra={"version": done.in_force.number, "rules": len(done.in_force.config.rules)})
        return done.in_force

    def _is_time(self, wanted: int | None) -> bool:
        if self._thread is not None and self._thread.is_alive():
            return False
        looked, now = self._looked, self._clock.monotonic()
        return (wanted is not None and wanted != self.number) or looked is None or now - looked >= _seconds(LOOK_EVERY)

    def _look(self) -> None:
        newest = self._versions.newest()
        self._looked = self._clock.monotonic()
        if newest is None:
            return
        of = (newest.number, newest.published_at)
        if of == self._seen and not self._again and not self._is_time_to_try_again():
            return
        self._again = False
        self._thread = Thread(target=self._attempt, args=(of,), name="rules", daemon=True)
        self._thread.start()

    def _is_time_to_try_again(self) -> bool:
        return bool(self._trouble) and (
            self._tried is None or self._clock.monotonic() - self._tried >= _seconds(TRY_AGAIN)
        )

    # --- in the thread of its own

    def _attempt(self, of: _Identity) -> None:
        try:
            self._done = self._made(of)
        except StateError as error:  # the database went away: the next look finds the version as new as it is
            log.warning("rules.unread", extra={"version": of[0], "why": str(error)})
        except Exception:  # whatever it is, a worker without this thread would never hear of rules again
            log.exception("rules.broke")
            why = f"rules version {of[0]} cannot be loaded: see the log, and report it"
            self._done = _Attempt(of, None, why)
        self._call()

    def _made(self, of: _Identity) -> _Attempt:
        current = self._current
        new = self._renewed(of[0], current)
        if isinstance(new, InForce):
            return _Attempt(of, new, "")
        why = [f"rules version {of[0]} cannot be used:", new]
        if current is not None:
            stays = _IN_NEED if current.number == of[0] else f"Version {current.number} stays in force here."
            return _Attempt(of, None, _lines(*why, stays))
        for older in self._versions.listed(FALL_BACK + 1)[1:]:
            last_good = self._renewed(older.number, None)
            if isinstance(last_good, InForce):
                return _Attempt(of, last_good, _lines(*why, f"Version {older.number} is in force here."))
        if self._load_in_need is not None and self._tried is not None:  # whoever has all of it had time to say so
            in_need = self._renewed(of[0], None, self._load_in_need)
            if isinstance(in_need, InForce):
                return _Attempt(of, in_need, _lines(*why, _IN_NEED))
        return _Attempt(of, None, _lines(*why, "No rules are in force here."))

    def _renewed(
        self, number: int, current: InForce | None, load: Callable[[PublishedRules], Config] | None = None
    ) -> InForce | str:
        """What of it is wrong, if it cannot be used."""
        load = load or self._load
        try:
            published = self._versions.get(number)
        except StateDamaged as error:
            return str(error)
        if published is None:
            return "it is not there any more"
        try:
            new = renew(current.config if current else None, lambda: load(published), self._compile)
        except StateError as error:
            return str(error)
        if isinstance(new, Refusal):
            return _with_names(new, published)
        return _in_force(number, new, tested=current is not None)


def _in_force(number: int, new: Renewal, *, tested: bool) -> InForce:
    return InForce(number=number, config=new.config, setup=new.setup, asked_anew=new.asked_anew, tested=tested)


def _with_names(refusal: Refusal, published: PublishedRules) -> str:
    """A test that fails is told by where it was laid out, which says nothing to its author."""
    why, main = refusal.why, f"/{published.files.main}"
    for path in map(str, refusal.digests):
        if path.endswith(main):
            why = why.replace(path.removesuffix(main[1:]), f"rules version {published.version.number}: ")
    return why


def _lines(*sentences: str) -> str:
    return "\n".join(sentences)


def _seconds(length: timedelta) -> float:
    return length.total_seconds()
