"""Searching 100,000 entries: how large the index is, how quickly it is made, how quickly it answers.

    python bench/search.py [--entries 100000] [--repeats 5] [--rival]

The texts are the real articles of ../shared/data/items where they are, each with its words' order changed when it comes
again, else sentences of our own. Beside each query the same database is asked `LIKE '%…%'` for one of its words over
the same columns, in the same run: only the ratio means anything. A page is the newest 50. --rival makes the other
design as well: trigrams of the folded texts, of which every word of three letters or more can be asked.
"""

from __future__ import annotations

import argparse
import contextlib
import gzip
import hashlib
import json
import os
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path

from monitor import lexicon
from monitor.language import Lexicon
from monitor.model import FIELDS, FieldName
from monitor.search.index_file import IndexFile
from monitor.search.keeping import bring_up
from monitor.search.names import understood
from monitor.search.page import Budget, Page, search
from monitor.search.sought import HEADLINES, Sought
from monitor.store import Reader, open_reader, open_store
from monitor.text.document import read_text

ROOT = Path(__file__).resolve().parent.parent
ITEMS = ROOT.parent / "shared" / "data" / "items" / "antcorpus_2018.jsonl.gz"
BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
INSERT = """
    INSERT INTO entry (feed, written_us, published_us, text, headline, guid, link, title, summary, body, author)
    VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, '')
"""

# query, where, a word of it for LIKE, what it is
QUERIES: tuple[tuple[str, tuple[FieldName, ...], str, str], ...] = (
    ("رئيس", HEADLINES, "رئيس", "a frequent word"),
    ("مصر OR سوريا", FIELDS, "مصر", "frequent, in the text too"),
    ("قصف", HEADLINES, "قصف", "a word of every tenth day"),
    ("غارة جسر", FIELDS, "غارة", "two words"),
    ("بدير الزور", HEADLINES, "دير الزور", "a name"),
    ("مستودع NEAR/8 ذخيرة", FIELDS, "مستودع", "two rare words, near"),
    ("منجنيق", FIELDS, "منجنيق", "a very rare word"),
    ("place:deir-ez-zor-governorate", HEADLINES, "دير الزور", "a place and all within"),
    ("event:airstrike place:syria", HEADLINES, "غارة", "an event in a country"),
    ('"مجلس الأمن" NOT إيران', HEADLINES, "مجلس الأمن", "a phrase with an exclusion"),
    ("زقزقةلاتوجد", FIELDS, "زقزقةلاتوجد", "nothing"),
)

OWN = "رئيس قصف غارة جسر بلدة نزوح هدوء مطار سوق طريق نهر حقل دير الزور سوريا مصر مجلس الأمن مستودع ذخيرة"


def texts() -> Iterator[tuple[str, str, str]]:
    if not ITEMS.is_file():
        yield from _own()
        return
    shuffled = random.Random(5)
    for turn in cycle(range(1_000_000)):
        with gzip.open(ITEMS, "rt", encoding="utf-8") as file:
            for line in file:
                told = json.loads(line)
                title, body = told["title"], told["text"]
                if turn:
                    title, body = _varied(title, shuffled), _varied(body, shuffled)
                yield title, told["summary"], body


def _varied(text: str, by: random.Random) -> str:
    words = text.split()
    by.shuffle(words)
    return " ".join(words)


def _own() -> Iterator[tuple[str, str, str]]:
    words = OWN.split()
    by = random.Random(5)
    while True:
        made = [by.choice(words) if by.random() < 0.5 else f"كلمة{by.randrange(60_000)}" for _ in range(200)]
        yield " ".join(made[:9]), " ".join(made[9:35]), " ".join(made[35:])


def fill(folder: Path, count: int) -> None:
    open_store(folder, now=BEGIN).close()
    with contextlib.closing(sqlite3.connect(folder / "monitor.db")) as db:
        db.execute("INSERT INTO feed_key (feed, feed_id) VALUES (1, 'wire')")
        db.executemany(INSERT, (_row(number, *each) for number, each in enumerate(islice(texts(), count))))
        db.commit()


