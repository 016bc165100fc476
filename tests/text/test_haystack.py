from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.text.alphabet import encode
from monitor.text.document import Text, read_text
from monitor.text.fold import fold, unify_ta
from monitor.text.haystack import WORD, haystack, plain_haystack, without_spaces
from monitor.text.mapped import Mapped
from monitor.text.tokens import Token, Tokens, folded_words, tokenize
from tests.text.test_alphabet import KNOWN
from tests.text.test_fold import any_text

plain_text = st.text(
    st.one_of(st.sampled_from("يءىئةاالل \u064bـ\u200c'’x1٣éA_.\n"), st.sampled_from(KNOWN)), max_size=30
)
mixed_text = st.lists(
    st.one_of(
        st.sampled_from([
            "شيء", "ىء", "جزءً", "للموصل", "غارة", "10", "F16", "raid", "﷼", "ﷺ", "ﻻ", "\ufe76", "Ⅳ", "²", "ʼ", "か",
            "\u3099", "\u0654", "\u0653", "ٹ", "ۆ", "א", "ж", "\u0903", "ـ", "\u200d", "½", "℃", "⑴",
        ]),
        st.sampled_from([" ", "\n", "\x00", "\x1c", "\u0085", "\ud800", "", "."]),
        any_text,
    ),
    max_size=12,
).map("".join)  # fmt: skip


def encoded_words(clean: str) -> list[bytes]:
    return [encode(unify_ta(fold(token.surface.word))) for token in tokenize(clean)]


@given(plain_text)
@example("شيءabc شىءّ جزءًا ءيء ييءا")
def test_a_plain_haystack_has_one_word_for_each_token_and_it_is_the_tokens(text: str) -> None:
    plain = plain_haystack(text)
    assert plain is not None
    assert WORD.findall(plain) == encoded_words(text)


@given(mixed_text)
@example("مطار﷼ شيءʼ شيءⅣ شيءabcж か\ufe76\u3099")
def test_any_haystack_has_the_word_of_every_token_in_order(text: str) -> None:
    assert haystack(text).split() == encoded_words(text)


@given(mixed_text)
def test_a_text_that_is_plain_has_the_same_words_as_if_it_were_not(text: str) -> None:
    plain = plain_haystack(text)
    if plain is not None:
        assert WORD.findall(plain) == haystack(text).split()


@given(mixed_text)
def test_words_folded_all_at_once_are_those_folded_one_by_one(text: str) -> None:
    assert folded_words(text) == [fold(token.surface.word) for token in tokenize(text)]


@given(st.one_of(plain_text, mixed_text))
def test_a_texts_words_are_those_of_its_tokens_and_stand_in_its_haystack(text: str) -> None:
    read = read_text(text)
    assert list(read.words) == [unify_ta(token.folded) for token in read.tokens]
    assert [encode(word) for word in read.words] == encoded_words(read.clean)
    at = 0
    for word in map(encode, read.words):
        at = read.haystack.index(word, at) + len(word)


@given(plain_text)
def test_the_tokens_of_a_plain_text_are_those_of_any(text: str) -> None:
    assert plain_haystack(text) is not None
    assert [_told(token) for token in Tokens(text, plain=True)] == [_told(token) for token in tokenize(text)]


@given(plain_text)
@example("قصف")
@example("قُصف شيء قصف")
def test_a_plain_text_knows_where_its_words_begin_in_the_haystack(text: str) -> None:
    read = Text(published=text, mapped=Mapped(text))
    assert read.word_starts == [found.start() for found in WORD.finditer(read.haystack)]
    assert len(read.word_starts) == len(read.tokens)


def _told(token: Token) -> tuple[str, str, int, int, bool]:
    return token.surface.word, token.folded, token.start, token.end, token.glued


PLAIN = [
    # how a text reads, whether it is plain
    ('قُتِلَ ١٢ شخصاً في غارةٍ على «المدينة»، وفق د. سامر؛ قال: "نعم!"…', True),
    ("Dara’a: F-16 raid, café – ‘quoted’ — 50 ٪ \u00a0", True),
    ("می‌گوید پهپاد گفت", True),
    ("#عاجل_الآن\tقصف\n\nجديد\x00", True),
    ("ه\u0654", False),
    ("Киев", False),
    ("ڈرون", False),
    ("😀", False),
    ("Kamışlı", False),
]


@pytest.mark.parametrize(("text", "plain"), PLAIN)
def test_a_text_as_nearly_every_arabic_text_is_is_plain(text: str, plain: bool) -> None:
    assert (plain_haystack(text) is not None) is plain


@given(plain_text, st.integers(-9, 9), st.integers(-9, 9))
def test_tokens_are_read_like_a_tuple(text: str, one: int, other: int) -> None:
    tokens, every = Tokens(text, plain=True), tokenize(text)
    assert len(tokens) == len(every)
    for part in (slice(one, other), slice(one, None), slice(None, other), slice(other, one, -1)):
        assert [_told(token) for token in tokens[part]] == [_told(token) for token in every[part]]
    if -len(every) <= one < len(every):
        assert _told(tokens[one]) == _told(every[one])
        assert tokens[one] is tokens[range(len(every))[one]]
    else:
        with pytest.raises(IndexError):
            tokens[one]
    assert list(map(_told, reversed(tokens))) == list(map(_told, reversed(every)))


def test_a_text_is_cut_into_words_only_when_it_is_asked_for_them() -> None:
    text = Text(published="قصف", mapped=Mapped("قصف"))
    assert text.haystack == encode("قصف")
    assert "tokens" not in vars(text)


@given(plain_text)
def test_without_spaces_all_words_of_a_plain_text_stand_one_at_the_other(text):
    plain = plain_haystack(text)
    if plain is not None:
        assert without_spaces(plain) == b"".join(WORD.findall(plain))
