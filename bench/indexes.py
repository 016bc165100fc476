"""What the indexes that the pages have asked for cost a poll: processor time and bytes written, with and without them.

    python -m bench.indexes [--polls 600]

Two states, polled in turn as `bench.store` does it (49 known entries and a new one, one in ten of which is alerted);
the second lacks the indexes named here.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from bench.store import NOW, our_poll
from monitor.store import SqliteStore
from monitor.store.opening import open_store

OF_PAGES = ("entry_by_feed", "verdict_by_rule", "alert_mark_by_alert")


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--polls", type=int, default=600)
    polls = asked.parse_args().polls
    with tempfile.TemporaryDirectory() as name:
        folders = [Path(name) / each for each in ("with", "without")]
        stores = [open_store(folder, now=NOW) for folder in folders]
        with closing(stores[0]), closing(stores[1]):
            with stores[1].database.write() as db:
                for index in OF_PAGES:
                    db.execute(f"DROP INDEX {index}")
            took = [[timed(store, n) for store in stores] for n in range(50, 50 + polls)]
        sizes = [sum(file.stat().st_size for file in folder.glob("monitor.db*")) for folder in folders]
    with_them, without = (statistics.fmean(each) for each in zip(*took, strict=True))
    ratios = statistics.median(one / other for one, other in took)
    print(f"{polls} polls: {1e3 * with_them:.2f} ms of the processor with, {1e3 * without:.2f} ms without")
    print(f"mean {with_them / without:.3f} ×, median of the ratios {ratios:.3f} ×; on disk {sizes[0] / sizes[1]:.3f} ×")


def timed(store: SqliteStore, n: int) -> float:
    begun = time.process_time()
    our_poll(store, n, NOW + timedelta(minutes=n))
    return time.process_time() - begun


if __name__ == "__main__":
    main()
