"""What the shipped lexicon finds in a headline, by the real matcher."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from monitor.language import InPlace as Place
from monitor.language import Item, Lexicon, OfEvent, Rule
from monitor.lexicon import load
from monitor.model import Entry, Severity
from monitor.rules.matcher import Matcher
from monitor.text.document import read

Finder = Callable[[str], set[str]]


@pytest.fixture(scope="session")
def lexicon() -> Lexicon:
    return load()


@pytest.fixture(scope="session")
def places_in(lexicon: Lexicon) -> Finder:
    """The ids of places whose own spellings stand in a headline."""
    return _finder({place: Place(ids=(place,), exactly=True) for place in lexicon.places}, lexicon)


@pytest.fixture(scope="session")
def events_in(lexicon: Lexicon) -> Finder:
    return _finder({event: OfEvent(ids=(event,)) for event in lexicon.events}, lexicon)


def _finder(items: dict[str, Item], lexicon: Lexicon) -> Finder:
    rules = [Rule(id=name, title={"": name}, severity=Severity.LOW, all=(item,)) for name, item in items.items()]
    matcher = Matcher(rules, lexicon)

    def found(headline: str) -> set[str]:
        outcome = matcher.match(read(Entry(feed_id="test", title=headline)), feed=None, today=date(2026, 1, 1))
        assert not outcome.problems
        return {match.rule_id for match in outcome.matches}

    return found
