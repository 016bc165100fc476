from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.affixes import noun_forms
from monitor.text.fold import fold

arabic_words = st.text(st.sampled_from("ابتثجحخدرزسشصضطعغفقكلمنهويءأإآىةؤئ"), min_size=2, max_size=9)


@given(arabic_words)
def test_a_word_is_always_one_of_its_own_forms(word: str) -> None:
    forms = noun_forms(word)
    bare = fold(word) in forms.bare
    behind_its_article = fold(word).removeprefix("ال") in forms.definite
    assert bare or (word.startswith("ال") and behind_its_article)


@given(arabic_words)
def test_forms_are_folded_and_few(word: str) -> None:
    forms = noun_forms(word, feminine=True)
    assert all(fold(form) == form for form in (*forms.bare, *forms.definite))
    assert len(forms.bare) + len(forms.definite) < 400


@given(arabic_words)
def test_the_article_excludes_a_possessive(word: str) -> None:
    stem = fold(word)
    added = {form.removeprefix(stem) for form in noun_forms(word).definite if form.startswith(stem)}
    assert added.isdisjoint({"ها", "هم", "هما", "هن", "نا"})


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("نفق", "نفقات"),
        ("مكتب", "مكتبات"),
        ("جبل", "جبلة"),
        ("عرب", "عربة"),
        ("شعب", "شعبة"),
        ("لواء", "لوا"),
        ("خط", "خطة"),
    ],
)
def test_an_ending_that_makes_another_word_is_not_taken(word: str, form: str) -> None:
    assert fold(form) not in noun_forms(word).bare
    assert fold(form) not in noun_forms(word).definite


def test_the_authors_plural_joins_those_of_the_table() -> None:
    forms = noun_forms("لغم", plurals=("لغوم",))
    assert {"لغوم", "الغام"} <= forms.bare.keys()
