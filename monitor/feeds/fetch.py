"""Fetching feeds over HTTP: one thread, many requests under way, every promise of `ports.Fetcher`.

pycurl's multi interface: `bench/http_clients.py` measures it against aiohttp. Both keep the promises; a poll costs this
fetcher, with all its checks, no more CPU time than it costs a bare sketch over aiohttp (0.6 to 1.0 of it), importing it
a twentieth, and it knows SOCKS. Redirects are followed here, hop by hop, so that each is checked like the first.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path
from queue import Empty, SimpleQueue

import certifi
import pycurl

from monitor import __version__
from monitor.errors import ConfigError, Problem
from monitor.feeds.answer import Asked, Redirect, read_answer
from monitor.feeds.exchange import exchange
from monitor.feeds.line import Line
from monitor.feeds.lookup import Found, Lookups, NotFound, Resolve, system_resolve
from monitor.feeds.network import is_public
from monitor.feeds.request import IsPublic, Plan, moved_to, plan, shown_url
from monitor.feeds.transfer import Transfer, Trust
from monitor.feeds.urls import BadAddress, WebAddress
from monitor.feeds.wire import Ended, Wire
from monitor.model import Fetched, FetchFailed, FetchFailure, FetchRequest, FetchResult
from monitor.ports import Clock

DEADLINE = timedelta(seconds=30)
PAGE_DEADLINE = timedelta(seconds=10)  # of a page that a feed names: no feed of its host is asked meanwhile
PARALLEL = 64
MOST_REDIRECTS = 5
_CLOSING_SECONDS = 2.0


class _Poll:
    """One request from its submission to its result, over all its hops. Belongs to the fetcher's thread."""

    def __init__(self, request: FetchRequest, plan: Plan, future: Future[FetchResult], *, seconds: float) -> None:
        self.request, self.plan, self.future = request, plan, future
        self.lane = ""  # where it waits for its turn: its host's, or one of several that an own host has
        self.seconds = seconds  # that it may take
        self.deadline: float | None = None  # monotonic; None until its first turn
        self.last_deadline = 0.0  # of the whole; earlier is when a moved feed is given up where it moved to
        self.holds: str | None = None  # the lane whose turn it has
        self.transfer: Transfer | None = None
        self.turned_back = plan.has_one_way  # nothing to turn back to
        self.begin_at(plan.start)

    def begin_at(self, address: WebAddress) -> None:
        self.target = address
        self.redirects = 0
        self.moved: WebAddress | None = None if address is self.plan.origin else address
        self.is_straight = True  # all redirects so far were permanent

    def follow(self, redirect: Redirect) -> None:
        self.redirects += 1
        self.target = redirect.to
        self.is_straight = self.is_straight and redirect.permanent
        if self.is_straight:
            self.moved = redirect.to

    @property
    def moved_to(self) -> str | None:
        return None if self.moved is None else moved_to(self.moved, self.request.feed)

    def turn_back(self) -> bool:
        """Begin again with the address that the operator wrote. False if it was asked already."""
        if self.turned_back:
            return False
        self.turned_back, self.deadline = True, self.last_deadline
        self.begin_at(self.plan.origin)
        return True


