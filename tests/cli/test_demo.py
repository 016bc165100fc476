from __future__ import annotations

import re

from tests.cli.terminal import monitor


def test_the_demo_shows_alerts_once_each_and_tells_what_it_left_out():
    result = monitor("demo")
    assert result.exit_code == 0
    links = re.findall(r"^https?://\S+$", result.stdout, re.MULTILINE)
    assert len(links) >= 6
    assert len(links) == len(set(links))
    assert "ديرالزور" in result.stdout
    assert "Deir Ezzor" in result.stdout
    assert "already alerted" in result.stdout
