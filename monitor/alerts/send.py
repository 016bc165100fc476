"""Sending through Apprise: one message to one recipient, tried once, with an honest answer.

Apprise lives in other processes (`child`), one for each message on its way, forked from one that stays (`forking`):
an endpoint that hangs or trickles holds up its own channel only, is cut off in time, and keeps nothing from ending.
Apprise is never imported here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta, tzinfo
from typing import Final, TextIO

from monitor.alerts import events, posts
from monitor.alerts.console import Console
from monitor.alerts.endpoint import Endpoint
from monitor.alerts.fit import Limits
from monitor.alerts.holding import zone_of
from monitor.alerts.pool import Pool
from monitor.alerts.posts import Post
from monitor.alerts.receipts import Receipts
from monitor.alerts.render import ROOMY, Format, Message, Templates
from monitor.alerts.wording import Preview, Shape, Wording, machine_preview
from monitor.alerts.worker import Lost, Reply
from monitor.model import (
    ONLY,
    Alert,
    Channel,
    Delivery,
    NotSent,
    Recipient,
    Secret,
    SendResult,
    Sent,
    is_webhook,
)
from monitor.ports import Clock

LONGEST_WAIT: Final = 7 * 24 * 3600  # seconds; more is nonsense, and may not fit a date
UNKNOWN: Final = Shape("text", Limits(title=100, body=1000))  # until the service could be asked


@dataclass(frozen=True, slots=True)
class Description:
    """What a service takes, and who stands behind its address: no keys for a single recipient."""

    keys: tuple[str, ...]
    limits: Limits
    format: Format = "text"
    endpoint: Endpoint | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why an address cannot be used."""

    why: str


