"""The pages that entries link to: which are wanted, and what came of reading one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

from monitor.model.alerts import Alert
from monitor.model.entries import Entry
from monitor.model.stories import KnownEntry, Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedArticle:
    """An entry's article that is to be read. `attempts`: tries before this one, all in vain. `until`: the end of the
    lease, by which whoever claims it later tells his lease from this one."""

    entry_id: int
    feed_id: str
    link: str
    until: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What an entry is known by as its article comes: the text that its feed showed last, with the article
    that is known of it, and what else is stored of it.

    `raw`: the form in which its feed last showed it, as sightings have it. `has_article`: the text's body is that of an
    article read before.
    """

    entry: Entry
    known: KnownEntry
    raw: bytes
    has_article: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleText:
    """What the page tells: paragraphs in `<p>`, escaped as in any body; never empty."""

    body: str


class Unread(Enum):
    """Why an article was not read, which says how often it is worth another try."""

    UNREACHED = "the page was not to be had"
    REFUSED = "the page may not be asked for"
    NO_PAGE = "no web page"
    NO_TEXT = "no text of an article in it"
    ELSEWHERE = "its address leads to another page"
    BROKE = "its reader broke on it"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoArticle:
    """`detail` is for people and holds no secret. `retry_after`: the server's wish, uncapped."""

    why: Unread
    detail: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedAgain:
    """Articles that wait since a try was in vain: how many, why the one whose turn is next could not be read, and when
    its turn is."""

    count: int
    error: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticlesRead:
    """How reading a feed's articles goes: of the newest that wait no more, `of`, how many were `unread` or left, and
    why the newest of those (`error`). `waiting`: how many are still to be read; `again`: those of them that were tried
    already."""

    of: int
    unread: int
    waiting: int
    error: str = ""
    again: TriedAgain | None = None


class ArticleState(Enum):
    WANTED = "wanted"
    READ = "read"
    UNREAD = "unread"  # given up
    LEFT = "left"  # nobody asked for it, or it was left for newer ones


@dataclass(frozen=True, slots=True, kw_only=True)
class EntrysArticle:
    """What became of the article of one entry. `attempts` in vain, and why the last was (`error`); `due_at` where it is
    wanted; `is_in_text`: a text of the entry has it, for it told more than the feed did."""

    state: ArticleState
    attempts: int
    error: str
    due_at: datetime | None
    ended_at: datetime | None
    is_in_text: bool


ArticleResult = ArticleText | NoArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReport:
    """What one article came to, for the operator. `error` is '' where it was read; `again_at`: when it is tried again,
    None where it is not."""

    feed_id: str
    link: str
    error: str = ""
    again_at: datetime | None = None
    alerts: tuple[Alert, ...] = ()
    matches: Mapping[str, int] = field(default_factory=dict)
    verdicts: Mapping[Reason, int] = field(default_factory=dict)
    problems: tuple[str, ...] = ()  # as in a `PollReport`
