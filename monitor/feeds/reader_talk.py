"""What the monitor and the process that reads articles say to each other: see `speech`.

A reply is looked at as that of a parser is: whoever wrote the page may have taken the process over.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

from monitor.feeds.entries import LONGEST
from monitor.feeds.speech import REPLY, REQUEST, Nonsense, Speech
from monitor.model import ArticleResult, ArticleText, NoArticle, Unread

LARGEST_REPLY: Final = 2 << 20  # bytes; a body of the longest, in UTF-8 and escaped, is below it
_LONGEST_DETAIL: Final = 200
_MAY_SAY: Final = {each.name: each for each in (Unread.NO_PAGE, Unread.NO_TEXT, Unread.BROKE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    body: bytes
    content_type: str | None


def pack_page(page: Page) -> tuple[bytes, bytes]:
    header = json.dumps(page.content_type).encode()
    return REQUEST.pack(len(header), len(page.body)) + header, page.body


def unpack_page(header: bytes, body: bytes) -> Page:
    return Page(body=body, content_type=json.loads(header))


def pack_result(result: ArticleResult) -> bytes:
    said = [None, result.body] if isinstance(result, ArticleText) else [result.why.name, result.detail]
    packed = json.dumps(said, ensure_ascii=False).encode("utf-8", "replace")
    return REPLY.pack(len(packed)) + packed


def unpack_result(packed: bytes | bytearray) -> ArticleResult:
    """Raises `Nonsense`."""
    try:
        why, text = json.loads(packed)
        if not isinstance(text, str) or not text or len(text) > (LONGEST["body"] if why is None else _LONGEST_DETAIL):
            raise Nonsense
        text.encode()  # half a surrogate pair could not be stored
        return ArticleText(body=text) if why is None else NoArticle(why=_MAY_SAY[why], detail=text)
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        raise Nonsense(type(error).__name__) from None


SPEECH: Final[Speech[Page, ArticleResult]] = Speech(
    child="monitor.feeds.reader_child",
    needs="trafilatura",
    pack=pack_page,
    unpack=lambda packed, _page: unpack_result(packed),
    largest=LARGEST_REPLY,
)