class AppriseSender:
    """`Sender` over Apprise and the console; see the protocol for its promises.

    `zone` is that of the times in messages where a channel has none, `links` where an alert's message leads,
    `templates` the operator's own by format; each may be replaced at any time. Where there are `receipts`, what was
    taken and could not be recorded is not sent again; whoever records what became of a delivery ends its receipt.
    """

    def __init__(
        self,
        *,
        clock: Clock,
        zone: tzinfo,
        console: TextIO | None = None,
        bound: timedelta = timedelta(seconds=45),
        turn: timedelta = timedelta(seconds=10),
        idle: timedelta = timedelta(seconds=60),
    ) -> None:
        """A send ends within `bound`, of which it waits at most `turn` for an earlier one of its channel to end.

        A process ends when it was `idle` so long. `console`: see `Console`.
        """
        self.zone = zone
        self.links: Callable[[Alert], Mapping[str, str]] = lambda _: {}
        self.templates: Templates = {}
        self.receipts: Receipts | None = None
        self._clock, self._bound, self._turn = clock, bound.total_seconds(), turn.total_seconds()
        self._console = Console(console)
        self._pool = Pool(clock=clock, idle=idle.total_seconds())
        self._known: dict[Secret, Description | Problem] = {}
        self._describing = threading.Lock()
        self._turns: dict[str, threading.Lock] = {}

    def recipients(self, channel: Channel) -> tuple[Recipient, ...]:
        """Also for an address that cannot be used: what is for it waits until it is mended."""
        match self._describe(channel.url, self._deadline()):
            case Description(keys=keys) if keys:
                return tuple(Recipient(channel_id=channel.id, key=key) for key in keys)
            case _:
                return (Recipient(channel_id=channel.id, key=ONLY),)

    def problem(self, channel: Channel) -> str | None:
        """Why nothing can be sent to this channel as it is configured; None if nothing is known against it."""
        described = self._describe(channel.url, self._deadline())
        return described.why if isinstance(described, Problem) else None

    def endpoint(self, channel: Channel) -> Endpoint | None:
        """Where the channel's service is reached; None for the console, and where that cannot be told."""
        described = self._describe(channel.url, self._deadline())
        return described.endpoint if isinstance(described, Description) else None

    def send(self, channel: Channel, delivery: Delivery) -> SendResult:
        return self._try(channel, [delivery])

    def send_digest(self, channel: Channel, deliveries: Sequence[Delivery]) -> SendResult:
        return self._try(channel, deliveries)

    def _try(self, channel: Channel, deliveries: Sequence[Delivery]) -> SendResult:
        """Unless an earlier try, which could not be recorded, is known to have been taken; or this one, whose answer
        nobody heard."""
        taken = self._taken(deliveries)
        if taken is not None:
            return taken
        result = self._send(channel, deliveries)
        if isinstance(result, NotSent) and result.ambiguous:
            return self._taken(deliveries) or result
        return result

    def _taken(self, deliveries: Sequence[Delivery]) -> Sent | None:
        return None if self.receipts is None else self.receipts.taken(deliveries)

    def _send(self, channel: Channel, deliveries: Sequence[Delivery]) -> SendResult:
        deadline = self._deadline()
        if channel.url is not None and is_webhook(channel.url.reveal()):
            told = [events.of_delivery(each) for each in deliveries]
            return self._post(channel, channel.url, told, deadline, deliveries)
        wording, shape = self._wording(channel), self._shape(channel, deadline)
        first, *more = deliveries
        if not more:
            message, plain = wording.alert(first, shape)
            return self._deliver(channel, posts.of_alert(channel, first, message, plain), deadline, deliveries)
        message, plain = wording.digest(deliveries, shape)
        sent = self._deliver(channel, posts.of_digest(channel, deliveries, message, plain), deadline, deliveries)
        # What follows one story must not hang on the news of twenty.
        return replace(sent, thread=None) if isinstance(sent, Sent) else sent

    def tell(self, channel: Channel, title: str, body: str) -> SendResult:
        deadline, now = self._deadline(), self._clock.now()
        id = f"notice {now:%Y%m%dT%H%M%S%f}"
        if channel.url is not None and is_webhook(channel.url.reveal()):
            return self._post(channel, channel.url, [events.of_notice(id, title, body, now=now)], deadline)
        message, plain = self._wording(channel).notice(title, body, self._shape(channel, deadline))
        return self._deliver(channel, posts.of_notice(channel, id, message, plain), deadline)

    def preview(self, channel: Channel, deliveries: Sequence[Delivery]) -> Preview:
        """What would be sent, as a digest if there are several; nothing is."""
        if channel.url is not None and is_webhook(channel.url.reveal()):
            return machine_preview([events.of_delivery(each) for each in deliveries])
        shape, wording = self._shape(channel, self._deadline()), self._wording(channel)
        first, *more = deliveries
        message, _ = wording.digest(deliveries, shape) if more else wording.alert(first, shape)
        return Preview(message, shape.limits)

    def preview_notice(self, channel: Channel, title: str, body: str) -> Preview:
        """What `tell` would send; nothing is."""
        if channel.url is not None and is_webhook(channel.url.reveal()):
            return machine_preview([events.of_notice("notice", title, body, now=self._clock.now())])
        shape = self._shape(channel, self._deadline())
        message, _ = self._wording(channel).notice(title, body, shape)
        return Preview(message, shape.limits)

    def close(self) -> None:
        self._pool.close()

    def _deadline(self) -> float:
        return self._clock.monotonic() + self._bound

    def _shape(self, channel: Channel, deadline: float) -> Shape:
        described = self._describe(channel.url, deadline)
        return Shape(described.format, described.limits) if isinstance(described, Description) else UNKNOWN

    def _wording(self, channel: Channel) -> Wording:
        return Wording(channel.language, zone_of(channel, self.zone), self._clock.now(), self.links, self.templates)

    def _post(
        self,
        channel: Channel,
        url: Secret,
        told: Sequence[events.Json],
        deadline: float,
        deliveries: Sequence[Delivery] = (),
    ) -> SendResult:
        """To a machine."""
        request = posts.to_machine(channel, url, told, now=self._clock.now())
        return self._result(self._in_turn(channel.id, request, deadline, deliveries))

    def _deliver(
        self, channel: Channel, post: Post, deadline: float, deliveries: Sequence[Delivery] = ()
    ) -> SendResult:
        if channel.url is None:
            return self._print(post.message)
        return self._result(self._in_turn(channel.id, post.request(channel.url), deadline, deliveries))

    def _print(self, message: Message) -> SendResult:
        try:
            self._console.print(message)
        except (OSError, ValueError):  # closed, or the reader of the pipe has gone
            return NotSent(detail="nobody reads the console", failed_at=self._clock.now())
        return Sent(sent_at=self._clock.now())

    # --- the children

    def _describe(self, url: Secret | None, deadline: float) -> Description | Problem | None:
        """What is known of an address; None if it could not be found out in time."""
        if url is None:
            return Description((), ROOMY)
        if url in self._known:
            return self._known[url]
        with _held(self._describing, self._left(deadline)) as alone:  # else many threads start a process at once
            if alone and url not in self._known:
                reply = self._pool.ask({"do": "describe", "url": url.reveal()}, seconds=self._left(deadline))
                if not isinstance(reply, Lost) and "broke" not in reply:
                    self._known[url] = _described(reply)
        return self._known.get(url)

    def _in_turn(
        self, channel_id: str, request: posts.Request, deadline: float, deliveries: Sequence[Delivery]
    ) -> Reply | Lost:
        """One message of a channel at a time: else those for one that hangs would take every thread there is."""
        turn = self._turns.setdefault(channel_id, threading.Lock())
        with _held(turn, min(self._turn, self._left(deadline))) as ours:
            if not ours:
                return Lost("an earlier message to this channel is still on its way", sending=False)
            if self.receipts is not None and deliveries:
                request["receipt"] = self.receipts.begin(deliveries, now=self._clock.now())
            return self._pool.ask(request, seconds=self._left(deadline))

    def _left(self, deadline: float) -> float:
        return max(deadline - self._clock.monotonic(), 0.0)

    def _result(self, reply: Reply | Lost) -> SendResult:
        now = self._clock.now()
        if isinstance(reply, Lost):
            return NotSent(detail=reply.why, ambiguous=reply.sending, failed_at=now)
        if reply.get("sent"):
            return Sent(sent_at=now, thread=reply.get("thread"), answer=str(reply.get("answer") or ""))
        wait = reply.get("retry_after")
        return NotSent(
            detail=_detail(reply),
            permanent=bool(reply.get("permanent")),
            refused=bool(reply.get("refused")),
            ambiguous=bool(reply.get("ambiguous")),
            retry_after=None if wait is None else timedelta(seconds=min(wait, LONGEST_WAIT)),
            failed_at=now,
        )


@contextmanager
def _held(lock: threading.Lock, seconds: float) -> Iterator[bool]:
    """Whether the lock was free within the time; if so it is ours until the end."""
    ours = lock.acquire(timeout=seconds)
    try:
        yield ours
    finally:
        if ours:
            lock.release()


def _described(reply: Reply) -> Description | Problem:
    if "unusable" in reply:
        return Problem(str(reply["unusable"]))
    limits = Limits(title=reply["title"], body=reply["body"], unit=reply["unit"])
    reached = reply.get("endpoint")
    return Description(tuple(reply["keys"]), limits, reply["format"], Endpoint(**reached) if reached else None)


def _detail(reply: Reply) -> str:
    if "broke" in reply:
        return f"Apprise could not handle this channel ({reply['broke']})"
    return str(reply.get("unusable") or reply.get("detail") or "not sent")
