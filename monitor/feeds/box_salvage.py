"""What is left of a document that broke the parser: each entry read by itself, in a process that may die of it.

Runs within a parsing process (`box_child`), which forks: one process reads entry after entry, and where it ends too
early the entry that it was at is to blame. That one is tried once more reduced to its essentials, so that even a
poisoned entry keeps its headline if it can. What was found out is a remedy for the next time.
"""

from __future__ import annotations

import json
import os
import re
import select
import signal
import struct
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import blake2b
from typing import Any, Final, NoReturn

from monitor.clock import SystemClock
from monitor.feeds.parts import Parts, reduce_entry
from monitor.feeds.reading import Raw, Reading, read_entry_alone, read_head

CPU_AN_ENTRY: Final = 1.0  # seconds; entries take 0.001
CPU_LATER: Final = 0.2  # seconds, after so many have broken it:
_MANY: Final = 5
STALLED: Final = 5.0  # seconds without an answer
WITHIN: Final = 30.0  # seconds for all
_FRAME: Final = struct.Struct("!I")

_TITLE: Final = re.compile(r"<(?:[\w.-]{1,40}:)?title(?=[\s>])[^<>]*>([^<]{0,80})", re.IGNORECASE)
_CLOCK: Final = SystemClock()

Job = Callable[[], object]


def digest(entry: str) -> str:
    return blake2b(entry.encode("utf-8", "replace"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class Mended:
    """A document whose known poison is reduced or, where even that breaks the parser, left out.

    `places`: of the entries of `parts` in `written`, the entries of the document as it was. `touched`: places of what
    is not as it was.
    """

    parts: Parts
    places: tuple[int, ...]
    written: tuple[str, ...]
    touched: frozenset[int] = frozenset()

    def back(self, reading: Reading) -> Reading:
        """What was read of `parts`, as a reading of the document as it was."""
        entries: list[Raw | None] = [None] * len(self.written)
        for place, raw in zip(self.places, reading.entries, strict=True):
            entries[place] = raw
        found_now = frozenset(self.places[number] for number in reading.mended)
        notes = (*reading.notes, *_notes(self.written, entries, self.touched - found_now))
        return replace(reading, entries=tuple(entries), notes=notes, mended=self.touched | found_now)


def mend(parts: Parts, remedies: Mapping[str, bool]) -> Mended:
    written = tuple(parts.entries)
    if not remedies:
        return Mended(parts, tuple(range(len(written))), written)
    kept: dict[int, str] = {}
    touched: set[int] = set()
    for place, entry in enumerate(written):
        mended, reduced = _remedied(entry, remedies)
        if reduced is not None:
            touched.add(place)
        if reduced is not False:
            kept[place] = mended
    return Mended(replace(parts, entries=tuple(kept.values())), tuple(kept), written, frozenset(touched))


def _remedied(entry: str, remedies: Mapping[str, bool]) -> tuple[str, bool | None]:
    """What to read in its place, and the remedy, None for an entry that did nothing. One that broke the parser even
    when it was reduced, some other time, is left out."""
    remedy = remedies.get(digest(entry))
    if not remedy:
        return entry, remedy
    reduced = reduce_entry(entry)
    return reduced, remedies.get(digest(reduced)) is not False


def _notes(written: Sequence[str], found: Sequence[Raw | None], places: Collection[int]) -> tuple[str, ...]:
    """What came of these entries. That one was tried without its markup does not say that it could be read so."""
    return tuple(_note(written[place], is_read=found[place] is not None) for place in sorted(places))


def _note(entry: str, *, is_read: bool) -> str:
    title = _TITLE.search(entry)
    named = f"the entry '{' '.join(title[1].split())}'" if title else "an entry without a title"
    return f"{named} breaks the parser; it {'was read without its markup' if is_read else 'could not be read'}"


@dataclass(slots=True)
class Salvage:
    """`remedies`: for the entries that broke the parser; see `box_talk.Remedies`."""

    remedies: dict[str, bool] = field(default_factory=dict)

    def read(self, parts: Parts) -> Reading:
        deadline = _CLOCK.monotonic() + WITHIN
        head: Raw | None = next(iter(_apart([partial(read_head, parts)], CPU_AN_ENTRY, deadline)), None)
        todo, found = list(parts.entries), list[Any]()
        while len(found) < len(todo) and _CLOCK.monotonic() < deadline:
            jobs = [partial(read_entry_alone, parts, entry) for entry in todo[len(found) :]]
            found += _apart(jobs, CPU_LATER if len(self.remedies) >= _MANY else CPU_AN_ENTRY, deadline)
            if len(found) < len(todo) and _CLOCK.monotonic() < deadline:
                self._blame(parts.entries[len(found)], todo, found)
        found += [None] * (len(todo) - len(found))
        touched = frozenset(number for number, entry in enumerate(parts.entries) if self._blamed(entry))
        return Reading.of(head, found, notes=_notes(parts.entries, found, touched), mended=touched)

    def _blamed(self, entry: str) -> bool:
        return bool(self.remedies) and digest(entry) in self.remedies

    def _blame(self, entry: str, todo: list[str], found: list[Any]) -> None:
        """The entry that the process was at when it ended: reduced it is tried again, reduced already given up."""
        reduced, at = reduce_entry(entry), len(found)
        again = todo[at] == entry != reduced
        self.remedies[digest(entry)] = again
        if again:
            todo[at] = reduced
        else:
            found.append(None)


def _apart(jobs: Sequence[Job], cpu: float, deadline: float) -> list[Any]:
    """The results of the first jobs, done in a process of their own, until one of them ends it."""
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        _work(jobs, theirs, cpu)
    os.close(theirs)
    try:
        return list(_results(ours, deadline))
    finally:
        os.close(ours)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _work(jobs: Sequence[Job], pipe: int, cpu: float) -> NoReturn:
    try:
        os.dup2(pipe, 0)  # standard input leads nowhere, and nobody else shall hold the pipe to the parent
        os.closerange(3, 64)
        for job in jobs:
            signal.setitimer(signal.ITIMER_PROF, cpu)  # SIGPROF is not handled: the system ends the process
            result = json.dumps(job(), default=str).encode()
            signal.setitimer(signal.ITIMER_PROF, 0)
            _write(0, _FRAME.pack(len(result)) + result)
    finally:
        os._exit(0)


def _write(pipe: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(pipe, rest) :]


def _results(pipe: int, deadline: float) -> Iterator[Any]:
    """As they come; ends with the process that gives them, or when it stalls."""
    pending = bytearray()
    while True:
        left = min(STALLED, deadline - _CLOCK.monotonic())
        read = os.read(pipe, 1 << 16) if left > 0 and select.select([pipe], [], [], left)[0] else b""
        if not read:
            return
        pending += read
        while len(pending) >= _FRAME.size:
            end = _FRAME.size + _FRAME.unpack_from(pending)[0]
            if len(pending) < end:
                break
            yield json.loads(pending[_FRAME.size : end])
            del pending[:end]
