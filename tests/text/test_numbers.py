"""Numbers in words and digits, by a table, and by a grammar that writes every number from 0 to 9,999 in Arabic."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.document import read_text
from monitor.text.numbers import Words, quantities

CASES = [
    # text, least, most
    ("صفر من الناس", None, None),
    ("واحد", 1, 1),
    ("واحدة", 1, 1),
    ("اثنان", 2, 2),
    ("اثنتين", 2, 2),
    ("اثنا عشر", 12, 12),
    ("اثنتي عشرة", 12, 12),
    ("أحد عشر", 11, 11),
    ("إحدى عشرة", 11, 11),
    ("أحد الجنود", None, None),
    ("ثلاثة", 3, 3),
    ("ثلاثٌ", 3, 3),
    ("ثلاثاً", 3, 3),
    ("ثماني", 8, 8),
    ("ثمانٍ", 8, 8),
    ("ثمانية عشر", 18, 18),
    ("ثماني عشرة", 18, 18),
    ("خمسةعشر", 15, 15),
    ("عشرون", 20, 20),
    ("واحد وعشرون", 21, 21),
    ("خمس و عشرين", 25, 25),
    ("وثلاثة وأربعين", 43, 43),
    ("مئة", 100, 100),
    ("مائة", 100, 100),
    ("مائتي", 200, 200),
    ("مئتان وخمسة وثلاثون", 235, 235),
    ("ثلاثمئة", 300, 300),
    ("ثلاث مئة وخمسون", 350, 350),
    ("تسعمائة وتسعة وتسعون", 999, 999),
    ("ألف", 1000, 1000),
    ("ألفان", 2000, 2000),
    ("ألفي شخص", 2000, 2000),
    ("ألفا شخص", 2000, 2000),
    ("ألف وخمسمئة", 1500, 1500),
    ("ثلاثة آلاف", 3000, 3000),
    ("ثلاثون ألفاً", 30_000, 30_000),
    ("اثنا عشر ألفا ومئتان", 12_200, 12_200),
    ("مئة ألف", 100_000, 100_000),
    ("مليون ومئتا ألف", 1_200_000, 1_200_000),
    ("مليونان", 2_000_000, 2_000_000),
    ("مليون و200 ألف", 1_200_000, 1_200_000),
    ("12 ألفا", 12_000, 12_000),
    ("5 آلاف", 5_000, 5_000),
    ("3.5 مليون", None, None),
    ("1,200", 1_200, 1_200),
    ("1.200", 1_200, 1_200),
    ("١٬٢٠٠", 1_200, 1_200),
    ("12,5", None, None),
    ("10/5/2020", None, None),
    ("12:30", None, None),
    ("الـ12", 12, 12),
    ("1234567890123", None, None),
    ("بضعة", 3, 9),
    ("بضعة عشر", 13, 19),
    ("عدة", 3, None),
    ("عدد من", 2, None),
    ("عشرات", 20, None),
    ("العشرات", 20, None),
    ("بالعشرات", 20, None),
    ("مئات", 200, None),
    ("آلاف", 2_000, None),
    ("عشرات الآلاف", 20_000, None),
    ("مئات الآلاف", 200_000, None),
    ("أكثر من عشرين", 21, None),
    ("أكثر من مئة", 101, None),
    ("ما لا يقل عن ٢٠", 20, None),
    ("بما لا يقل عن ثلاثة", 3, None),
    ("ما يزيد على 40", 41, None),
    ("أقل من 10", 0, 9),
    ("نحو ٢٠", 18, 22),
    ("حوالى مئة", 90, 110),
    ("قرابة 50", 45, 55),
    ("خمسة على الأقل", 5, None),
    ("خمسة أو أكثر", 5, None),
    ("عشرة تقريبا", 9, 11),
    ("بين ٣ و٥", 3, 5),
    ("ما بين عشرة وعشرين", 10, 20),
    ("3-5", 3, 5),
    ("٣ إلى ٥", 3, 5),
    ("ثلاثة أو أربعة", 3, 4),
    ("أكثر من عشرات", 20, None),
    ("one", 1, 1),
    ("twelve", 12, 12),
    ("twenty-one", 21, 21),
    ("twenty one", 21, 21),
    ("a hundred", 100, 100),
    ("one hundred and five", 105, 105),
    ("two thousand three hundred and forty-five", 2_345, 2_345),
    ("thirty thousand", 30_000, 30_000),
    ("3 million", 3_000_000, 3_000_000),
    ("2,500", 2_500, 2_500),
    ("a dozen", 12, 12),
    ("half a dozen", 6, 6),
    ("dozens", 20, None),
    ("dozens of", 20, None),
    ("scores", 40, None),
    ("hundreds", 200, None),
    ("tens of thousands", 20_000, None),
    ("several", 3, None),
    ("a couple of", 2, 2),
    ("more than 30", 31, None),
    ("at least three", 3, None),
    ("no fewer than 7", 7, None),
    ("nearly 100", 90, 110),
    ("fewer than ten", 0, 9),
    ("up to 10", 1, 10),
    ("between 10 and 15", 10, 15),
    ("between ten and fifteen", 10, 15),
    ("5 or more", 5, None),
]


def read(text: str) -> list[tuple[int, int | None]]:
    return [(found.least, found.most) for found in quantities(Words(read_text(text)))]


@pytest.mark.parametrize(("text", "least", "most"), CASES, ids=[case[0] for case in CASES])
def test_a_number_is_read(text: str, least: int | None, most: int | None) -> None:
    assert read(text) == ([] if least is None else [(least, most)])


def test_numbers_beside_each_other_stay_apart() -> None:
    assert read("ثلاثة عشر قتيلا وخمسة جرحى، 3 سيارات") == [(13, 13), (5, 5), (3, 3)]
    assert read("مئة. وعشرون غيرهم") == [(100, 100), (20, 20)]
    assert read("five, six or seven") == [(5, 5), (6, 7)]


# --- a grammar of our own, so that the reader is held against something else than its tables -------------------------

ONES = {
    1: ("واحد", "واحدة"),
    2: ("اثنان", "اثنتان"),
    3: ("ثلاثة", "ثلاث"),
    4: ("أربعة", "أربع"),
    5: ("خمسة", "خمس"),
    6: ("ستة", "ست"),
    7: ("سبعة", "سبع"),
    8: ("ثمانية", "ثمان"),
    9: ("تسعة", "تسع"),
    10: ("عشرة", "عشر"),
}
STEMS = {2: "عشر", 3: "ثلاث", 4: "أربع", 5: "خمس", 6: "ست", 7: "سبع", 8: "ثمان", 9: "تسع"}


def below_hundred(number: int, *, feminine: bool, oblique: bool) -> str:
    ending = "ين" if oblique else "ون"
    if number <= 10:
        word = ONES[number][feminine]
        return word.replace("ان", "ين") if oblique and number == 2 else word
    tens, ones = divmod(number, 10)
    if number < 20:
        first = {1: ("أحد", "إحدى"), 2: ("اثني", "اثنتي") if oblique else ("اثنا", "اثنتا")}.get(ones, ONES[ones])
        unit = first[feminine] if ones != 8 or not feminine else "ثماني"
        return f"{unit} {'عشرة' if feminine else 'عشر'}"
    word = f"{STEMS[tens]}{ending}"
    return word if not ones else f"{below_hundred(ones, feminine=feminine, oblique=oblique)} و{word}"


def written(number: int, *, feminine: bool, oblique: bool, hundred: str) -> str:
    thousands, rest = divmod(number, 1000)
    hundreds, below = divmod(rest, 100)
    parts = []
    if thousands:
        dual = "ألفين" if oblique else "ألفان"
        plain = "ألف" if thousands == 1 else dual
        parts.append(plain if thousands < 3 else f"{ONES[thousands][0]} آلاف")
    if hundreds:
        dual = f"{hundred[:-1]}{'تين' if oblique else 'تان'}"
        plain = hundred if hundreds == 1 else dual
        parts.append(plain if hundreds < 3 else f"{STEMS[hundreds]}{hundred}")
    if below:
        parts.append(below_hundred(below, feminine=feminine, oblique=oblique))
    return " و".join(parts)


@given(
    number=st.integers(1, 9_999),
    feminine=st.booleans(),
    oblique=st.booleans(),
    hundred=st.sampled_from(["مئة", "مائة"]),
    before=st.sampled_from(["", "و", "ب", "ل"]),
)
def test_every_number_is_read_as_it_is_written_in_arabic(
    number: int, feminine: bool, oblique: bool, hundred: str, before: str
) -> None:
    text = before + written(number, feminine=feminine, oblique=oblique, hundred=hundred)
    assert read(f"{text}.") == [(number, number)]


@given(number=st.integers(0, 999_999), script=st.sampled_from([0x0660, 0x06F0, 0x0966, 0xFF10]), apart=st.booleans())
def test_digits_of_any_script_are_the_same_number(number: int, script: int, apart: bool) -> None:
    plain = f"{number:,}" if apart else str(number)
    other = "".join(chr(script + int(char)) if char.isdecimal() else char for char in plain)
    assert read(other) == read(plain) == [(number, number)]


@given(st.text("ثلاثة عشرون مئة ألف و 12,.5 بين من إلى more than five-", max_size=60))
def test_any_text_is_read_without_an_error_and_in_order(text: str) -> None:
    found = quantities(Words(read_text(text)))
    assert all(one.last <= other.first for one, other in itertools.pairwise(found))
    assert all(one.most is None or 0 <= one.least <= one.most for one in found)
