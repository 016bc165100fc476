from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.document import read_text
from monitor.text.fold import fold, unify_ta
from monitor.text.heads import Heads, HeadStem
from monitor.text.needles import Needle, contracted, needles_of, rarer, shortest
from monitor.text.terms import compile_item
from monitor.text.tokens import surface
from tests.rules.dressed import PLAIN, WRITTEN
from tests.rules.every_word import occurrences

_ALONE = frozenset({""})

Told = tuple[str, frozenset[str] | None, bool]  # letters, what may follow, whether it begins its word


def alone(*words: str) -> set[Told]:
    return {(word, _ALONE, True) for word in words}


def inside(*words: str) -> set[Told]:
    return {(word, None, False) for word in words}


def ending(ends: set[str], *roots: str) -> set[Told]:
    return {(root, frozenset(ends), True) for root in roots}


NEEDLES = [
    # heads, needles, because
    (Heads(frozenset({"غارة"})), alone("غاره"), "ة is ه"),
    (Heads(frozenset({"الان"})), alone("الان", "لان"), "ل takes the alef"),
    (Heads(frozenset({"قصف", "قصفت", "يقصف"})), alone("قصف", "قصفت", "يقصف"), "a few words"),
    (Heads(frozenset({"قصف", "قصفت", "يقصف", "تقصف", "قصفوا"})), inside("قصف"), "what many have in common"),
    (Heads(frozenset({"قال", "يقول", "قالت", "يقولون", "نقول"})), inside("قال", "نقول", "يقول"), "or several things"),
    (Heads(stems=(HeadStem("غار", {"ة": "", "ات": ""}),)), ending({"ه", "ات"}, "غار"), "a stem with its endings"),
    (Heads(stems=(HeadStem("", {"ة": "", "ات": "", "": ""}),)), alone("ه", "ات"), "endings that are the whole word"),
    (
        Heads(stems=(HeadStem("غار", {"ات": ""}, article=True),)),
        ending({"ات"}, "الغار", "للغار"),
        "behind an article only",
    ),
    (
        Heads(stems=(HeadStem("لاج", {"ون": ""}, article=True),)),
        ending({"ون"}, "اللاج", "للاج", "لللاج"),
        "before another ل the whole article goes",
    ),
    (Heads(prefixes=("saldiri",)), {("saldiri", None, True)}, "a beginning"),
]


@pytest.mark.parametrize(("heads", "needles", "because"), NEEDLES, ids=[case[2] for case in NEEDLES])
def test_needles_are_what_stands_wherever_a_head_does(heads: Heads, needles: set[Told], because: str) -> None:
    assert {(each.text, each.endings, each.starts) for each in needles_of(heads)} == needles, because


def stands(needle: Needle, folded: str) -> bool:
    """Whether it stands in a word, as its author promises; told slowly."""
    word = unify_ta(folded)
    for at in range(len(word)):
        if word.startswith(needle.text, at):
            behind = word[at + len(needle.text) :]
            if needle.starts and at and word[at - 1] not in "وفبلك":
                continue
            if needle.endings is None or behind in needle.endings:
                return True
    return False


_BEFORE = ["", "و", "ب", "ال", "وال", "بال", "كال", "ل", "لل", "ولل", "فلل", "ول"]


@pytest.mark.parametrize("item", PLAIN, ids=str)
def test_of_each_part_of_what_occurs_a_needle_stands_in_the_word_that_it_names(item) -> None:
    patterns = compile_item(item)
    forms = WRITTEN[::40] + [form for form in WRITTEN if form[:3] == item.text[:3] or form[2:5] == item.text[2:5]]
    text = read_text(" . ".join(before + form for form in (item.text, *forms) for before in _BEFORE))
    words, joined = text.words, "".join(text.words)
    seen = 0
    for number, at in occurrences(patterns, text):
        for part in patterns[number].parts:
            if part[0].joined:
                assert any(needle.text in "".join(words[at : at + 4]) and needle.text in joined for needle in part)
            else:
                assert any(stands(needle, words[at + needle.word]) for needle in part)
            seen += 1
    assert seen


_letters = st.text("الوبغرة", min_size=1, max_size=6)


@given(st.frozensets(_letters, max_size=9), _letters, st.frozensets(st.text("ةاتن", max_size=2), min_size=1), _letters)
def test_a_word_that_the_heads_include_has_a_needle_however_its_particles_are_attached(
    words: frozenset[str], root: str, endings: frozenset[str], word: str
) -> None:
    bare, definite = Heads(words, (HeadStem(root, endings),)), Heads(stems=(HeadStem(root, endings, article=True),))
    for heads in (bare, definite):
        needles = needles_of(heads)
        for before in _BEFORE:
            folded = fold(before + word)
            for parse in surface(folded).parses:
                if heads.include(parse.rest) and (parse.article or heads is bare):
                    assert any(stands(needle, folded) for needle in needles), (folded, parse)


def test_a_needle_of_a_name_may_lose_the_alef_of_its_article_too() -> None:
    one = Needle("الموصل", joined=True)
    assert list(contracted([one, Needle("حلب")])) == [one, Needle("لموصل", joined=True), Needle("حلب")]


def test_no_needle_is_empty() -> None:
    for item in PLAIN:
        for pattern in compile_item(item):
            assert pattern.parts
            assert all(part and all(needle.text for needle in part) for part in pattern.parts)


def test_the_rarer_of_two_is_that_whose_shortest_needle_is_longer() -> None:
    short, long = (Needle("قصف"), Needle("استهداف")), (Needle("غارات"),)
    assert rarer(short, long) is rarer(long, short) is long
    assert (shortest(short), shortest(long)) == (3, 5)
