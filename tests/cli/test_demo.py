from __future__ import annotations

import re
import signal
import urllib.request

import pytest

from tests.cli.terminal import monitor
from tests.command import Command


@pytest.fixture(scope="module")
def shown() -> str:
    result = monitor("demo")
    assert result.exit_code == 0
    return result.stdout


def test_the_demo_shows_alerts_once_each_and_tells_what_it_left_out(shown):
    first, _, later = shown.partition("A newsroom changes what it has published")
    links = re.findall(r"^https?://\S+$", first, re.MULTILINE)
    assert len(links) >= 6
    assert len(links) == len(set(links))
    assert "ديرالزور" in first
    assert "Deir Ezzor" in first
    assert "already alerted" in later


def test_the_demo_shows_one_event_by_three_newsrooms_its_copies_counted_and_what_changed(shown):
    alerts = [each for each in shown.split("\n\n") if "Rule: dez-airport-clashes" in each]
    first, second, update = alerts
    assert "↳" not in first.splitlines()[0]
    assert "a second independent source reports it" in second.splitlines()[0]
    assert "↳ update" in update.splitlines()[0]
    assert "killed: 3 → 5" in update
    assert "3 independent sources (4 reports), also: " in update
    assert "جريدة مرآة الساحل" in update
    assert "(copy)" in update


def test_the_demo_shows_the_same_on_pages_until_it_is_ended(tmp_path):
    demo = Command(tmp_path).start("demo", "--web", "127.0.0.1:0")
    try:
        lines = iter(demo.stdout.readline, "")
        address = next(found[0] for line in lines if (found := re.search(r"http://127\.0\.0\.1:\d+/(?= until)", line)))
        with urllib.request.urlopen(address, timeout=30) as answer:
            shown = answer.read().decode()
        assert "اشتباكات" in shown
        assert "Meridian Sample Wire" in shown
        demo.send_signal(signal.SIGINT)
        assert demo.wait(30) == 0
    finally:
        demo.kill()
        demo.communicate()


def test_the_demo_is_shown_on_this_machine_alone():
    result = monitor("demo", "--web", "0.0.0.0:0")
    assert result.exit_code == 2
    assert "on this machine alone" in result.stderr
    assert result.stdout == ""
