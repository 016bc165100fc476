"""Articles through the real command: `monitor check` and `monitor run` against a site on loopback."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor import idle
from monitor.store.article_rows import STALE
from tests.articles.world import LINE, MORE, page
from tests.command import Command
from tests.servers import Site, site
from tests.world import item, rss

RULES = """
version: 1
defaults: {{notify: [desk]}}
feeds:
  - {{id: one, url: "{feed}", full_text: true}}
rules:
  - id: clashes
    title: اشتباكات
    all: [اشتباكات]
    search_in: [title, summary, body]
channels:
  desk: {{url: "{channel}"}}
"""


@pytest.fixture(scope="module")
def served() -> Iterator[Site]:
    with site() as made:
        yield made


@pytest.fixture(scope="module")
def read_once(served: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The feed is a baseline; nothing of its page was asked for."""
    command = Command(tmp_path_factory.mktemp("read"))
    command.write_rules(RULES.format(feed=served.url("/one"), channel=served.hook()))
    served.pages |= {"/one": rss(item("خبر أول", n=100, link=served.url("/100"))), "/100": page()}
    command.check("--all")
    assert {path for _, path in served.requests} == {"/one"}
    return command.folder


@pytest.fixture
def web(served: Site, read_once: Path) -> Site:
    """It shows a line whose article has what the rule looks for."""
    shown = item(LINE, link=served.url("/1"), at=datetime.now(UTC)), item("خبر أول", n=100, link=served.url("/100"))
    served.pages |= {"/one": rss(*shown), "/1": page()}
    served.requests.clear()
    served.received.clear()
    served.hold.clear()
    served.release.clear()
    return served


@pytest.fixture
def monitor(read_once: Path, tmp_path: Path) -> Command:
    return Command(shutil.copytree(read_once, tmp_path / "copy"))


@pytest.fixture(scope="module")
def told(read_once: Path, served: Site, tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The article was read and told; for tests that only look."""
    shown = item(LINE, link=served.url("/1"), at=datetime.now(UTC))
    served.pages |= {"/one": rss(shown), "/1": page()}
    command = Command(shutil.copytree(read_once, tmp_path_factory.mktemp("told") / "copy"))
    assert command.check("--all")["articles"] == {"read": 1, "unread": 0}
    return command


def wait_until(holds: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def change(monitor: Command, sql: str) -> None:
    with sqlite3.connect(monitor.folder / "state" / "monitor.db") as db:
        db.execute(sql)
    db.close()


def asked(web: Site) -> int:
    return web.requests.count(("GET", "/1"))


def test_one_check_reads_the_line_then_the_article_and_sends_what_that_tells(monitor, web):
    told = monitor.check("--all")
    assert told["articles"] == {"read": 1, "unread": 0}
    assert [alert["title"] for alert in told["alerts"]] == [LINE]
    assert len(web.received) == 1
    assert monitor.check("--all")["alerts"] == []
    assert asked(web) == 1


def test_a_dry_run_reads_articles_and_records_nothing(monitor, web):
    assert LINE in monitor.run("check", "--all", "--dry-run").stdout
    assert asked(web) == 1
    with sqlite3.connect(monitor.folder / "state" / "monitor.db") as db:
        assert db.execute("SELECT count(*) FROM article").fetchone() == (0,)


def test_an_article_that_is_due_is_work_for_a_check_and_one_that_waits_is_not(monitor, web, monkeypatch):
    monkeypatch.chdir(monitor.folder)
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    body = web.pages.pop("/1")
    assert monitor.check("--all")["articles"] == {"read": 0, "unread": 1}
    assert idle.idle_check((), monitor.environment()) == ()
    change(monitor, "UPDATE article SET due_us = 0")
    assert idle.idle_check((), monitor.environment()) is None
    change(monitor, f"UPDATE article SET wanted_us = wanted_us - {STALE // timedelta(microseconds=1)}")
    assert idle.idle_check((), monitor.environment()) == (), "nor would a whole check ask for it"
    change(monitor, f"UPDATE article SET wanted_us = wanted_us + {STALE // timedelta(microseconds=1)}")
    web.pages["/1"] = body
    assert [alert["title"] for alert in monitor.check()["alerts"]] == [LINE]
    assert idle.idle_check((), monitor.environment()) == ()
    change(monitor, "UPDATE article SET due_us = 0")
    rules = (monitor.folder / "rules.yaml").read_text("utf-8")
    monitor.write_rules(rules.replace("full_text: true", "full_text: false"))
    assert monitor.check()["articles"] == {"read": 0, "unread": 0}
    assert idle.idle_check((), monitor.environment()) == (), "what is no longer wanted is no work"


def test_a_check_that_is_killed_while_a_page_is_read_leaves_it_to_the_next(monitor, web):
    web.hold.add("/1")
    killed = monitor.start("check", "--all")
    wait_until(lambda: asked(web))
    killed.kill()
    killed.communicate()
    web.hold.clear()
    web.release.set()
    assert [alert["title"] for alert in monitor.check()["alerts"]] == [LINE]
    assert monitor.check("--all")["alerts"] == []
    assert len(web.received) == 1


def test_the_daemon_alerts_by_the_line_while_the_page_hangs_and_reads_it_after_a_restart(monitor, web):
    text = (monitor.folder / "rules.yaml").read_text("utf-8")
    lines = "  - {id: lines, title: ميدان, all: [ميدانية]}\n"
    monitor.write_rules(text.replace("rules:\n", f"rules:\n{lines}"))
    change(monitor, "UPDATE feed_state SET next_poll_us = 0")
    web.hold.add("/1")
    daemon = monitor.start("run")
    try:
        wait_until(lambda: asked(web) and web.received)
        daemon.send_signal(signal.SIGTERM)
        _, log = daemon.communicate(timeout=60)
    finally:
        daemon.kill()
    assert daemon.returncode == 0, log
    assert len(web.received) == 1
    web.hold.clear()
    web.release.set()
    daemon = monitor.start("run")
    try:
        wait_until(lambda: len(web.received) == 2)
        daemon.send_signal(signal.SIGTERM)
        daemon.communicate(timeout=60)
    finally:
        daemon.kill()
    assert "اشتباكات" in web.received[1]["message"]


def test_what_an_article_says_is_found_by_searching_and_by_a_trial_on_the_past(told):
    assert LINE in told.run("search", '"السوق القديم"', "--in", "body").stdout
    rules = (told.folder / "rules.yaml").read_text("utf-8").replace("all: [اشتباكات]", "all: [السوق]")
    (told.folder / "other.yaml").write_text(rules, encoding="utf-8")
    tried = told.run("backtest", "clashes", "--since", "1d", "--rules", "other.yaml", "--json")
    assert LINE in tried.stdout, tried.stderr


def test_evidence_of_an_article_can_be_written_and_verified(told, served):
    made = told.run("evidence", "1", "-o", "story.zip")
    assert made.returncode == 0, made.stderr
    assert told.run("evidence", "--verify", "story.zip").returncode == 0
    with zipfile.ZipFile(told.folder / "story.zip") as bundle:
        kept = [bundle.read(name) for name in bundle.namelist()]
    assert page() in kept
    assert any(served.url("/1").encode() in each for each in kept)
    assert any(MORE.encode() in each for each in kept)
