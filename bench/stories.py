"""What finding an entry's story costs, by how many entries are stored; and how well edits of real reports are found.

    python -m bench.stories [--sizes 1000,10000,100000] [--items FILE.jsonl.gz]

Cost: CPU microseconds an entry (the median of 200) for its sketch and keys, for the look-up by keys in a table like
the store's `story_key`, and for the comparison with at most 24 that are found; the ratio of largest to smallest.
The entries asked for are the same real items at each size. Of those stored, 2,000 are read from real items; the others
are shuffled from these, for reading a hundred thousand would take most of an hour: each has the words of one, in the
order of another's, runs and names of a third in part, and a place and an hour of its own, so that keys meet as
often as in life. All are told within two days, at each size: the most that a look-up can ever find.
rensa and datasketch do the same by MinHash, 128 permutations, in this process (`pip install rensa datasketch`; they are
no dependency, and left out with a word where they are not installed). They find near-duplicates alone.

Edits: of each of 400 items a copy with one word in twenty replaced, a new lead and its last third cut off; whether it
is kin, and whether another item is. Facts are left out: this is about the words.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sqlite3
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from monitor.model import Entry, Facts, KinshipKind, Sketch
from monitor.stories.keys import keys, no_parents
from monitor.stories.kinship import compare
from monitor.stories.sketch import sketch
from monitor.text.document import read

AT = datetime(2026, 6, 1, tzinfo=UTC)
ITEMS = Path(__file__).parent.parent.parent / "shared" / "data" / "items" / "antcorpus_2018.jsonl.gz"
PROBES, MOST_FOUND, READ = 200, 24, 2_000
PLACES = [f"place-{number}" for number in range(400)]
SCHEMA = """CREATE TABLE story_key (
    key INTEGER NOT NULL, told_us INTEGER NOT NULL, entry_id INTEGER NOT NULL, story_id INTEGER NOT NULL,
    PRIMARY KEY (key, told_us, entry_id)
) WITHOUT ROWID"""


def texts(path: Path) -> list[tuple[str, str]]:
    """Titles and summaries of as many items as are read, and those that are looked for."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        real = [(item["title"], item["summary"]) for item in map(json.loads, lines) if item.get("summary")]
    told = list(dict.fromkeys(real))
    random.Random(4).shuffle(told)
    return told[: READ + PROBES]


def shuffled(made: Sequence[Sketch], rng: random.Random, told_at: datetime) -> Sketch:
    one, other, third = rng.choice(made), rng.choice(made), rng.choice(made)
    half = len(one.words) // 2
    mixed = replace(
        one,
        text=rng.randbytes(16),
        headline=rng.randbytes(16),
        words=tuple(dict.fromkeys((*one.words[:half], *other.words[half:]))),
        title=min(one.title, half),
        grams=frozenset((*list(one.grams)[::4], *(rng.getrandbits(32) for _ in range(30)))),
        names=frozenset((*list(one.names)[::2], *list(third.names)[::2])),
        spots=other.spots,
        facts=Facts(places=(rng.choice(PLACES),), events=("attack",)),
        told_at=told_at,
    )
    return replace(mixed, keys=keys(mixed))


def sketched(title: str, summary: str, number: int, *, facts: Facts | None = None) -> Sketch:
    at = AT + timedelta(seconds=number * 79)  # of 2,200 items, within two days
    entry = Entry(feed_id="f", title=title, summary=summary, published_at=at)
    place = Facts(places=(PLACES[number * 7919 % len(PLACES)],), events=("attack",))
    return sketch(read(entry), place if facts is None else facts, seen_at=at)


class Ours:
    def __init__(self) -> None:
        self.db = sqlite3.connect(":memory:")
        self.db.execute(SCHEMA)
        self.kept: dict[int, Sketch] = {}

    def add(self, number: int, made: Sketch) -> None:
        told = int(made.told_at.timestamp() * 1e6)
        self.db.executemany("INSERT INTO story_key VALUES (?, ?, ?, ?)", [(k, told, number, number) for k in made.keys])
        self.kept[number] = made

    def find(self, made: Sketch) -> list[int]:
        """Those told in the last two days, of each key the newest hundred, as the store does; those that share most."""
        since = int((made.told_at - timedelta(hours=48)).timestamp() * 1e6)
        query = "SELECT entry_id FROM story_key WHERE key = ? AND told_us >= ? ORDER BY told_us DESC LIMIT 100"
        found = Counter(row[0] for key in made.keys for row in self.db.execute(query, (key, since)))
        return sorted(found, key=lambda each: (found[each], each), reverse=True)[:MOST_FOUND]


