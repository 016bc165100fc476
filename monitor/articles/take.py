"""What came of asking for one article: read, and taken in as its entry's new text; or noted as a try in vain."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import assert_never

from monitor.articles.policy import again_at, is_led_away, is_worth_having, leads_home, of_failure
from monitor.errors import ConfigError, StateError
from monitor.model import (
    ArticleReport,
    ArticleText,
    Feed,
    Fetched,
    FetchFailed,
    FetchResult,
    NoArticle,
    NotModified,
    Unread,
    WantedArticle,
)
from monitor.pipeline import Pipeline
from monitor.ports import ArticleReader, Clock
from monitor.setup import Setup
from monitor.store.article_rows import Articles

log = logging.getLogger(__name__)


class Taking:
    def __init__(self, *, pipeline: Pipeline, articles: Articles, reader: ArticleReader, clock: Clock) -> None:
        self._pipeline, self._articles, self._reader, self._clock = pipeline, articles, reader, clock

    def take(self, setup: Setup, feed: Feed, wanted: WantedArticle, result: FetchResult) -> ArticleReport:
        """Whatever goes wrong with the page is noted and put off, so that it is not asked for again at once."""
        try:
            return self._take(setup, feed, wanted, result)
        except (StateError, ConfigError):
            raise  # no fault of the page's
        except Exception as error:  # as a feed that breaks us: it must not stop the others, nor come again at once
            log.exception("article.broke", extra={"feed": feed.id})
            why = NoArticle(why=Unread.BROKE, detail=f"{Unread.BROKE.value}: {type(error).__name__}")
            return self._unread(wanted, why)

    def _take(self, setup: Setup, feed: Feed, wanted: WantedArticle, result: FetchResult) -> ArticleReport:
        match result:
            case Fetched() as page if self._is_anothers(wanted, page):
                return self._unread(wanted, NoArticle(why=Unread.ELSEWHERE, detail=Unread.ELSEWHERE.value))
            case Fetched() as page:
                read = self._reader.read(page)
            case FetchFailed() as failed:
                return self._unread(wanted, of_failure(failed))
            case NotModified():
                raise AssertionError("it was asked without conditions")
            case other:
                assert_never(other)
        if isinstance(read, NoArticle):
            return self._unread(wanted, read)
        tried = partial(self._read, setup, feed, wanted, page, read)
        return self._pipeline.patiently(tried, "article.again", feed=feed.id)

    def _is_anothers(self, wanted: WantedArticle, page: Fetched) -> bool:
        """Whether redirects led to a page that is not this entry's: its text would be made of others' headlines."""
        if leads_home(wanted.link, page.url):
            return True
        return is_led_away(wanted.link, page.url) and self._articles.is_anothers(wanted, page.url)

    def _read(self, setup: Setup, feed: Feed, wanted: WantedArticle, page: Fetched, read: ArticleText) -> ArticleReport:
        # A poll must not bring an edit of the line between our reading and our writing it.
        with self._pipeline.turn_of(feed):
            line = self._articles.line(wanted.entry_id)
            if line is None:
                return ArticleReport(feed_id=feed.id, link=wanted.link, error="its entry is not kept any more")
            worth = is_worth_having(read.body, line)
            told = replace(line, entry=replace(line.entry, body=read.body)) if worth else None
            report = self._pipeline.take_article(setup, feed, wanted, page, told)
        if report is None:
            self._articles.release(wanted)
            return ArticleReport(feed_id=feed.id, link=wanted.link, error="its entry was edited meanwhile")
        log.info("article.read", extra={"feed": feed.id, "more": worth, "alerts": len(report.alerts)})
        return ArticleReport(
            feed_id=feed.id,
            link=wanted.link,
            alerts=report.alerts,
            matches=report.matches,
            verdicts=report.verdicts,
            problems=report.problems,
        )

    def _unread(self, wanted: WantedArticle, why: NoArticle) -> ArticleReport:
        now = self._clock.now()
        again = again_at(why, attempts=wanted.attempts, now=now)
        self._articles.unread(wanted, why.detail, now=now, again_at=again)
        log.warning("article.unread", extra={"feed": wanted.feed_id, "why": why.why.name.lower(), "detail": why.detail})
        return ArticleReport(feed_id=wanted.feed_id, link=wanted.link, error=why.detail, again_at=again)
