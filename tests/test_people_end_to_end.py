"""What people want of alerts, through the real commands, beside a real daemon."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.beside import change, publish, with_old_news
from tests.command import Command
from tests.servers import Site
from tests.test_end_to_end import wait_until

RULES = """
version: 1
language: en
feeds:
  - {{id: one, url: "{feed}"}}
rules:
  - id: strikes
    all: [غارة]
    notify: [desk]
    acknowledge: {{within: 15m, then: [phone, chief]}}
  - id: fires
    all: [حريق]
    notify: [desk]
channels:
  desk: {{url: "{desk}"}}
  phone: {{url: "{phone}"}}
  chief: {{url: "{chief}"}}
"""


@pytest.fixture
def web() -> Iterator[Site]:
    with with_old_news() as made:
        yield made


@pytest.fixture
def monitor(web: Site, tmp_path: Path) -> Command:
    """The feed was read once before."""
    command = Command(tmp_path)
    hooks = {name: web.hook(f"/{name}") for name in ("desk", "phone", "chief")}
    command.write_rules(RULES.format(feed=web.url("/one"), **hooks))
    command.check("--all")
    return command


@pytest.fixture
def daemon(monitor: Command) -> Iterator[subprocess.Popen[str]]:
    started = monitor.start("run")
    try:
        wait_until(lambda: monitor.run("status", "--healthcheck").returncode == 0)
        yield started
        started.send_signal(signal.SIGTERM)
        _, log = started.communicate(timeout=60)
        assert started.returncode == 0, log
    finally:
        started.kill()
        started.communicate()


def an_hour_passes(monitor: Command) -> None:
    """For who waits for an acknowledgement."""
    change(monitor, "UPDATE delivery SET sent_us = sent_us - 3600000000")
    change(monitor, "UPDATE chain SET due_us = due_us - 3600000000")


def told(web: Site) -> list[str]:
    return [path for method, path in web.requests if method == "POST"]


def test_beside_a_daemon_a_mute_holds_at_once_and_ends_at_once(
    monitor: Command, web: Site, daemon: subprocess.Popen[str]
) -> None:
    assert monitor.run("mute", "strikes", "2h", "--reason", "تدريب معلن").returncode == 0
    publish(monitor, web, "غارة على أطراف البلدة", "حريق في السوق")
    wait_until(lambda: "/desk" in told(web))
    assert "rule strikes: muted" in monitor.run("why", "غارة على أطراف البلدة").stdout
    assert monitor.run("unmute", "1").returncode == 0
    publish(monitor, web, "غارة على أطراف البلدة", "حريق في السوق", "غارة على جسر في مدينة بعيدة")
    wait_until(lambda: len(told(web)) == 2)
    assert [each["message"].split("\n")[0] for each in web.received] == ["حريق في السوق", "غارة على جسر في مدينة بعيدة"]
    assert daemon.poll() is None


def test_beside_a_daemon_the_chain_goes_on_until_somebody_acknowledges(
    monitor: Command, web: Site, daemon: subprocess.Popen[str]
) -> None:
    publish(monitor, web, "غارة على أطراف البلدة")
    wait_until(lambda: told(web) == ["/desk"])
    wait_until(lambda: "sent" in monitor.run("why", "1.1").stdout)
    an_hour_passes(monitor)
    wait_until(lambda: told(web) == ["/desk", "/phone"])
    assert "Not acknowledged since" in web.received[-1]["message"]
    assert "Not acknowledged since" not in web.received[0]["message"]
    done = monitor.run("ack", "1.1", "--by", "سلمى")
    assert (done.returncode, "by سلمى" in done.stdout) == (0, True), done.stderr
    an_hour_passes(monitor)
    publish(monitor, web, "غارة على أطراف البلدة", "حريق في السوق")
    wait_until(lambda: len(told(web)) == 3)
    assert told(web) == ["/desk", "/phone", "/desk"]
    assert daemon.poll() is None


def test_checks_from_cron_tell_the_next_channel_once_each(monitor: Command, web: Site) -> None:
    publish(monitor, web, "غارة على أطراف البلدة")
    for expected in (["/desk"], ["/desk", "/phone"], ["/desk", "/phone", "/chief"], ["/desk", "/phone", "/chief"]):
        done = monitor.run("check")
        assert done.returncode == 0, done.stderr
        assert told(web) == expected
        assert monitor.run("check").stderr == ""
        assert told(web) == expected
        an_hour_passes(monitor)
