"""The starter rules: they load as they stand, do what their own tests say, and find the report that began it all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import takewhile
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from monitor import config
from monitor.config import Config
from monitor.language import Rule
from monitor.model import Entry
from monitor.rules.inline_tests import run_tests
from monitor.rules.lint import lint
from monitor.rules.matcher import Matcher
from monitor.text.document import read

ROOT = Path(__file__).parent.parent
REPORT = ROOT.parent / "shared" / "data" / "000_d1873cb8842c0eb3.txt"
TODAY = date(2026, 11, 22)
Matching = Callable[[Entry], list[str]]
Report = tuple[str, str]  # its headline, and what follows
REGIONS = {"syria", "iraq", "lebanon", "palestine", "yemen", "sudan", "libya", "regional"}


@pytest.fixture(scope="module")
def starter() -> Config:
    return config.load(ROOT / "rules.yaml", environ={})


@pytest.fixture(scope="module")
def rules_matching(starter: Config) -> Matching:
    matcher = Matcher(starter.rules, starter.lexicon)
    return lambda entry: [found.rule_id for found in matcher.match(read(entry), feed=None, today=TODAY).matches]


def test_it_loads_without_any_environment_and_without_a_warning(starter: Config) -> None:
    assert starter.warnings == ()


def test_it_has_no_weak_spot_that_lint_knows_of(starter: Config) -> None:
    assert not lint(starter, today=TODAY)


def test_it_names_every_kind_of_event_that_there_is(starter: Config) -> None:
    lines = (ROOT / "rules.yaml").read_text(encoding="utf-8").partition("The kinds are:\n")[2].splitlines()
    named = " ".join(takewhile(lambda line: line.startswith("#   "), lines)).replace("#", "")
    assert [name.strip() for name in named.split(",")] == sorted(starter.lexicon.events)


def test_every_inline_test_passes(starter: Config) -> None:
    failed = [f"{result.at}: {result.why}" for result in run_tests(starter.rules, starter.lexicon) if not result.passed]
    assert not failed, "\n".join(failed)


def test_every_rule_is_tested_from_both_sides_and_titled_for_its_readers(starter: Config) -> None:
    assert len(starter.rules) >= 10
    for rule in starter.rules:
        wanted = Counter(test.matches for test in rule.tests)
        assert wanted[True] >= 3, rule.id
        assert wanted[False] >= 2, rule.id
        assert all(test.because for test in rule.tests if not test.matches), rule.id


def test_the_feeds_cover_every_region_and_each_newsroom_is_asked_once(starter: Config) -> None:
    assert 30 <= len(starter.feeds) <= 45
    assert set().union(*(feed.tags for feed in starter.feeds)) >= REGIONS
    newsrooms = Counter(feed.source for feed in starter.feeds)
    assert newsrooms.most_common(1)[0][1] == 1
    hosts = Counter(urlsplit(feed.address).hostname for feed in starter.feeds)
    assert hosts.most_common(1)[0][1] == 1


def test_every_alert_reaches_the_console_until_a_channel_is_set(starter: Config) -> None:
    assert {channel.id for rule in starter.rules for channel in starter.channels_for(rule)} == {"console"}


def test_the_channels_load_when_they_are_uncommented(tmp_path: Path) -> None:
    """What a newcomer does: take the # away, set the addresses, name the channel."""
    text = (ROOT / "rules.yaml").read_text(encoding="utf-8")
    before, channels = text.split("# channels:\n")
    uncommented = "\n".join(line.removeprefix("# ") for line in channels.splitlines())
    before = before.replace("  throttle: 30m  ", "  notify: [desk]\n  throttle: 30m  ", 1)
    (tmp_path / "rules.yaml").write_text(f"{before}channels:\n{uncommented}\n", encoding="utf-8")
    environ = {
        "DESK_SLACK_URL": "slack://T00000000/B00000000/aaaaaaaaaaaaaaaaaaaaaaaa/#desk",
        "DUTY_EMAIL_URL": "mailtos://user:secret@smtp.example.org:587?from=a@example.org&to=b@example.org",
        "NGO_TELEGRAM_URL": "tgram://123456789:abcdefg_hijklmnop/-1001234567890",
        "OPS_EMAIL_URL": "mailto://user:secret@example.org",
    }
    loaded = config.load(tmp_path / "rules.yaml", environ=environ)
    assert {channel.id for channel in loaded.channels} >= {"desk", "duty", "ngo-telegram", "ops"}
    assert [channel.id for channel in loaded.channels_for(loaded.rules[0])] == ["desk"]


def test_the_first_rule_is_about_clashes_near_the_airport_of_deir_ez_zor(starter: Config) -> None:
    first: Rule = starter.rules[0]
    assert first.id == "dez-airport-clashes"


@pytest.fixture(scope="module")
def report() -> Report:
    if not REPORT.exists():
        pytest.skip(f"the founding report is not here: {REPORT.name} belongs beside the project")
    headline, _, text = REPORT.read_text(encoding="utf-8").partition("\n")
    return headline, text


def test_the_founding_report_is_alerted_on_as_one_text(rules_matching: Matching, report: Report) -> None:
    text = "\n".join(report)
    for entry in (Entry(feed_id="a", title=text), Entry(feed_id="a", summary=text), Entry(feed_id="a", body=text)):
        assert "dez-airport-clashes" in rules_matching(entry)


def test_the_founding_report_is_alerted_on_as_a_feed_entry(rules_matching: Matching, report: Report) -> None:
    headline, text = report
    for entry in (Entry(feed_id="a", title=headline, summary=text), Entry(feed_id="a", title=headline, body=text)):
        assert "dez-airport-clashes" in rules_matching(entry)


def test_the_founding_headline_alone_is_no_alert(rules_matching: Matching, report: Report) -> None:
    """It names the town and the clashes; the airport is in the text."""
    assert "dez-airport-clashes" not in rules_matching(Entry(feed_id="a", title=report[0]))
