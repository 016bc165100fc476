"""Trouble of the monitor itself, told to the channels that are `for: operations`: each once, many at once together.

What a look found (`found`) and what a part reports (`tell`, `over`) goes through one ledger, which outlives a restart.
`ledger` decides what is to be said, `alerts.troubles` how; here it is said, and said again until somebody took it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Event, Lock, Thread
from typing import Protocol

from monitor import ledger
from monitor.alerts.troubles import notice, what
from monitor.alerts.words import FSI, PDI
from monitor.errors import StateError
from monitor.model import Channel, NotSent
from monitor.ports import Clock, Sender
from monitor.trouble import Finding, Kind, Trouble, Turn, Word

log = logging.getLogger(__name__)

RETRY_AFTER = (10.0, 60.0, 300.0, 1800.0)  # seconds; a word that nobody took is said again and again, at the last pace
PASSED_AFTER = timedelta(days=1)  # what happened once is shown so long
BOUND = 60.0  # seconds for one message to all channels; a sender ends sooner


class Memory(Protocol):
    """Where the ledger is kept. Raises StateError, which costs no word."""

    def load(self) -> dict[str, Trouble]: ...

    def save(self, changed: Iterable[Trouble], gone: Iterable[str]) -> None: ...


class Nowhere:
    """The memory of those who need none."""

    def load(self) -> dict[str, Trouble]:
        return {}

    def save(self, changed: Iterable[Trouble], gone: Iterable[str]) -> None:
        pass


@dataclass(frozen=True, slots=True)
class _Late:
    """A message that one channel did not take while another did; `at` is monotonic."""

    at: float
    channel: Channel
    words: tuple[Word, ...]
    tries: int


class Operations:
    """Safe from any thread. `tell` and `over` return at once, `found` when everything was said or could not be."""

    def __init__(
        self,
        sender: Sender,
        *,
        clock: Clock,
        memory: Memory | None = None,
        retry_after: Sequence[float] = RETRY_AFTER,
    ) -> None:
        self._sender, self._clock, self._retry_after = sender, clock, tuple(retry_after)
        self._memory = memory or Nowhere()
        self._channels: Sequence[Channel] = ()
        self._ledger = self._kept = self._load()
        # Until a look says otherwise, what lasted when we ended lasts.
        self._found: list[Finding] = [trouble.finding for trouble in self._ledger.values() if trouble.lasts]
        self._reported: dict[str, tuple[Finding, datetime]] = {}
        self._late: list[_Late] = []
        self._announced: set[tuple[Turn, str, str]] = set()
        self._refused = 0  # how often in a row nobody took what was to be said
        self._silent_until = 0.0  # monotonic
        self._lock, self._turn = Lock(), Lock()  # what is known; who speaks
        self._closing, self._wake = Event(), Event()
        self._senders = ThreadPoolExecutor(4, thread_name_prefix="operations")
        self._thread: Thread | None = None

    def use(self, channels: Sequence[Channel]) -> None:
        """From now on tell these, of which only those for operations count."""
        self._channels = tuple(channel for channel in channels if channel.operations)

    def tell(
        self, trouble: str, title: str, text: str, *, passes: bool = False, patience: timedelta = timedelta(0)
    ) -> None:
        """A part of monitor is in trouble, until it says that this is `over`; see `Finding` for the rest."""
        facts = {"title": title, "text": text}
        finding = Finding(kind=Kind.REPORTED, subject=trouble, facts=facts, passes=passes, patience=patience)
        with self._lock:
            known = self._reported.get(trouble)
            self._reported[trouble] = (finding, self._clock.now())
        if known is None or known[0] != finding or patience:
            self._hurry()

    def over(self, trouble: str) -> None:
        """The trouble has ended: if it comes again, it is told again."""
        with self._lock:
            known = self._reported.pop(trouble, None)
        if known is not None:
            self._hurry()

    def found(self, findings: Iterable[Finding], *, moot: Iterable[str] = ()) -> None:
        """What a look found, and all of it: what is not among it is over. `moot`: keys whose end is no news."""
        with self._lock:
            self._found = list(findings)
            for key in set(moot) & self._ledger.keys():
                self._ledger = {**self._ledger, key: replace(self._ledger[key], told=False)}
        self.settle()

    def troubles(self) -> Mapping[str, Trouble]:
        """What lasts, and what ended within a day, by key."""
        return self._ledger

    def settle(self) -> None:
        """Say what is to be said now, and keep what is known. Ends within two minutes."""
        with self._turn:
            if not self._closing.is_set():
                self._observe()
                self._speak()
                self._say_late()
                self._keep()

    def close(self) -> None:
        self._closing.set()
        self._wake.set()
        self._senders.shutdown(wait=False, cancel_futures=True)

    # --- the ledger

    def _load(self) -> dict[str, Trouble]:
        try:
            return self._memory.load()
        except StateError:
            log.exception("operations.forgot")
            return {}

    def _observe(self) -> None:
        now = self._clock.now()
        with self._lock:
            self._reported = {
                name: (finding, at)
                for name, (finding, at) in self._reported.items()
                if not finding.passes or now - at < PASSED_AFTER
            }
            findings = [*self._found, *(finding for finding, _ in self._reported.values())]
            self._ledger = ledger.observe(self._ledger, findings, now=now)

    def _keep(self) -> None:
        """What cannot be written now is written the next time."""
        current = self._ledger
        changed = [trouble for key, trouble in current.items() if self._kept.get(key) != trouble]
        gone = self._kept.keys() - current.keys()
        if not (changed or gone):
            return
        try:
            self._memory.save(changed, gone)
        except StateError as error:
            log.error("operations.not_kept", extra={"what": str(error)})
        else:
            self._kept = current

    # --- saying it

    def _speak(self) -> None:
        now = self._clock.now()
        words = tuple(ledger.words(self._ledger, now=now))
        self._announce(words, now)
        if not words or self._clock.monotonic() < self._silent_until:
            return
        took = self._send_all([(channel, words) for channel in self._channels])
        if self._channels and not any(took):
            self._silent_until = self._clock.monotonic() + self._pause(self._refused)
            self._refused += 1
            self._hurry()
            return
        self._refused = 0
        with self._lock:
            self._ledger = ledger.said(self._ledger, words, now=now)
        missed = (channel for channel, taken in zip(self._channels, took, strict=True) if not taken)
        at = self._clock.monotonic() + self._pause(0)
        self._late += [_Late(at, channel, words, 1) for channel in missed]
        if self._late:
            self._hurry()

    def _say_late(self) -> None:
        now = self._clock.monotonic()
        due = [late for late in self._late if late.at <= now]
        self._late = [late for late in self._late if late.at > now]
        took = self._send_all([(late.channel, late.words) for late in due])
        for late, taken in zip(due, took, strict=True):
            if not taken and late.tries < len(self._retry_after):
                again = replace(late, at=now + self._pause(late.tries), tries=late.tries + 1)
                self._late.append(again)

    def _send_all(self, messages: Sequence[tuple[Channel, tuple[Word, ...]]]) -> list[bool]:
        """Side by side; whether each was taken."""
        try:
            futures: list[Future[bool]] = [self._senders.submit(self._try, *message) for message in messages]
        except RuntimeError:  # closed meanwhile
            return [False] * len(messages)
        done, _ = wait(futures, BOUND)
        return [future in done and not future.cancelled() and future.result() for future in futures]

    def _try(self, channel: Channel, words: tuple[Word, ...]) -> bool:
        try:
            told = notice(words, language=channel.language, now=self._clock.now())
            result = self._sender.tell(channel, told.title, told.text)
        except Exception:  # a background thread: nobody else would hear of it
            log.exception("operations.broke", extra={"channel": channel.id})
            return False
        if isinstance(result, NotSent):
            log.error("operations.not_sent", extra={"channel": channel.id, "detail": result.detail})
        return not isinstance(result, NotSent)

    def _announce(self, words: Sequence[Word], now: datetime) -> None:
        """Each word once in the log, whether or not anybody takes it."""
        marks = {(word.turn, word.trouble.key, word.trouble.finding.text): word for word in words}
        for mark in marks.keys() - self._announced:
            word = marks[mark]
            about = {
                "trouble": word.trouble.key,
                "turn": word.turn.value,
                "what": what(word.trouble, "en", now=now).replace(FSI, "").replace(PDI, ""),
                "why": word.trouble.finding.facts.get("text", ""),
                "channels": len(self._channels),
            }
            log.log(logging.INFO if word.turn is Turn.ENDED else logging.ERROR, "operations", extra=about)
        self._announced = set(marks)

    def _pause(self, tries: int) -> float:
        return self._retry_after[min(tries, len(self._retry_after) - 1)]

    # --- the background

    def _hurry(self) -> None:
        """Settle soon, in the background."""
        with self._lock:
            if self._thread is None and not self._closing.is_set():
                self._thread = Thread(target=self._run, name="operations", daemon=True)
                self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        while not self._closing.is_set():
            self._wake.wait(self._until_next())
            self._wake.clear()
            try:
                self.settle()
            except Exception:  # whoever tells of trouble must not end by it
                log.exception("operations.broke")
                self._closing.wait(1.0)

    def _until_next(self) -> float | None:
        """Seconds until something that was not taken is said again; None where nothing waits."""
        waiting = [late.at for late in self._late]
        if self._refused:
            waiting.append(self._silent_until)
        return max(0.01, min(waiting) - self._clock.monotonic()) if waiting else None
