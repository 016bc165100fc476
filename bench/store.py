"""What a poll costs the store: 49 known entries and a new one, in our one transaction, against a commit per entry.

    python bench/store.py [--polls 200] [--entries 20000]

Both run in the same process on the same disk, turn by turn, so that the ratio means something on a busy machine. The
plain way keeps a table of seen hashes and commits after each entry, as many feed readers do; it stores no text, no
story and no delivery, and still waits for the disk fifty times where we wait once.
"""

from __future__ import annotations

import argparse
import hashlib
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monitor.model import (
    Alert,
    Entry,
    FeedState,
    Fingerprint,
    IngestEntry,
    Match,
    Reason,
    Recipient,
    Severity,
    Verdict,
)
from monitor.store import SqliteStore, open_store

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
    return IngestEntry(entry=entry, fingerprint=mark, known_id=None, story_id=None, verdicts=verdicts)


def our_poll(store: SqliteStore, n: int, now: datetime) -> None:
    """The document holds the entries n-49 to n; one in ten of the new ones is alerted to two recipients."""
    raws = [digest(f"r{each}") for each in range(n - 49, n + 1)]
    seen = store.known_raw("local", raws)
    item = fresh(n)
    entry, mark = item.entry, item.fingerprint
    with store.ingest() as tx:
        tx.known_entries("local", guids=[entry.guid], links=[entry.link or ""], texts=[mark.text])
        tx.stories([mark.headline], since=now - timedelta(days=1))
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


def open_plain(path: Path) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("CREATE TABLE seen (hash BLOB PRIMARY KEY, seen_us INTEGER) WITHOUT ROWID")
    return db


def plain_poll(db: sqlite3.Connection, n: int) -> None:
    for each in range(n - 49, n + 1):
        db.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (digest(f"r{each}"), n))


def timed(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def fill(store: SqliteStore, plain: sqlite3.Connection, entries: int) -> None:
    with store.ingest() as tx:
        for n in range(entries):
            tx.write(fresh(n), seen_at=NOW)
    plain.executemany(
        "INSERT OR IGNORE INTO seen VALUES (?, 0)", ((digest(f"r{n}"),) for n in range(min(entries, 2000)))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--polls", type=int, default=200)
    parser.add_argument("--entries", type=int, default=20_000, help="stored before the first poll")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        store, plain = open_store(Path(directory), now=NOW), open_plain(Path(directory) / "plain.db")
        fill(store, plain, asked.entries)
        ours, theirs = [], []
        for n in range(asked.entries, asked.entries + asked.polls):
            now = NOW + timedelta(minutes=5 * (n - asked.entries))
            ours.append(timed(lambda n=n, now=now: our_poll(store, n, now)))  # type: ignore[misc]
            theirs.append(timed(lambda n=n: plain_poll(plain, n)))  # type: ignore[misc]
        store.close()
        size = (Path(directory) / "monitor.db").stat().st_size / (asked.entries + asked.polls)
    mine, other = statistics.median(ours), statistics.median(theirs)
    print(f"our poll, 49 known + 1 new    {mine * 1e6:8.0f} us (median of {asked.polls})")
    print(f"a commit per entry            {other * 1e6:8.0f} us")
    print(f"ratio                         {other / mine:8.1f} times cheaper")
    print(f"on disk, an entry             {size:8.0f} bytes")


if __name__ == "__main__":
    main()
