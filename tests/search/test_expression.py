"""No entry is lost: what the index answers holds every text in which the rule holds, judged the slow way.

The slow way knows no needles and no words of an index: every pattern is tried at every word.
"""

from __future__ import annotations

import contextlib
import gzip
import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from monitor import lexicon
from monitor.language import (
    AllOf,
    Exact,
    InField,
    InPlace,
    Item,
    KnownPlace,
    Lexicon,
    Name,
    OfEvent,
    Starts,
    Term,
    Verb,
)
from monitor.model import FIELDS, Entry, FieldName
from monitor.rules.matcher import Matcher
from monitor.search.gazetteer import Gazetteer, PlaceReader
from monitor.search.index_file import About, IndexFile
from monitor.search.sought import Sought
from monitor.search.words import words_of
from monitor.store.views.search import Written
from monitor.text.document import read
from tests.rules.dressed import LEAVES, LEXICON, WRITTEN, entries, items
from tests.rules.every_word import all_judged
from tests.rules.made import a_place, a_rule
from tests.support import ROOT

ITEMS = ROOT.parent / "shared" / "data" / "items"
ALL = 2**63 - 1

# The places that an index knows, beside those that are asked for: the same, none, others in part.
SAME = LEXICON.places
OTHERS: dict[str, KnownPlace] = {
    **{each: place for each, place in SAME.items() if each != "kamisli"},
    "zor": replace(SAME["zor"], terms=("دير الزور", "Dayr az-Zawr")),
    "hama": replace(SAME["hama"], within="syria"),
    "bana": replace(SAME["bana"], within="hama"),
    "raqqa": a_place("raqqa", "الرقة", within="syria"),
}
KNOWN: dict[str, tuple[Gazetteer, PlaceReader]] = {
    name: (Gazetteer(places), PlaceReader(places))
    for name, places in (("the same", SAME), ("none", {}), ("others", OTHERS))
}
READER = KNOWN["the same"][1]


def written(number: int, entry: Entry) -> Written:
    return Written(id=number, title=entry.title, summary=entry.summary, body=entry.body)


@contextlib.contextmanager
def indexed(published: Sequence[Entry], *, at_once: int = 3, reader: PlaceReader = READER) -> Iterator[IndexFile]:
    """Numbered from 1, taken in a few at a time, so that there are parts of several levels."""
    with TemporaryDirectory() as folder, contextlib.closing(IndexFile(Path(folder) / "search.db")) as index:
        numbered = [
            (number, words_of(written(number, entry), reader)) for number, entry in enumerate(published, start=1)
        ]
        for start in range(0, len(numbered), at_once):
            assert index.add(numbered[start : start + at_once], behind=index.about(), mark=b"")
        yield index


def answered(index: IndexFile, sought: Sought) -> set[int]:
    expression = sought.expression(index)
    if expression is None:
        return set(range(1, index.about().reached + 1))
    return set(index.ids(expression, below=ALL, limit=10**6)) if expression else set()


def holding(item: Item, fields: tuple[FieldName, ...], published: Sequence[Entry]) -> set[int]:
    matcher = Matcher([a_rule(query=item, search_in=fields)], LEXICON)
    return {number for number, entry in enumerate(published, start=1) if all_judged(matcher, entry)}


def sought_for(item: Item, fields: tuple[FieldName, ...] = FIELDS, *, known: str = "the same") -> Sought:
    return Sought(a_rule(query=item, search_in=fields), LEXICON, known=KNOWN[known][0])


@given(
    st.lists(items, min_size=1, max_size=4),
    st.sampled_from([FIELDS, ("title", "summary"), ("title",), ("body",)]),
    st.lists(entries, min_size=1, max_size=8),
    st.sampled_from(list(KNOWN)),
)
@settings(max_examples=40, deadline=None)
def test_whatever_is_asked_of_whatever_texts_nothing_that_holds_is_missing(
    asked: list[Item], fields: tuple[FieldName, ...], published: list[Entry], known: str
) -> None:
    with indexed(published, reader=KNOWN[known][1]) as index:
        for item in asked:
            assert holding(item, fields, published) <= answered(index, sought_for(item, fields, known=known))


# Every kind of item at once: judging is slow, so a text is judged once for all of them.
EACH_KIND = Matcher([a_rule(f"r{number}", query=item, search_in=FIELDS) for number, item in enumerate(LEAVES)], LEXICON)
EACH_SOUGHT = {
    known: {f"r{number}": sought_for(item, known=known) for number, item in enumerate(LEAVES)} for known in KNOWN
}


# How many are few is a matter of speed alone.
WAYS = {
    "as they come": (24, 8, "the same"),
    "one by one": (10**6, 10**6, "none"),
    "all at once, in ways that occur": (0, 0, "others"),
}


