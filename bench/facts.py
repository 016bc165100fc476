"""What reading the facts of a report costs, beside matching the starter rules over the same reports, in one run.

    python -m bench.facts [items.jsonl.gz] [count]

CPU time; only ratios within one run mean anything. Without a file of items, headlines of our own tests are read.
Also what making the reader costs, and taking it from the shelf, beside the same for the matcher.
"""

from __future__ import annotations

import argparse
import gzip
import json
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import TypeVar

from monitor import config, pickled
from monitor.facts.reader import FactReader
from monitor.model import Entry
from monitor.rules.matcher import Matcher
from monitor.text.document import Document, read
from monitor.text.figures import figures

ROOT = Path(__file__).resolve().parent.parent
T = TypeVar("T")
TODAY = date(2026, 11, 25)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("items", type=Path, nargs="?", help="JSONL, gzipped")
    parser.add_argument("count", type=int, nargs="?", default=2000, help="how many of them, evenly")
    asked = parser.parse_args()
    entries = _entries(asked.items, asked.count)
    configuration = config.load_rules(ROOT / "rules.yaml", environ={})
    made, matcher = _timed(lambda: Matcher(configuration.rules, configuration.lexicon))
    made_facts, reader = _timed(lambda: FactReader(configuration.lexicon))
    print(f"made anew: matcher of the starter rules {made:.2f} s, reader of facts {made_facts / made:.1f} times that")
    for name, thing in (("matcher", matcher), ("reader of facts", reader)):
        raw = pickled.dump(thing)
        loaded, _ = _timed(partial(pickled.load, raw))
        print(f"from the shelf: {name} {loaded:.2f} s, {len(raw) / 1e6:.1f} MB")
    matched = [entry for entry in entries if matcher.match(read(entry), feed=None, today=TODAY).matches]
    for name, some in (("all reports", entries), ("those that a rule matched", matched)):
        if some:
            _compare(name, some, matcher, reader)


def _compare(name: str, entries: list[Entry], matcher: Matcher, reader: FactReader) -> None:
    """Each on documents of its own, so that none finds tokens that another has read."""
    spent = {
        "match": _each(entries, lambda document: matcher.match(document, feed=None, today=TODAY)),
        "figures": _each(entries, lambda document: figures(document, ("title", "summary"))),
        "facts": _each(entries, reader.read),
    }
    told = ", ".join(f"{what} {each * 1e3:.2f} ms ({each / spent['match']:.1f})" for what, each in spent.items())
    print(f"{name} ({len(entries)}): {told}")


def _each(entries: list[Entry], work: Callable[[Document], object]) -> float:
    documents = [read(entry) for entry in entries]
    spent, _ = _timed(lambda: [work(document) for document in documents])
    return spent / len(documents)


def _timed(work: Callable[[], T]) -> tuple[float, T]:
    begun = time.process_time()
    done = work()
    return time.process_time() - begun, done


def _entries(path: Path | None, count: int) -> list[Entry]:
    if path is None:
        rows = (ROOT / "tests" / "text" / "figures.tsv").read_text(encoding="utf-8").splitlines()
        return [Entry(feed_id="f", title=row.split("\t")[0]) for row in rows if "\t" in row]
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        items = [json.loads(line) for line in lines]
    step = max(1, len(items) // count)
    return [Entry(feed_id="f", title=item["title"], summary=item.get("summary", "")) for item in items[::step]]


if __name__ == "__main__":
    main()
