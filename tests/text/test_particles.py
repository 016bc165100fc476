from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.text.particles import parses, remainders

_READINGS = [
    ("مطار", {"مطار"}),
    ("والمطار", {"والمطار", "المطار", "مطار"}),
    ("وبالمطار", {"وبالمطار", "بالمطار", "المطار", "مطار"}),
    ("للمطار", {"للمطار", "لمطار", "المطار", "مطار", "اللمطار"}),
    ("للاجئين".replace("ئ", "ء"), {"للاجءين", "لاجءين", "الاجءين", "اجءين", "اللاجءين"}),
    ("فكتب", {"فكتب", "كتب", "تب"}),
    ("سيارة", {"سيارة"}),
    ("أمام".replace("أ", "ا"), {"امام"}),
    ("و", {"و"}),
    ("ال", {"ال"}),
    ("كلغم", {"كلغم"}),
    ("وكلغم", {"وكلغم", "كلغم"}),
    ("فيصل", {"فيصل"}),
    ("שבדמשק", {"שבדמשק", "בדמשק", "דמשק"}),
    ("ש", {"ש"}),
    ("wall", {"wall"}),
]


@pytest.mark.parametrize(("word", "rests"), _READINGS)
def test_every_reading_of_a_word_is_given(word: str, rests: set[str]) -> None:
    assert {parse.rest for parse in parses(word)} == rests


def test_a_reading_says_what_was_taken() -> None:
    readings = {parse.how("…") for parse in parses("وبالمطار")}
    assert readings == {"…", "و+…", "و+ب+…", "و+ب+ال+…"}


@pytest.mark.parametrize(
    ("word", "rest", "likely"),
    [
        ("كتل", "تل", False),
        ("كمطار", "مطار", True),
        ("فسرت", "سرت", False),
        ("فمطار", "مطار", True),
        ("وتل", "تل", True),
    ],
)
def test_a_particle_that_begins_many_words_needs_a_longer_one(word: str, rest: str, likely: bool) -> None:
    assert all(parse.is_likely is likely for parse in parses(word) if parse.rest == rest)


def test_no_reading_is_empty() -> None:
    assert all(parse.rest for word in ("وال", "بال", "لل", "وب", "ولل", "فبال", "ו", "שב") for parse in parses(word))


@given(st.text("وفبلكاهحجدرمنسיתובלמהשכאab1", min_size=1, max_size=9))
@example("للحج")
@example("وفيصل")
@example("كلغم")
@example("ولللاجئين")
def test_the_quick_way_gives_what_the_parses_leave(word: str) -> None:
    assert set(remainders(word)) == {parse.rest for parse in parses(word)}
    assert remainders(word)[0] == word or word not in {parse.rest for parse in parses(word)}
