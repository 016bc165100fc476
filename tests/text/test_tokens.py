from __future__ import annotations

import pytest
from hypothesis import given

from monitor.text.document import read_text
from monitor.text.tokens import surface, tokenize
from tests.text.test_fold import any_text

_WORDS = [
    ("بـ10 أيام", "ب 10 ايام", "a letter beside a digit"),
    ("3صواريخ", "3 صواريخ", "a digit beside a letter"),
    ("الأشرفية8", "الاشرفية 8", "a digit behind"),
    ("و8ر1 مليون", "و 8 ر 1 مليون", "a decimal as some papers write it"),
    ("F16", "f 16", "Latin too"),
    ("دير_الزور", "دير الزور", "underscore"),
    ("#أم_درمان", "ام درمان", "hashtag"),
    ("دير-الزور", "دير الزور", "hyphen"),
    ("دير–الزور—العراق", "دير الزور العراق", "dashes"),
    ("דיר־א", "דיר א", "maqaf"),
    ("حلب:مقتل", "حلب مقتل", "colon"),
    ("«عاجل»قصف", "عاجل قصف", "quotation marks"),
    ("user@host", "user host", "at sign"),
    ("قتلى/جرحى", "قتلى جرحى".replace("ى", "ي"), "slash"),
    ("قصفTaiz", "قصف taiz", "a change of script"),
    (" ـ ", "", "a stretching used as a dash is no word"),
    ("الـ 25", "ال 25", "stretching at the end"),
    ("قصف‏ عنيف", "قصف عنيف", "a direction mark at the end"),
    ("Dara'a", "dara a", "apostrophe"),
    ("Darʿa", "dar a", "a modifier letter as apostrophe"),
    ("😀قصف😀", "قصف", "an emoji is no word"),
    ("\x00قصف\x1aعنيف\ud800", "قصف عنيف", "controls and lone surrogates part words"),
    ("صلى ﷺ", "صلي صلياللهعليهوسلم", "a ligature of several words is one word"),
    ("", "", "nothing"),
]


@pytest.mark.parametrize(("text", "words", "because"), _WORDS)
def test_words_end_where_a_reader_sees_them_end(text: str, words: str, because: str) -> None:
    assert " ".join(token.folded for token in tokenize(text)) == words, because


_SENTENCES = [
    ("انتهى القصف. بدأ النزوح", [0, 0, 1, 1], "full stop"),
    ("هل انتهى؟ نعم! حقاً", [0, 0, 1, 2], "question and exclamation mark"),
    ("قال كذا… ثم سكت", [0, 0, 1, 1], "ellipsis"),
    ("قال كذا... ثم سكت", [0, 0, 1, 1], "three dots"),
    ("عاجل.. قصف المطار", [0, 0, 0], "two dots are a headline's colon"),
    ("قتل 3.5 آلاف", [0, 0, 0, 0], "a dot inside a number"),
    ("قال د. سامر", [0, 0, 0], "an initial"),
    ("«انتهى.» وغادر", [0, 1], "a closing quotation mark after the stop"),
    ("عنوان\n\nنص", [0, 1], "a blank line"),
    ("سطر\nسطر", [0, 0], "a line break alone"),
    ("فقرة\u2029فقرة", [0, 1], "a paragraph separator"),
    ("موقع news.example فيه", [0, 0, 0, 0], "a dot inside a name"),
]


@pytest.mark.parametrize(("text", "sentences", "because"), _SENTENCES)
def test_sentences_end_where_a_reader_sees_them_end(text: str, sentences: list[int], because: str) -> None:
    read = read_text(text)
    assert [read.sentence(number) for number in range(len(read.tokens))] == sentences, because


def test_only_an_apostrophe_glues_two_tokens() -> None:
    assert [token.glued for token in tokenize("Dara'a is Sana’a, ‘is’ it's'’o")] == [
        False, True, False, False, True, False, False, True, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("word", "tanwin"), [("درعاً", True), ("درعًا", True), ("درعا", False), ("درعٌ", False), ("درعَا", False)]
)
def test_an_alef_that_only_carries_tanwin_is_known(word: str, tanwin: bool) -> None:
    assert surface(word).tanwin is tanwin


def test_a_surface_knows_the_letters_as_they_were_chosen() -> None:
    assert surface("الإِنفاق").writes("إ", -5)
    assert not surface("الأنفاق").writes("إ", -5)
    assert not surface("نفق").writes("إ", -5)


@given(any_text)
def test_tokens_are_sorted_disjoint_and_inside(text: str) -> None:
    read = read_text(text)
    numbers = range(len(read.tokens))
    places = read.tokens.places
    bounds = [bound for place in places for bound in place]
    assert bounds == sorted(bounds)
    assert all(start < end <= len(read.clean) for start, end in places)
    assert all(token.folded for token in read.tokens)
    assert list(map(read.sentence, numbers)) == sorted(map(read.sentence, numbers))


@given(any_text)
def test_a_token_stands_where_it_says(text: str) -> None:
    read = read_text(text)
    for number, token in enumerate(read.tokens):
        assert read.tokens.places[number] == (token.start, token.end)
        assert read.clean[token.start : token.end] == token.surface.word
