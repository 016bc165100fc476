"""A rule that waits for entries, in checks that cron starts."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.command import Command
from tests.servers import site
from tests.world import item, rss

RULES = """
version: 1
language: en
feeds:
  - {{id: agency, name: Agency, url: "{feed}", every: 2h}}
rules:
  - id: strikes
    all: [غارة]
  - id: agency-quiet
    kind: silence
    feeds: agency
    for: 6h
"""
HOURS = 3_600_000_000  # microseconds


def hours_pass(folder: Path, hours: int) -> None:
    with sqlite3.connect(folder / "state" / "monitor.db") as db:
        db.execute("UPDATE feed_state SET last_new_us = last_new_us - ?", (hours * HOURS,))


def test_a_check_tells_a_silence_once_and_when_it_is_over(tmp_path: Path) -> None:
    monitor = Command(tmp_path)
    with site() as web:
        web.pages["/one"] = rss(item("خبر أول", n=1))
        monitor.write_rules(RULES.format(feed=web.url("/one")))
        assert monitor.run("check").stdout == ""
        hours_pass(tmp_path, 5)
        assert monitor.run("check", "--all").stdout == ""
        hours_pass(tmp_path, 2)
        told = monitor.run("check", "--all").stdout
        assert "Nothing new from" in told
        assert "for 7 hours" in told
        assert monitor.run("check", "--all").stdout == ""
        web.pages["/one"] = rss(item("خبر ثان", n=2), item("خبر أول", n=1))
        assert "heard again after 7 hours" in monitor.run("check", "--all").stdout
        assert monitor.run("check", "--all").stdout == ""
    why = monitor.run("why", "2").stdout
    assert "agency-quiet" in why
