"""The loop of articles, beside those of polls and deliveries: what is due is asked for, read and taken in, in the
background. A tick returns at once.

Deliveries do not wait for it: a line is alerted as soon as it is read. A poll goes before all pages that wait, and
waits for one that is under way at its very host: for seconds, see `feeds.fetch.PAGE_DEADLINE`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from datetime import timedelta
from threading import Thread
from typing import Final

from monitor.articles.policy import AFTER_TROUBLE, NO_TURN
from monitor.articles.take import Taking
from monitor.loops import LEASE, Loop, nobody
from monitor.model import ArticleReport, Feed, FetchRequest, FetchResult, WantedArticle
from monitor.pipeline import Pipeline
from monitor.ports import ArticleReader, Clock, Fetcher
from monitor.setup import Setup
from monitor.store.article_rows import Articles

log = logging.getLogger(__name__)

AT_ONCE: Final = 4  # articles under way, each of another feed


class ArticleLoop(Loop):
    def __init__(
        self,
        *,
        pipeline: Pipeline,
        articles: Articles,
        reader: ArticleReader,
        fetcher: Fetcher,
        clock: Clock,
        report: Callable[[ArticleReport], None],
        lost: Callable[[Exception], None] = nobody,
        lease: timedelta = LEASE,
    ) -> None:
        """`report` is called in a worker. `lease`: after which others may read what we hold; if we do so all the same,
        one word counts."""
        super().__init__(2, "articles", lost)  # one is taken in while another is read
        self._articles, self._reader, self._fetcher, self._clock = articles, reader, fetcher, clock
        self._report, self._lease = report, lease
        self._taking = Taking(pipeline=pipeline, articles=articles, reader=reader, clock=clock)

    def close(self) -> None:
        """Let go of what reads them; after the store, as the parser."""
        self._reader.close()

    def tick(self, setup: Setup, feeds: Iterable[Feed] | None = None, *, ahead: timedelta = timedelta(0)) -> list[str]:
        """Begin to read what is due of `feeds`, or of all; the ids of the feeds begun. `ahead`: as of `PollLoop`."""
        wanting = [feed.id for feed in (setup.feeds.values() if feeds is None else feeds) if feed.full_text]
        if self._stopping or not wanting:
            return []
        with self._idle:
            busy = set(self._busy)
        free = AT_ONCE - len(busy)
        feed_ids = [feed_id for feed_id in wanting if feed_id not in busy]
        if free <= 0 or not feed_ids:
            return []
        due = self._articles.claim(feed_ids, self._clock.now(), ahead=ahead, limit=free, lease=self._lease)
        for wanted in due:
            self._ask(setup, setup.feeds[wanted.feed_id], wanted)
        return [wanted.feed_id for wanted in due]

    def _ask(self, setup: Setup, feed: Feed, wanted: WantedArticle) -> None:
        if not self._begin(feed.id):  # stopped meanwhile, or another tick came first
            self._give_up(wanted)
            return
        try:
            future = self._fetcher.submit(FetchRequest(feed=feed, page=wanted.link))
        except Exception as error:  # noqa: BLE001 - it must neither count as under way for ever, nor stop the others
            self._broke("article.lost", error, feed=feed.id)
            self._give_up(wanted, AFTER_TROUBLE)
            self._end(feed.id)
        else:
            future.add_done_callback(lambda done: self._fetched(setup, feed, wanted, done))

    def _fetched(self, setup: Setup, feed: Feed, wanted: WantedArticle, done: Future[FetchResult]) -> None:
        try:
            self._workers.submit(self._take, setup, feed, wanted, done)
        except RuntimeError:  # stopped meanwhile; who ends the fetcher is not to wait for a database that is away
            Thread(target=self._take, args=(setup, feed, wanted, done), daemon=True).start()

    def _take(self, setup: Setup, feed: Feed, wanted: WantedArticle, done: Future[FetchResult]) -> None:
        try:
            if self._stopping:
                self._give_up(wanted)
            elif done.cancelled():
                self._give_up(wanted, NO_TURN)
            else:
                self._report(self._taking.take(setup, feed, wanted, done.result()))
        except Exception as error:  # noqa: BLE001 - the loop must go on; see _broke
            self._broke("article.lost", error, feed=feed.id)
            self._give_up(wanted, AFTER_TROUBLE)
        finally:
            self._end(feed.id)

    def _give_up(self, wanted: WantedArticle, pause: timedelta | None = None) -> None:
        """It was not tried, and is due for whoever comes: at once, or after a pause."""
        try:
            self._articles.release(wanted, due_at=None if pause is None else self._clock.now() + pause)
        except Exception as error:  # noqa: BLE001 - its lease ends by itself
            log.warning("article.held", extra={"feed": wanted.feed_id, "what": str(error)})
