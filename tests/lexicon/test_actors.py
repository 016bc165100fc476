"""The shipped actors, guards and codes of places."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from monitor.language import AnyOf, Lexicon, Name, Rule
from monitor.lexicon.load import guards
from monitor.lexicon.tree import around
from monitor.model import Entry, Severity, Tag
from monitor.rules.matcher import Matcher
from monitor.text.document import read
from tests.rules.made import TODAY

CODES = {
    "syria": (r"SY(0[1-9]|1[0-4])", 14),
    "iraq": (r"IQG(0[1-9]|1[0-8])", 18),
    "yemen": (r"YE(1[1-9]|2\d|3[0-2])", 22),
    "libya": (r"LY0[1-3](0[1-9]|1\d|2[0-2])", 22),
    "sudan": (r"SD(0[1-9]|1[0-8])", 18),
}


@pytest.fixture(scope="module")
def actors(lexicon: Lexicon) -> Matcher:
    return Matcher([_rule(each.id, AnyOf(items=each.items)) for each in lexicon.actors.values()], lexicon)


def _rule(rule_id: str, item: AnyOf) -> Rule:
    return Rule(id=rule_id, title={"": rule_id}, severity=Severity.LOW, all=(item,))


def found(actors: Matcher, title: str) -> set[str]:
    matches = actors.match(read(Entry(feed_id="f", title=title)), feed=None, today=TODAY)
    return {match.rule_id for match in matches.matches}


def test_there_are_many_and_each_has_a_name_in_both_languages(lexicon: Lexicon) -> None:
    assert len(lexicon.actors) >= 55
    assert [each.id for each in lexicon.actors.values() if not {"ar", "en"} <= each.title.keys()] == []


def test_whatever_an_actor_is_part_of_exists_and_is_part_of_nothing(lexicon: Lexicon) -> None:
    outer = {each.within for each in lexicon.actors.values() if each.within}
    assert outer <= lexicon.actors.keys()
    assert [each for each in outer if each and lexicon.actors[each].within] == []


def test_no_spelling_is_two_actors(lexicon: Lexicon) -> None:
    spelled = Counter(item for each in lexicon.actors.values() for item in set(each.items))
    assert [item for item, count in spelled.items() if count > 1] == []


def test_every_name_finds_its_actor(lexicon: Lexicon, actors: Matcher) -> None:
    names = [(each.id, item.text) for each in lexicon.actors.values() for item in each.items if isinstance(item, Name)]
    assert [pair for pair in names if pair[0] not in found(actors, f"بيان: {pair[1]} في المنطقة")] == []


@pytest.mark.parametrize(
    ("title", "actor"),
    [
        ("وقسد تعلن", "sdf"),
        ("عناصر من داعش", "isis"),
        ("خلايا داعشية", "isis"),
        ("ميليشيا الحوثي", "houthis"),
        ("الميليشيات الحوثية", "houthis"),
        ("قوات حفتر تتقدم", "lna"),
        ("شرطة المدينة", "police"),
        ("مستوطنون يهاجمون", "israeli-settlers"),
        ("the Houthis said", "houthis"),
        ("Hizballah fighters", "hezbollah"),
        ("Türk Silahlı Kuvvetleri", "turkish-forces"),
    ],
)
def test_actors_are_found_as_news_writes_them(actors: Matcher, title: str, actor: str) -> None:
    assert actor in found(actors, title)


@pytest.mark.parametrize(
    "title", ["حماسة الجمهور", "حماس كبير", "الدولة الإسلامية في إندونيسيا", "احتلال المركز الأول", "قاعدة جوية"]
)
def test_words_that_only_look_like_an_actor_are_none(actors: Matcher, title: str) -> None:
    assert found(actors, title) <= {"hamas"} if title.startswith("حماس ") else found(actors, title) == set()


def test_every_tag_has_its_guards() -> None:
    assert guards().keys() == set(Tag)
    assert all(guards().values())


@pytest.mark.parametrize("country", CODES)
def test_every_division_has_its_code_once(lexicon: Lexicon, country: str) -> None:
    pattern, number = CODES[country]
    inside = [
        place.pcode
        for place in lexicon.places.values()
        if place.pcode and country in {outer.id for outer in around(place, lexicon.places)}
    ]
    assert [code for code in inside if not re.fullmatch(pattern, code)] == []
    assert len(inside) == len(set(inside)) == number


@pytest.mark.parametrize(
    ("place", "code"), [("idlib-governorate", "SY07"), ("damascus", "SY01"), ("nineveh-governorate", "IQG15"),
                        ("sanaa", "YE13"), ("sanaa-governorate", "YE23"), ("north-darfur-state", "SD02"),
                        ("benghazi-district", "LY0103"), ("lebanon", "LB"), ("palestine", "PS")],
)  # fmt: skip
def test_codes_are_those_of_ocha(lexicon: Lexicon, place: str, code: str) -> None:
    assert lexicon.places[place].pcode == code
