from __future__ import annotations

import pytest

from monitor.language import (
    AllOf,
    AnyOf,
    Exact,
    InField,
    InPlace,
    Item,
    OfEvent,
    OfGroup,
    Regex,
    Term,
    Without,
)
from monitor.rules.compile import Compiler
from monitor.rules.needs import commonness, rarest
from monitor.text.needles import Needle
from tests.rules.made import a_lexicon, a_place, a_rule

LEXICON = a_lexicon(
    places=(a_place("zor", "دير الزور", "Deir ez-Zor"), a_place("harabish", "هرابش", within="zor")),
    airport=(Term(text="مطار"), Exact(text="airport")),
    empty=(),
    event_clash=(Term(text="اشتباك"),),
    event_shown=(Term(text="اشتباك"), Regex(pattern="clash")),
)
A, B, C, ANY = Term(text="قصف"), Term(text="غارة"), Term(text="جسر"), Regex(pattern="x")

NEEDS = [
    # what a rule says, the items of each need, because
    ({"all": (A,)}, [{A}], "a word"),
    ({"all": (A, B)}, [{A}, {B}], "every item of `all`"),
    ({"all": (A, B), "near": 5}, [{A}, {B}], "also close together"),
    ({"all": (A, B), "near": "sentence"}, [{A}, {B}], "and in one sentence"),
    ({"any": (A, B)}, [{A, B}], "one of `any`"),
    ({"any": (A, B, C), "at_least": 2}, [{A, B, C}], "of several at least one"),
    ({"any": (A, B), "min_score": 2, "weights": (1, 2)}, [{A, B}], "or one that has a weight"),
    ({"all": (A,), "any": (B, C)}, [{A}, {B, C}], "both"),
    ({"all": (A,), "query": B}, [{A}, {B}], "and the query"),
    ({"all": (A,), "none": (B,)}, [{A}], "never what must not be there"),
    ({"all": (Without(item=A, unwanted=(B,)),)}, [{A}], "nor in a box"),
    ({"all": (ANY,)}, [], "a regex waits for nothing"),
    ({"all": (A, ANY)}, [{A}], "but what is beside it does"),
    ({"any": (A, ANY)}, [], "and where it would do alone there is nothing to wait for"),
    ({"any": (A, OfEvent(ids=("shown",)))}, [], "also within an event"),
    ({"all": (AllOf(items=(A, AnyOf(items=(B, C))), near=3), C)}, [{A}, {B, C}, {C}], "boxes in boxes"),
    ({"any": (AllOf(items=(A, B)), C)}, [{A, C}], "of a box that is one of several, one thing"),
    ({"all": (AllOf(items=(A, B), near=3, ordered=True),)}, [{A}, {B}], "in a row"),
    ({"all": (InField(field="title", item=A),)}, [{A}], "in one field"),
    ({"all": (OfGroup(ids=("empty",)),)}, [set()], "what nothing can meet"),
]


@pytest.mark.parametrize(("said", "needs", "because"), NEEDS, ids=[case[2] for case in NEEDS])
def test_a_rule_needs_what_it_cannot_hold_without(said, needs: list[set[Item]], because: str) -> None:
    compiler = Compiler(LEXICON)
    told = compiler.rule(a_rule(**said)).needs
    patterns = [frozenset[int]().union(*(compiler.vocabulary.of_item(item) for item in need)) for need in needs]
    assert sorted(map(sorted, told)) == sorted(map(sorted, patterns)), because


def test_a_place_is_met_by_every_spelling_of_it_and_of_those_within() -> None:
    compiler = Compiler(LEXICON)
    (need,) = compiler.rule(a_rule(all=(InPlace(ids=("zor",)),))).needs
    assert need == compiler.place("zor", exactly=True) | compiler.place("harabish", exactly=True)
    assert len(need) == 3


def test_a_pattern_is_as_common_as_its_words() -> None:
    of, much, seldom, nothing = commonness(
        [[Needle("في")], [Needle("في"), Needle("من")], [Needle("مدرجات")], [Needle("مدرجاتهم")]]
    )
    assert 0 < nothing < seldom < of < much
    assert of > 0.9


def test_particles_count_for_how_common_a_word_is() -> None:
    alone, inside = commonness([[Needle("حكومه", frozenset({""}), starts=True)], [Needle("xحكومه")]])
    assert alone > 10 * inside


def test_a_rule_waits_for_the_need_that_is_met_least() -> None:
    common = [0.5, 0.1, 0.3, 0.05]
    first, others = rarest([frozenset({0}), frozenset({1, 2}), frozenset({1, 3})], common)
    assert first == {1, 3}
    assert others == ({1, 2}, {0})
    assert rarest([], common) == (None, ())
    assert rarest([frozenset({0}), frozenset()], common)[0] == frozenset()
