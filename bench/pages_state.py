"""A state as a desk has it after a year, for the pages to be asked of it: written by the store's own write side, in the
order of time. Texts are the real articles of ../shared/data/items where they are, else sentences of our own."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Final

from bench.search import texts
from monitor import lexicon
from monitor.language import Lexicon
from monitor.model import Alert, Facts, FeedState, MuteKind, NamedFact, Reason, Severity, SourceTold, Span
from monitor.search.index_file import NAME, IndexFile
from monitor.search.keeping import bring_up
from monitor.store import SqliteStore, open_reader
from monitor.store.feedback_rows import Opinion, Said, say
from monitor.store.opening import open_store
from monitor.store.wish_rows import Wishes
from tests.store.builders import DESK, FIELD, alert, item, verdict

FEEDS, RULES = 60, 24
ENTRIES_FOR, ALERTS_FOR = timedelta(days=90), timedelta(days=400)
MATCHED, STORIES, ALERTS_EACH = 5_000, 2_000, 2  # alerts of a matched entry: 10,000 in all
EDITED_EACH = 40  # every how many entries one is published anew with another text
AT_ONCE: Final = 500  # entries of one transaction
EVENTS: Final = ("airstrike", "shelling-missile", "clash", "explosion", "displacement")


@dataclass(frozen=True, slots=True)
class Written:
    """What there is to ask for."""

    entries: int
    alerts: int
    stories: int


def rules_text() -> str:
    feeds = "".join(
        f"  - {{id: f{n}, url: 'https://f{n}.example/rss', name: صحيفة البلدة {n}, tags: [t{n % 5}], language: ar}}\n"
        for n in range(FEEDS)
    )
    rules = "".join(
        f"  - {{id: r{n}, title: {{ar: أحداث {n}, en: Events {n}}}, severity: {level}, any: [غارة {n}, قصف {n}]}}\n"
        for n, level in zip(range(RULES), [each.value for each in Severity] * RULES, strict=False)
    )
    return (
        "version: 1\ntimezone: Asia/Damascus\nweb: {url: 'http://127.0.0.1:8080'}\n"
        f"channels:\n  desk: {{url: 'json://desk.example'}}\nfeeds:\n{feeds}rules:\n{rules}"
    )


def make(folder: Path, entries: int, *, now: datetime) -> Written:
    """`rules.yaml` and `state` of this folder, with the index of words."""
    (folder / "rules.yaml").write_text(rules_text(), encoding="utf-8")
    known, by = lexicon.load(), random.Random(6)
    store = open_store(folder / "state", now=now)
    made = _Made(store, known, by, places_of(known, by))
    matched = min(MATCHED, entries // 20)
    plan = sorted(_plan(entries, matched, now))
    with contextlib.closing(store):
        told = iter(texts())
        while some := list(islice(plan, AT_ONCE)):
            del plan[:AT_ONCE]
            with store.ingest() as tx:
                for at, is_matched in some:
                    made.entry(tx, at, next(told), is_matched=is_matched)
        made.aftermath(now)
    index_words(folder / "state")
    return Written(entries, made.alerts, made.stories)


def _plan(entries: int, matched: int, now: datetime) -> Iterator[tuple[datetime, bool]]:
    """When each comes. What was alerted is kept longer."""
    for number in range(matched):
        yield now - ALERTS_FOR * (1 - number / matched), True
    for number in range(entries - matched):
        yield now - ENTRIES_FOR * (1 - number / (entries - matched)), False


def places_of(known: Lexicon, by: random.Random) -> Sequence[str]:
    """A few hundred of which alerts are told, the first far more often than the last."""
    ids = sorted(known.places)
    return by.sample(ids, min(400, len(ids)))


def index_words(state: Path) -> None:
    reader = open_reader(state)
    assert reader is not None
    with reader, contextlib.closing(IndexFile(state / NAME)) as index:
        bring_up(reader, index)


class _Made:
    def __init__(self, store: SqliteStore, known: Lexicon, by: random.Random, places: Sequence[str]) -> None:
        self._store, self._known, self._by, self._places = store, known, by, places
        self._count = self.alerts = self.stories = self._matched = 0
        self._story: int | None = None
        self._told: list[tuple[str, str, datetime]] = []  # alert, rule, when

    def entry(self, tx: object, at: datetime, text: tuple[str, str, str], *, is_matched: bool) -> None:
        self._count += 1
        feed = f"f{int(FEEDS * self._by.random() ** 2)}"  # some publish far more than others
        title, summary, body = text
        address = f"https://{feed}.example/{self._count}"
        rules = [self._by.randrange(RULES) for _ in range(ALERTS_EACH)] if is_matched else []
        verdicts = [verdict(f"r{rule}") for rule in dict.fromkeys(rules)]
        if is_matched:
            verdicts.append(verdict(f"r{(rules[0] + 7) % RULES}", Reason.DUPLICATE))
            self._next_story()
        made = item(
            title, summary=summary, body=body, feed_id=feed, guid=address, link=address, published_at=at,
            verdicts=verdicts, story_id=self._story if is_matched else None,
        )  # fmt: skip
        entry_id, story_id, number = tx.write(made, seen_at=at)  # type: ignore[attr-defined]
        if self._count % EDITED_EACH == 0:
            edited = item(
                f"{title} محدّث", summary=summary, body=body, feed_id=feed, guid=address, link=address,
                published_at=at, known_id=entry_id,
            )  # fmt: skip
            tx.write(edited, seen_at=at + timedelta(minutes=9))  # type: ignore[attr-defined]
        if is_matched:
            self._story = story_id
            for offset, rule in enumerate(rules):
                told = self._alert(story_id or 0, number + offset, f"r{rule}", feed, title, summary, address, at)
                tx.alert(entry_id, told, [DESK, FIELD][: 1 + offset])  # type: ignore[attr-defined]
                self._told.append((told.id, told.rule_id, at))
                self.alerts += 1

    def _next_story(self) -> None:
        """Two reports or three of each."""
        if self._story is None or self._matched * STORIES // MATCHED != (self._matched - 1) * STORIES // MATCHED:
            self._story = None
            self.stories += 1
        self._matched += 1

    def _alert(
        self, story_id: int, number: int, rule: str, feed: str, title: str, summary: str, link: str, at: datetime
    ) -> Alert:
        places = tuple(
            dict.fromkeys(
                self._places[int(len(self._places) * self._by.random() ** 3)] for _ in range(self._by.randrange(1, 4))
            )
        )
        events = (self._by.choice(EVENTS),)
        first = title.split(" ", 1)[0]
        return replace(
            alert(story_id, number, rule_id=rule, decided_at=at),
            rule_title={"ar": f"أحداث {rule}", "en": f"Events {rule}"},
            severity=self._by.choice(list(Severity)),
            reason=Reason.FIRST_REPORT if number == 1 else Reason.CORROBORATED,
            feed_id=feed,
            feed_name=f"صحيفة البلدة {feed}",
            title=title,
            summary=summary,
            link=link,
            published_at=at - timedelta(minutes=4),
            spans=(Span(field="title", start=0, end=len(first), clause="event airstrike"),),
            facts=Facts(places=places, events=events),
            places=tuple(NamedFact(id=each, name=self._known.places[each].name) for each in places),
            events=tuple(NamedFact(id=each, name=self._known.events[each].title) for each in events),
            sources=3,
            reports=5,
            told_by=tuple(
                SourceTold(
                    name=f"صحيفة {n}", link=f"https://f{n}.example/{number}", told_at=at - timedelta(minutes=9 - n)
                )
                for n in range(5)
            ),
        )

    def aftermath(self, now: datetime) -> None:
        """What became of the alerts: most were sent, some given up, the newest wait; some were seen, judged, muted."""
        with self._store.database.write() as db:
            db.execute(
                """UPDATE delivery SET status = CASE WHEN id % 97 = 0 THEN 'dead' ELSE 'sent' END, attempts = 1,
                last_try_us = created_us + 2000000, sent_us = CASE WHEN id % 97 = 0 THEN NULL
                ELSE created_us + 2000000 END WHERE id < (SELECT max(id) - 40 FROM delivery)"""
            )
            for number, (alert_id, rule_id, at) in enumerate(self._told):
                if number % 3 == 0:
                    db.execute(
                        "INSERT INTO acknowledgement VALUES (?, 'sara', ?)", (alert_id, int(at.timestamp() * 1e6))
                    )
                if number % 20 == 0:
                    opinion = Opinion.WRONG if number % 60 == 0 else Opinion.MATCH
                    said = Said(alert_id=alert_id, rule_id=rule_id, opinion=opinion, note="", by="sara", at=at)
                    say(db, said)
        wishes = Wishes(self._store.database)
        for number, place in enumerate(self._places[:12]):
            subject = (MuteKind.PLACE, place) if number % 2 else (MuteKind.SOURCE, f"f{number}")
            wishes.mute(*subject, until=now + timedelta(days=2), reason="ضجيج", by="sara", now=now)
        with self._store.ingest() as tx:
            for n in range(FEEDS):
                tx.feed_state(
                    FeedState(
                        feed_id=f"f{n}", next_poll_at=now + timedelta(minutes=5), baselined=True, last_polled_at=now,
                        last_success_at=now, last_new_at=now, failures=3 * (n % 13 == 12), window=40,
                        last_error="HTTP 503" if n % 13 == 12 else None,
                    )
                )  # fmt: skip


def utc_now() -> datetime:
    return datetime.now(UTC)
