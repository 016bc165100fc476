"""Adapters made when they are first needed: to import what parses and what sends takes longer than to ask a hundred
feeds in which nothing is new."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from threading import Lock
from typing import Generic, Protocol, TypeVar

from monitor.model import ArticleResult, Channel, Delivery, Fetched, ParseResult, Recipient, SendResult
from monitor.ports import ArticleReader, Clock, Parser, Sender


class _Closes(Protocol):
    def close(self) -> None: ...


class _ZonedSender(Sender, Protocol):
    zone: tzinfo  # in which times are told
    templates: Mapping[str, str]  # own ones, by format


_Made = TypeVar("_Made", bound=_Closes)


class _Late(Generic[_Made]):
    """Safe from any thread. What is first asked for after `close` is closed from its beginning."""

    def __init__(self, make: Callable[[], _Made]) -> None:
        self._make, self._lock = make, Lock()
        self._made: _Made | None = None
        self._closed = False

    def obtain(self) -> _Made:
        with self._lock:
            if self._made is None:
                self._made = self._make()
                if self._closed:
                    self._made.close()
            return self._made

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._made is not None:
                self._made.close()


class LateParser:
    """`Parser`."""

    def __init__(self, make: Callable[[], Parser]) -> None:
        self._late = _Late(make)

    def parse(self, feed_id: str, page: Fetched, *, known: bytes | None = None) -> ParseResult:
        return self._late.obtain().parse(feed_id, page, known=known)

    def close(self) -> None:
        self._late.close()


def late_parser(clock: Clock) -> LateParser:
    def make() -> Parser:
        from monitor.feeds.box import BoxedParser

        return BoxedParser(clock=clock)

    return LateParser(make)


class LateReader:
    """`ArticleReader`."""

    def __init__(self, make: Callable[[], ArticleReader]) -> None:
        self._late = _Late(make)

    def read(self, page: Fetched) -> ArticleResult:
        return self._late.obtain().read(page)

    def close(self) -> None:
        self._late.close()


def late_reader(clock: Clock) -> LateReader:
    """Where no feed wants its articles read, what reads them is never imported."""

    def make() -> ArticleReader:
        from monitor.feeds.reader import BoxedArticleReader

        return BoxedArticleReader(clock=clock)

    return LateReader(make)


class LateSender:
    """`Sender`. `zone`, in which times are told, and `templates`, own ones, may be set at any time."""

    def __init__(self, make: Callable[[tzinfo], _ZonedSender], zone: tzinfo) -> None:
        self.zone = zone
        self.templates: Mapping[str, str] = {}
        self._late = _Late(lambda: make(self.zone))

    def recipients(self, channel: Channel) -> tuple[Recipient, ...]:
        return self._sender().recipients(channel)

    def send(self, channel: Channel, delivery: Delivery) -> SendResult:
        return self._sender().send(channel, delivery)

    def send_digest(self, channel: Channel, deliveries: Sequence[Delivery]) -> SendResult:
        return self._sender().send_digest(channel, deliveries)

    def problem(self, channel: Channel) -> str | None:
        return self._sender().problem(channel)

    def tell(self, channel: Channel, title: str, body: str) -> SendResult:
        return self._sender().tell(channel, title, body)

    def close(self) -> None:
        self._late.close()

    def _sender(self) -> Sender:
        sender = self._late.obtain()
        sender.zone, sender.templates = self.zone, self.templates
        return sender
