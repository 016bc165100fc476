"""Which alternate names of GeoNames are spellings."""

from __future__ import annotations

import pytest

from monitor.lexicon import alternates
from monitor.lexicon.alternates import arabic_name, is_arabic, junk, takes_endings, tidy


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("İzmir", ""),
        ("Nag Hammâdi", ""),
        ("‘Ajlūn", ""),
        ("Saint-Denis", ""),
        ("القاهرة", ""),
        ("کی‌یف", ""),
        ("Дейр-эз-Зор", ""),
        ("이스탄불", ""),
        ("IST", alternates.CODE),
        ("TRIST", alternates.CODE),
        ("Ankyra (Ankyra)", alternates.SIGNS),
        ("6th of October", alternates.SIGNS),
        ("Berlin/Mitte", alternates.SIGNS),
        ("Stambұl", alternates.MIXED),
        ("İsпarta", alternates.MIXED),
        ("伊斯坦堡", alternates.UNSPACED),
        ("イスタンブール", alternates.UNSPACED),
        ("อังการา", alternates.UNSPACED),
        ("yi si tan bao", alternates.ROMANISED),
        ("astanbwl", alternates.ROMANISED),
        ("ʿmman", alternates.ROMANISED),
    ],
)
def test_what_is_no_spelling_is_told_by_its_reason(name: str, reason: str) -> None:
    assert junk(name) == reason


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("  قره  حصار ", "قره حصار"),
        ("قره \u200cحصار", "قره حصار"),
        ("کی\u200cیف", "کی\u200cیف"),
        ("القـــدس", "القدس"),
        ("\u200fعمان\u200e", "عمان"),
        ("A\u0301bo", "Ábo"),
        ("Zo\u00adna", "Zona"),
    ],
)
def test_a_name_is_left_without_what_nobody_sees(written: str, left: str) -> None:
    assert tidy(written) == left


@pytest.mark.parametrize(
    ("latin", "names", "chosen"),
    [
        ("Ankara", ["آنقره", "أنقرة", "انقره", "آنکارا"], "أنقرة"),
        ("Gaziantep", ["عنتاب", "غازي عنتاب"], "غازي عنتاب"),
        ("Giza", ["جيزة", "الجيزة", "جیزه"], "الجيزة"),
        ("Istanbul", ["استانبول", "اسطنبول", "İstanbul"], "اسطنبول"),
        ("Tehrān", ["تێهران"], ""),
        ("Anywhere", [], ""),
    ],
)
def test_the_arabic_name_is_the_one_that_sounds_and_looks_most_like_it(
    latin: str, names: list[str], chosen: str
) -> None:
    assert arabic_name(names, latin) == arabic_name(reversed(names), latin) == chosen


def test_names_in_languages_with_endings_are_told_from_arabic_ones() -> None:
    assert [name for name in ("Анкара", "ئەنقەرە", "گرگان", "أنقرة", "Ankara", "אנקרה") if takes_endings(name)] == [
        "Анкара", "ئەنقەرە", "گرگان",
    ]  # fmt: skip
    assert is_arabic("أنقرة")
    assert not is_arabic("Ankara")
