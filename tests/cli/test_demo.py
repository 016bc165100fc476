from __future__ import annotations

import re

import pytest

from tests.cli.terminal import monitor


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
