"""Full text search over everything that was read, with what became of it; a query can be saved as a rule."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from time import monotonic
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from monitor.alerts.content import rule_title
from monitor.alerts.marks import Marked, shown
from monitor.config import Config
from monitor.errors import Problem, StateError
from monitor.language import Lexicon
from monitor.model import FIELDS, FieldName
from monitor.search.index_file import IndexFile
from monitor.search.keeping import LEAST, STEP, behind, open_index, step
from monitor.search.names import Read, understood
from monitor.search.page import END, Budget, Found, Page, Wanted, search
from monitor.search.shipped import is_being_made
from monitor.search.sought import HEADLINES, QueryRefused, Sought
from monitor.store.read import Reader
from monitor.text.guess import guess_language
from monitor.web.desk import Desk
from monitor.web.pages import Section
from monitor.web.render import render
from monitor.web.visit import Visit, desk_of, visit_of
from monitor.web.words import text

log = logging.getLogger(__name__)

PAGE: Final = 50
BEHIND: Final = 3_000  # versions that the index lacks, from which on a reader is told
OUTCOMES: Final = ("alerted", "matched", "unmatched")
SPANS: Final = ("1", "7", "30")  # days
FILTERS: Final = ("feed", "days", "since", "until", "outcome", "language", "where", "words")
_AROUND: Final = 160  # characters of a body before the first mark


@dataclass(frozen=True, slots=True)
class Asked:
    """What stands in the address, as far as it makes sense; each '' where it does not."""

    q: str
    feed: str = ""
    days: str = ""
    since: str = ""
    until: str = ""
    outcome: str = ""
    language: str = ""
    where: str = ""  # 'all': the body too
    words: str = ""  # '1': no words are taken for a name

    def address(self, **changed: str) -> str:
        told = {name: getattr(self, name) for name in ("q", *FILTERS)} | changed
        return f"/search?{urlencode({name: value for name, value in told.items() if value})}"

    @property
    def search_in(self) -> tuple[FieldName, ...]:
        return FIELDS if self.where == "all" else HEADLINES

    @property
    def set(self) -> list[str]:
        """The filters that are set, in order."""
        return [name for name in FILTERS if getattr(self, name) and name != "words"]


def found(request: Request) -> Response:
    visit, desk = visit_of(request), desk_of(request)
    config = desk.config
    asked = _asked(request.query_params, config)
    told: dict[str, Any] = {"read": None, "problems": (), "page": None, "indexed": True, "newer": "", "older": ""}
    if asked.q:
        try:
            read, sought = compiled(asked.q, asked.search_in, asked.language, asked.words == "1", Known(config.lexicon))
        except QueryRefused as refused:
            told["problems"] = refused.problems
        else:
            told |= _searched(desk, sought, asked, _before(request), visit) | {"read": read, "problems": read.hints}
    return render(
        request,
        "search.html",
        asked=asked,
        refused_query=told["read"] is None and bool(told["problems"]),
        feeds=[(feed.id, feed.name) for feed in config.feeds],
        names={feed.id: feed.name for feed in config.feeds},
        rules={rule.id: rule_title(rule.title, visit.language) for rule in config.rules},
        languages=[(each, each) for each in _languages(config)],
        outcomes=[(each, text(visit.language, f"search.outcome.{each}")) for each in OUTCOMES],
        spans=[(each, text(visit.language, f"search.days.{each}")) for each in SPANS],
        pointed=_pointed,
        marked=_marked,
        lang=_language_of,
        behind=BEHIND,
        rule=_as_rule(asked, told["read"].query) if told["read"] else "",
        **told,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A lexicon as part of a key: the same one, not one that says the same."""

    lexicon: Lexicon

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Known) and other.lexicon is self.lexicon

    def __hash__(self) -> int:
        return id(self.lexicon)


@lru_cache(maxsize=32)
def compiled(
    query: str, search_in: tuple[FieldName, ...], language: str, as_written: bool, known: Known
) -> tuple[Read, Sought]:
    """Once for all the pages that somebody goes through. Raises QueryRefused."""
    languages = (language,) if language else ()
    read = understood(query, known.lexicon, as_written=as_written, search_in=search_in, languages=languages)
    return read, Sought(read.rule, known.lexicon)


def _searched(desk: Desk, sought: Sought, asked: Asked, before: int, visit: Visit) -> dict[str, Any]:
    wanted = _wanted(asked, visit)
    with desk.reader() as reader, index_of(desk, reader) as index:
        page = one_page(reader, index, sought, wanted, before, limit=PAGE)
    return {
        "page": page,
        "indexed": index is not None,
        "newer": asked.address() if before != END else "",
        "older": f"{asked.address()}&before={page.go_on}" if page.go_on is not None else "",
    }


