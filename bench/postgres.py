"""What a poll costs PostgreSQL, by what it brings: ways to the server, processor time, and the clock beside SQLite's.

    python -m bench.postgres [--polls 30] [--statements]

The real pipeline and the starter rules take in made-up documents of 25 entries: nothing new, a new entry that no rule
matches, one that begins a story, and one that joins one of 16 stories of 24 reports each that share its keys. Both
stores are on disk and asked in turn, so that the ratio of their transactions is of one run. `ways` are counted in the
client: each is a question and its answer, BEGIN, COMMIT and the lock included. `--statements` tells what the server
took for each statement of the last kind, planning apart (by pg_stat_statements, which costs a little itself).
"""

from __future__ import annotations

import argparse
import contextlib
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg

from bench.fleet_postgres import postgres
from bench.fleet_states import FEEDS, NOW, SHOWN, Server, Stream, setup_of_starter_rules, sqlite
from bench.known import text
from monitor.intake import Judged, judge
from monitor.model import Entry, IngestEntry, Reason, Verdict
from monitor.setup import Setup
from monitor.store.sql_store import SqlStore
from tests.postgres import Postgres
from tests.world import FakeClock

STORIES: Final = 16
REPORTS: Final = 24  # as many as are compared, see `story_rows`
SHARE: Final = 3  # reports of each story that have the keys that are asked for; of one key the newest 100 are found
PLACES: Final = (
    "دير الزور",
    "الرقة",
    "إدلب",
    "حلب",
    "درعا",
    "حمص",
    "الموصل",
    "كركوك",
    "بغداد",
    "البصرة",
    "صنعاء",
    "عدن",
)
EVENTS: Final = ("مقتل مسعف في غارة جوية على", "اختطاف عامل إغاثة في", "اغتيال مسعف بعبوة ناسفة في")
TOLD: Final = "غارة جوية تستهدف مستودعا للذخيرة في مطار دير الزور ومقتل ثلاثة مدنيين"
STATEMENTS: Final = """
    SELECT calls, total_plan_time, total_exec_time, regexp_replace(query, '\\s+', ' ', 'g') FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND calls >= %s
    ORDER BY total_plan_time + total_exec_time DESC LIMIT 25
"""


@dataclass(slots=True)
class Found:
    """Of each poll: ways to the server, microseconds of its processor, microseconds of the transaction by the clock."""

    ways: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)


class Ways:
    """How often psycopg waited for a server."""

    def __init__(self) -> None:
        self.count = 0

    @contextlib.contextmanager
    def counted(self) -> Iterator[Ways]:
        waits = psycopg.Connection.wait

        def wait(connection: Any, *told: Any, **more: Any) -> Any:
            self.count += 1
            return waits(connection, *told, **more)

        psycopg.Connection.wait = wait  # type: ignore[method-assign, assignment]
        try:
            yield self
        finally:
            psycopg.Connection.wait = waits  # type: ignore[method-assign]


class Subject:
    """A store, and the polls that it takes in."""

    def __init__(self, store: SqlStore, server: Server, ways: Ways) -> None:
        self.clock = FakeClock(NOW)
        self.setup = setup_of_starter_rules(self.clock)
        self.store, self.server, self._ways = store, server, ways
        self.stream = Stream(store, self.setup, self.clock, [(text(9, n), text(30, 7 * n)) for n in range(2000)])
        self.stream.first_polls()
        for number in range(FEEDS):
            self.stream.changed(number, new=1)

    def poll(self, number: int, found: Found, *, new: int) -> None:
        before, cpu = self._ways.count, self.server.cpu()
        self.stream.store.wall.clear()
        self.stream.changed(number % FEEDS, new=new)
        found.ways.append(self._ways.count - before)
        found.cpu.append(self.server.cpu() - cpu)
        found.wall.extend(self.stream.store.wall)

    def remember(self) -> None:
        """Stories of others that have the keys of what is told next."""
        probe = _judged(self.setup, self.stream, TOLD)
        others = [_judged(self.setup, self.stream, _news(n)) for n in range(STORIES * REPORTS)]
        with self.store.ingest() as tx:
            for story in range(STORIES):
                story_id: int | None = None
                for report in range(REPORTS):
                    told = probe if story == report == 0 else others[story * REPORTS + report]
                    keys = probe if report >= REPORTS - SHARE or told is probe else told
                    item = _item(told, keys, f"{story}-{report}", report % FEEDS, story_id)
                    _, story_id, _ = tx.write(item, seen_at=self.clock.now())
        assert probe.sketch is not None
        with self.store.ingest() as tx:
            found = tx.stories(probe.sketch.keys, since=NOW)
        if len(found) != STORIES or any(len(each.reports) < REPORTS for each in found):
            raise SystemExit(f"{len(found)} stories of {[len(each.reports) for each in found]} reports were found")


