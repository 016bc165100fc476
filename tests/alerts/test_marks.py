from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monitor.alerts import marks
from monitor.alerts.clean import one_line
from monitor.alerts.marks import Marked, shown
from monitor.model import Span
from monitor.text.clean import display

TEXTS = st.text() | st.lists(
    st.sampled_from(["قصف", "و", " ", "<b>", "</b>", "&amp;", "&#x200f;", "@x", "\u200b", "\u0651", ".co", "\n"]),
    max_size=20,
).map("".join)  # fmt: skip


def span(text: str, word: str) -> Span:
    start = text.index(word)
    return Span(field="title", start=start, end=start + len(word), clause="x")


def strong(text: str, *words: str) -> list[str]:
    return [piece for piece, marked in shown(text, [span(text, word) for word in words]).pieces() if marked]


@pytest.mark.parametrize(
    ("text", "found", "marked", "because"),
    [
        ("دوي واشتباكات", "اشتباكات", "واشتباكات", "what is written together with it belongs to it"),
        ("وبالمطار", "مطار", "وبالمطار", "several particles too"),
        ("قُصِفَ الجسر", "قُصِف", "قُصِفَ", "marks belong to their letter"),
        ("قصف&nbsp;الجسر", "قصف", "قصف", "an escape is no letter"),
        ("<b>ق</b>صف", "ق", "قصف", "markup is none either"),
        ("قصف (الجسر)", "جسر", "الجسر", "brackets stay outside"),
        ("shelling-hit", "hit", "shelling-hit", "a hyphen joins"),
        ("دير الزور", "دير الزور", "دير الزور", "a name of two words is one run"),
    ],
)
def test_whole_words_are_marked(text, found, marked, because):
    assert strong(text, found) == [marked], because


def test_runs_that_meet_are_one():
    assert strong("واشتباكات", "و", "اشتباكات") == ["واشتباكات"]
    assert strong("قصف مطار", "قصف", "مطار") == ["قصف", "مطار"]


def test_what_is_no_word_is_not_marked():
    assert strong("قصف 🔥 ليلا", "🔥") == []


@given(TEXTS, st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20))))
@example("A\x1bA", [(0, 1)])
def test_marks_change_nothing_of_the_text_and_cut_no_word(text, places):
    spans = [Span(field="title", start=start, end=start + length, clause="x") for start, length in places]
    marked = shown(text, spans)
    assert marked.text == shown(text).text
    assert "".join(piece for piece, _ in marked.pieces()) == marked.text
    for start, end in marked.runs:
        assert 0 <= start < end <= len(marked.text)
        inside = marked.text[start - 1 : start + 1], marked.text[end - 1 : end + 1]
        assert not any(len(pair) == 2 and pair.isalpha() for pair in inside if start or pair is inside[1])


@given(TEXTS | st.text(" \n\tقab\u200b@", max_size=30), st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9))))
def test_a_line_is_the_same_whichever_way_it_is_made(text, places):
    runs = sorted((start, start + length) for start, length in places)
    assert marks._flattened(text, runs) == marks._flattened_by_character(text, runs)


@given(TEXTS)
def test_what_is_shown_is_the_display_as_one_harmless_line(text):
    assert shown(text).text.replace("\u2060", "") == one_line(display(text)).replace("\u2060", "")


@given(st.text("قصف ab", max_size=60), st.integers(2, 40))
def test_a_cut_keeps_its_marks_within(text, room):
    marked = Marked(text, ((0, len(text)),) if text else ()).cut(room)
    assert len(marked.text) <= room or marked.text == text
    assert all(end <= len(marked.text) for _, end in marked.runs)