class CurlFetcher:
    """Implements `ports.Fetcher`.

    `contact`, an address or a page, tells in the User-Agent whom a server's operator may ask. `trust` is for TLS;
    `resolve` and `is_public` are given by tests.

    Polls go before the pages that feeds name, also at one host; and as one thing at a time is asked of a host, a feed
    waits there for one page at most, which `page_deadline` ends.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        contact: str = "",
        deadline: timedelta = DEADLINE,
        page_deadline: timedelta = PAGE_DEADLINE,
        parallel: int = PARALLEL,
        trust: Trust | None = None,
        resolve: Resolve = system_resolve,
        is_public: IsPublic = is_public,
    ) -> None:
        self._clock, self._is_public = clock, is_public
        self._seconds, self._page_seconds = deadline.total_seconds(), page_deadline.total_seconds()
        self._agent = user_agent(contact)
        self._trust = trust or Trust(file=certifi.where())
        self._line: Line[_Poll] = Line(parallel)
        self._lookups = Lookups(resolve, most=2 * parallel)  # a hung lookup outlives its request
        self._begun: dict[_Poll, None] = {}  # not settled yet
        self._turns = count()
        self._spare: list[Transfer] = []
        self._under_way: dict[pycurl.Curl, _Poll] = {}
        self._orders: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._gate = threading.Lock()
        self._closed = False
        self._wire = Wire(monotonic=clock.monotonic, connections=parallel)
        self._thread = threading.Thread(target=self._run, name="monitor-fetch", daemon=True)
        self._thread.start()

    def submit(self, request: FetchRequest) -> Future[FetchResult]:
        future: Future[FetchResult] = Future()
        with self._gate:
            if self._closed:
                future.set_result(self._stopped())
            else:
                self._order(lambda: self._enter(request, future))
        return future

    def close(self) -> None:
        with self._gate:
            if not self._closed:
                self._closed = True
                self._wire.wake()
        self._thread.join(_CLOSING_SECONDS)

    # --- the thread

    def _order(self, step: Callable[[], None]) -> None:
        self._orders.put(step)
        self._wire.wake()

    def _run(self) -> None:
        try:
            while not self._closed:
                for ended in self._wire.wait(self._patience()):
                    self._receive(ended)
                self._obey()
                self._expire()
                self._admit()
        finally:
            self._stop()

    def _patience(self) -> float | None:
        if not self._begun:
            return None
        return max(0.0, self._first_deadline() - self._clock.monotonic())

    def _first_deadline(self) -> float:
        return min(poll.deadline or 0.0 for poll in self._begun)

    def _obey(self) -> None:
        while True:
            try:
                step = self._orders.get_nowait()
            except Empty:
                return
            step()

    def _enter(self, request: FetchRequest, future: Future[FetchResult]) -> None:
        try:
            ready = plan(request)
        except BadAddress as error:
            if future.set_running_or_notify_cancel():
                future.set_result(self._failed(FetchFailure.BAD_ADDRESS, str(error)))
            return
        seconds = min(self._seconds, self._page_seconds) if ready.of_page else self._seconds
        self._queue(_Poll(request, ready, future, seconds=seconds))

    def _queue(self, poll: _Poll, *, first: bool = False) -> None:
        at_once = poll.plan.at_once(poll.target)
        poll.lane = poll.target.host if at_once == 1 else f"{poll.target.host} {next(self._turns) % at_once}"
        self._line.join(poll.lane, poll, first=first, yields=poll.plan.of_page)

    def _admit(self) -> None:
        while called := self._line.call():
            lane, poll = called
            poll.holds = lane
            if self._begin(poll):
                self._look_up(poll)
            else:
                self._let_go(poll)

    def _begin(self, poll: _Poll) -> bool:
        if poll.deadline is None:
            if not poll.future.set_running_or_notify_cancel():
                return False
            now = self._clock.monotonic()
            poll.last_deadline = now + poll.seconds
            poll.deadline = poll.last_deadline if poll.turned_back else now + poll.seconds / 2
            self._begun[poll] = None
        return True

    def _look_up(self, poll: _Poll) -> None:
        names = poll.plan.names(poll.target)
        if names:
            self._lookups.start(names, lambda found: self._order(lambda: self._found(poll, found)))
        else:
            self._found(poll, {})

    def _found(self, poll: _Poll, found: Found | NotFound) -> None:
        if poll in self._begun:  # else it was settled while its name was looked up
            with self._blaming(poll):
                self._dial(poll, found)

    def _dial(self, poll: _Poll, found: Found | NotFound) -> None:
        if isinstance(found, NotFound):
            self._fail(poll, FetchFailure.NAME, f"{found.host}: {found.why}")
            return
        hop = poll.plan.hop(poll.target, found, agent=self._agent, is_public=self._is_public)
        if hop is None:
            self._fail(poll, FetchFailure.FORBIDDEN_ADDRESS, poll.plan.refusal(poll.target))
            return
        poll.transfer = self._spare.pop() if hop.is_plain and self._spare else Transfer(self._trust)
        poll.transfer.ask(hop)
        self._under_way[poll.transfer.curl] = poll
        self._wire.add(poll.transfer.curl)

    def _receive(self, ended: Ended) -> None:
        poll = self._under_way[ended.curl]
        with self._blaming(poll):
            outcome = self._outcome(poll, ended)
            if isinstance(outcome, Redirect):
                self._go_on(poll, outcome)
            else:
                self._settle(poll, outcome)

    @contextmanager
    def _blaming(self, poll: _Poll) -> Iterator[None]:
        """A bug that one feed brings out ends its own poll only, not the thread that fetches all the others."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - it is not lost: the future raises it
            self._leave(poll)
            poll.future.set_exception(error)

    def _outcome(self, poll: _Poll, ended: Ended) -> FetchResult | Redirect:
        assert poll.transfer is not None
        failure = poll.transfer.failure(ended.code, ended.message)
        if failure is not None:
            return self._failed(*failure)
        hop = poll.transfer.hop
        asked = Asked(
            address=poll.target,
            conditional=hop.is_conditional,
            url=poll.target.url if poll.plan.of_page else shown_url(poll.target, poll.request.feed),
            binding=hop.binding,
            moved_to=poll.moved_to,
        )
        answer, now = poll.transfer.answer, self._clock.now()
        result = read_answer(answer, asked, now=now)
        if not isinstance(result, Fetched):
            return result
        peer = poll.transfer.peer()
        seen = exchange(hop, answer.status, answer.headers, peer=peer, feed=poll.request.feed)
        return replace(result, exchange=seen)

    def _go_on(self, poll: _Poll, redirect: Redirect) -> None:
        """Follow a redirect, in the turn of the host that it leads to."""
        if poll.redirects == MOST_REDIRECTS:
            detail = f"{poll.plan.origin.host}: more than {MOST_REDIRECTS} redirects"
            self._fail(poll, FetchFailure.REDIRECTS, detail)
            return
        self._let_go(poll)
        poll.follow(redirect)
        self._queue(poll, first=True)

    def _expire(self) -> None:
        if not self._begun:
            return
        now = self._clock.monotonic()
        if self._first_deadline() > now:
            return
        late = [poll for poll in self._begun if poll.deadline is not None and poll.deadline <= now]
        for poll in late:
            detail = f"{poll.target.host}: no whole answer within {poll.seconds:g} s"
            self._fail(poll, FetchFailure.TIMEOUT, detail)

    def _fail(self, poll: _Poll, failure: FetchFailure, detail: str) -> None:
        self._settle(poll, self._failed(failure, detail))

    def _settle(self, poll: _Poll, result: FetchResult) -> None:
        """The poll's end, unless it failed where the feed moved to: then its own address is asked."""
        if isinstance(result, FetchFailed):
            self._let_go(poll)
            if poll.turn_back():
                self._queue(poll, first=True)
                return
        self._end(poll, result)

    def _end(self, poll: _Poll, result: FetchResult) -> None:
        self._leave(poll)
        poll.future.set_result(result)

    def _leave(self, poll: _Poll) -> None:
        self._begun.pop(poll, None)
        self._let_go(poll)

    def _let_go(self, poll: _Poll) -> None:
        """End the hop, wherever it stands: on the wire, in its turn, or waiting for it."""
        if poll.transfer is not None:
            self._put_by(poll.transfer)
            poll.transfer = None
        if poll.holds is not None:
            self._line.leave(poll.holds)
            poll.holds = None
        else:
            self._line.withdraw(poll.lane, poll)

    def _put_by(self, transfer: Transfer) -> None:
        del self._under_way[transfer.curl]
        self._wire.drop(transfer.curl)
        if transfer.hop.is_plain:
            transfer.rest()
            self._spare.append(transfer)
        else:
            transfer.curl.close()

    def _stop(self) -> None:
        with self._gate:
            self._closed = True  # also when a bug brought us here: nobody must wait for an answer that cannot come
        self._obey()
        for poll in [*self._begun, *self._line.empty()]:
            if poll.deadline is not None or poll.future.set_running_or_notify_cancel():
                self._end(poll, self._stopped())
        self._lookups.close()
        for transfer in self._spare:
            transfer.curl.close()
        self._wire.close()

    def _stopped(self) -> FetchFailed:
        return self._failed(FetchFailure.BROKEN, "monitor stopped before the answer came")

    def _failed(self, failure: FetchFailure, detail: str) -> FetchFailed:
        return FetchFailed(failure=failure, detail=detail, fetched_at=self._clock.now())


