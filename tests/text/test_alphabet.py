from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.alphabet import (
    DIGITS,
    LATIN,
    LETTERS,
    MARKS,
    VARIANTS,
    decode,
    encode,
    fold_plain,
    letter_range,
)
from monitor.text.fold import fold, unify_ta
from tests.text.test_fold import any_text

_ASCII = "".join(map(chr, range(128)))
KNOWN = _ASCII + LETTERS + VARIANTS + MARKS + DIGITS + LATIN
# Numbers that share their digits, so that one could be taken for the end of another.
_FAR = "\u0679\u0690\u06f0\u0a06\u6790\u7906\U00010679\U00067900\U000f0f0f\U000ff0f0\ud800\udfff\ufffe\uffff\U0010ffff"
far_text = st.text(
    st.one_of(st.sampled_from(_FAR + "اكلabc\x00\x0f"), st.characters(exclude_categories=[])), max_size=8
)


@pytest.mark.parametrize("letter", KNOWN, ids=lambda letter: f"U+{ord(letter):04X}")
def test_a_letter_is_folded_as_fold_folds_it(letter: str) -> None:
    plain = fold_plain(letter)
    assert plain is not None
    assert decode(plain) == unify_ta(fold(letter))


@pytest.mark.parametrize("sign", "\u00a0«»·،؛؟٪–—‘’“”…•\u2029", ids=lambda sign: f"U+{ord(sign):04X}")
def test_a_sign_that_is_part_of_no_word_is_a_space(sign: str) -> None:
    assert fold_plain(sign) == b" "


@given(st.text(st.sampled_from(KNOWN)))
def test_a_text_is_folded_letter_by_letter(text: str) -> None:
    plain = fold_plain(text)
    assert plain is not None
    assert decode(plain) == "".join(unify_ta(fold(letter)) for letter in text)
    assert encode(decode(plain)) == plain


@given(any_text)
def test_a_text_with_any_other_character_is_not_folded_so(text: str) -> None:
    plain = fold_plain(text)
    strange = [letter for letter in text if fold_plain(letter) is None]
    assert (plain is None) == bool(strange)


@pytest.mark.parametrize(
    "letter", "\u0653\u0654\u0655\u0670ٱۀەھٹڈڑےۆێڵﻻﷺ﷼かאжşığßⅣ²\ufe76\u0085\ufeff\ud800\ufffe\U0001ee00\u02bc\u3099"
)
def test_a_letter_that_is_not_folded_by_itself_alone_is_not_in_the_table(letter: str) -> None:
    assert fold_plain(f"قصف {letter}") is None


@given(far_text, far_text)
def test_two_texts_are_never_written_alike(one: str, other: str) -> None:
    assert (encode(one) == encode(other)) == (one == other)


@given(far_text, far_text, far_text)
def test_a_text_is_found_where_it_stands_and_nowhere_else(before: str, looked_for: str, behind: str) -> None:
    """So it never begins or ends within a character, or the number of one."""
    assert encode(looked_for) in encode(before + looked_for + behind)
    assert (encode(looked_for) in encode(before + behind)) == (looked_for in before + behind)


@given(far_text, far_text)
def test_what_is_written_together_is_written_one_behind_the_other(one: str, other: str) -> None:
    assert encode(one + other) == encode(one) + encode(other)


def test_the_range_of_letters_is_every_arabic_letter_and_nothing_else() -> None:
    first, last = (int(end.removeprefix(r"\x"), 16) for end in letter_range().split("-"))
    assert bytes(range(first, last + 1)) == encode(LETTERS)
    assert all(fold(letter) == letter for letter in LETTERS)


def test_every_character_has_a_byte_of_its_own() -> None:
    assert len(set(KNOWN)) == len(KNOWN)
    assert len({encode(letter) for letter in KNOWN}) == len(KNOWN)
    assert all(len(encode(letter)) == 1 for letter in KNOWN)


def test_every_other_character_is_written_in_its_own_way() -> None:
    assert len({encode(letter) for letter in KNOWN + _FAR}) == len(KNOWN) + len(_FAR)
