"""`monitor doctor`, as a user has it."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.feeds.pins import pin_of
from tests.command import Command
from tests.feeds.certificates import made
from tests.feeds.loopback import answer, serve
from tests.servers import Site, site
from tests.world import item, rss

HEALTHY = """
version: 1
feeds: [{{id: one, url: "{feed}"}}]
rules:
  - {{id: strikes, title: غارات, all: [غارة], notify: [desk], tests: [{{match: غارة على البلدة}}]}}
channels:
  desk: {{url: "{hook}"}}
  ops: {{url: "{hook}", for: operations}}
"""


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as made:
        made.pages["/one"] = rss(item("خبر أول", n=1))
        yield made


@pytest.fixture
def monitor(tmp_path: Path) -> Command:
    folder = tmp_path / "مكتب\n\x1b[2J"
    folder.mkdir()
    return Command(folder)


def seen(monitor: Command, *arguments: str, expect: int | None = None) -> dict[str, list[dict[str, str]]]:
    done = monitor.run("doctor", "--json", *arguments)
    assert expect is None or done.returncode == expect, done.stdout + done.stderr
    by_subject: dict[str, list[dict[str, str]]] = {}
    for finding in json.loads(done.stdout)["findings"]:
        by_subject.setdefault(finding["about"], []).append(finding)
        assert finding["remedy"] or finding["level"] == "ok"
    return by_subject


def test_a_healthy_monitor_has_no_problem_and_nothing_is_sent_or_written(monitor, web):
    monitor.write_rules(HEALTHY.format(feed=web.url("/one"), hook=web.hook()))
    found = seen(monitor, expect=0)
    assert {
        each["level"] for about in ("rules file", "feed one", "channel desk", "tests in rules") for each in found[about]
    } == {"ok"}
    assert "1 entry," in found["feed one"][0]["what"]
    assert "takes connections" in found["channel desk"][0]["what"]
    assert web.requests == [("GET", "/one")]
    assert [path.name for path in monitor.folder.iterdir()] == ["rules.yaml"]


def test_offline_nobody_is_asked(monitor, web):
    monitor.write_rules(HEALTHY.format(feed=web.url("/one"), hook=web.hook()))
    found = seen(monitor, "--offline", expect=0)
    assert "feed one" not in found
    assert web.requests == []


def test_it_works_beside_a_daemon_and_leaves_its_state_alone(monitor, web):
    monitor.write_rules(HEALTHY.format(feed=web.url("/one"), hook=web.hook()))
    daemon = monitor.start("run")
    try:
        while not (monitor.folder / "state" / "heartbeat.json").exists():
            assert daemon.poll() is None
        found = seen(monitor, expect=0)
    finally:
        daemon.terminate()
        daemon.communicate(timeout=60)
    assert "monitor run" in found["daemon"][0]["what"]


BROKEN = """
version: 1
feeds:
  - {{id: gone, url: "{web}/missing"}}
  - {{id: page, url: "{web}/page"}}
  - {{id: empty, url: "{web}/empty"}}
  - {{id: old, url: "{web}/old"}}
  - {{id: inside, url: "http://10.0.0.1.nip.invalid/"}}
rules:
  - {{id: strikes, title: غارات, all: [غارة], tests: [{{match: لا شيء}}]}}
channels:
  deaf: {{url: "json://127.0.0.1:{closed}/"}}
  nobody: {{url: "json://name.invalid/"}}
  wrong: {{url: "${{WRONG}}"}}
  lonely: {{url: "json://127.0.0.1:{closed}/", fallback: unset}}
  unset: {{url: "${{UNSET_ADDRESS}}"}}
"""


def test_each_thing_that_is_wrong_is_told_with_its_remedy(monitor, web):
    web.pages.update({"/page": b"<html><p>no feed</p></html>", "/empty": rss()})
    web.pages["/old"] = rss(item("قديم", n=2, at=datetime(2020, 1, 1, tzinfo=UTC)))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    monitor.environ["WRONG"] = "nosuch://CaNaRy"
    monitor.write_rules(BROKEN.format(web=web.url("").rstrip("/"), closed=closed))
    found = seen(monitor, expect=1)
    for about in (
        "feed gone",
        "feed page",
        "feed inside",
        "tests in rules",
        "channel deaf",
        "channel nobody",
        "channel wrong",
    ):
        assert found[about][0]["level"] == "problem", about
    for about in ("feed empty", "feed old", "operations channel", "channel lonely", "rules file"):
        assert found[about][0]["level"] == "warning", about
    assert "404" in found["feed gone"][0]["what"]


def test_rules_that_do_not_load_are_told_with_their_place_and_the_rest_is_looked_at(monitor):
    monitor.write_rules("version: 1\nrules: [{id: x, title: x, all: [a], nearr: 5 words}]\n")
    found = seen(monitor, expect=1)
    assert any("rules.yaml:2:" in finding["what"] for finding in found["rules file"])
    assert {"state directory", "SQLite", "expat", "time zones"} <= set(found)


def test_a_terminal_that_knows_no_arabic_gets_all_of_it(monitor, web):
    monitor.write_rules(HEALTHY.format(feed=web.url("/one"), hook=web.hook()))
    monitor.environ.update(PYTHONUTF8="0", PYTHONIOENCODING="ascii:strict")
    done = monitor.run("doctor", "--offline", "--state", str(monitor.folder / "حالة"))
    assert (done.returncode, "Traceback" in done.stderr) == (0, False), done.stderr
    assert "0 problems" in done.stdout
    assert "\x1b" not in done.stdout


def test_the_key_of_a_server_is_shown_on_request_and_believed_once_it_is_pinned(monitor, tmp_path):
    shown = made("localhost")
    key = pin_of(shown.pem)
    page = {"*": answer(200, rss(item("خبر", n=1)), content_type="application/rss+xml")}
    with serve(page, tls=shown.context(tmp_path)) as server:
        rules = HEALTHY.format(feed=server.url("/", host="localhost"), hook="json://127.0.0.1:9/")
        monitor.write_rules(rules)
        found = seen(monitor, "--pins", expect=1)["feed one"]
        assert found[0]["level"] == "problem"  # nobody vouches for it
        assert found[1]["what"].endswith(f"pin: {key}")
        assert len(server.requests) == 0  # asking for a key sends no request
        monitor.write_rules(rules.replace('"}]', f'", pin: "{key}"}}]', 1))
        found = seen(monitor)["feed one"]
        assert [each["level"] for each in found] == ["ok", "ok"]
        assert "the key that is pinned" in found[1]["what"]


def test_a_feed_that_moved_is_advised_to_be_written_anew(monitor):
    page = rss(item("خبر", n=1))
    moved = {"/old": answer(301, location="/new"), "/new": answer(200, page, content_type="application/rss+xml")}
    with serve(moved) as server:
        monitor.write_rules(HEALTHY.format(feed=server.url("/old"), hook="json://127.0.0.1:9/"))
        found = seen(monitor)
    told = {finding["level"]: finding["what"] for finding in found["feed one"]}
    assert told["warning"].endswith("/new")
    assert "entry" in told["ok"]
