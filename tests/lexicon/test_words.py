"""From the words of a class to items of the rule language."""

from __future__ import annotations

import pytest

from monitor.language import AllOf, AnyOf, Exact, Item, Name, Starts, Term, Verb, Word
from monitor.lexicon.words import HEBREW_PARTICLES, TOGETHER, items_of


@pytest.mark.parametrize(
    ("entry", "item"),
    [
        ({"noun": "غارة"}, Term(text="غارة")),
        ({"phrase": "قصف جوي"}, Term(text="قصف جوي")),
        ({"noun": "مجزرة", "plural": ["مجازر"]}, Word(text="مجزرة", plural=("مجازر",))),
        ({"noun": "حصار", "ban": ["حصاري"]}, Word(text="حصار", ban=("حصاري",))),
        ({"person": "جريح", "plural": ["جرحى"]}, Word(text="جريح", plural=("جرحى",), forms=("noun", "feminine"))),
        ({"adjective": "محاصر"}, Word(text="محاصر", forms=("adjective",))),
        ({"noun_verb": "قصف"}, Word(text="قصف", forms=("noun", "verb"))),
        ({"verb": "اشتبك"}, Verb(text="اشتبك")),
        ({"verb": "نزح", "ban": ["نزح المياه"]}, Word(text="نزح", forms=("verb",), ban=("نزح المياه",))),
        ({"phrase": "إنزال جوي", "ban": ["جوي للمساعدات"]}, Word(text="إنزال جوي", ban=("جوي للمساعدات",))),
        ({"exact": "سارين"}, Exact(text="سارين")),
        ({"name": "سارين"}, Name(text="سارين")),
        (
            {"together": [{"verb": "سيطر"}, [{"noun": "مدينة"}, {"noun": "بلدة"}]]},
            AllOf(items=(Verb(text="سيطر"), AnyOf(items=(Term(text="مدينة"), Term(text="بلدة")))), near=TOGETHER),
        ),
    ],
)
def test_an_arabic_entry_becomes_what_its_kind_says(entry: dict[str, object], item: Item) -> None:
    assert list(items_of({"ar": [entry]})) == [item]


@pytest.mark.parametrize(
    ("language", "text", "item"),
    [
        ("en", "airstrike*", Starts(text="airstrike")),
        ("en", "exchange of fire", Term(text="exchange of fire")),
        ("tr", "hava saldırı*", Starts(text="hava saldırı")),
        ("ru", "бои", Exact(text="бои")),
        ("fa", "زد و خورد", Exact(text="زد و خورد")),
    ],
)
def test_a_star_stands_for_endings_and_only_english_has_a_plural(language: str, text: str, item: Item) -> None:
    assert list(items_of({language: [text]})) == [item]


def test_a_list_stands_for_its_entries_among_other_company() -> None:
    """Which lists there are, and that each is used, is told with the events."""
    (item,) = items_of({"ar": [{"together": [{"verb": "صد"}, [{"list": "assault"}, {"noun": "توغل"}]]}]})
    assert isinstance(item, AllOf)
    company = item.items[1]
    assert isinstance(company, AnyOf)
    assert [each.text for each in company.items if isinstance(each, Word | Term)] == ["هجوم", "توغل"]


def test_words_of_other_languages_may_want_company_too() -> None:
    (item,) = items_of({"ru": [[["мина", "мины"], "взорв*"]]})
    mines = AnyOf(items=(Exact(text="мина"), Exact(text="мины")))
    assert item == AllOf(items=(mines, AnyOf(items=(Starts(text="взорв"),))), near=TOGETHER)


def test_a_hebrew_word_is_looked_for_behind_its_particles() -> None:
    items = list(items_of({"he": ["פיצוץ"]}))
    assert items == [Exact(text=f"{particle}פיצוץ") for particle in HEBREW_PARTICLES]


def test_an_unknown_kind_is_a_bug_and_raises() -> None:
    with pytest.raises(KeyError):
        list(items_of({"ar": [{"adverb": "فجأة"}]}))
