"""The process that reads articles: see `served` for its life. The only place where trafilatura is imported.

It is given bytes and gives text; it asks nothing of the network.
"""

from __future__ import annotations

from html import escape

from monitor.feeds import reader_talk as talk
from monitor.feeds.article import is_page, page_text
from monitor.feeds.entries import LONGEST
from monitor.feeds.served import serve
from monitor.model import ArticleResult, ArticleText, NoArticle, Unread


def main(idle: str, cpu: str) -> None:
    """Serve until the parent goes, or `idle` seconds pass without a request; `cpu` seconds of work a page."""
    serve(_answer, idle=float(idle), cpu=float(cpu), ready=_import)


def _import() -> None:
    import trafilatura  # noqa: F401


def _answer(header: bytes, body: bytes) -> bytes:
    return talk.pack_result(read(talk.unpack_page(header, body)))


def read(page: talk.Page) -> ArticleResult:
    try:
        if not is_page(page.body, page.content_type):
            return NoArticle(why=Unread.NO_PAGE, detail=Unread.NO_PAGE.value)
        paragraphs = _paragraphs(page_text(page.body, page.content_type))
    except MemoryError:
        return _broke("it takes too much memory")
    except Exception as error:  # noqa: BLE001 - the page's doing, or a library's that it found; not the process's
        return _broke(type(error).__name__)
    body = "\n".join(f"<p>{escape(paragraph, quote=False)}</p>" for paragraph in paragraphs)[: LONGEST["body"]]
    return ArticleText(body=body) if body else NoArticle(why=Unread.NO_TEXT, detail=Unread.NO_TEXT.value)


def _broke(how: str) -> NoArticle:
    return NoArticle(why=Unread.BROKE, detail=f"{Unread.BROKE.value}: {how}")


def _paragraphs(html: str) -> list[str]:
    """Without readers' comments, which are nobody's report."""
    import trafilatura

    found = trafilatura.extract(html, include_comments=False, include_formatting=False) or ""
    return [line.strip() for line in found.splitlines() if line.strip()]
