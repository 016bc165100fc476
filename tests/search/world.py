"""A state with entries of the test's own, and searches in it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monitor.model import FieldName
from monitor.search.index_file import IndexFile
from monitor.search.keeping import bring_up, open_index
from monitor.search.page import Page, search
from monitor.search.sought import HEADLINES, Sought, rule_of
from monitor.store import Reader, SqliteStore, open_reader, open_store
from tests.rules.made import EASTERN
from tests.store.builders import NOW, alert, item, verdict

START = NOW - timedelta(days=10)


@dataclass
class Archive:
    """`store` writes, `reader` reads; a second passes with each entry."""

    folder: Path
    store: SqliteStore
    reader: Reader
    now: datetime = START

    def write(self, title: str, *, alerted: bool = False, matched: bool = False, **said: object) -> int:
        self.now += timedelta(seconds=1)
        verdicts = [verdict()] if alerted or matched else []
        with self.store.ingest() as tx:
            entry = item(title, verdicts=verdicts, **said)  # type: ignore[arg-type]
            entry_id, story_id, number = tx.write(entry, seen_at=self.now)
            if alerted:
                assert story_id is not None
                tx.alert(entry_id, alert(story_id, number, decided_at=self.now), ())
        return entry_id

    @contextlib.contextmanager
    def index(self) -> Iterator[IndexFile]:
        made = open_index(self.folder)
        assert made is not None
        with contextlib.closing(made):
            yield made

    def index_all(self) -> None:
        with self.index() as index:
            bring_up(self.reader, index)

    def page(self, query: str, *, search_in: tuple[FieldName, ...] = HEADLINES, **said: object) -> Page:
        """With the index as it is."""
        rule, _ = rule_of(query, EASTERN, search_in=search_in)
        with self.index() as index:
            return search(self.reader, index, Sought(rule, EASTERN), **said)  # type: ignore[arg-type]

    def titles(self, query: str, **said: object) -> list[str]:
        return [found.title for found in self.page(query, **said).found]  # type: ignore[arg-type]


@contextlib.contextmanager
def an_archive(folder: Path) -> Iterator[Archive]:
    store = open_store(folder, now=START)
    reader = open_reader(folder)
    assert reader is not None
    with reader:
        yield Archive(folder, store, reader)
    store.close()
