"""Ten thousand hostile headlines on every page, in a real browser: what did they do?

    python -m bench.hostile_pages [COUNT] [SEED] [--language ar|en] [--width 390|1200] [--stories N]

They go through the real matcher, reader and ingest, and become alerts. Then the browser goes through all of the alerts,
page by page, a few hundred of their stories, and each other page, those of forms and of links in messages too; in both
languages, on a phone and in a window. It looks whether any script ran, the policy was touched, anything led elsewhere,
anything of ours moved, or a page became wider than its window. Any fault is printed, and ends it with 1.
`tests/web/browser/test_hostile.py` does the same with a few of them.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.web.browser.eyes import FLAGS, LANGUAGES, WIDTHS, Eyes
from tests.web.browser.hostile_forms import go_beyond_links, tried_on_the_past
from tests.web.browser.hostile_headlines import headlines
from tests.web.browser.hostile_pages import PLAIN, Walk, hostile_scene
from tests.web.browser.served import Site, serve

BEGINS = ("/", "/feeds", "/rules", "/search?q=غارة", "/map", "/operations", "/feeds/difaf", "/rules/air-strikes")
SHOWN = 60  # headlines on each page that comes of a form
MOST = {"/?before": 10_000, "/search?before&q": 50}


def main() -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    asked.add_argument("count", type=int, nargs="?", help="10,000 for one language and width, 2,500 for several")
    asked.add_argument("seed", type=int, nargs="?", default=1)
    asked.add_argument("--language", choices=LANGUAGES, help="both, unless given")
    asked.add_argument("--width", type=int, choices=WIDTHS, help="both, unless given")
    asked.add_argument("--stories", type=int, default=300, help="of them, so many pages are looked at (300)")
    told = asked.parse_args()
    views = [(x, y) for x in LANGUAGES for y in WIDTHS if told.language in (None, x) and told.width in (None, y)]
    count = told.count or (10_000 if len(views) == 1 else 2_500)
    most = {**MOST, "/stories/N": told.stories}
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="monitor-hostile-") as folder:
        begun = time.perf_counter()
        scene = hostile_scene(Path(folder), [PLAIN, *headlines(count, seed=told.seed)])
        with scene.world.store.database.read() as db:
            alerts = db.execute("SELECT count(*) FROM alert").fetchone()[0]
        print(f"{count:,} headlines, {alerts:,} alerts, stored in {time.perf_counter() - begun:.0f} s", flush=True)
        with serve(scene) as site, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            trial = tried_on_the_past(Eyes(browser, site.address))
            faults = sum(_walk(site, browser, trial, *view, most=most, seed=told.seed) for view in views)
            browser.close()
        scene.close()
    return 1 if faults else 0


def _walk(
    site: Site, browser: Browser, trial: str, language: str, width: int, *, most: dict[str, int], seed: int
) -> int:
    begun = time.perf_counter()
    eyes = Eyes(browser, site.address)
    walk = Walk(eyes, eyes("/no-such-page", language, width, status=404), most=most, rest=3)
    with tempfile.TemporaryDirectory(prefix="monitor-hostile-") as folder:
        go_beyond_links(walk, site, [*headlines(SHOWN, seed=seed + 1)], trial, Path(folder))
    walk.through(*BEGINS)
    eyes.close()
    print(f"{language}, {width} pixels: {walk.kinds.total():,} pages of {len(walk.kinds)} kinds, and those of forms,")
    print(f"  in {time.perf_counter() - begun:.0f} s")
    print(f"  labels of ours stand in {len(walk.labels)} way(s) in {walk.labels.total():,} alerts")
    print(f"  {len(walk.faults)} faults", *walk.faults[:40], sep="\n    ", flush=True)
    return len(walk.faults) + (len(walk.labels) != 1)


if __name__ == "__main__":
    sys.exit(main())
