"""What reading articles costs: a poll of a feed that does not want it, one that does, the tick, and a page.

    python bench/articles.py [--against CHECKOUT] [--rounds 7]

A poll is of a document of 50 entries, one of them new, into SQLite in memory, with one rule; CPU time, the median of
the rounds. `--against` names a checkout of another revision: its polls are timed in turn with ours, each in a process
of its own, so that what else the machine does falls on both. All but the page's seconds are ratios.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
POLLS = 150


def poll_cost(**settings: Any) -> float:
    """Seconds of CPU a poll."""
    from tests.world import World, feed, item

    world = World(feeds=(feed(**settings),), baseline=False)
    entries = [item(f"خبر من المدينة رقم {n} عن حركة المرور", n=n) for n in range(50)]
    world.poll(*entries)
    begun = time.process_time()
    for n in range(POLLS):
        entries = [item(f"خبر جديد رقم {n} عن حركة المرور في الميناء", n=100 + n), *entries[:49]]
        world.poll(*entries)
    return (time.process_time() - begun) / POLLS


def tick_cost(wanting: int) -> tuple[float, float]:
    """Seconds of CPU for a tick of articles, and for one of polls, where nothing is due in a thousand feeds, of which
    so many want their articles read."""
    from tests.articles.world import Newsroom
    from tests.world import feed

    newsroom = Newsroom(feeds=tuple(feed(f"f{n}", full_text=n < wanting) for n in range(1000)))
    newsroom.polls.tick(newsroom.setup)
    newsroom.polls.wait()
    costs = []
    for tick in (newsroom.article_loop.tick, newsroom.polls.tick):
        begun = time.process_time()
        for _ in range(200):
            tick(newsroom.setup)
        costs.append((time.process_time() - begun) / 200)
    return costs[0], costs[1]


def page_cost() -> float:
    """Seconds of CPU that reading a page of a newsroom's size takes, beside what starting its process does."""
    from monitor.feeds import reader_child, reader_talk
    from tests.articles.world import page

    paragraphs = [f"فقرة رقم {n} من تقرير طويل عن حركة المرور في الميناء وأحوال الطقس في المنطقة" for n in range(60)]
    filler = "".join(f"<div class='m{n}'><a href='/{n}'>قسم {n}</a></div>" for n in range(1500))
    body = page(*paragraphs).replace(b"<body>", b"<body>" + filler.encode())
    reader_child.read(reader_talk.Page(body=body, content_type="text/html"))
    begun = time.process_time()
    for _ in range(10):
        reader_child.read(reader_talk.Page(body=body, content_type="text/html"))
    return (time.process_time() - begun) / 10


def _elsewhere(checkout: Path) -> float:
    """`poll_cost` of another checkout, by this very file's code."""
    code = f"import sys, runpy; sys.argv = ['x']; print(runpy.run_path({str(Path(__file__))!r})['poll_cost']())"
    path = os.pathsep.join((str(checkout), *(each for each in sys.path if "site-packages" in each)))
    environ = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=checkout, env=environ, capture_output=True, text=True, check=True
    )
    return float(json.loads(done.stdout))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--against", type=Path)
    options.add_argument("--rounds", type=int, default=7)
    chosen = options.parse_args()
    logging.disable()  # a thousand feeds that do not answer
    sys.path.insert(0, str(ROOT))
    plain, wanting, ours, theirs = [], [], [], []
    for _ in range(chosen.rounds):
        plain.append(poll_cost())
        wanting.append(poll_cost(full_text=True))
        if chosen.against:
            theirs.append(_elsewhere(chosen.against.resolve()))
            ours.append(_elsewhere(ROOT))
    base = statistics.median(plain)
    print(f"a poll with full_text, of one without: {statistics.median(wanting) / base:.2f}")
    if theirs:
        pairs = [one / other for one, other in zip(ours, theirs, strict=True)]
        print(f"a poll without it, of one in {chosen.against}: {statistics.median(pairs):.2f}")
    for count in (0, 1, 1000):
        article, poll = tick_cost(count)
        print(f"a tick of articles, {count} of 1000 feeds wanting them, of one of polls: {article / poll:.3f}")
    seconds = page_cost()
    print(f"a page of {timedelta(seconds=seconds).total_seconds():.3f} s CPU: as much as {seconds / base:.0f} polls")


if __name__ == "__main__":
    main()