def minhashes() -> Iterator[tuple[str, Callable[[Sequence[str]], object], Callable[[], Any]]]:
    """Each library that is here: its name, what makes a hash of words, what makes an index."""
    try:
        import rensa

        def made(words: Sequence[str]) -> object:
            each = rensa.RMinHash(num_perm=128, seed=42)
            each.update(list(words))
            return each

        yield "rensa", made, lambda: rensa.RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
    except ImportError:
        print("rensa is not installed: left out")
    try:
        import datasketch

        def hashed(words: Sequence[str]) -> object:
            each = datasketch.MinHash(num_perm=128)
            each.update_batch([word.encode() for word in words])
            return each

        yield "datasketch", hashed, lambda: datasketch.MinHashLSH(threshold=0.5, num_perm=128)
    except ImportError:
        print("datasketch is not installed: left out")


def runs(title: str, summary: str) -> list[str]:
    words = (*read(Entry(feed_id="f", title=title, summary=summary)).fingerprint.words,)
    return [" ".join(words[at : at + 3]) for at in range(max(1, len(words) - 2))]


def spent(work: Callable[[int], object], numbers: Sequence[int]) -> float:
    """Median CPU microseconds."""
    times = []
    for number in numbers:
        begun = time.process_time_ns()
        work(number)
        times.append((time.process_time_ns() - begun) / 1000)
    return statistics.median(times)


def compared(real: Sequence[Sketch], near: Mapping[int, Sequence[Sketch]], number: int) -> None:
    for each in near[number]:
        compare(real[number], each, within=no_parents)


def asked(index: Any, make: Callable[[Sequence[str]], object], told: Sequence[tuple[str, str]], number: int) -> object:
    return index.query(make(runs(*told[number])))


def costs(told: Sequence[tuple[str, str]], sizes: Sequence[int]) -> None:
    print(f"{'stored':>8} {'sketch+keys':>12} {'look up':>9} {'compare':>9} {'in all':>9}   MinHash: make + query")
    ours, totals, rng = Ours(), [], random.Random(9)
    real = [sketched(*each, number) for number, each in enumerate(told)]
    read_, probes = real[:READ], range(len(told) - PROBES, len(told))
    others = [(name, make, index()) for name, make, index in minhashes()]
    for size in sizes:
        for number in range(len(ours.kept), size):
            at = AT + timedelta(seconds=rng.randrange(172_800))
            ours.add(number, read_[number] if number < READ else shuffled(read_, rng, at))
            for _, make, index in others if number < READ else ():
                index.insert(
                    str(number) if index.__module__.startswith("datasketch") else number, make(runs(*told[number]))
                )
        near = {number: [ours.kept[each] for each in ours.find(real[number])] for number in probes}
        parts = (
            spent(lambda number: sketched(*told[number], number), probes),
            spent(lambda number: ours.find(real[number]), probes),
            spent(partial(compared, real, near), probes),
        )
        totals.append(sum(parts))
        theirs = [f"{name} {spent(partial(asked, index, make, told), probes):,.0f}" for name, make, index in others]
        held = f"(of {min(size, READ):,})" if others else ""
        print(
            f"{size:8,} {parts[0]:12,.0f} {parts[1]:9,.0f} {parts[2]:9,.0f} {sum(parts):9,.0f}   "
            f"{', '.join(theirs)} {held}"
        )
    print(f"the largest to the smallest: {totals[-1] / totals[0]:.2f} : 1")


def edited(text: str, rng: random.Random, spare: Sequence[str]) -> str:
    return " ".join(rng.choice(spare) if rng.random() < 0.05 else word for word in text.split())


def edits(told: Sequence[tuple[str, str]]) -> None:
    rng = random.Random(7)
    spare = [word for title, _ in told[1000:1500] for word in title.split()]
    originals = told[:400]
    kept = [sketched(*each, number, facts=Facts()) for number, each in enumerate(originals)]
    found = wrong = unkeyed = 0
    for number, (title, summary) in enumerate(originals):
        words = edited(summary, rng, spare).split()
        copy = sketched(title, "قال مراسلنا إن " + " ".join(words[: len(words) * 2 // 3]), number, facts=Facts())
        kin = [
            at
            for at, each in enumerate(kept)
            if compare(copy, each, within=no_parents).kind is not KinshipKind.DIFFERENT
        ]
        found += number in kin
        wrong += len(set(kin) - {number})
        unkeyed += not set(copy.keys) & set(kept[number].keys)
    print(f"edits of 400 items: {found} found, {unkeyed} without a key in common, {wrong} others taken for kin")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--items", type=Path, default=ITEMS)
    given = parser.parse_args()
    if not given.items.is_file():
        raise SystemExit(f"{given.items} is not here: give a file of items with --items")
    sizes = sorted(int(size) for size in given.sizes.split(","))
    told = texts(given.items)
    edits(told)
    costs(told, sizes)


if __name__ == "__main__":
    main()