def fetcher_from(environ: Mapping[str, str], *, clock: Clock, parallel: int = PARALLEL) -> CurlFetcher:
    """The fetcher as the environment wants it: MONITOR_CONTACT (for the User-Agent) and SSL_CERT_FILE (certificates to
    trust besides the usual ones). Raises `ConfigError` for certificates that cannot be read."""
    return CurlFetcher(
        clock=clock,
        contact=environ.get("MONITOR_CONTACT", ""),
        trust=trust_with(environ.get("SSL_CERT_FILE", "")),
        parallel=parallel,
    )


def user_agent(contact: str) -> str:
    shown = "".join(c for c in contact.strip() if c.isascii() and c.isprintable())
    return f"monitor/{__version__}" + (f" (+{shown})" if shown else "")


def trust_with(more: str) -> Trust:
    """The certificates that certifi ships and, if `more` names a file (PEM), those in it too."""
    if not more:
        return Trust(file=certifi.where())
    try:
        own = Path(more).read_bytes()
    except OSError as error:
        what = f"the certificates that SSL_CERT_FILE names cannot be read: {error.strerror}"
        remedy = "let SSL_CERT_FILE name a readable PEM file, or unset it"
        problem = Problem(file=more, line=1, column=1, level="error", code="TLS", what=what, remedy=remedy)
        raise ConfigError((problem,)) from error
    return Trust(certificates=Path(certifi.where()).read_bytes() + b"\n" + own)
