"""What a poll costs the store, 49 known entries and a new one, and what an entry costs on disk.

    python bench/store.py [--polls 200] [--entries 20000]

Three ways in the same process on the same disk, turn by turn, so that their ratios mean something on a busy machine:

- ours: what a poll asks and writes (known_raw, known_entries, stories, write, still_there, feed_state), in one
  transaction, waited for until it is on the disk;
- text keys: a table whose primary key is the entry's address, asked for all fifty and written in one transaction;
- a commit per entry: a table of hashes, as many feed readers keep it.

The last two store no text, no story and no delivery. Beside each of our polls the disk is asked alone how long it
takes to make four kilobytes durable (pwrite and fdatasync), which no store can spare.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from monitor.model import (
    Alert,
    Entry,
    Facts,
    FeedState,
    Fingerprint,
    IngestEntry,
    Match,
    Origin,
    Reason,
    Recipient,
    Severity,
    Sketch,
    Verdict,
)
from monitor.store import SqliteStore
from monitor.store.opening import open_store

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TEXT = "قصف مدفعي على أطراف البلدة وحركة نزوح نحو الريف الغربي بعد اشتباكات عند الجسر"
WORDS = TEXT.split()


def digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


def fresh(n: int) -> IngestEntry:
    title = " ".join(WORDS[n % 7 :]) + f" {n}"
    entry = Entry(
        feed_id="local", guid=f"https://local.example/?p={n}", link=f"https://local.example/{n}", title=title,
        summary=" ".join(WORDS * 4), published_at=NOW,
    )  # fmt: skip
    mark = Fingerprint(
        raw=digest(f"r{n}"), text=digest(f"t{n}"), headline=digest(title), words=frozenset(title.split())
    )
    match = Match(rule_id="strikes", severity=Severity.HIGH, spans=())
    verdicts = (Verdict(match=match, reason=Reason.FIRST_REPORT),) if n % 10 == 0 else ()
    sketch = Sketch(
        text=mark.text, headline=mark.headline, grams=frozenset(range(n, n + 40)), facts=Facts(), told_at=NOW,
        keys=tuple(keys(mark)),
    )  # fmt: skip
    return IngestEntry(
        entry=entry, fingerprint=mark, known_id=None, story_id=None, verdicts=verdicts,
        sketch=sketch if verdicts else None, origin=Origin(newsroom="local", owner="local") if verdicts else None,
    )  # fmt: skip


def keys(mark: Fingerprint) -> list[int]:
    """Twelve, as an ordinary report has them."""
    head = int.from_bytes(mark.headline[:6], "big")
    return [head + k for k in range(12)]


def our_poll(store: SqliteStore, n: int, now: datetime) -> None:
    """The document holds the entries n-49 to n; one in ten of the new ones is alerted to two recipients."""
    raws = [digest(f"r{each}") for each in range(n - 49, n + 1)]
    seen = store.known_raw("local", raws)
    item = fresh(n)
    entry, mark = item.entry, item.fingerprint
    with store.ingest() as tx:
        tx.known_entries("local", guids=[entry.guid], links=[entry.link or ""], texts=[mark.text])
        tx.stories(keys(mark), since=now - timedelta(days=1))
        entry_id, story_id, number = tx.write(item, seen_at=now)
        if story_id is not None:
            tx.alert(entry_id, alert(entry, story_id, number), RECIPIENTS)
        tx.still_there("local", list(seen), seen_at=now)
        tx.feed_state(FeedState(feed_id="local", next_poll_at=now, last_polled_at=now))


RECIPIENTS = (Recipient(channel_id="desk", key="only"), Recipient(channel_id="field", key="only"))


def alert(entry: Entry, story_id: int, number: int) -> Alert:
    return Alert(
        id=f"{story_id}.{number}", story_id=story_id, number=number, rule_id="strikes", rule_title={"ar": "غارات"},
        severity=Severity.HIGH, reason=Reason.FIRST_REPORT, feed_id="local", feed_name="محلي", title=entry.title,
        summary=entry.summary, link=entry.link, published_at=entry.published_at, decided_at=NOW,
    )  # fmt: skip


class TextKeys:
    """Known by address."""

    def __init__(self, path: Path) -> None:
        self._db = opened(path)
        self._db.execute("CREATE TABLE seen (feed TEXT, id TEXT, seen_us INTEGER, PRIMARY KEY (feed, id))")

    def fill(self, entries: int) -> None:
        rows = (("local", address(n)) for n in range(entries))
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO seen VALUES (?, ?, 0)", rows)
        self._db.execute("COMMIT")

    def poll(self, n: int) -> None:
        wanted = [address(each) for each in range(n - 49, n + 1)]
        marks = ",".join("?" * len(wanted))
        self._db.execute("BEGIN IMMEDIATE")
        known = {
            row[0]
            for row in self._db.execute(f"SELECT id FROM seen WHERE feed = ? AND id IN ({marks})", ("local", *wanted))
        }
        self._db.executemany("UPDATE seen SET seen_us = ? WHERE feed = 'local' AND id = ?", [(n, id) for id in known])
        fresh = [("local", each, n) for each in wanted if each not in known]
        self._db.executemany("INSERT INTO seen VALUES (?, ?, ?)", fresh)
        self._db.execute("COMMIT")


class Other(Protocol):
    def fill(self, entries: int) -> None: ...
    def poll(self, n: int) -> None: ...


class CommitEach:
    """A commit per entry."""

    def __init__(self, path: Path) -> None:
        self._db = opened(path)
        self._db.execute("CREATE TABLE seen (hash BLOB PRIMARY KEY, seen_us INTEGER) WITHOUT ROWID")

    def fill(self, entries: int) -> None:
        self._db.execute("BEGIN")
        self._db.executemany("INSERT OR IGNORE INTO seen VALUES (?, 0)", ((digest(f"r{n}"),) for n in range(entries)))
        self._db.execute("COMMIT")

    def poll(self, n: int) -> None:
        for each in range(n - 49, n + 1):
            self._db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (digest(f"r{each}"), n))


def opened(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    return db


def address(n: int) -> str:
    return f"https://local.example/{n}"


class Disk:
    """Four kilobytes, made durable, in a file that does not grow."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_CREAT)
        os.pwrite(self._file, bytes(4096), 0)
        os.fsync(self._file)

    def write(self) -> None:
        os.pwrite(self._file, os.urandom(8) * 512, 0)
        os.fdatasync(self._file)


def timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def fill(store: SqliteStore, entries: int) -> None:
    """As polls do, a few at a time: what a table is filled with in one go lies closer together than it ever will."""
    for begun in range(0, entries, 5):
        with store.ingest() as tx:
            for n in range(begun, min(begun + 5, entries)):
                tx.write(fresh(n), seen_at=NOW)


SEEN = ("sighting", "sqlite_autoindex_sighting_1")
FOUND_AGAIN = ("entry_by_guid", "entry_by_link", "entry_by_text")
TEXTS = ["guid", "link", "title", "summary", "body", "author", "words"]


def sizes(path: Path) -> dict[str, float]:
    """Bytes an entry, pages half empty included, by what they are for. Stories and alerts are not counted."""
    with sqlite3.connect(path) as db:
        pages = dict(db.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall())
        length = " + ".join(f"coalesce(length(CAST({each} AS BLOB)), 0)" for each in TEXTS)
        count, texts = db.execute(f"SELECT count(*), sum({length}) FROM entry").fetchone()
        slack = db.execute("SELECT sum(unused) FROM dbstat WHERE name = 'entry'").fetchone()[0]
    db.close()
    seen = sum(pages.get(each, 0) for each in SEEN)
    again = sum(pages.get(each, 0) for each in FOUND_AGAIN)
    return {
        "its text": texts / count,
        "to know that it was seen": seen / count,
        "to find it again by guid, link, text": again / count,
        "its dates, hashes and numbers": (pages["entry"] - texts - slack) / count,
        "unused in its pages": slack / count,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--polls", type=int, default=200)
    parser.add_argument("--entries", type=int, default=20_000, help="stored before the first poll")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        store, disk = open_store(folder, now=NOW), Disk(folder / "disk")
        others: dict[str, Other] = {
            "text keys": TextKeys(folder / "text.db"),
            "a commit per entry": CommitEach(folder / "each.db"),
        }
        fill(store, asked.entries)
        for other in others.values():
            other.fill(asked.entries)
        times: dict[str, list[float]] = {name: [] for name in ("ours", "of our CPU", *others, "the disk alone")}
        for n in range(asked.entries, asked.entries + asked.polls):
            now, cpu = NOW + timedelta(minutes=5 * (n - asked.entries)), time.process_time()
            times["ours"].append(timed(lambda n=n, now=now: our_poll(store, n, now)))  # type: ignore[misc]
            times["of our CPU"].append(time.process_time() - cpu)
            times["the disk alone"].append(timed(disk.write))
            for name, other in others.items():
                times[name].append(timed(lambda n=n, other=other: other.poll(n)))  # type: ignore[misc]
        store.close()
        found = sizes(folder / "monitor.db")
    mine = statistics.median(times["ours"])
    print(f"a poll of 49 known entries and a new one, {asked.entries} stored; median of {asked.polls}")
    for name, each in times.items():
        print(f"  {name:<38}{statistics.median(each) * 1e6:8.0f} us  {statistics.median(each) / mine:8.2f}")
    print("on disk, an entry, pages half empty included")
    for name, size in found.items():
        print(f"  {name:<38}{size:8.1f} bytes")


if __name__ == "__main__":
    main()
