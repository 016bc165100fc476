"""The demo's sample feeds and rules: what a newcomer sees first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import monitor
from monitor import config
from monitor.config import Config
from monitor.feeds.parse import parse
from monitor.model import Entry, Parsed
from monitor.rules.inline_tests import run_tests
from monitor.rules.matcher import Matcher
from monitor.text.document import read, read_text

SAMPLES = Path(monitor.__file__).parent / "demo_feeds"
ENCODINGS = {"sunbula.xml": "windows-1256"}
PLACEHOLDER = re.compile(r"\{\{minutes_ago:\d+\}\}")
STARTER = Path(__file__).parent.parent / "rules.yaml"

MATCHING = {
    ("nakhla", "اشتباكات عنيفة في محيط مطار ديرالزور"): "dez-airport-clashes",
    ("nakhla", "مشفى الزيتون"): "idlib-medical-strike",
    ("meridian", "Fighting near Deir Ezzor military airport"): "dez-airport-clashes",
    ("meridian", "Clashes near Deir Ezzor military airport kill three"): "dez-airport-clashes",
    ("meridian", "Two aid workers kidnapped"): "aid-worker-harmed",
    ("miraat", "إشتباكاتٌ عنيفة"): "dez-airport-clashes",
    ("miraat", "هجوم بزورق مسيّر"): "red-sea-shipping",
    ("sunbula", "اختطاف عاملين إنسانيين"): "aid-worker-harmed",
    ("sunbula", "معبر باب الهوى"): "border-crossings",
    ("ucnehir", "Deyrizor'da havaalanı"): "dez-airport-clashes",
}


@pytest.fixture(scope="module")
def demo() -> Config:
    return config.load(SAMPLES / "rules.yaml", environ={"DEMO_URL": "http://127.0.0.1:1"})


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return [entry for file in sorted(SAMPLES.glob("*.xml")) for entry in entries_of(file)]


def entries_of(file: Path) -> Iterator[Entry]:
    parsed = parse(file.stem, file.read_bytes(), None, base_url=f"http://127.0.0.1/{file.name}")
    assert isinstance(parsed, Parsed)
    return iter(parsed.entries)


def test_each_file_is_in_the_encoding_that_it_declares() -> None:
    for file in SAMPLES.glob("*.xml"):
        encoding = ENCODINGS.get(file.name, "UTF-8")
        assert f'encoding="{encoding}"'.encode() in file.read_bytes()[:60]
        assert re.search("[\u0600-\u06ff]|<feed", file.read_bytes().decode(encoding))


def test_every_date_is_a_placeholder() -> None:
    dates = re.compile(r"<(pubDate|published|updated|dc:date)>(.*?)</")
    for file in SAMPLES.glob("*.xml"):
        found = dates.findall(file.read_bytes().decode(ENCODINGS.get(file.name, "UTF-8")))
        assert len(found) >= 4
        assert all(PLACEHOLDER.fullmatch(value) for _, value in found)


def test_the_broken_item_hides_none_of_the_others(entries: list[Entry]) -> None:
    assert sum(entry.feed_id == "ucnehir" for entry in entries) == 4
    assert len(entries) == 25


def test_every_feed_of_the_rules_is_a_sample_and_the_other_way_about(demo: Config) -> None:
    named = {feed.address.removeprefix("${DEMO_URL}/") for feed in demo.feeds}
    assert named == {file.name for file in SAMPLES.glob("*.xml")}
    assert demo.warnings == ()


def test_the_rules_alert_on_what_they_should_and_on_none_of_the_near_misses(demo: Config, entries: list[Entry]) -> None:
    matcher = Matcher(demo.rules, demo.lexicon)
    for entry in entries:
        found = matcher.match(read(entry), feed=None, today=date(2026, 1, 1))
        expected = [rule for (feed, part), rule in MATCHING.items() if feed == entry.feed_id and part in entry.title]
        assert [match.rule_id for match in found.matches] == expected, entry.title


def test_two_feeds_tell_one_story_in_two_spellings(entries: list[Entry]) -> None:
    hashes = [read(entry).fingerprint.headline for entry in entries]
    assert len(hashes) - len(set(hashes)) == 1


def test_a_title_is_escaped_twice_and_read_as_meant(entries: list[Entry]) -> None:
    (title,) = (entry.title for entry in entries if "الزيتون" in entry.title)
    assert "&quot;" in title
    assert '"مشفى الزيتون"' in read_text(title).clean


def test_the_rules_are_those_of_the_starter_file(demo: Config) -> None:
    """Five of them, word for word: what the demo shows is what a newcomer's own file does."""
    starter = config.load(STARTER, environ={})
    theirs = {rule.id: rule for rule in starter.rules}
    assert len(demo.rules) == 5
    for rule in demo.rules:
        same = theirs[rule.id]
        assert (rule.all, rule.any, rule.none, rule.near) == (same.all, same.any, same.none, same.near)
        assert (rule.search_in, rule.title, rule.severity) == (same.search_in, same.title, same.severity)
    for group in demo.lexicon.groups:
        assert demo.lexicon.groups[group].items == starter.lexicon.groups[group].items


def test_the_inline_tests_pass(demo: Config) -> None:
    results = run_tests(demo.rules, demo.lexicon)
    assert results
    assert all(result.passed for result in results)
