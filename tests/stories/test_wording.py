from __future__ import annotations

import pytest

from monitor.stories.marks import days_before, marks
from monitor.stories.names import sounds
from monitor.stories.spots import differ
from monitor.stories.wording import hashed, is_of_any_language, is_rare, numbered, stem
from monitor.text.document import read_text
from tests.stories.reading import AT, report


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("اشتباكات", "الاشتباك"), ("والطائرات", "طائرات"), ("جرحى", "الجرحى"), ("strikes", "striking"), ("بالمدينة", "مدينة")],
)  # fmt: skip
def test_forms_of_a_word_have_one_stem(one, other):
    (first,), (second,) = read_text(one).words, read_text(other).words
    assert stem(first) == stem(second)


@pytest.mark.parametrize("word", ["في", "قال", "وكالة", "the", "said", "ve", "الاثنين", "monday", "и"])
def test_words_that_say_nothing_are_not_kept(word):
    assert not any(hashed(each) for each in read_text(word).words)


@pytest.mark.parametrize("word", ["زفتايا", "kutupalong"])
def test_a_word_that_news_seldom_has_says_much_and_belongs_to_its_language(word):
    assert is_rare(hashed(word))
    assert not is_of_any_language(hashed(word))


def test_tens_behind_a_unit_make_one_number():
    assert list(numbered(read_text("ثلاثة عشر جنديا وخمسة").words)) == ["13", "جنديا", "وخمسه"]
    assert list(numbered(["خمسه", "رجال"])) == ["5", "رجال"]
    assert list(numbered(["خمسه"])) == ["5"]


@pytest.mark.parametrize(
    ("arabic", "latin"),
    [("قطر", "Qatar"), ("كفردجال", "Kfar Dajjal"), ("بدنايل", "Bednayel"), ("شبوة", "Shabwa"), ("الغارية", "Ghariyah")],
)  # fmt: skip
def test_a_name_sounds_the_same_in_both_scripts(arabic, latin):
    assert sounds(read_text(arabic).words[0].removeprefix("ال")) == sounds(latin.replace(" ", ""))


@pytest.mark.parametrize(("one", "other"), [("حمص", "حماة"), ("Tyre", "Sidon"), ("مسكنة", "خان أرنبة")])
def test_other_names_sound_otherwise(one, other):
    assert sounds(one) != sounds(other)


def test_two_villages_differ_unless_the_other_text_knows_the_name():
    one, other = report("هجوم في قرية زفتايا"), report("هجوم في قرية مرجونا")
    assert differ(one.spots, other.spots, one.names, other.names)
    knows = report("هجوم في قرية مرجونا", "وصل سكان زفتايا للمساعدة")
    assert not differ(one.spots, knows.spots, one.names, knows.names)
    assert not differ(one.spots, frozenset(), one.names, frozenset())


@pytest.mark.parametrize(
    ("title", "mark"),
    [
        ("تجدد القصف على البلدة", "again"), ("قصف للمرة الثانية", "again"), ("Renewed shelling of the town", "again"),
        ("قصف البلدة مساء أمس", "yesterday"), ("Town shelled overnight", "yesterday"), ("مباراة تنتهي باشتباكات", "sport"),
        ("الوزارة تدين القصف", "speech"), ("أسعار الخضار اليوم", "roundup"), ("ارتفاع حصيلة القصف", "follow-up"),
        ("تحليل: ماذا بعد القصف", "analysis"), ("الإفراج عن الراعي", "freed"), ("اعتقال الراعي", "taken"),
        ("قصف شرق البلدة", "east"), ("قصف يوم الثلاثاء", "day 1"), ("Shelled on Wednesday", "day 0"),
    ],
)  # fmt: skip
def test_a_text_says_of_its_time_and_kind(title, mark):
    assert mark in marks(read_text(title).words, (), told_at=AT)


def test_what_stands_far_down_is_background():
    prose = ("كلمة",) * 60 + ("امس",)
    assert "yesterday" not in marks(("قصف",), prose, told_at=AT)
    assert "speech" not in marks(("قصف",), ("تدين",), told_at=AT)


def test_two_weekdays_tell_no_day():
    assert days_before(marks(read_text("بين الاثنين والثلاثاء").words, (), told_at=AT)) in (None, 2)
    assert days_before(marks(read_text("قصف الاثنين و الثلاثاء").words, (), told_at=AT)) is None
    assert days_before(frozenset({"yesterday"})) == 1
