"""Keeping the index up to date: by whoever searches, a little at a time, and beside the pages in a thread of its own.

Polls have no part in it. Nothing here may break a page: without an index, entries are judged one by one.
"""

from __future__ import annotations

import contextlib
import logging
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event, Thread
from typing import Final

from monitor.errors import StateError
from monitor.search import shipped
from monitor.search.index_file import NAME, About, IndexFile
from monitor.search.words import words_of
from monitor.store.read import Reader
from monitor.store.views import search as views
from monitor.store.which import open_reader

log = logging.getLogger(__name__)

STEP: Final = 500  # versions at a time: a tenth of a second, and a few hundred kilobytes written
LEAST: Final = 32  # fewer that are new are not worth a step; a search judges them one by one
EVERY: Final = 5.0  # seconds between two looks for new entries
_MOSTLY_GONE: Final = 10_000  # versions that are in the index and no more in the state; from as many on it may be half


def open_index(state: Path) -> IndexFile | None:
    """None where there can be none: a directory that cannot be written, a full disk, an SQLite without FTS5."""
    try:
        return IndexFile(state / NAME)
    except (sqlite3.Error, OSError) as error:
        log.warning("search.no_index", extra={"what": str(error)})
        return None


def behind(reader: Reader, index: IndexFile) -> int:
    """By how many numbers the index is behind the state: as many versions or fewer."""
    return max(0, views.highest(reader) - index.about().reached)


def step(reader: Reader, index: IndexFile, *, at_most: int = STEP) -> int:
    """Take in what follows; how many versions that were. 0: all is in it, or another process is at it."""
    try:
        about = _of_this_state(reader, index)
        texts = views.to_index(reader, above=about.reached, limit=at_most)
        if not texts:
            return 0
        last = texts[-1].id
        places = shipped.reader(index.folder)
        words = [(text.id, words_of(text, places)) for text in texts]
        return len(texts) if index.add(words, behind=about, mark=views.mark_of(reader, last)) else 0
    except sqlite3.Error as error:
        log.warning("search.not_indexed", extra={"what": str(error)})
        return 0


def _of_this_state(reader: Reader, index: IndexFile) -> About:
    """Begun anew where the state is another one than was indexed (a backup was restored), or most of it has gone."""
    about = index.about()
    is_same = not about.reached or views.mark_of(reader, about.reached) == about.mark
    if is_same and (about.versions < _MOSTLY_GONE or about.versions < 2 * views.how_many(reader)):
        return about
    index.begin_anew(instead_of=about)
    return index.about()


def bring_up(reader: Reader, index: IndexFile, told: Callable[[int], None] = lambda _count: None) -> None:
    """Until nothing is missing. `told` hears how many versions each step took in."""
    while count := step(reader, index):
        told(count)
    with contextlib.suppress(sqlite3.Error):
        index.settle()


@contextlib.contextmanager
def kept_up(state: Path, *, every: float = EVERY) -> Iterator[None]:
    """While the block lasts, a thread takes in what comes."""
    stop = Event()
    thread = Thread(target=_keep, args=(state, stop, every), name="search-index", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def _keep(state: Path, stop: Event, every: float) -> None:
    while not stop.is_set():
        with contextlib.suppress(StateError):  # the pages tell of it
            _look(state, stop)
        stop.wait(every)


def _look(state: Path, stop: Event) -> None:
    reader = open_reader(state)
    if reader is None:
        return
    with reader:
        index = open_index(state)
        if index is None:
            stop.wait(60 * EVERY)
            return
        with contextlib.closing(index):
            shipped.reader(state)  # before anybody asks: the first search for a country is quick by it, too
            if behind(reader, index) >= LEAST or not index.about().reached:
                while not stop.is_set() and step(reader, index):
                    pass
