"""`ArticleReader` in a process that may die: one page at a time, for there are few and none is waited for."""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Final

from monitor.feeds.box_worker import BoxWorker, Lost
from monitor.feeds.reader_talk import SPEECH, Page
from monitor.model import ArticleResult, Fetched, NoArticle, Unread
from monitor.ports import Clock

CPU: Final = 10.0  # seconds of work for a page; one of a newsroom takes 0.1
WITHIN: Final = 40.0  # seconds by the clock
IDLE: Final = 60.0


class BoxedArticleReader:
    def __init__(
        self,
        *,
        clock: Clock,
        cpu: float = CPU,
        within: float = WITHIN,
        idle: float = IDLE,
        before: Sequence[str] = (),
    ) -> None:
        """As those of `BoxedParser`."""
        self._within, self._turn = within, Lock()
        self._worker = BoxWorker(SPEECH, clock=clock, idle=idle, cpu=cpu, before=before)

    def read(self, page: Fetched) -> ArticleResult:
        with self._turn:
            result = self._worker.ask(Page(body=page.body, content_type=page.content_type), seconds=self._within)
        if isinstance(result, Lost):
            return NoArticle(why=Unread.BROKE, detail=f"{Unread.BROKE.value}: {result.why}")
        return result

    @property
    def pid(self) -> int | None:
        """The process that runs now, if one does."""
        return self._worker.pid

    def close(self) -> None:
        self._worker.close()
