from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.fold import fold, fold_spelled, spell, unify_ta

_TRICKY = "اأإآٱىيیئؤءةهۀەکك\u0640\u064b\u0651\u0654\u0655\u0670\u0345\u200c\u200d\u200f\ufe70\ufc5eﻵ"
_TRICKY += "ﷲıİßſΣς\u1100\u1161か\u3099क़"
any_text = st.text(st.one_of(st.sampled_from(_TRICKY), st.characters(exclude_categories=[])), max_size=30)


def _rows() -> list[tuple[str, ...]]:
    lines = (Path(__file__).parent / "fold.tsv").read_text(encoding="utf-8").split("\n")
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("text", "expected", "because"), _rows())
def test_spellings_of_one_word_fold_alike(text: str, expected: str, because: str) -> None:
    assert fold(text) == expected, because


def test_folding_twice_is_folding_once_for_every_code_point() -> None:
    for start in range(0, sys.maxunicode + 1, 256):
        once = fold(" ".join(map(chr, range(start, start + 256))))
        assert fold(once) == once, f"near U+{start:04X}"


def test_folding_twice_is_folding_once_beside_a_letter() -> None:
    for before, after in (("ي", "ء"), ("ا", "\u0654"), ("e", "\u0301"), ("か", "\u3099")):
        texts = (fold(f"{before}{chr(code)}{after}") for code in range(0x3100))
        assert [once for once in texts if fold(once) != once] == []


@given(any_text)
def test_folding_twice_is_folding_once(text: str) -> None:
    once = fold(text)
    assert fold(once) == once


@given(any_text)
def test_folded_text_has_no_control_character_but_plain_spaces(text: str) -> None:
    folded = fold(text)
    assert all(char == " " or not char.isspace() for char in folded)
    assert not any(char < " " or "\ud800" <= char <= "\udfff" for char in folded)


def test_spelling_keeps_the_letters_that_folding_makes_one() -> None:
    assert spell("إِنْفـاقٌ") == "إنفاق"
    assert spell("ﺇﻧﻔﺎﻕ") == "إنفاق"
    assert spell("ا\u0655نفاق على") == "إنفاق على"


@given(any_text)
def test_what_is_spelled_folds_as_what_was_written(text: str) -> None:
    assert fold_spelled(spell(text)) == fold(spell(text))


def test_ta_and_ha_are_one_only_when_asked() -> None:
    assert fold("نفقة") != fold("نفقه")
    assert unify_ta(fold("نفقة")) == unify_ta(fold("نفقه"))