def held_in(published: Sequence[Entry]) -> set[tuple[str, int]]:
    """Which rules hold in which texts, judged the slow way."""
    return {
        (match.rule_id, number)
        for number, entry in enumerate(published, start=1)
        for match in all_judged(EACH_KIND, entry)
    }


def answered_of(published: Sequence[Entry], way: str) -> set[tuple[str, int]]:
    needles, names, known = WAYS[way]
    with (
        indexed(published, reader=KNOWN[known][1]) as index,
        patch("monitor.search.vocabulary._FEW", needles),
        patch("monitor.search.vocabulary._AT_ONCE", 64),
        patch("monitor.search.expression._FEW_NAMES", names),
    ):
        return {(rule, number) for rule, sought in EACH_SOUGHT[known].items() for number in answered(index, sought)}


@pytest.mark.parametrize("way", WAYS)
@given(st.lists(entries, min_size=2, max_size=6))
@settings(max_examples=10, deadline=None)
@example([Entry(feed_id="f", title="10قتلى مطارBRIDGE", summary="الجزءabc جزء﷼ شيءʼ", body="وللقاعدة الجوية بالموصل﷼")])
def test_words_of_every_kind_are_answered_however_they_are_dressed(way: str, published: list[Entry]) -> None:
    assert held_in(published) <= answered_of(published, way)


@pytest.fixture(scope="module")
def forms() -> tuple[list[Entry], set[tuple[str, int]]]:
    """Each form where it stands alone and behind each particle; and which rules hold in which of these texts."""
    before = ("", "و", "ب", "ال", "بال", "ل", "لل", "ولل", "3", "A", "ж", "ﷺ ", "﷼")
    published = [
        Entry(feed_id="f", title=" . ".join([*(each + form for each in before), f"لل{form}", f"وب{form}x", f"{form}٣"]))
        for form in WRITTEN[::24]
    ]
    return published, held_in(published)


@pytest.mark.parametrize("way", WAYS)
def test_each_form_is_answered_wherever_it_stands(way: str, forms: tuple[list[Entry], set[tuple[str, int]]]) -> None:
    published, held = forms
    assert held <= answered_of(published, way)


# What is asked, texts that must be answered, texts that need not be judged at all, because.
TOLD: list[tuple[Item, list[str], list[str], str]] = [
    (Name(text="دير الزور"), ["ديرالزور", "بدير الزور", "ولدير الزور", "فكدير الزور", "ديرالزو ر", "دير  الزّور"],
     ["دير", "الزوار"],     "a name with its spaces or without"),
    (Name(text="الموصل"), ["للموصل", "بالموصل", "المو صل"], ["موصول", "الموصى"], "ل takes the alef away"),
    (Name(text="Deir ez-Zor"), ["Deirezzor", "deir ezzor", "DEIR EZ-ZOR"], ["deir", "zorro"], "a Latin name"),
    (Name(text="באר שבע"), ["ולבאר שבע", "בבארשבע"], ["באר"], "a Hebrew name"),
    (Term(text="غارة"), ["الغارات", "وغارتين", "غاره"], ["غرة", "مغارة"], "a noun in its forms"),
    (Starts(text="saldırı"), ["saldırılar"], ["sal"], "a beginning"),
    (Exact(text="غارة جوية"), ["وغارة جوية"], ["غارة", "جوية"], "a phrase needs both its words"),
    (AllOf(items=(Term(text="غارة"), Name(text="حماة"))), ["غارة على حماة"], ["غارة", "حماة"], "both, or none"),
    (Verb(text="قصف"), ["يقصفون"], ["قصير"], "a verb in its forms"),
]  # fmt: skip


@pytest.mark.parametrize(("item", "found", "passed_over", "because"), TOLD, ids=[each[3] for each in TOLD])
def test_the_index_answers_little_more_than_what_holds(
    item: Item, found: list[str], passed_over: list[str], because: str
) -> None:
    published = [Entry(feed_id="f", title=title) for title in (*found, *passed_over)]
    with indexed(published) as index:
        assert answered(index, sought_for(item)) == set(range(1, len(found) + 1)), because


def test_a_word_of_the_body_is_no_word_of_the_headline() -> None:
    published = [Entry(feed_id="f", title="غارة", body="جسر"), Entry(feed_id="f", title="جسر", body="جسر")]
    with indexed(published) as index:
        assert answered(index, sought_for(Term(text="جسر"), ("title",))) == {2}
        assert answered(index, sought_for(Term(text="جسر"), ("body",))) == {1, 2}
        assert answered(index, sought_for(InField(field="body", item=Term(text="جسر")), ("title",))) == {1, 2}


Articles = tuple[Lexicon, list[Entry], IndexFile]


