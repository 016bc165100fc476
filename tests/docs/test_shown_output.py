"""What the pages show as output is what the commands print."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli.group import cli
from tests.docs.markdown import blocks
from tests.servers import site
from tests.support import ROOT
from tests.world import item, rss


def shown(info: str, page: str = "docs/tutorial.md") -> list[str]:
    return [block.text for block in blocks(page) if block.info == info]


def printed(directory: Path, *arguments: str, given: str = "") -> str:
    return CliRunner().invoke(cli, [*arguments, "--config", str(directory / "rules.yaml")], input=given).stdout


def with_tutorials_rules(directory: Path, number: int) -> str:
    text = shown("yaml")[number]
    (directory / "rules.yaml").write_text(text, encoding="utf-8")
    return text


def test_the_tutorials_mistake_is_told_as_it_shows(tmp_path: Path) -> None:
    text = with_tutorials_rules(tmp_path, 0)
    (tmp_path / "rules.yaml").write_text(text.replace("severity:", "severty:"), encoding="utf-8")
    assert printed(tmp_path, "lint").replace(f"{tmp_path}/", "") == shown("text")[0]


def test_the_tutorials_first_rule_has_two_tests_that_pass(tmp_path: Path) -> None:
    with_tutorials_rules(tmp_path, 0)
    assert printed(tmp_path, "test").strip() == "2 tests passed, 0 failed"


def test_the_tutorials_explanation_is_the_one_that_is_given(tmp_path: Path) -> None:
    with_tutorials_rules(tmp_path, 1)
    command = re.search(r'monitor explain "(.+)"', "".join(shown("sh")))
    assert command
    assert printed(tmp_path, "explain", command[1]).strip() == shown("text")[1].strip()


def test_match_answers_as_the_reference_shows() -> None:
    document, answer = shown("jsonl", "docs/reference/commands.md")
    assert json.loads(printed(ROOT, "match", given=document)) == json.loads(answer)


def test_places_are_found_as_the_how_to_shows() -> None:
    assert printed(ROOT, "places", "search", "بديرالزور") == shown("text", "docs/howto/places.md")[0]


@pytest.fixture(scope="module")
def demo() -> str:
    command = [sys.executable, "-m", "monitor", "demo"]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def test_the_readme_shows_alerts_of_the_demo_as_they_are_printed(demo: str) -> None:
    alerts = [block.text.strip() for block in blocks("README.md") if block.info == "text" and "\nRule: " in block.text]
    assert len(alerts) == 2
    for alert in alerts:
        assert _without_times(alert) in _without_times(demo)


def test_check_reports_the_keys_that_the_reference_shows(tmp_path: Path) -> None:
    with site() as web:
        web.pages["/one"] = rss(item("إغلاق المطار", at=datetime.now(UTC)))
        rules = f"version: 1\nfeeds: [{{url: '{web.url('/one')}', id: one}}, {{url: '{web.url('/none')}', id: none}}]\n"
        rules += "rules:\n  - {id: closed, title: x, all: [مطار]}\n"
        (tmp_path / "rules.yaml").write_text(rules, encoding="utf-8")
        real = json.loads(printed(tmp_path, "check", "--json", "--no-baseline", "--state", str(tmp_path / "state")))
    assert real["feeds"] == {"polled": 1, "unchanged": 0, "failed": 1}
    assert _keys(json.loads(shown("json", "docs/reference/commands.md")[0])) == _keys(real)


def _keys(value: object) -> object:
    """The shape of a JSON value: its keys, and those of the first in each list."""
    if isinstance(value, dict):
        return {name: _keys(inner) for name, inner in value.items()}
    return _keys(value[0]) if isinstance(value, list) and value and isinstance(value[0], dict) else None


def _without_times(text: str) -> str:
    """Without what differs from run to run (dates, times, how long ago), and without the marks of direction, which
    would be invisible on the page."""
    weekday_and_month = r"\w+ \d+ \w+(?=, \d+:\d+)"
    day_of_utc = r"\d+-\d+-\d+ (?=\d+:\d+ UTC)"  # shown where it is another than that of Damascus
    for changing in (r"[\u2066-\u2069]", day_of_utc):
        text = re.sub(changing, "", text)
    return re.sub(r"\d+", "", re.sub(weekday_and_month, "day", text)).replace("minutes", "minute")
