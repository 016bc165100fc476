from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings

from monitor.language import Exact, Name, Term
from monitor.model import FIELDS, Entry, FieldName
from monitor.rules.index import Index
from monitor.rules.vocabulary import Vocabulary
from monitor.text.document import Document, read
from tests.rules.dressed import PLACES, PLAIN, entries
from tests.rules.every_word import occurrences, read_the_long_way
from tests.rules.made import a_document


def everything() -> Vocabulary:
    vocabulary = Vocabulary()
    for item in PLAIN:
        vocabulary.of_item(item)
    for place in PLACES:
        vocabulary.of_place(place)
    return vocabulary


INDEX = Index(everything().patterns)
ALL = frozenset(range(len(INDEX.patterns)))


def occurring(document: Document) -> Iterator[tuple[int, FieldName, int]]:
    for name in FIELDS:
        for number, at in occurrences(INDEX.patterns, document.field(name)):
            yield number, name, at


@given(entries)
@settings(max_examples=100)
def test_a_glance_tells_every_word_at_which_a_pattern_occurs(entry: Entry) -> None:
    seen = set(occurring(read_the_long_way(entry)))
    all_at_once = INDEX.glance(read(entry), FIELDS).begins(ALL)
    assert seen <= {(number, *place) for number, places in all_at_once.items() for place in places}
    for number in {number for number, _, _ in seen}:
        alone = INDEX.glance(read(entry), FIELDS).begins(frozenset({number}))
        assert {place for each, *place in seen if each == number for place in [tuple(place)]} <= set(alone[number])


@given(entries)
@settings(max_examples=50)
def test_words_are_told_in_reading_order_and_are_there(entry: Entry) -> None:
    document = read(entry)
    order = {name: number for number, name in enumerate(FIELDS)}
    for places in INDEX.glance(document, FIELDS).begins(ALL).values():
        assert places == sorted(set(places), key=lambda place: (order[place[0]], place[1]))
        assert all(0 <= at < len(document.field(name).tokens) for name, at in places)


def glanced(item: Term | Exact | Name, document: Document, fields: tuple[FieldName, ...] = FIELDS) -> object:
    vocabulary = Vocabulary()
    (number,) = vocabulary.of_item(item)
    return Index(vocabulary.patterns).glance(document, fields).begins(frozenset({number})).get(number, [])


PLACED = [
    # item, title, summary, where it may begin
    (Term(text="غارة"), "غارة", "بعد غارات", [("title", 0), ("summary", 1)]),
    (Term(text="غارة"), "مغارة", "", []),
    (Term(text="غارة"), "ж غارة", "غارة", [("title", 1), ("summary", 0)]),
    (Term(text="غارة"), "😀 ﹶ ﷼ غارة", "3ж غارة", [("title", 0), ("summary", 2)]),
    (Term(text="سد الفرات"), "عند سد الفرات", "وسد", [("title", 1)]),
    (Name(text="دير الزور"), "في دير", "الزور بديرالزور", [("title", 1), ("summary", 1)]),
    (Name(text="دير الزور"), "ж ودير-الزور", "", [("title", 1)]),
    (Exact(text="raid"), "مطارRaidمطار", "", [("title", 1)]),
]


@pytest.mark.parametrize(("item", "title", "summary", "places"), PLACED)
def test_a_word_is_counted_in_its_own_field(item, title: str, summary: str, places: list[object]) -> None:
    assert glanced(item, a_document(title, summary)) == places


def test_only_the_fields_that_rules_search_are_looked_at() -> None:
    document = a_document("غارة", "غارة", "غارة")
    assert glanced(Term(text="غارة"), document, ("summary",)) == [("summary", 0)]
    assert glanced(Term(text="غارة"), document, ()) == []


def test_what_is_written_in_many_rules_is_compiled_once() -> None:
    vocabulary = Vocabulary()
    assert vocabulary.of_item(Term(text="غارة")) == vocabulary.of_item(Term(text="غارة")) == frozenset({0})
    assert vocabulary.of_item(Name(text="غارة")) == frozenset({1})
    place = PLACES[1]
    numbers = vocabulary.of_place(place)
    assert vocabulary.of_place(place) == numbers
    assert len(vocabulary.patterns) == 2 + len(numbers) == 2 + len(place.terms)