def _row(number: int, title: str, summary: str, body: str) -> tuple[object, ...]:
    at = int((BEGIN + timedelta(minutes=number)).timestamp() * 1e6)
    mark = hashlib.blake2b(f"{number} {title}".encode(), digest_size=16).digest()
    link = f"https://wire.example/{number}"
    return at, at, mark, mark, link, link, title, summary, body


def timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--entries", type=int, default=100_000)
    asked.add_argument("--repeats", type=int, default=5)
    asked.add_argument("--rival", action="store_true")
    given = asked.parse_args()
    known = lexicon.load()
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as name:
        folder = Path(name)
        fill(folder, given.entries)
        reader = open_reader(folder)
        assert reader is not None
        with reader:
            state = (folder / "monitor.db").stat().st_size
            print(f"{given.entries:,} entries, state {state / 1e6:,.0f} MB")
            with contextlib.closing(IndexFile(folder / "search.db")) as index:
                seconds = timed(lambda: bring_up(reader, index))
                size = sum(file.stat().st_size for file in folder.glob("search.db*"))
                print(f"words: {given.entries / seconds:,.0f} entries/s, {size / given.entries:,.0f} bytes an entry")
                if given.rival:
                    rival(folder, reader, given.entries)
                compare(folder, reader, index, known, given.repeats)


def compare(folder: Path, reader: Reader, index: IndexFile, known: Lexicon, repeats: int) -> None:
    print(f"{'query':34} {'found':>5} {'median':>9} {'p95':>9} {'compile':>9} {'LIKE':>9} {'ratio':>7}")
    everything: list[float] = []
    with contextlib.closing(sqlite3.connect(folder / "monitor.db")) as db:
        for query, fields, word, _what in QUERIES:
            read = understood(query, known, search_in=fields)
            compiling = timed(lambda rule=read.rule: Sought(rule, known))  # type: ignore[misc]
            sought = Sought(read.rule, known)
            ours, theirs, page = [], [], Page(found=())
            for _ in range(repeats):
                begun = time.perf_counter()
                page = search(reader, index, sought, budget=Budget(clock=time.monotonic))
                ours.append(time.perf_counter() - begun)
                theirs.append(timed(lambda: like(db, word, fields)))  # noqa: B023
            everything += ours
            median, slow = statistics.median(ours), sorted(ours)[-1]
            rival_median = statistics.median(theirs)
            more = "+" if page.go_on else ""
            print(
                f"{query:34} {len(page.found):>4}{more or ' '} {median * 1e3:>6.1f} ms {slow * 1e3:>6.1f} ms "
                f"{compiling * 1e3:>6.1f} ms {rival_median * 1e3:>6.1f} ms {median / rival_median:>7.3f}"
                f"{'  (not to the end)' if page.back_to else ''}"
            )
    print(
        f"all queries: median {statistics.median(everything) * 1e3:.1f} ms, "
        f"p95 {statistics.quantiles(everything, n=20)[-1] * 1e3:.1f} ms"
    )


def like(db: sqlite3.Connection, word: str, fields: tuple[FieldName, ...]) -> None:
    holds = " OR ".join(f"{field} LIKE ?" for field in fields)
    db.execute(
        f"SELECT id FROM entry WHERE {holds} ORDER BY id DESC LIMIT 50",
        [f"%{word}%"] * len(fields),
    ).fetchall()


def rival(folder: Path, reader: Reader, count: int) -> None:
    with contextlib.closing(sqlite3.connect(folder / "trigrams.db")) as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5(x, content='', columnsize=0, detail=none, tokenize='trigram')")
        begun = time.perf_counter()
        for row in reader.rows("SELECT id, title, summary, body FROM entry"):
            folded = " ".join(word for field in FIELDS for word in read_text(row[field]).words)
            db.execute("INSERT INTO t (rowid, x) VALUES (?, ?)", (row["id"], folded))
        db.commit()
        seconds = time.perf_counter() - begun
    size = (folder / "trigrams.db").stat().st_size
    print(f"trigrams: {count / seconds:,.0f} entries/s, {size / count:,.0f} bytes an entry")


if __name__ == "__main__":
    main()
