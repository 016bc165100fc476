"""The first starter rule over whole reports: fighting at the airport of Deir ez-Zor, and all that is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from monitor import config
from monitor.model import Entry
from monitor.rules.matcher import Matcher
from monitor.text.document import read
from tests.support import ROOT

REPORTS: list[dict[str, Any]] = [
    report
    for file in sorted((Path(__file__).parent / "data").glob("dez_airport*.yaml"))
    for report in yaml.safe_load(file.read_text(encoding="utf-8"))
]
TODAY = date(2026, 11, 22)
NAMED_BY_ITS_HEADLINE = "long-page"  # the town is far from the airport there, and nothing says what was a headline

each_report = pytest.mark.parametrize("report", REPORTS, ids=[report["id"] for report in REPORTS])


@pytest.fixture(scope="module")
def alerts() -> Callable[[Entry], bool]:
    starter = config.load(ROOT / "rules.yaml", environ={})
    matcher = Matcher(starter.rules[:1], starter.lexicon)
    return lambda entry: bool(matcher.match(read(entry), feed=None, today=TODAY).matches)


def test_the_reports_are_many_of_both_kinds_and_each_is_told_once() -> None:
    assert Counter(report["wanted"] for report in REPORTS).keys() == {True, False}
    assert min(Counter(report["wanted"] for report in REPORTS).values()) >= 30
    assert len({report["id"] for report in REPORTS}) == len({report["text"] for report in REPORTS}) == len(REPORTS)


@each_report
def test_a_page_with_its_headline_is_judged_as_a_reader_would(
    alerts: Callable[[Entry], bool], report: dict[str, Any]
) -> None:
    assert alerts(Entry(feed_id="page", title=report["title"], body=report["text"])) is report["wanted"]


@each_report
def test_a_feed_that_gives_all_of_the_text_makes_no_difference(
    alerts: Callable[[Entry], bool], report: dict[str, Any]
) -> None:
    assert alerts(Entry(feed_id="feed", title=report["title"], summary=report["text"])) is report["wanted"]


@pytest.mark.parametrize(
    "report",
    [report for report in REPORTS if report["wanted"] and report["id"] != NAMED_BY_ITS_HEADLINE],
    ids=lambda report: str(report["id"]),
)
def test_no_fighting_is_missed_when_the_page_is_one_text(
    alerts: Callable[[Entry], bool], report: dict[str, Any]
) -> None:
    assert alerts(Entry(feed_id="page", body=f"{report['title']}\n{report['text']}"))
