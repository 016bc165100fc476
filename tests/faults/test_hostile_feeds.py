"""Whoever publishes in a feed is an attacker: whatever stands in it costs at most itself.

Contained: an answer comes, and the parent's heartbeat goes on meanwhile. Innocent entries are those of the documents
that did nothing wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.clock import SystemClock
from monitor.feeds.box import BoxedParser
from monitor.model import Fetched, Parsed, ParseFailed, ParseResult
from tests.faults.hostile import INNOCENT, MANY, Hostile, documents, item, rss
from tests.faults.ticker import Ticker

KILLING = Path(__file__).parent / "killing"
WAYS = sorted(set(re.findall(r'b"(KILL-[A-Z0-9-]+)"', (KILLING / "feedparser.py").read_text())))
DOCUMENTS = list(documents())
PAUSE = 1.0  # seconds that the heartbeat may be kept from ticking
KEPT = 0.95  # of the innocent entries


def ask(parser: BoxedParser, body: bytes, *, feed_id: str = "news", content_type: str | None = None) -> ParseResult:
    page = Fetched(
        url="https://a.example/feed",
        body=body,
        content_type=content_type,
        validators=None,
        fetched_at=datetime(2026, 11, 22, tzinfo=UTC),
    )
    return parser.parse(feed_id, page)


def kept(result: ParseResult, innocent: int = MANY) -> int:
    """How many of the innocent entries are there, each with its own link."""
    links = {entry.title: entry.link for entry in result.entries} if isinstance(result, Parsed) else {}
    return sum(links.get(INNOCENT[n]) == f"https://a.example/{n}" for n in range(innocent))


def poisoned(title: str) -> str:
    """An entry that goes through feedparser: plain ones are read without it."""
    return item("<category><x/></category>", title=title)


@pytest.fixture(scope="module")
def parser() -> Iterator[BoxedParser]:
    parser = BoxedParser(clock=SystemClock())
    yield parser
    parser.close()


@pytest.fixture
def killing() -> Iterator[BoxedParser]:
    """One process, which a word in a document kills; less patient than the real one."""
    parser = BoxedParser(clock=SystemClock(), processes=1, cpu=1.0, within=4.0, before=[str(KILLING)])
    yield parser
    parser.close()


def test_there_are_enough_documents() -> None:
    assert len({document.body for document in DOCUMENTS}) >= 150
    assert len({document.name for document in DOCUMENTS}) == len(DOCUMENTS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name[:60])
def test_a_hostile_document_is_contained(parser: BoxedParser, document: Hostile) -> None:
    with Ticker() as heartbeat:
        result = ask(parser, document.body, feed_id=document.name, content_type=document.content_type)
    assert isinstance(result, Parsed | ParseFailed)
    assert kept(result, document.innocent) >= KEPT * document.innocent
    assert heartbeat.gap <= PAUSE


@pytest.mark.parametrize("way", WAYS)
def test_a_parser_that_dies_or_hangs_costs_the_entry_and_not_the_feed(killing: BoxedParser, way: str) -> None:
    body = rss(poisoned(f"مسموم {way}")).encode()
    with Ticker() as heartbeat:
        result = ask(killing, body)
    assert kept(result) == MANY
    assert heartbeat.gap <= PAUSE
    assert isinstance(result, Parsed)
    assert any("could not be read" in warning for warning in result.warnings)
    assert kept(ask(killing, rss().encode(), feed_id="other")) == MANY


@pytest.mark.parametrize("way", ["KILL-SEGV", "KILL-SPIN", "KILL-EXIT-0"])
def test_what_breaks_the_parser_is_remembered_and_named(killing: BoxedParser, way: str) -> None:
    body = rss(poisoned(f"مسموم {way}")).encode()
    first = ask(killing, body)
    processes = killing.pids
    second = ask(killing, body)
    assert killing.pids == processes != frozenset()
    assert kept(first) == kept(second) == MANY
    assert isinstance(second, Parsed)
    assert second.warnings == (f"the entry 'مسموم {way}' breaks the parser; it could not be read",)


def test_a_poisoned_entry_keeps_its_headline_if_its_markup_is_the_poison(killing: BoxedParser) -> None:
    body = rss(item("<category><x>KILL-SEGV</x></category>", title="عاجل: انفجار")).encode()
    for _ in range(2):
        result = ask(killing, body)
        assert isinstance(result, Parsed)
        assert (kept(result), [entry.title for entry in result.entries].count("عاجل: انفجار")) == (MANY, 1)
        assert result.warnings == ("the entry 'عاجل: انفجار' breaks the parser; it was read without its markup",)


def test_a_poisoned_entry_that_cannot_be_read_without_its_markup_either_is_not_said_to_have_been(
    killing: BoxedParser,
) -> None:
    body = rss(item("<category><x>KILL-SEGV</x></category>", title="مسموم KILL-RAISE")).encode()
    result = ask(killing, body)
    assert isinstance(result, Parsed)
    assert kept(result) == len(result.entries) == MANY
    assert result.warnings == ("the entry 'مسموم KILL-RAISE' breaks the parser; it could not be read",)


def test_many_poisoned_entries_cost_no_innocent_one(killing: BoxedParser) -> None:
    poison = [poisoned(f"مسموم {n} {way}") for n in range(3) for way in ("KILL-SEGV", "KILL-EXIT-3", "KILL-ABORT")]
    with Ticker() as heartbeat:
        result = ask(killing, rss(*poison, *[poisoned(f"مسموم {n} KILL-SPIN") for n in range(3)]).encode())
    assert kept(result) == MANY
    assert heartbeat.gap <= PAUSE


def test_a_feed_whose_head_breaks_the_parser_fails_and_no_other_one(killing: BoxedParser) -> None:
    result = ask(killing, rss(head="<description>KILL-SEGV</description>").encode(), feed_id="bad")
    assert isinstance(result, ParseFailed)
    assert kept(ask(killing, rss().encode(), feed_id="good")) == MANY
