"""`status`, `feeds`, `deliveries`: what an operator looks at."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest

from monitor import heartbeat
from monitor.clock import SystemClock
from monitor.model import DeliveryStatus, FetchFailure, Rhythm
from monitor.model.workers import WorkerSeen
from monitor.store import PollLock, Reader, ballast, open_store
from monitor.store.worker_rows import Workers
from tests.cli.terminal import RULES, monitor, rules_in
from tests.world import STRIKE, World, feed, item, rule


@pytest.fixture(autouse=True)
def _no_rules_but_those_given(tmp_path, monkeypatch):
    monkeypatch.setenv("MONITOR_CONFIG", str(tmp_path / "none.yaml"))


@pytest.fixture
def state(tmp_path):
    """A state in which one alert could not be delivered, and one feed fails."""
    directory = tmp_path / "state"
    store = open_store(directory, now=SystemClock().now())
    world = World(rule("strikes"), feeds=[feed("one"), feed("two")], baseline=False, store=store)
    world.sender.refuse.add("desk")
    world.poll(item())
    world.poll_page(FetchFailure.TIMEOUT, feed_id="two")
    world.deliver()
    store.close()
    return str(directory)


def test_status_tells_of_feeds_alerts_and_what_waits(state):
    shown = monitor("status", "-s", state).stdout
    assert "2 known, 1 failing: two" in shown
    assert "0 sent, 1 waiting" in shown
    told = json.loads(monitor("status", "-s", state, "--json").stdout)
    assert told["deliveries"]["retrying"] == 1
    assert told["running"] is None


def test_status_is_in_the_language_of_the_rules_file(state, tmp_path):
    english = {"monitor", "run", "check", "status", "deliveries", "resend", "dead", "cron", "two", "pid"}
    told = {}
    with PollLock.acquire(tmp_path / "state", command="monitor run", now=SystemClock().now()):
        for language in ("ar", "en", "both"):
            config = rules_in(tmp_path, f"{RULES}language: {language}\n")
            told[language] = monitor("status", "-s", state, "-c", config).stdout
    assert told["en"] == told["both"]
    assert "2 known, 1 failing: two" in told["en"]
    assert "الخلاصات: 2، والمتعطّل منها 1: two" in told["ar"]
    assert "وينتظر 1، أقدمها " in told["ar"]
    for line in told["ar"].splitlines():
        assert re.search("[\u0621-\u064a]", line), line
        assert line.startswith("التشغيل:") or set(re.findall("[a-z]{3,}", line.replace(state, ""))) <= english, line
        assert not {char for char in line if char in "\u2068\u2069"}, line


def test_a_broken_rules_file_keeps_nobody_from_the_status(state, tmp_path):
    config = rules_in(tmp_path, "version: broken\nlanguage: ar\n")
    shown = monitor("status", "-s", state, "-c", config)
    assert "2 known, 1 failing: two" in shown.stdout
    assert shown.stderr == ""


def test_status_names_who_polls(state, tmp_path):
    with PollLock.acquire(tmp_path / "state", command="monitor run", now=SystemClock().now()):
        assert "(monitor run) since" in monitor("status", "-s", state).stdout


def test_status_says_when_a_daemon_has_no_room_kept_for_a_full_disk(state, tmp_path):
    def not_kept() -> str | None:
        return json.loads(monitor("status", "-s", state, "--json").stdout)["not_kept"]

    assert not_kept() is None, "who only checks now and then keeps no room"
    with PollLock.acquire(tmp_path / "state", command="monitor run", now=SystemClock().now()):
        assert "is used up" in (not_kept() or "")
        ballast.lay(tmp_path / "state", size=4096)
        assert not_kept() is None


def test_status_without_any_state_says_how_to_begin(tmp_path):
    result = monitor("status", "-s", str(tmp_path / "none"))
    assert (result.exit_code, "monitor check" in result.stdout) == (0, True)


def test_the_health_check_wants_a_fresh_beat(state, tmp_path):
    def healthy() -> bool:
        return monitor("status", "-s", state, "--healthcheck").exit_code == 0

    def beat(age: timedelta) -> None:
        at = (SystemClock().now() - age).isoformat()
        heartbeat.write(tmp_path / "state", heartbeat.Heartbeat(pid=1, started_at=at, beat_at=at, version="1"))

    assert not healthy()
    beat(timedelta(seconds=5))
    assert healthy()
    beat(timedelta(minutes=5))
    assert not healthy()


def test_status_says_when_the_rules_in_force_are_not_those_of_the_file(state, tmp_path):
    at = SystemClock().now().isoformat()
    beat = heartbeat.Heartbeat(pid=1, started_at=at, beat_at=at, version="1", rules_at=at, rules_refused=True)
    heartbeat.write(tmp_path / "state", beat)
    assert "a later file was REFUSED" in monitor("status", "-s", state).stdout


def test_deliveries_lists_what_waits_and_why(state):
    shown = monitor("deliveries", "-s", state).stdout
    assert "retrying  desk" in shown
    assert STRIKE in shown
    assert "strikes: refused" in shown
    [record] = json.loads(monitor("deliveries", "-s", state, "--json").stdout)
    assert (record["status"], record["attempts"], record["last_error"]) == ("retrying", 1, "refused")


@pytest.fixture
def held_state(tmp_path):
    """A state in which one alert waits for a digest, and one for its turn."""
    directory = tmp_path / "state"
    now = SystemClock().now()
    store = open_store(directory, now=now)
    world = World(rule("strikes", digest=Rhythm(), notify=["desk"]), baseline=False, store=store)
    world.clock.advance(now + timedelta(days=1) - world.clock.now())
    world.poll(item(at=None))
    store.close()
    return str(directory)


def test_what_is_held_is_shown_with_what_it_waits_for(held_state):
    shown = monitor("deliveries", "-s", held_state).stdout
    assert "pending  desk" in shown
    assert "0 tries, waits for the next digest: in " in shown
    [record] = json.loads(monitor("deliveries", "-s", held_state, "--json").stdout)
    assert (record["hold"], record["next_try_at"][14:19]) == ("digest", "00:00")
    assert ", 0 waiting, 1 held, 0 given up" in monitor("status", "-s", held_state).stdout
    assert json.loads(monitor("status", "-s", held_state, "--json").stdout)["deliveries"]["held"] == 1


def test_a_delivery_can_be_sent_again(state, tmp_path):
    [record] = json.loads(monitor("deliveries", "-s", state, "--json").stdout)
    assert "1 delivery will be sent again" in monitor("deliveries", "-s", state, "--resend", str(record["id"])).stdout
    store = open_store(tmp_path / "state", now=SystemClock().now())
    assert Reader(store.database).totals().deliveries[DeliveryStatus.PENDING] == 1
    store.close()


def test_feeds_are_listed_with_their_health(state, tmp_path):
    config = rules_in(tmp_path, RULES.replace("feeds:", 'feeds:\n  - {id: two, url: "https://two.example/rss"}'))
    shown = monitor("feeds", "status", "-c", config, "-s", state).stdout
    assert "one  ok" in shown
    assert "two  failed 1 time in a row" in shown
    assert "too slow" in shown
    told = {
        one["id"]: one for one in json.loads(monitor("feeds", "status", "-c", config, "-s", state, "--json").stdout)
    }
    assert (told["one"]["failures"], told["two"]["failures"]) == (0, 1)


def test_feeds_go_out_as_opml_and_come_back_as_yaml(tmp_path):
    config = rules_in(tmp_path)
    opml = monitor("feeds", "export-opml", "-c", config).stdout
    assert 'xmlUrl="https://one.example/rss"' in opml
    (tmp_path / "feeds.opml").write_text(opml, encoding="utf-8")
    imported = monitor("feeds", "import-opml", str(tmp_path / "feeds.opml"))
    (tmp_path / "imported.yaml").write_text(imported.stdout, encoding="utf-8")
    again = rules_in(tmp_path, "version: 1\ninclude: [imported.yaml]\nrules:" + RULES.split("rules:")[1])
    [known] = json.loads(monitor("feeds", "list", "-c", again, "--json").stdout)
    assert (known["url"], known["name"], known["tags"]) == ("https://one.example/rss", "واحد", ["syria"])


def test_an_opml_file_that_is_none_is_refused(tmp_path):
    result = monitor("feeds", "import-opml", "-", stdin="<!DOCTYPE x [<!ENTITY a 'b'>]><opml/>")
    assert (result.exit_code, "DOCTYPE" in result.stderr) == (2, True)


def test_no_feeds_is_a_usage_error(tmp_path):
    config = rules_in(tmp_path, "version: 1\nrules:" + RULES.split("rules:")[1])
    assert monitor("feeds", "list", "-c", config).exit_code == 2
    assert monitor("check", "-c", config, "-s", str(tmp_path / "s")).exit_code == 2


@pytest.mark.parametrize(
    ("ids", "english", "arabic"),
    [
        (("a",), "running      1 worker: 'monitor cluster status'", "عامل واحد، وحاله في monitor cluster status"),
        (("a", "b"), "running      2 workers: 'monitor cluster status'", "العمّال 2، وحالهم في monitor cluster status"),
    ],
)
def test_workers_elsewhere_run_for_all_that_share_the_state(state, tmp_path, ids, english, arabic):
    now = SystemClock().now()
    store = open_store(tmp_path / "state", now=now)
    for worker_id in ids:
        seen = WorkerSeen(id=worker_id, host="alpha", pid=1, began_at=now, version="1")
        Workers(store.database, lambda _db: now).beat(seen)
    Workers(store.database, lambda _db: now - timedelta(minutes=2)).beat(
        WorkerSeen(id="gone", host="alpha", pid=2, began_at=now, version="1")
    )
    store.close()
    assert english in monitor("status", "-s", state).stdout
    config = rules_in(tmp_path, f"{RULES}language: ar\n")
    assert arabic in monitor("status", "-s", state, "-c", config).stdout
    told = json.loads(monitor("status", "-s", state, "--json").stdout)
    assert (told["workers"], told["healthy"], told["running"]) == (len(ids), True, None)
