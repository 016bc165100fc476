"""Ten thousand hostile headlines on every page, in a real browser: what did they do?

    python -m bench.hostile_pages [COUNT] [SEED]

They go through the real matcher, reader and ingest, and become alerts. Then the browser goes through all of the alerts,
page by page, a few hundred of their stories, and each other page, in Arabic on a phone; and looks whether any script
ran, the policy was touched, anything led elsewhere, anything of ours moved, or a page became wider than the phone. Any
fault is printed, and ends it with 1. `tests/web/browser/test_hostile.py` does the same with a few of them.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.web.browser.eyes import FLAGS, Eyes
from tests.web.browser.hostile_headlines import headlines
from tests.web.browser.hostile_pages import PLAIN, Walk, hostile_scene
from tests.web.browser.served import Site, serve

BEGINS = ("/", "/feeds", "/rules", "/search?q=غارة", "/map", "/operations", "/feeds/difaf", "/rules/air-strikes")
MOST = {"/?before": 10_000, "/stories/N": 300, "/search?before&q": 50}


def main() -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asked.add_argument("count", type=int, nargs="?", default=10_000)
    asked.add_argument("seed", type=int, nargs="?", default=1)
    told = asked.parse_args()
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="monitor-hostile-") as folder:
        begun = time.perf_counter()
        scene = hostile_scene(Path(folder), [PLAIN, *headlines(told.count, seed=told.seed)])
        with scene.world.store.database.read() as db:
            alerts = db.execute("SELECT count(*) FROM alert").fetchone()[0]
        print(f"{told.count:,} headlines, {alerts:,} alerts, stored in {time.perf_counter() - begun:.0f} s", flush=True)
        with serve(scene) as site:
            faults = _walk(site)
        scene.close()
    return 1 if faults else 0


def _walk(site: Site) -> int:
    begun = time.perf_counter()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        eyes = Eyes(browser, site.address)
        walk = Walk(eyes, eyes("/no-such-page", "ar", 390, status=404), most=MOST, rest=3)
        walk.through(*BEGINS)
        browser.close()
    seen = sum(number for kind, number in walk.kinds.items())
    print(f"{seen:,} pages of {len(walk.kinds)} kinds in {time.perf_counter() - begun:.0f} s")
    print(f"labels of ours stand in {len(walk.labels)} way(s) in {walk.labels.total():,} alerts")
    print(f"{len(walk.faults)} faults", *walk.faults[:40], sep="\n  ")
    return len(walk.faults) + (len(walk.labels) != 1)


if __name__ == "__main__":
    sys.exit(main())