@pytest.fixture(scope="module")
def articles() -> Iterator[Articles]:
    with gzip.open(ITEMS / "antcorpus_2018.jsonl.gz", "rt", encoding="utf-8") as file:
        told = [json.loads(line) for line in islice(file, 7, None, 80)]
    published = [Entry(feed_id="f", title=each["title"], summary=each["summary"], body=each["text"]) for each in told]
    with indexed(published, at_once=50, reader=PlaceReader(lexicon.load().places)) as index:
        assert index.about() == About(len(published), b"", len(published))
        yield lexicon.load(), published, index


@pytest.mark.skipif(not ITEMS.is_dir(), reason="the shared texts are not here")
@pytest.mark.parametrize(
    "item",
    [
        InPlace(ids=("iraq",)),
        InPlace(ids=("aleppo",)),
        OfEvent(ids=("airstrike",)),
        AllOf(items=(OfEvent(ids=("clash",)), InPlace(ids=("syria",))), near=20),
        Term(text="مطار"),
        Name(text="العراق"),
    ],
    ids=str,
)
def test_no_real_article_is_lost_either(item: Item, articles: Articles) -> None:
    known, published, index = articles
    rule = a_rule(query=item, search_in=FIELDS)
    matcher = Matcher([rule], known)
    held = {
        number
        for number, entry in enumerate(published, start=1)
        if matcher.match(read(entry), feed=None, today=None).matches
    }
    assert held
    assert held <= answered(index, Sought(rule, known))


# What the index knows, what it need not look for by its names then, because.
COVERED: list[tuple[str, str, set[str], str]] = [
    ("the same", "syria", set(), "a place and all within it"),
    ("the same", "zor", set(), "a place by itself"),
    ("none", "zor", {"zor"}, "nothing is known"),
    ("others", "hama", {"hama"}, "more lies within it there, so its word says too much"),
    ("others", "syria", {"syria", "zor", "kamisli"}, "what has other spellings, is not known, or has more within it"),
]


@pytest.mark.parametrize(("known", "place", "left", "because"), COVERED, ids=[each[3] for each in COVERED])
def test_only_what_an_index_does_not_know_is_asked_for_by_its_names(
    known: str, place: str, left: set[str], because: str
) -> None:
    asked = {each: None for each in LEXICON.places if each == place or LEXICON.places[each].within == place}
    assert KNOWN[known][0].covering(asked, LEXICON.places)[1] == left, because


def test_a_text_has_the_words_of_a_place_and_of_all_that_it_lies_in() -> None:
    published = [
        Entry(feed_id="f", title="حريق في دير الزور"),
        Entry(feed_id="f", title="سوريا"),
        Entry(feed_id="f", title="حريق", body="في دير الزور"),
        Entry(feed_id="f", title="باب الحارة"),
    ]
    with indexed(published) as index:
        assert answered(index, sought_for(InPlace(ids=("syria",)), ("title",))) == {1, 2}
        assert answered(index, sought_for(InPlace(ids=("zor",)), ("title",))) == {1}
        assert answered(index, sought_for(InPlace(ids=("zor",)))) == {1, 3}
        assert answered(index, sought_for(InPlace(ids=("door",)))) == set()


def test_a_spelling_that_the_index_does_not_know_is_found_all_the_same() -> None:
    published = [Entry(feed_id="f", title="Deir ez-Zor"), Entry(feed_id="f", title="Dayr az-Zawr")]
    with indexed(published, reader=KNOWN["others"][1]) as index:
        for place in ("zor", "syria"):
            assert 1 in answered(index, sought_for(InPlace(ids=(place,)), known="others"))


def test_what_lies_ready_finds_what_is_made_anew() -> None:
    texts = ["دير الزور", "Kamışlı'da", "القامشلي", "باب الحارة", "مدينة الباب", "الباب قرب منبج", "حماة الوطن", "هدوء"]
    for place in LEXICON.places:
        anew, *others = (
            [sought.match(written(1, Entry(feed_id="f", title=each))) for each in texts]
            for sought in (
                sought_for(InPlace(ids=(place,))),
                *(
                    Sought(a_rule(query=InPlace(ids=(place,)), search_in=FIELDS), LEXICON, known=known, reader=reader)
                    for known, reader in KNOWN.values()
                ),
            )
        )
        assert others == [anew] * len(KNOWN)


def test_only_places_that_are_known_lie_ready() -> None:
    known, reader = KNOWN["others"]
    place = {each: InPlace(ids=(each,)) for each in LEXICON.places}
    asked = (place["door"], place["zor"], place["syria"], AllOf(items=(place["door"], Term(text="غارة"))))
    ready = [Sought(a_rule(query=item), LEXICON, known=known, reader=reader)._index is reader.index for item in asked]
    assert ready == [True, False, False, False]
