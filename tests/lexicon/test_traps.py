"""The shipped traps hold what they promise."""

from __future__ import annotations

from collections import Counter

import pytest

from monitor.language import InPlace, OfEvent, Term
from monitor.lexicon import load
from monitor.lexicon.traps import Trap, load_traps
from monitor.rules.matcher import Matcher
from monitor.rules.traps import trap_of
from monitor.rules.values import plain_words
from monitor.text.terms import compile_item
from tests.rules.made import TODAY, a_document, a_rule

TRAPS = load_traps()
LEXICON = load()
EVENTS = {
    event: Matcher([a_rule(any=(OfEvent(ids=(event,)),))], LEXICON) for event in {trap.event for trap in TRAPS} - {""}
}
BY_NAME = [pytest.param(trap, id=trap.words[0]) for trap in TRAPS]


def finds(matcher: Matcher, text: str) -> bool:
    return bool(matcher.match(a_document(text), feed=None, today=TODAY).matches)


def test_there_are_many_of_them_and_none_stands_twice():
    words = Counter(plain_words(word) for trap in TRAPS for word in trap.words)
    assert len(TRAPS) >= 150
    assert [word for word, count in words.items() if count > 1] == []


@pytest.mark.parametrize("trap", BY_NAME)
def test_a_trap_says_what_else_it_means_and_each_word_is_one_term(trap: Trap):
    assert set(trap.also) == {"ar", "en"}
    assert trap.say.strip()
    assert all(len(word.split()) == 1 and compile_item(Term(text=word)) for word in trap.words)
    assert not (trap.event and trap.place)


@pytest.mark.parametrize("trap", [param for param in BY_NAME if param.values[0].event])
def test_its_event_finds_the_phrase_that_means_only_ours(trap: Trap):
    assert finds(EVENTS[trap.event], trap.say)


@pytest.mark.parametrize("trap", [param for param in BY_NAME if param.values[0].place])
def test_its_place_has_the_name_and_is_found_behind_what_announces_it(trap: Trap):
    place = LEXICON.places[trap.place]
    names = {word for name in place.name.values() for word in plain_words(name).split()}
    assert {plain_words(word) for word in trap.words} <= names
    assert finds(Matcher([a_rule(all=(InPlace(ids=(trap.place,)),))], LEXICON), trap.say)


@pytest.mark.parametrize("word", ["مسيّرة", "مَسيرة", "مسيـرة", "Strike", "إستهداف", "saldırı"])
def test_a_trap_is_known_in_whatever_spelling_it_is_written(word: str):
    assert trap_of(word) is not None


@pytest.mark.parametrize("word", ["طائرة مسيرة", "جسر", "air strike", "بلدية"])
def test_a_phrase_or_another_word_is_no_trap(word: str):
    assert trap_of(word) is None
