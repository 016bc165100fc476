"""Newsrooms of the operator's own, and the newsroom of each feed."""

from __future__ import annotations

import pytest

from monitor.language import Newsroom
from tests.rules.given import LEXICON, sound
from tests.rules.mistakes import GOOD, feed, newsroom, rule

OWN = """
sources:
  gazette: {name: {ar: جريدة الوادي, en: Gazette}, owner: valley, agency: true, hosts: gazette.example,
    credits: [وكالة الوادي]}
  plain: {}
  named: {name: إذاعة الجبل}
feeds:
"""


def source_of(*lines: str) -> str:
    return sound(feed(*lines)).feeds[0].source


@pytest.mark.parametrize(
    ("lines", "source"),
    [
        (["url: https://riverpost.example/rss"], "riverpost"),
        (["url: https://www.ar.riverpost.example/rss"], "riverpost"),
        (["url: https://feeds.hill.co.uk/rss"], "hill.co.uk"),
        (["url: https://hill.example/rss", "source: riverpost"], "riverpost"),
        (["url: https://hill.example/rss", "source: riverpost.example"], "riverpost"),
        (["url: https://riverpost.example/rss", "source: my own"], "my own"),
        (["url: https://notriverpost.example/rss"], "notriverpost.example"),
    ],
)
def test_a_feed_is_of_the_newsroom_that_is_written_or_has_its_host(lines: list[str], source: str) -> None:
    assert source_of(*lines) == source


def test_own_newsrooms_say_all_that_the_table_says() -> None:
    ruleset = sound(rule(*GOOD) + OWN + "  - {url: 'https://rss.gazette.example/x'}\n")
    found = ruleset.lexicon.newsrooms["gazette"]
    assert (dict(found.name), found.owner, found.agency) == ({"ar": "جريدة الوادي", "en": "Gazette"}, "valley", True)
    assert (found.hosts, found.credits, found.at.line) == (("gazette.example",), ("وكالة الوادي",), 9)
    assert ruleset.feeds[0].source == "gazette"


def test_what_is_left_out_is_the_id_and_its_own_owner() -> None:
    newsrooms = sound(rule(*GOOD) + OWN.removesuffix("feeds:\n")).lexicon.newsrooms
    assert (newsrooms["plain"].owner, newsrooms["plain"].name["en"]) == ("plain", "plain")
    assert (newsrooms["named"].owner, newsrooms["named"].name["en"]) == ("named", "إذاعة الجبل")


def test_a_shipped_newsroom_keeps_what_is_not_written() -> None:
    text = (
        newsroom("{name: X1}").replace("gazette", "riverpost").replace("{name: X1}", "{owner: another, agency: true}")
    )
    shipped, changed = LEXICON.newsrooms["riverpost"], sound(text).lexicon.newsrooms["riverpost"]
    assert changed == Newsroom(
        id="riverpost", name=shipped.name, owner="another", agency=True, hosts=shipped.hosts, credits=shipped.credits,
        at=changed.at,
    )  # fmt: skip


def test_a_host_that_the_operator_gives_to_another_is_that_ones() -> None:
    text = (
        rule(*GOOD)
        + "sources:\n  mine: {hosts: [riverpost.example]}\nfeeds:\n  - {url: 'https://riverpost.example/x'}\n"
    )
    assert sound(text).feeds[0].source == "mine"


def test_without_sources_the_table_stands_as_it_is_shipped() -> None:
    assert sound(rule(*GOOD)).lexicon.newsrooms == LEXICON.newsrooms
