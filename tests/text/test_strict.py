"""Letters that folding makes one, told apart where the author of a word asks for it."""

from __future__ import annotations

import pytest

from monitor.language import Strictness, Word
from monitor.text.terms import compile_item, idle_strictness
from tests.text.search import marked

HAMZA: tuple[Strictness, ...] = ("hamza",)
YAA: tuple[Strictness, ...] = ("yaa",)
TANWIN: tuple[Strictness, ...] = ("tanwin",)
SHADDA: tuple[Strictness, ...] = ("shadda",)
ROWS = [
    # word, text, what is found, because
    (Word(text="أنفاق", strict=HAMZA), "أنفاق إنفاق انفاق", "أنفاق انفاق", "another hamza is another word"),
    (Word(text="إنفاق", strict=HAMZA), "وإنفاقها وأنفاقها والإنفاق", "وإنفاقها والإنفاق", "behind particles too"),
    (Word(text="آثار", strict=HAMZA), "آثار أثار اثار", "آثار اثار", "madda is a hamza of its own"),
    (Word(text="استهداف", strict=YAA), "إستهداف", "إستهداف", "where hamza does not matter, it does not"),
    (Word(text="نفق", strict=HAMZA), "الأنفاق والإنفاق", "الأنفاق", "the table's plural"),
    (Word(text="علي", strict=YAA), "علي على", "علي", "on is no name"),
    (Word(text="على", strict=YAA), "علي على", "على", "and the other way about"),
    (Word(text="مستشفى", strict=YAA), "مستشفى مستشفی مستشفي", "مستشفى مستشفی", "a Persian ya may be either"),
    (Word(text="درعا", strict=TANWIN), "درعا درعاً وبدرعًا", "درعا", "a shield"),
    (Word(text="درع", strict=TANWIN), "درعا درعاً الدرع دروع", "درعاً الدرع دروع", "an alef that is only an ending"),
    (Word(text="درعاً", strict=TANWIN), "درعا درعاً", "درعاً", "written with tanwin"),
    (Word(text="مسيّرة", strict=SHADDA), "مسيرة المسيّرات مُسَيَّرة", "المسيّرات مُسَيَّرة", "other marks around it"),
    (Word(text="مسيّرة", strict=SHADDA), "مسيّــرتين مسيــرتين", "مسيّــرتين", "stretched, in the dual"),
    (Word(text="المسيّرة", strict=SHADDA), "المسيرة بالمسيّرة المسيرّة", "بالمسيّرة", "on this very letter"),
    (Word(text="طفل", plural=("أطفّل",), strict=SHADDA), "طفل أطفل أطفّل", "طفل أطفّل", "a plural by its own spelling"),
    (Word(text="سدّ", strict=SHADDA), "سد سدّ السدود", "سدّ السدود", "a plural of the table has no such letter"),
    (Word(text="اتّحاد", strict=SHADDA), "اتحادات اتّحادات", "اتّحادات", "an ending that begins like the word"),
    (Word(text="عذّب", forms=("verb",), strict=SHADDA), "عذب عذّبوا ويعذّبون يعذبون", "عذّبوا ويعذّبون", "verbs"),
    (Word(text="أصاب", forms=("verb",), strict=HAMZA), "أصاب إصابته اصابه", "أصاب اصابه", "a verb"),
    (Word(text="أنفاق", strict=HAMZA + SHADDA), "أنفاق إنفاق", "أنفاق", "no shadda is asked for where none is written"),
]


@pytest.mark.parametrize(("word", "text", "found", "because"), ROWS)
def test_strict_letters_are_told_apart(word: Word, text: str, found: str, because: str) -> None:
    assert marked(compile_item(word), text) == found.split(), because


def test_each_word_of_a_phrase_is_told_apart() -> None:
    phrase = Word(text="درّاجة ناريّة", strict=SHADDA)
    assert marked(compile_item(phrase), "درّاجة نارية ودرّاجات ناريّة دراجة ناريّة") == ["ودرّاجات ناريّة"]


def test_without_strict_the_same_words_are_one() -> None:
    for word, text, _, _ in ROWS:
        loose = Word(text=word.text, plural=word.plural, forms=word.forms)
        strict = marked(compile_item(word), text)
        assert set(strict) <= set(marked(compile_item(loose), text)), word.text


@pytest.mark.parametrize(
    ("text", "letters", "idle"),
    [
        ("مدرسة", "hamza", True), ("نفق", "hamza", False), ("مدرس", "yaa", False), ("حرب", "shadda", True),
        ("حرّب", "shadda", False), ("درع", "tanwin", False), ("drone", "yaa", True), ("drone", "tanwin", True),
    ],
)  # fmt: skip
def test_strictness_about_letters_that_no_form_has_is_known(text: str, letters: Strictness, idle: bool) -> None:
    assert bool(idle_strictness(Word(text=text, strict=(letters,)))) == idle
