"""What a rule found in a long text, with some words around."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from monitor.alerts.passages import AROUND, quoted
from monitor.model import Passage, Span

LONG = "كلمة " * 60


def passage(text: str, *found: str, begins: bool = True, ends: bool = True) -> Passage:
    spans = tuple(
        Span(field="body", start=text.index(each), end=text.index(each) + len(each), clause=each) for each in found
    )
    return Passage(text=text, spans=spans, begins=begins, ends=ends)


def marked(line) -> list[str]:
    return [text for text, is_marked in line.pieces() if is_marked]


@pytest.mark.parametrize(
    ("given_", "before", "behind"),
    [
        (passage("قُتل أربعة عمال في الحقل.", "أربعة"), "قُتل", "الحقل."),
        (passage(f"{LONG}قُتل أربعة عمال في الحقل.", "أربعة"), "… كلمة", "الحقل."),
        (passage(f"قُتل أربعة عمال {LONG}", "أربعة"), "قُتل", "كلمة …"),
        (passage("لمة قُتل أربعة عما", "أربعة", begins=False, ends=False), "… لمة", "عما …"),
    ],
)
def test_a_quote_says_where_it_leaves_something_out(given_, before, behind):
    line = quoted(given_)
    assert line.text.startswith(before)
    assert line.text.endswith(behind)
    assert marked(line) == ["أربعة"]


def test_all_that_was_found_is_marked_as_whole_words_and_markup_is_gone():
    line = quoted(passage("<p>بغارة على <b>البلدة</b> قُتل أربعة</p>", "غارة", "أربعة"))
    assert line.text == "بغارة على البلدة قُتل أربعة"
    assert marked(line) == ["بغارة", "أربعة"]


@given(some.text("ab <&;ج ", max_size=400), some.integers(0, 400), some.integers(1, 30), some.booleans())
def test_a_quote_is_never_long_and_has_what_was_found_or_is_none(text, at, length, begins):
    span = Span(field="body", start=min(at, len(text)), end=min(at + length, len(text)), clause="x")
    line = quoted(Passage(text=text, spans=(span,), begins=begins, ends=True))
    assert bool(line) == bool(line.runs)
    longest_word = max(map(len, line.text.split()), default=0)
    assert len(line.text) <= 2 * AROUND + length + 2 * longest_word + 4
    assert all(0 <= start < end <= len(line.text) for start, end in line.runs)
