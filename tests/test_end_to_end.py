"""The whole way through the real command: loopback feeds in, a loopback webhook or mail server out."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from monitor.links import key_in, make_token
from tests.alerts.servers import mail_server
from tests.command import Command
from tests.servers import Site, site
from tests.world import item, rss

RULES = """
version: 1
defaults: {{notify: [desk]}}
feeds:
  - {{id: one, url: "{feed}"}}
  - {{id: two, url: "{other}"}}
rules:
  - id: strikes
    title: غارات
    all: [غارة]
channels:
  desk: {{url: "{channel}"}}
"""
QUIET = rss(item("خبر أول", n=100))
STRIKE = "غارة على أطراف البلدة"


@pytest.fixture
def web() -> Iterator[Site]:
    with site() as made:
        made.pages.update({"/one": QUIET, "/two": QUIET})
        yield made


@pytest.fixture
def monitor(web: Site, tmp_path: Path) -> Command:
    """Both feeds were read once before."""
    command = Command(tmp_path)
    command.write_rules(RULES.format(feed=web.url("/one"), other=web.url("/two", host="localhost"), channel=web.hook()))
    command.check("--all")
    return command


def strike(web: Site, title: str = STRIKE, n: int = 1) -> None:
    web.pages["/one"] = rss(item(title, n=n, at=datetime.now(UTC)), item("خبر أول", n=100))


def wait_until(holds: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


def deliveries(folder: Path) -> list[str]:
    database = folder / "state" / "monitor.db"
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        return [status for (status,) in db.execute("SELECT status FROM delivery")]


def sent(monitor: Command) -> int:
    """How many deliveries one more pass could make, whatever it exits with."""
    return int(json.loads(monitor.run("check", "--json").stdout)["deliveries"]["sent"])


def test_an_alert_reaches_the_webhook_exactly_once(monitor: Command, web: Site) -> None:
    strike(web)
    told = monitor.check("--all")
    assert told["feeds"] == {"polled": 1, "unchanged": 1, "failed": 0}
    assert told["entries"] == {"new": 1}
    [alert] = told["alerts"]
    assert (alert["rule"], alert["severity"], alert["title"]) == ("strikes", "medium", STRIKE)
    assert (alert["url"], alert["reason"]) == ("https://news.example/1", "first report")
    assert told["deliveries"] == {"sent": 1, "pending": 0, "dead": 0}
    monitor.check("--all")
    assert [STRIKE in str(message) for message in web.received] == [True]


def test_an_alert_reaches_a_mailbox_exactly_once(monitor: Command, web: Site) -> None:
    with mail_server() as mailbox:
        to = mailbox.url("to=desk@a.example,field@a.example")
        monitor.write_rules(RULES.format(feed=web.url("/one"), other=web.url("/two", host="localhost"), channel=to))
        strike(web)
        assert monitor.check("--all")["deliveries"] == {"sent": 2, "pending": 0, "dead": 0}
        monitor.check("--all")
    assert sorted(recipients for recipients, _ in mailbox.got) == [["desk@a.example"], ["field@a.example"]]


@pytest.mark.parametrize(
    "answer", [(500, {}), (429, {"Retry-After": "1"}), (503, {"Retry-After": "1"})], ids=["500", "429", "503"]
)
def test_a_refused_message_is_kept_and_arrives_exactly_once(monitor: Command, web: Site, answer) -> None:
    strike(web)
    web.answers.append(answer)
    assert monitor.check("--all", expect=5)["deliveries"] == {"sent": 0, "pending": 1, "dead": 0}
    wait_until(lambda: sent(monitor))
    monitor.check("--all")
    assert len(web.received) == 1


def test_a_kill_between_ingest_and_send_loses_nothing(monitor: Command, web: Site) -> None:
    strike(web)
    web.hold.add("/two")
    running = monitor.start("check", "--all")
    wait_until(lambda: deliveries(monitor.folder) == ["pending"])
    running.kill()
    running.communicate()
    web.hold.clear()
    web.release.set()
    assert web.received == []
    assert monitor.check()["deliveries"]["sent"] == 1
    monitor.check("--all")
    assert len(web.received) == 1


def test_a_hanging_channel_delays_neither_feeds_nor_other_channels(monitor: Command, web: Site) -> None:
    rules = RULES.format(feed=web.url("/one"), other=web.url("/two", host="localhost"), channel=web.hook("/slow"))
    rules = rules.replace("notify: [desk]", "notify: [desk, good]")
    monitor.write_rules(f'{rules}  good: {{url: "{web.hook("/good")}"}}\n')
    web.hold.add("/slow")
    strike(web)
    running = monitor.start("check", "--all")
    wait_until(lambda: deliveries(monitor.folder).count("sent") == 1)
    running.kill()
    running.communicate()
    web.hold.clear()
    web.release.set()
    wait_until(lambda: sent(monitor) or set(deliveries(monitor.folder)) == {"sent"}, seconds=120)
    assert sum(path == "/good" for _, path in web.requests) == 1


def test_a_second_polling_instance_exits_6_and_says_who_polls(monitor: Command, web: Site) -> None:
    web.hold.add("/two")
    first = monitor.start("check", "--all")
    wait_until(lambda: web.requests.count(("GET", "/two")) == 2)
    second = monitor.run("check")
    assert second.returncode == 6
    assert f"pid {first.pid}" in second.stderr
    assert "monitor check" in second.stderr
    for beside in (["status"], ["lint"], ["feeds", "list"], ["feeds", "status"], ["test"], ["deliveries"]):
        done = monitor.run(*beside)
        assert done.returncode == 0, (beside, done.stderr)
    first.send_signal(signal.SIGTERM)
    web.release.set()
    first.communicate(timeout=60)


def test_a_dead_feed_is_exit_4_and_does_not_stop_the_others(monitor: Command, web: Site) -> None:
    del web.pages["/two"]
    strike(web)
    told = monitor.check("--all", expect=4)
    assert told["feeds"] == {"polled": 1, "unchanged": 0, "failed": 1}
    assert len(told["alerts"]) == 1
    [failure] = told["failures"]
    assert (failure["feed"], "404" in failure["detail"]) == ("two", True)


def test_what_still_waits_is_exit_5_though_nothing_was_due(monitor: Command, web: Site) -> None:
    strike(web)
    web.answers.append((503, {"Retry-After": "600"}))
    monitor.check("--all", expect=5)
    assert monitor.check("--all", expect=5)["deliveries"] == {"sent": 0, "pending": 1, "dead": 0}
    assert web.requests.count(("POST", "/hook")) == 1


def test_a_dry_run_sends_and_records_nothing(monitor: Command, web: Site) -> None:
    strike(web)
    assert [alert["title"] for alert in monitor.check("--all", "--dry-run")["alerts"]] == [STRIKE]
    assert web.received == []
    assert len(monitor.check("--all")["alerts"]) == 1


def test_exit_code_10_only_when_asked_for(monitor: Command, web: Site) -> None:
    strike(web)
    monitor.check("--all")
    strike(web, "غارة ثانية على الجسر القديم", n=2)
    monitor.check("--all", "--exit-code", expect=10)


def test_a_rule_that_may_have_missed_something_is_told(monitor: Command, web: Site) -> None:
    rules = RULES.format(feed=web.url("/one"), other=web.url("/two", host="localhost"), channel=web.hook())
    monitor.write_rules(rules.replace("all: [غارة]", "all: [{regex: '(a|aa)+$'}]"))
    strike(web, "a" * 60 + "b")
    done = monitor.run("check", "--all")
    assert "rule strikes" in done.stderr
    strike(web, "a" * 61 + "b", n=2)
    assert "strikes" in monitor.check("--all")["problems"][0]


def test_cron_hears_nothing_when_there_is_nothing(monitor: Command) -> None:
    done = monitor.run("check", "--all")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_without_channels_the_console_is_told(monitor: Command, web: Site) -> None:
    rules = RULES.format(feed=web.url("/one"), other=web.url("/two", host="localhost"), channel="x")
    monitor.write_rules(rules.replace("defaults: {notify: [desk]}\n", "").split("channels:")[0])
    strike(web)
    done = monitor.run("check", "--all")
    assert STRIKE in done.stdout
    assert "https://news.example/1" in done.stdout.splitlines()


def test_a_channel_without_its_secret_is_left_out_and_the_console_told(monitor: Command, web: Site) -> None:
    monitor.write_rules(
        RULES.format(feed=web.url("/one"), other=web.url("/two", host="localhost"), channel="${NOT_SET}")
    )
    strike(web)
    done = monitor.run("check", "--all")
    assert done.returncode == 0
    assert done.stderr.count("is left out") == 1
    assert STRIKE in done.stdout


def test_an_unknown_feed_is_a_usage_error_with_a_suggestion(monitor: Command) -> None:
    done = monitor.run("check", "--feed", "onee")
    assert done.returncode == 2
    assert "did you mean 'one'" in done.stderr


# --- the daemon


def test_the_daemon_polls_delivers_reloads_and_ends_in_order(monitor: Command, web: Site) -> None:
    rules = RULES.format(feed=web.url("/one"), other=web.url("/two", host="localhost"), channel=web.hook())
    rules = rules.replace("}}\n  - {{id: two", "").replace('url: "http', 'every: 30s, url: "http')
    monitor.write_rules(rules)
    strike(web)
    with sqlite3.connect(monitor.folder / "state" / "monitor.db") as db:
        db.execute("UPDATE feed_state SET next_poll_us = 0")
    daemon = monitor.start("run")
    try:
        wait_until(lambda: len(web.received) == 1)
        wait_until(lambda: monitor.run("status", "--healthcheck").returncode == 0)
        monitor.write_rules(rules.replace("all: [غارة]", "al: [غارة]"))
        daemon.send_signal(signal.SIGHUP)
        time.sleep(3)
        monitor.write_rules(rules.replace("[غارة]", "[انفجار]"))
        daemon.send_signal(signal.SIGHUP)
        time.sleep(3)
        daemon.send_signal(signal.SIGTERM)
        before = time.monotonic()
        _, log = daemon.communicate(timeout=60)
        took = time.monotonic() - before
    finally:
        daemon.kill()
    assert daemon.returncode == 0, log
    assert took < 10
    events = [line.split()[2] for line in log.splitlines() if line[:2] == "20"]
    assert {"run.started", "rules.refused", "rules.reloaded", "delivery.sent", "run.stopped"} <= set(events)
    assert not (monitor.folder / "state" / "heartbeat.json").exists()


def test_the_daemon_killed_before_delivery_delivers_after_a_restart(monitor: Command, web: Site) -> None:
    strike(web)
    web.hold.add("/hook")
    with sqlite3.connect(monitor.folder / "state" / "monitor.db") as db:
        db.execute("UPDATE feed_state SET next_poll_us = 0")
    first = monitor.start("run")
    wait_until(lambda: ("POST", "/hook") in web.requests)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    assert set(deliveries(monitor.folder)) <= {"pending", "retrying"}
    web.hold.clear()
    second = monitor.start("run")
    wait_until(lambda: deliveries(monitor.folder) == ["sent"])
    second.send_signal(signal.SIGINT)
    second.communicate(timeout=60)
    assert second.returncode == 0


def test_no_secret_shows_in_anything_that_is_printed(monitor: Command, web: Site) -> None:
    secret = "s3cr3t-t0ken-canary"
    monitor.environ = {"HOOK": f"{web.hook()}/{secret}?+X-Key={secret}", "FEED": f"{web.url('/one')}?key={secret}"}
    monitor.write_rules(
        RULES.format(feed="${FEED}", other=web.url("/two", host="localhost"), channel="${HOOK}").replace(
            "id: one", "id: keyed"
        )
    )
    web.answers.append((500, {}))
    printed = []
    for arguments in (["check", "--all", "-v"], ["feeds", "list"], ["feeds", "status"], ["lint"], ["status"]):
        done = monitor.run(*arguments)
        printed.append(done.stdout + done.stderr)
    printed.append(monitor.run("notify", "test", "desk").stderr)
    printed.append(monitor.run("notify", "test", "desc").stderr)
    assert secret not in "".join(printed)
    files = [path for path in (monitor.folder / "state").rglob("*") if path.is_file()]
    assert {"monitor.db", "rules"} <= {file.name for file in files}, "also what is remembered of the rules is there"
    for file in files:
        assert secret.encode() not in file.read_bytes(), file
    assert os.environ.get("HOOK") is None


def due_now(folder: Path) -> None:
    with sqlite3.connect(folder / "state" / "monitor.db") as db:
        db.execute("UPDATE feed_state SET next_poll_us = 0")


def test_a_daemon_whose_state_was_removed_ends_so_that_a_supervisor_starts_it_anew(monitor: Command) -> None:
    daemon = monitor.start("run")
    try:
        wait_until(lambda: (monitor.folder / "state" / "heartbeat.json").exists())
        shutil.rmtree(monitor.folder / "state")
        _, log = daemon.communicate(timeout=60)
    finally:
        daemon.kill()
    assert daemon.returncode == 70
    assert "state.gone" in log


def test_mending_an_included_file_mends_a_refused_reload(monitor: Command) -> None:
    rules = (monitor.folder / "rules.yaml").read_text(encoding="utf-8")
    pack = monitor.folder / "pack.yaml"
    daemon = monitor.start("run", "--log-format", "json")
    try:
        wait_until(lambda: (monitor.folder / "state" / "heartbeat.json").exists())
        pack.write_text("version: 1\ngroups: {airport: [مطار، مدرج]}\n", encoding="utf-8")
        monitor.write_rules(rules.replace("version: 1", "version: 1\ninclude: [pack.yaml]"))
        time.sleep(6)
        pack.write_text("version: 1\ngroups: {airport: [مطار, مدرج]}\n", encoding="utf-8")
        time.sleep(6)
    finally:
        daemon.send_signal(signal.SIGTERM)
        _, log = daemon.communicate(timeout=60)
    events = [json.loads(line)["event"] for line in log.splitlines() if line.startswith("{")]
    assert events.index("rules.refused") < events.index("rules.reloaded")


def test_a_pass_that_cannot_be_recorded_does_not_look_well(monitor: Command, web: Site) -> None:
    due_now(monitor.folder)
    strike(web)
    size = 40_000  # enough to open the state and claim the feed, not to record what it brought
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    start = f"{limited}; from monitor.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", start, "check", "--all"], cwd=monitor.folder, env=monitor.environment(),
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "monitor.db" in done.stderr
    monitor.check("--all")
    assert len(web.received) == 1, "whatever the failed pass had come to, the alert arrives"


def test_ctrl_c_ends_a_pass_in_order_and_the_next_one_goes_on(monitor: Command, web: Site) -> None:
    strike(web)
    web.hold.add("/two")
    running = monitor.start("check", "--all")
    wait_until(lambda: deliveries(monitor.folder) == ["pending"])
    running.send_signal(signal.SIGINT)
    before = time.monotonic()
    running.communicate(timeout=60)
    assert running.returncode == 130
    assert time.monotonic() - before < 15
    web.hold.clear()
    web.release.set()
    monitor.check("--all")
    assert len(web.received) == 1


def test_a_daemon_serves_its_figures_and_says_whether_it_is_alive_and_ready(web: Site, monitor: Command) -> None:
    daemon = monitor.start("run", "--listen", "127.0.0.1:0", "--log-format", "json")
    try:
        assert daemon.stderr is not None
        port = next(told["port"] for line in daemon.stderr if (told := json.loads(line))["event"] == "listen.started")
        wait_until(lambda: b"ready" in page(port, "/readyz"))
        assert page(port, "/healthz") == b"alive\n"
        assert b'monitor_build_info{version="' in page(port, "/metrics")
        assert b"monitor_rules_load_success 1.0" in page(port, "/metrics")
        assert b'monitor_feed_last_success_timestamp_seconds{feed="one"}' in page(port, "/metrics")
    finally:
        daemon.terminate()
        daemon.communicate(timeout=60)


def page(port: int, path: str) -> bytes:
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return bytes(answer.read())


def test_the_daemon_serves_what_the_links_of_its_alerts_lead_to(monitor, web):
    rules = monitor.folder / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8") + "web: {url: https://monitor.example}\n", encoding="utf-8")
    strike(web)
    monitor.check("--all")
    assert "https://monitor.example/a/" in json.dumps(web.received)
    daemon = monitor.start("run", "--listen", "127.0.0.1:0", "--log-format", "json")
    try:
        port = next(told["port"] for line in daemon.stderr if (told := json.loads(line))["event"] == "listen.started")
        state = monitor.folder / "state"
        with sqlite3.connect(state / "monitor.db") as db:
            [(alert_id, decided_us)] = db.execute("SELECT id, decided_us FROM alert")
        token = make_token(
            key_in(state), "ack", alert_id, expires_at=datetime.fromtimestamp(decided_us / 1e6 + 60, UTC)
        )
        address = f"http://127.0.0.1:{port}/a/{alert_id}/ack?t={token}"
        assert STRIKE in urlopen(address, timeout=20).read().decode()
        with sqlite3.connect(state / "monitor.db") as db:
            assert db.execute("SELECT count(*) FROM acknowledgement").fetchone() == (0,)
        urlopen(Request(address, b"doing=do", {"Origin": f"http://127.0.0.1:{port}"}), timeout=20).read()
        with sqlite3.connect(state / "monitor.db") as db:
            assert db.execute("SELECT alert_id FROM acknowledgement").fetchall() == [(alert_id,)]
    finally:
        daemon.send_signal(signal.SIGTERM)
        told = daemon.stderr.read()
        daemon.wait(20)
    assert token not in told
