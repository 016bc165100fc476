"""A process that has imported everything and forks for each pass it is asked for, on one thread: poll → ingest →
articles → send.

The pipeline, the parser, the matcher and the store are the real ones; what is plain is the fetching and the sending, so
that each system call of theirs happens in this thread, where strace counts it. A fork stops itself before its pass, for
strace to get hold of it, and goes on when it is sent SIGCONT. What has been recorded is acknowledged with writev, which
no test meddles with: 'polled', 'read ADDRESS' of each article, 'sent ID' of each delivery, then 'done'.
"""

from __future__ import annotations

import ctypes
import http.client
import json
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

from monitor.articles.take import Taking
from monitor.clock import SystemClock
from monitor.errors import StateError
from monitor.language import Lexicon
from monitor.model import ArticleText, Channel, Delivery, Fetched, NotSent, Recipient, Secret, SendResult, Sent
from monitor.pipeline import Pipeline
from monitor.rules.matcher import Matcher
from monitor.setup import Setup
from monitor.store import PollLock, SqliteStore, ballast, open_store
from monitor.store.article_rows import Articles
from tests.articles.world import PlainArticleReader, page
from tests.world import FakeSender, PlainParser, PlainReading, feed, rule

CHANNELS = ("desk", "field")
LEASE = timedelta(minutes=10)
AHEAD = timedelta(seconds=30)  # articles of one feed are due seconds apart
PR_SET_PTRACER = 0x59616D61  # prctl(2): where Yama is on, only who is named may trace us; -1 is everybody


class PlainSender(FakeSender):
    """Posts to a webhook; HTTP alone, so that a pass costs no import of Apprise."""

    def __init__(self, hook: str) -> None:
        super().__init__(SystemClock())
        self._hook = urlsplit(hook)

    def send(self, channel: Channel, delivery: Delivery) -> SendResult:
        body = json.dumps({"alert": delivery.alert.title, "channel": channel.id})
        connection = http.client.HTTPConnection(self._hook.netloc, timeout=20)
        try:
            connection.request("POST", self._hook.path, body)
            status = connection.getresponse().status
        except OSError as error:
            return NotSent(detail=str(error), ambiguous=True, failed_at=self.clock.now())
        finally:
            connection.close()
        now = self.clock.now()
        return Sent(sent_at=now) if status == 200 else NotSent(detail=str(status), failed_at=now)


def setup_of(address: str, *, full_text: bool = False) -> Setup:
    strikes = rule(notify=CHANNELS, search_in=("title", "summary", "body") if full_text else ("title", "summary"))
    return Setup(
        feeds={"one": feed(url=Secret(address), full_text=full_text)},
        rules={strikes.id: strikes},
        matcher=Matcher([strikes], Lexicon()),
        reading=PlainReading(),
        channels={each: Channel(id=each, url=Secret("json://x"), language="ar") for each in CHANNELS},
        recipients=lambda *_: tuple(Recipient(channel_id=each, key="only") for each in CHANNELS),
        zone=SystemClock().now().tzinfo,
    )


def fetch(address: str, url: str, content_type: str) -> Fetched:
    """`url`: under which it is taken in."""
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(parts.netloc, timeout=20)
    connection.request("GET", parts.path)
    body = connection.getresponse().read()
    connection.close()
    return fetched(url, body, content_type)


def fetched(url: str, body: bytes, content_type: str) -> Fetched:
    return Fetched(url=url, body=body, content_type=content_type, validators=None, fetched_at=SystemClock().now())


def acknowledge(told: int, text: str) -> None:
    os.writev(told, [text.encode() + b"\n"])


def one_pass(asked: dict[str, str], setup: Setup, told: int) -> None:
    state, clock = Path(asked["state"]), SystemClock()
    with PollLock.acquire(state, command="a test", now=clock.now()):
        store = open_store(state, now=clock.now())
        store.reserve(keeps_going=bool(asked.get("keeps_going")))
        store.take_over(now=clock.now())
        pipeline = Pipeline(
            store=store, parser=PlainParser(), sender=PlainSender(asked["hook"]), clock=clock, rng=Random(1)
        )
        poll(pipeline, store, setup, told)
        read_articles(pipeline, store, setup, told)
        send_all(pipeline, store, setup, told)
        if asked.get("lasting"):
            os._exit(0)  # the disk refuses to the end: nothing could be closed in order
        store.close()
    acknowledge(told, "done")


def poll(pipeline: Pipeline, store: SqliteStore, setup: Setup, told: int) -> None:
    feeds = list(setup.feeds.values())
    for state in store.claim_due_feeds(feeds, SystemClock().now(), limit=9, lease=LEASE, every=True):
        asked = setup.feeds[state.feed_id]
        pipeline.take(setup, asked, state, fetch(asked.url.reveal(), asked.address, "application/rss+xml"))
        acknowledge(told, "polled")


def read_articles(pipeline: Pipeline, store: SqliteStore, setup: Setup, told: int) -> None:
    """As `ArticleLoop` does, one after another."""
    wanting = [each.id for each in setup.feeds.values() if each.full_text]
    articles, clock = Articles(store.database), SystemClock()
    taking = Taking(pipeline=pipeline, articles=articles, reader=PlainArticleReader(), clock=clock)
    while wanting and (due := articles.claim(wanting, clock.now(), ahead=AHEAD, limit=1, lease=LEASE)):
        for wanted in due:
            found = fetch(wanted.link, wanted.link, "text/html")
            taking.take(setup, setup.feeds[wanted.feed_id], wanted, found)
            acknowledge(told, f"read {wanted.link}")


def send_all(pipeline: Pipeline, store: SqliteStore, setup: Setup, told: int) -> None:
    while due := store.channels_due(SystemClock().now()):
        for channel_id in due:
            for each in store.claim_deliveries(SystemClock().now(), limit=8, lease=LEASE, channel_id=channel_id):
                if isinstance(pipeline.deliver(setup, each).result, Sent):
                    acknowledge(told, f"sent {each.id}")


def forked(asked: dict[str, str]) -> int:
    """The fork's process id; it waits for SIGCONT. Its acknowledgements go to the file that `asked` names."""
    pid = os.fork()
    if pid:
        return pid
    try:
        ctypes.CDLL(None).prctl(PR_SET_PTRACER, -1)
        setup = setup_of(asked["feed"], full_text=bool(asked.get("articles")))
        told = os.open(asked["told"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.kill(os.getpid(), signal.SIGSTOP)
        one_pass(asked, setup, told)
        os._exit(0)
    except StateError as error:
        print(error, file=sys.stderr)
        os._exit(1)
    finally:
        os._exit(99)


def main() -> None:
    """Each line of standard input asks for a pass. Answers with the fork's id once it waits, then with its status."""
    ballast.lay.__kwdefaults__["size"] = 64 * 1024  # a test's disk should not have to give 16 MiB each time
    setup_of("http://127.0.0.1:9/")
    if "--articles" in sys.argv:  # what reads them is imported once, before the forks
        assert isinstance(PlainArticleReader().read(fetched("http://127.0.0.1:9/", page(), "text/html")), ArticleText)
    for line in sys.stdin:
        pid = forked(json.loads(line))
        os.waitpid(pid, os.WUNTRACED)
        print(pid, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