def _judged(setup: Setup, stream: Stream, title: str) -> Judged:
    return judge(setup, stream.feeds[0], Entry(feed_id="f0", title=title, published_at=NOW), now=NOW)


def _item(told: Judged, keys: Judged, guid: str, feed: int, story_id: int | None) -> IngestEntry:
    assert told.sketch is not None
    assert keys.sketch is not None
    assert told.origin is not None
    house = f"house-{feed}"
    match = told.matches.matches[0]
    return IngestEntry(
        entry=replace(told.entry, feed_id=f"f{feed}", guid=guid, link=f"https://{house}.example/{guid}"),
        fingerprint=replace(told.document.fingerprint, raw=guid.encode().ljust(16)),
        known_id=None,
        story_id=story_id,
        verdicts=(Verdict(match=match, reason=Reason.FIRST_REPORT),),
        sketch=replace(told.sketch, keys=keys.sketch.keys, newsroom=house),
        origin=replace(told.origin, newsroom=house, owner=house),
    )


def _news(number: int) -> str:
    """One that the starter rules match, of words of its own."""
    event, place = EVENTS[number % len(EVENTS)], PLACES[number // len(EVENTS) % len(PLACES)]
    return f"{event} {place} {text(6, 31 * number + 5)}"


def kinds(subject: Subject, polls: int) -> Iterator[tuple[str, Callable[[int, Found], None]]]:
    yield "nothing new", partial(subject.poll, new=0)
    yield "unmatched", partial(subject.poll, new=1)
    subject.stream.bring([(_news(1000 + n), text(30, n)) for n in range(2 * polls)])
    yield "begins a story", partial(subject.poll, new=1)
    subject.remember()
    subject.stream.bring([(TOLD, text(12, 100 + n)) for n in range(2 * polls)])
    yield "joins one of 16", partial(subject.poll, new=1)


def compared(
    theirs: Subject, ours: Subject, polls: int, begin: Callable[[], object]
) -> Iterator[tuple[str, Found, Found]]:
    """`theirs`: on PostgreSQL."""
    for (kind, far), (_, near) in zip(kinds(theirs, polls), kinds(ours, polls), strict=True):
        found = Found(), Found()
        for number in range(3):  # to warm up
            far(number, Found())
            near(number, Found())
        begin()
        for number in range(polls):
            far(number, found[0])
            near(number, found[1])
        yield kind, *found


def _line(kind: str, far: Found, near: Found) -> str:
    ratio = statistics.median(f / n for f, n in zip(far.wall, near.wall, strict=True))
    ways, cpu, wall = (statistics.median(each) for each in (far.ways, far.cpu, far.wall))
    return f"{kind:<18}{ways:>7.0f}{cpu / 1000:>12.2f}{wall / 1000:>12.2f}{ratio:>12.1f}"


def main(arguments: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(description="What a poll costs PostgreSQL.")
    asked.add_argument("--polls", type=int, default=30)
    asked.add_argument("--statements", action="store_true")
    told = asked.parse_args(arguments)
    seen = {"shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.track_planning": "on"}
    settings = seen if told.statements else {}
    with contextlib.ExitStack() as stack:
        running = stack.enter_context(Postgres(durable=True, settings=settings))
        store, server = stack.enter_context(postgres(running))
        near, nobody = stack.enter_context(sqlite(Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        beside = stack.enter_context(psycopg.connect(store.database.url, autocommit=True))
        if told.statements:
            beside.execute("CREATE EXTENSION pg_stat_statements")
        begin = partial(beside.execute, "SELECT pg_stat_statements_reset()" if told.statements else "SELECT 1")
        ways = stack.enter_context(Ways().counted())
        print(f"{'a poll, of which':<18}{'ways':>7}{'CPU, ms':>12}{'clock, ms':>12}{'× SQLite':>12}")
        pairs = compared(Subject(store, server, ways), Subject(near, nobody, ways), told.polls, begin)
        for kind, far, beside_it in pairs:
            print(_line(kind, far, beside_it), flush=True)
            if told.statements and kind not in ("nothing new", "unmatched"):
                for calls, plan, run, query in beside.execute(STATEMENTS, (told.polls // 2,)).fetchall():
                    each = [calls / told.polls, plan / told.polls, run / told.polls]
                    print(f"  {each[0]:5.1f} ×{each[1]:8.3f} ms planned{each[2]:8.3f} ms run  {query[:110]}")


assert SHOWN * FEEDS < 2000

if __name__ == "__main__":
    main()
