"""A world whose feeds carry a line and link to pages: all real but the network and the clock."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import timedelta
from html import escape

from monitor.articles.loop import ArticleLoop
from monitor.feeds import reader_child, reader_talk
from monitor.language import InField, Rule, Term
from monitor.model import (
    ArticleReport,
    ArticleResult,
    Feed,
    Fetched,
    FetchFailed,
    FetchFailure,
    FetchRequest,
    FetchResult,
)
from monitor.store.article_rows import Articles
from tests.world import MINUTE, NOW, World, feed, item, rule

LINE = "تطورات ميدانية في ريف المحافظة"
LINK = "https://news.example/1"
CLASHES = "اندلعت اشتباكات عنيفة قرب مطار البلدة منذ ساعات الصباح"
MORE = "وأفاد سكان بسماع دوي انفجارات متتالية من جهة السوق القديم"


def page(*paragraphs: str, title: str = LINE) -> bytes:
    told = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in (paragraphs or (CLASHES, MORE)))
    return f"<html><head><title>{title}</title></head><body><article>{told}</article></body></html>".encode()


def clashes(rule_id: str = "clashes", **more: object) -> Rule:
    """A rule that looks for its word in bodies, too."""
    return rule(rule_id, "اشتباكات", **{"search_in": ("title", "summary", "body"), **more})


def in_body(word: str) -> InField:
    return InField(field="body", item=Term(text=word))


class PlainArticleReader:
    """`ArticleReader`, without the process around it."""

    def read(self, page: Fetched) -> ArticleResult:
        return reader_child.read(reader_talk.Page(body=page.body, content_type=page.content_type))

    def close(self) -> None:
        pass


class Newsroom(World):
    """`articles` has what each page answers, by where redirects end; one that is not there is a 404. `visited`: which
    were asked for."""

    def __init__(self, *rules: Rule, feeds: tuple[Feed, ...] = (), baseline: bool = False, **more: object) -> None:
        super().__init__(*(rules or (clashes(),)), feeds=feeds or (feed(full_text=True),), baseline=baseline, **more)
        self.articles: dict[str, bytes | FetchFailure] = {}
        self.ends: dict[str, str] = {}  # where redirects lead, by where they begin
        self.visited: list[str] = []
        self.article_reports: list[ArticleReport] = []
        self._feeds_of_network = self.network.submit
        self.network.submit = self._submit
        self.rows = Articles(self.store.database)
        self.article_loop = ArticleLoop(
            pipeline=self.pipeline,
            articles=self.rows,
            reader=PlainArticleReader(),
            fetcher=self.network,
            clock=self.clock,
            report=self.article_reports.append,
        )

    def _submit(self, request: FetchRequest) -> Future[FetchResult]:
        if request.page is None:
            return self._feeds_of_network(request)
        self.visited.append(request.page)
        future: Future[FetchResult] = Future()
        future.set_result(self._page(request.page))
        return future

    def _page(self, link: str) -> FetchResult:
        link = self.ends.get(link, link)
        found, now = self.articles.get(link, FetchFailure.STATUS), self.clock.now()
        if isinstance(found, FetchFailure):
            return FetchFailed(failure=found, detail="news.example answered 404", status=404, fetched_at=now)
        return Fetched(url=link, body=found, content_type="text/html", validators=None, fetched_at=now)

    def read(self, *, after: timedelta = timedelta(0)) -> list[str]:
        """Read what is due by then; the titles that were alerted for it."""
        self.clock.advance(after)
        before = len(self.article_reports)
        while self.article_loop.tick(self.setup, ahead=30 * timedelta(seconds=1)):
            assert self.article_loop.wait(30)
        return [alert.title for report in self.article_reports[before:] for alert in report.alerts]

    def texts(self) -> list[tuple[str, str]]:
        """Titles and bodies of all versions, in the order stored."""
        with self.store.database.read() as db:
            return [(row[0], row[1]) for row in db.execute("SELECT title, body FROM entry ORDER BY id")]

    def reasons(self) -> list[str]:
        with self.store.database.read() as db:
            return [row[0] for row in db.execute("SELECT reason FROM verdict ORDER BY decided_us, version_id")]

    def state_of(self, link: str | None = None) -> tuple[str, int, str]:
        """State, attempts in vain, error of an entry's article; of the first without a link."""
        with self.store.database.read() as db:
            row = db.execute("SELECT state, attempts, error FROM article WHERE :it IS NULL OR link = :it", {"it": link})
            return tuple(row.fetchone())


def line(title: str = LINE, *, n: int = 1, **more: object) -> str:
    return item(title, n=n, **more)


__all__ = [
    "CLASHES",
    "LINE",
    "LINK",
    "MINUTE",
    "MORE",
    "NOW",
    "Newsroom",
    "clashes",
    "feed",
    "in_body",
    "line",
    "page",
    "rule",
]
