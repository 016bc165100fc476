"""How soon `monitor worker` works by rules that were published: the starter rules, of which one word changes each time.

    python -m bench.pick_up [--workers 1 2] [--rounds 5] [--feeds 300] [--rules rules.yaml]

Real processes, and real HTTP on loopback. `idle`: no feed is due. `busy`: all feeds are due again and again and bring
something new each time, so that every worker has all it can do. A row's seconds are from the moment at which a version
is published until the last worker has it in force, the middle and the longest of all rounds; `compile` is what reading
and compiling the same rules from nothing takes here, in the same minutes and under the same load, and the ratio is the
middle one over that. `cores`: what the workers used, of those that the machine has.

First the steps, in this process: seconds of CPU, the middle of all rounds, and their ratio to compiling from nothing.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import os
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import TypeVar

from monitor import config as configuration
from monitor import pickled
from monitor.cluster import published
from monitor.config import Config
from monitor.facts.reports import ReportReader
from monitor.model.rules_versions import PublishedRules, RulesFiles, RulesVersion
from monitor.reload import failed_tests
from monitor.rules.matcher import Matcher
from monitor.store.postgres.store import open_postgres
from monitor.store.rules_rows import RulesVersions
from tests.cluster.chaos_fleet import Fleet, Repeated, fleet
from tests.cluster.made import until
from tests.cluster.newsstand import newsstand
from tests.postgres import Postgres
from tests.world import item, rss

AGAIN = "UPDATE feed_state SET next_poll_us = 0 WHERE lane IS NOT NULL AND leased_by IS NULL AND next_poll_us > 0"
BASELINED = "SELECT count(*) FROM feed_state WHERE baselined = 1"
LOOK = 0.01  # seconds
T = TypeVar("T")
_FEEDS = "\nfeeds:\n"


@dataclass(frozen=True)
class Row:
    took: list[float]
    compiled: list[float]
    cores: float

    def told(self) -> str:
        ratio = median(self.took) / median(self.compiled)
        return (
            f"{median(self.took):>7.2f} {max(self.took):>8.2f} {median(self.compiled):>8.2f} {ratio:>6.2f} "
            f"{self.cores:>6.2f}"
        )


def starter(path: Path, port: int, feeds: int) -> str:
    """Its rules and groups, and feeds of ours in place of its own. A rule for certain feeds is for none then."""
    before, rest = path.read_text(encoding="utf-8").split(_FEEDS)
    after = rest[re.search(r"^[a-z]", rest, re.MULTILINE).start() :]  # type: ignore[union-attr]
    ours = "".join(
        f'  - {{id: f{n}, url: "http://127.0.{n % 8}.{1 + n // 8 % 50}:{port}/f{n}", allow_private: true, every: 1h}}\n'
        for n in range(feeds)
    )
    return f"{before}{_FEEDS}{ours}{after}"


def version(text: str, number: int) -> str:
    """The same with another word in its first rule."""
    rule = f"  - {{id: bench, title: bench, all: [كلمة{number}]}}\n"
    return text.replace("\nrules:\n", f"\nrules:\n{rule}", 1)


def steps(folder: Path, text: str, rounds: int) -> dict[str, float]:
    """Seconds of CPU of what becomes of a version, by step."""
    took: dict[str, list[float]] = {}

    def timed(step: str, work: Callable[[], T]) -> T:
        gc.collect()
        gc.disable()  # as `prepared` has it
        before = time.thread_time()
        made = work()
        took.setdefault(step, []).append(time.thread_time() - before)
        gc.enable()
        return made

    config = _laid_out(folder, text, 0)
    old = Matcher(config.rules, config.lexicon)
    reader = ReportReader(config.lexicon)
    for number in range(1, rounds + 1):
        config = timed("laid out and read", partial(_laid_out, folder, text, number))
        timed("compiled from nothing", partial(Matcher, config.rules, config.lexicon))
        old = timed("compiled after others", partial(Matcher, config.rules, config.lexicon, before=old))
        timed("its own tests", partial(failed_tests, config, old))
        timed("later: pickled for the shelf", partial(pickled.dump, old))
        reader = timed("later: reader of reports", partial(ReportReader, config.lexicon, before=reader))
    return {step: median(those) for step, those in took.items()}


def _laid_out(folder: Path, text: str, number: int) -> Config:
    about = RulesVersion(number=number, published_at=datetime.now(UTC), published_by="bench", note="")
    files = RulesFiles(main="rules.yaml", texts={"rules.yaml": version(text, number)})
    return published.load(PublishedRules(version=about, files=files), folder, environ={})


def measured(folder: Path, server: Postgres, workers: int, asked: argparse.Namespace, *, busy: bool) -> Row:
    numbers = itertools.count()

    def page(_path: str) -> bytes:
        return rss(*[item(f"خبر {n} عن اجتماع", n=n, at=datetime.now(UTC)) for n in (next(numbers),)])

    with newsstand(page) as stand, fleet(folder, server.fresh()) as running:
        text = starter(asked.rules, stand.port, asked.feeds)
        running.publish(version(text, 0))
        running.start(workers)
        until(lambda: running.ask(BASELINED)[0][0] == asked.feeds, seconds=600)
        store = open_postgres(running.url, now=datetime.now(UTC), connections=1)
        try:
            with Repeated(lambda: running.ask(AGAIN) if busy else None, 0.5):
                return _rounds(running, RulesVersions(store.database), text, workers, asked.rounds)
        finally:
            store.close()


def _rounds(running: Fleet, versions: RulesVersions, text: str, workers: int, rounds: int) -> Row:
    took, compiled = [], []
    until(lambda: all(_has(running, each, 1) for each in range(workers)), seconds=120)
    cpu, since = _cpu(running, workers), time.monotonic()
    for number in range(1, rounds + 1):
        changed = version(text, number)
        compiled.append(_compile(running.folder, changed))
        time.sleep(2 + 0.37 * number % 1)  # at any time between two looks
        took.append(_publish(running, versions, changed, workers))
    return Row(took, compiled, (_cpu(running, workers) - cpu) / (time.monotonic() - since))


def _compile(folder: Path, text: str) -> float:
    path = folder / "beside.yaml"
    path.write_text(text, encoding="utf-8")
    before = time.perf_counter()
    config = configuration.load(path, environ={})
    Matcher(config.rules, config.lexicon)
    return time.perf_counter() - before


def _publish(running: Fleet, versions: RulesVersions, text: str, workers: int) -> float:
    files = RulesFiles(main="rules.yaml", texts={"rules.yaml": text})
    done = versions.publish(files, by="bench", note="", now=datetime.now(UTC))
    before = time.monotonic()
    assert isinstance(done, RulesVersion)
    waiting = set(range(workers))
    while waiting:
        waiting -= {each for each in waiting if _has(running, each, done.number)}
        assert time.monotonic() - before < 120
        time.sleep(LOOK)
    return time.monotonic() - before


def _has(running: Fleet, worker: int, number: int) -> bool:
    return bool(re.search(rf"rules\.version\b.*\bversion=?\W*{number}\b", running.log(worker)))


def _cpu(running: Fleet, workers: int) -> float:
    return float(sum(running.cpu(number) for number in range(workers)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--feeds", type=int, default=300)
    parser.add_argument("--rules", type=Path, default=Path(__file__).parents[1] / "rules.yaml")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        of = steps(Path(folder), starter(asked.rules, 9, asked.feeds), asked.rounds)
    for step, seconds in of.items():
        print(f"{step:30} {seconds:>6.3f} {seconds / of['compiled from nothing']:>6.2f}", flush=True)
    print(
        f"{'workers':>7} {'':>5} {'middle':>7} {'longest':>8} {'compile':>8} {'ratio':>6} {'cores':>6}  load",
        flush=True,
    )
    for workers, busy in itertools.product(asked.workers, (False, True)):
        with tempfile.TemporaryDirectory() as folder, Postgres() as server:
            row = measured(Path(folder), server, workers, asked, busy=busy)
        load = os.getloadavg()[0]
        print(f"{workers:>7} {'busy' if busy else 'idle':>5} {row.told()}  {load:.1f}", flush=True)


if __name__ == "__main__":
    main()
