"""What evidence costs a poll, and the disk.

    python bench/evidence.py [--polls 200] [--entries 30]

Each poll brings a document of made-up entries, all new, of which none, one or all match a rule. Each is taken in by
the real pipeline with the real matcher, parser and SQLite store in memory, twice: as it is, and without keeping
evidence. The ratio is of CPU time, with ÷ without, the median of polls that take turns. The texts repeat themselves, so
real ones take more bytes.
"""

from __future__ import annotations

import argparse
import statistics
import time

from monitor import pipeline
from tests.world import World, item, rss

FILLER = "وقال مراسلنا إن الوضع في البلدة هادئ منذ الصباح وإن الأسواق فتحت أبوابها كالمعتاد. " * 12


def document(poll: int, entries: int, matching: int) -> bytes:
    words = ("غارة جوية" if n < matching else "هدوء تام" for n in range(entries))
    return rss(
        *(
            item(f"{word} في البلدة {poll * entries + n}", n=poll * entries + n, summary=FILLER)
            for n, word in enumerate(words)
        )
    )


def seconds(world: World, page: bytes, keeps: bool) -> float:
    keep = pipeline._seen
    if not keeps:
        pipeline._seen = lambda *_: {}
    begun = time.process_time()
    try:
        world.poll_page(page)
    finally:
        pipeline._seen = keep
    return time.process_time() - begun


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--polls", type=int, default=200)
    parser.add_argument("--entries", type=int, default=30)
    given = parser.parse_args()
    for matching in (0, 1, given.entries):
        worlds = {keeps: World() for keeps in (True, False)}
        took: dict[bool, list[float]] = {True: [], False: []}
        for poll in range(given.polls):
            for keeps in (True, False) if poll % 2 else (False, True):
                took[keeps].append(seconds(worlds[keeps], document(poll, given.entries, matching), keeps))
        ratio = statistics.median(took[True]) / statistics.median(took[False])
        with worlds[True].store.database.read() as db:
            rows = db.execute("SELECT count(*), sum(length(item) + length(told)) FROM evidence").fetchone()
            pages = db.execute("SELECT sum(length(told)) FROM evidence_page").fetchone()[0] or 0
        each = f", {((rows[1] or 0) + pages) / rows[0]:,.0f} bytes an entry" if rows[0] else ""
        print(f"{matching:>3} of {given.entries} match: with ÷ without {ratio:.2f}{each}")


if __name__ == "__main__":
    main()