def one_page(
    reader: Reader, index: IndexFile | None, sought: Sought, wanted: Wanted, before: int, *, limit: int
) -> Page:
    budget = Budget(clock=monotonic)
    try:
        return search(reader, index, sought, wanted=wanted, before=before, limit=limit, budget=budget)
    except sqlite3.Error as error:
        log.warning("search.index_failed", extra={"what": str(error)})
        return search(reader, None, sought, wanted=wanted, before=before, limit=limit, budget=budget)


@contextlib.contextmanager
def index_of(desk: Desk, reader: Reader) -> Iterator[IndexFile | None]:
    """With a step of what is missing in it: so it grows, whether anybody keeps it up or not. Nobody waits for a thread
    that makes ready for it: what is missing is judged one by one."""
    index = open_index(desk.state) if desk.state.is_dir() else None
    if index is None:
        yield None
        return
    with contextlib.closing(index):
        with contextlib.suppress(sqlite3.Error, StateError):
            if behind(reader, index) >= LEAST and not is_being_made():
                step(reader, index, at_most=STEP)
        yield index


def _asked(given: Mapping[str, str], config: Config) -> Asked:
    told = {name: given.get(name, "").strip() for name in FILTERS}
    feeds = {feed.id for feed in config.feeds}
    good = {
        "feed": told["feed"] in feeds,
        "days": told["days"] in SPANS and not (told["since"] or told["until"]),
        "since": _day(told["since"]) is not None,
        "until": _day(told["until"]) is not None,
        "outcome": told["outcome"] in OUTCOMES,
        "language": told["language"].isalpha() and len(told["language"]) <= 3,
        "where": told["where"] == "all",
        "words": told["words"] == "1",
    }
    return Asked(" ".join(given.get("q", "").split()), **{name: value for name, value in told.items() if good[name]})


def _languages(config: Config) -> list[str]:
    return sorted({language.split("-")[0] for feed in config.feeds for language in feed.languages})


def _before(request: Request) -> int:
    written = request.query_params.get("before", "")
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 19 else END


def _wanted(asked: Asked, visit: Visit) -> Wanted:
    since, until = _day(asked.since), _day(asked.until)
    begins = _at(since, visit) if since else visit.now - timedelta(days=int(asked.days)) if asked.days else None
    return Wanted(
        feeds=frozenset({asked.feed}) if asked.feed else None,
        since=begins,
        until=_at(until + timedelta(days=1), visit) if until else None,
        outcome=asked.outcome or None,  # type: ignore[arg-type]  # one of them
    )


def _day(written: str) -> date | None:
    try:
        found = date.fromisoformat(written)
    except ValueError:
        return None
    return found if date(1990, 1, 1) <= found <= date(2200, 1, 1) else None


def _at(day: date, visit: Visit) -> datetime:
    return datetime.combine(day, time(0), visit.zone)


def _as_rule(asked: Asked, query: str) -> str:
    """The address of a new rule that looks where the search did."""
    told = {"feeds": asked.feed, "languages": asked.language}
    looks_in = {"search_in": FIELDS} if asked.where == "all" else {}
    named = {name: value for name, value in told.items() if value}
    return f"/rules/new?{urlencode({'query': query, **named, **looks_in}, doseq=True)}"


def _pointed(query: str, problem: Problem) -> tuple[str, str, str]:
    """The query before a mistake, the word at which it stands, and the rest."""
    at = min(max(0, problem.column - 1), len(query))
    end = query.find(" ", at + 1)
    end = len(query) if end < 0 else end
    return query[:at], query[at:end], query[end:]


def _marked(each: Found, name: FieldName) -> Sequence[tuple[str, bool]]:
    """A field in pieces, each with whether it is marked; of a body what stands around the first mark."""
    spans = [span for span in each.spans if span.field == name]
    if name == "body" and not spans:
        return ()
    line = shown(getattr(each, name), spans)
    if name == "body" and line.runs and line.runs[0][0] > _AROUND:
        start = line.text.rfind(" ", 0, line.runs[0][0] - _AROUND // 2) + 1
        line = Marked(f"… {line.text[start:]}", tuple((a - start + 2, b - start + 2) for a, b in line.runs))
    return tuple(line.cut(500).pieces())


def _language_of(each: Found) -> str:
    return guess_language(f"{each.title}\n{each.summary}")


SECTIONS = (Section(30, "/search", "search.title"),)
ROUTES = (Route("/search", found),)
