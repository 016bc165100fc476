"""The law of reading only what is new, for any documents that a feed may serve one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from monitor.feeds.known import Marks, read_marks
from monitor.feeds.parse import parse
from monitor.model import Entry, Parsed, ParseResult
from monitor.stories.identity import reused

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
EVERY = timedelta(minutes=5)
BASE = "https://host.example/feeds/all.xml"


def read(body: bytes, *, known: bytes | None = None, at: datetime = NOW, base_url: str = BASE) -> ParseResult:
    return parse("news", body, None, base_url=base_url, fetched_at=at, known=known)


def marks_of(parsed: Parsed) -> Marks:
    marks = read_marks(parsed.marks)
    assert marks is not None
    return marks


@dataclass
class Tally:
    """How many documents were read, how many of them only in part, and how many entries that spared."""

    documents: int = 0
    partly: int = 0
    spared: int = 0
    entries: int = 0


def follow(bodies: Iterable[bytes], tally: Tally | None = None, *, start: datetime = NOW) -> Tally:
    """Poll the documents in turn, and compare each answer with reading that document in full."""
    tally = tally or Tally()
    known: bytes | None = None
    delivered: set[Entry] = set()
    for number, body in enumerate(bodies):
        at = start + number * EVERY
        full, now = read(body, at=at), read(body, known=known, at=at)
        tally.documents += 1
        if not isinstance(full, Parsed) or not isinstance(now, Parsed):
            assert now == full
            continue
        assert_same_but_for_known(now, full, delivered)
        delivered |= set(map(nowhere, now.entries))
        tally.partly += len(now.entries) < len(full.entries)
        tally.spared += len(full.entries) - len(now.entries)
        tally.entries += len(full.entries)
        known = now.marks
    return tally


def nowhere(entry: Entry) -> Entry:
    return replace(entry, position=0)


def assert_same_but_for_known(now: Parsed, full: Parsed, delivered: set[Entry]) -> None:
    """What is left out was delivered before, exactly as a full reading has it now. All else is equal."""
    there = set(now.entries)
    assert now.entries == tuple(entry for entry in full.entries if entry in there)
    left_out = [entry for entry in full.entries if entry not in there]
    assert set(map(nowhere, left_out)) <= delivered
    assert (now.title, now.ttl, now.warnings, now.is_whole, now.window) == (
        full.title, full.ttl, full.warnings, full.is_whole, full.window,
    )  # fmt: skip
    mine, whole = marks_of(now), marks_of(full)
    assert (mine.context, mine.marks) == (whole.context, whole.marks) or mine.by is not whole.by
    alone, among = reused(now.entries), reused(full.entries)
    assert alone.guids == {entry.guid for entry in now.entries} & among.guids
    assert alone.links == {entry.link for entry in now.entries} & among.links
