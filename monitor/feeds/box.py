"""`Parser` in processes that may die: a few, kept warm, each for any feed.

A document that kills its process, or holds it up, is read again entry by entry in a fresh one, which finds out what is
to blame; and what was found out is remembered while the monitor runs, so that it does not cost seconds at each poll.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

from monitor.feeds.box_talk import SPEECH, Remedies, Reply, Request
from monitor.feeds.box_worker import BoxWorker, Lost
from monitor.feeds.parse import parse_known
from monitor.model import Fetched, ParseFailed, ParseResult
from monitor.ports import Clock
from monitor.processes import wanted as processes_wanted

CPU: Final = 5.0  # seconds of work for a document; one of fifty entries takes 0.03
# Seconds by the clock: for a process that stands still, with room for a machine that is busy with other things.
WITHIN: Final = 20.0
WITHIN_APART: Final = 60.0
IDLE: Final = 60.0
_CAUTIONS: Final = 2_000  # feeds
_REMEDIES: Final = 500  # of a feed; the latest
_LONGEST_SPAN: Final = 256  # documents


@dataclass(frozen=True, slots=True)
class _Caution:
    """What we know of a feed's poison.

    `apart`: so many documents are yet to be read entry by entry at once, for the last one broke the parser and no entry
    of it did by itself. `span`: as many after the next such. The first is one, for the process may have died of
    something else; it becomes many, for a document that is too much costs seconds each time.
    """

    remedies: Remedies = field(default_factory=dict)
    apart: int = 0
    span: int = 1


def _after(caution: _Caution, found: Remedies) -> _Caution:
    """A document of the feed was read entry by entry; what came of it."""
    if found:
        return replace(caution, remedies=dict([*caution.remedies.items(), *found.items()][-_REMEDIES:]))
    if caution.apart:
        return replace(caution, apart=caution.apart - 1)
    return replace(caution, apart=caution.span, span=min(4 * caution.span, _LONGEST_SPAN))


class BoxedParser:
    """`Parser`."""

    def __init__(
        self,
        *,
        clock: Clock,
        processes: int | None = None,
        cpu: float = CPU,
        within: float = WITHIN,
        idle: float = IDLE,
        before: Sequence[str] = (),
    ) -> None:
        """`processes`: how many documents are parsed at a time. `cpu`, `within`: seconds of work, and by the clock, for
        a document. `idle`: seconds without one until a process ends. `before`: see `processes.start`."""
        count = processes or processes_wanted()
        self._within = within
        self._workers = [BoxWorker(SPEECH, clock=clock, idle=idle, cpu=cpu, before=before) for _ in range(count)]
        self._free = list(self._workers)  # the last was used last: few feeds keep one process warm
        self._freed = threading.Condition()
        self._cautions: OrderedDict[str, _Caution] = OrderedDict()

    def parse(self, feed_id: str, page: Fetched, *, known: bytes | None = None) -> ParseResult:
        nothing_new = parse_known(
            feed_id, page.body, base_url=page.url, fetched_at=page.fetched_at, known=known
        )  # here: it runs none of the code that a document can break
        if nothing_new is not None:
            return nothing_new
        caution = self._cautions.get(feed_id, _Caution())
        request = Request(
            feed_id=feed_id,
            body=page.body,
            content_type=page.content_type,
            base_url=page.url,
            fetched_at=page.fetched_at,
            known=known,
            remedies=caution.remedies,
        )
        with self._worker() as worker:
            reply = Lost("") if caution.apart else worker.ask(request, seconds=self._within)
            if isinstance(reply, Lost):
                reply = self._read_apart(worker, request, caution)
        return reply.result if isinstance(reply, Reply) else ParseFailed(detail=f"the parser breaks on it: {reply.why}")

    @property
    def pids(self) -> frozenset[int]:
        """The processes that run now."""
        return frozenset(pid for worker in self._workers if (pid := worker.pid) is not None)

    def close(self) -> None:
        for worker in self._workers:
            worker.close()

    def _read_apart(self, worker: BoxWorker[Request, Reply], request: Request, caution: _Caution) -> Reply | Lost:
        reply = worker.ask(replace(request, apart=True), seconds=max(self._within, WITHIN_APART))
        self._remember(request.feed_id, _after(caution, reply.remedies if isinstance(reply, Reply) else {}))
        return reply

    def _remember(self, feed_id: str, caution: _Caution) -> None:
        with self._freed:
            self._cautions[feed_id] = caution
            self._cautions.move_to_end(feed_id)
            if len(self._cautions) > _CAUTIONS:
                self._cautions.popitem(last=False)

    @contextmanager
    def _worker(self) -> Iterator[BoxWorker[Request, Reply]]:
        with self._freed:
            self._freed.wait_for(lambda: bool(self._free))
            worker = self._free.pop()
        try:
            yield worker
        finally:
            with self._freed:
                self._free.append(worker)
                self._freed.notify()
