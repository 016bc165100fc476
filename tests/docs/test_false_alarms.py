"""The page on false alarms says what its verdicts say, and the verdicts still fit the rules."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bench.false_alarms import ARGUABLE, ARTICLES, MENDED, RIGHT, SAMPLE, WRONG, entries, fired, row, verdicts
from monitor import config
from monitor.config import Config
from monitor.rules.matcher import Matcher
from tests.docs.markdown import read
from tests.support import ROOT

PAGE = "docs/why/false-alarms.md"
JUDGED = verdicts()


@pytest.fixture(scope="module")
def starter() -> Config:
    return config.load(ROOT / "rules.yaml", environ={})


def _rows() -> Iterator[tuple[str, int, str]]:
    """Each line of the table: its rule, how many fired, and the line."""
    for line in read(PAGE).splitlines():
        if told := re.match(r"\| `([a-z-]+)` \| (\d+) \|", line):
            yield told[1], int(told[2]), line


def test_every_starter_rule_stands_in_the_table_in_order(starter: Config) -> None:
    assert [rule for rule, _, _ in _rows()] == [rule.id for rule in starter.rules]


def test_every_figure_follows_from_the_verdicts() -> None:
    for rule, fired_count, line in _rows():
        assert line == row(rule, fired_count, JUDGED), "run: python -m bench.false_alarms --table"


def test_of_each_rule_all_was_read_that_fired_or_fifty() -> None:
    for rule, fired_count, _ in _rows():
        read_count = sum(verdict.rule == rule and verdict.verdict != MENDED for verdict in JUDGED)
        assert read_count == min(fired_count, SAMPLE), rule


def test_each_verdict_is_given_once_with_a_reason_of_our_own() -> None:
    assert len({(verdict.rule, verdict.entry) for verdict in JUDGED}) == len(JUDGED)
    assert {verdict.verdict for verdict in JUDGED} <= {RIGHT, ARGUABLE, WRONG, MENDED}
    for verdict in JUDGED:
        assert 5 < len(verdict.why) < 120
        assert len(re.findall(r"[\u0620-\u06ff]+", verdict.why)) <= 1, "a word may be named, no headline copied"


def test_what_was_worth_an_alert_still_is_and_what_was_mended_stays_silent(starter: Config) -> None:
    missing = [path.name for path in ARTICLES if not path.exists()]
    if missing:
        pytest.skip(f"the articles are not here: {', '.join(missing)} belong beside the project")
    judged = {verdict.entry for verdict in JUDGED}
    told = (each for path in ARTICLES for each in entries(path) if each[0] in judged)
    found = fired(Matcher(starter.rules, starter.lexicon), told)
    firing = {(rule, each.entry_id) for rule, those in found.items() for each in those}
    for verdict in JUDGED:
        if verdict.verdict != WRONG:  # of these one may be glad
            assert ((verdict.rule, verdict.entry) in firing) == (verdict.verdict != MENDED), verdict
