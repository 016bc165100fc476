"""What stands in a page of what others wrote."""

from __future__ import annotations

import pytest

from monitor.web.render import calm, foreign


def test_foreign_text_is_cleaned_escaped_and_has_a_direction_of_its_own():
    assert foreign('a\u202e&lt;b&gt; "x"\x00') == '<bdi dir="auto">a &#34;x&#34;</bdi>'
    assert foreign(None) == '<bdi dir="auto"></bdi>'
    assert foreign("1 < 2 & 3") == '<bdi dir="auto">1 &lt; 2 &amp; 3</bdi>'


@pytest.mark.parametrize(
    "text",
    [
        "مُحَمَّدٌ",
        "Việt Nam",
        "שָׁלוֹם",
        "हिन्दी क्षत्रिय",
        "ที่นี่",
        "བོད་སྐད",
        "한국어",
        "﷽",
        "👩‍👩‍👧‍👦🏴",
        "ـــــــــــــــــــــــــــــــ",
    ],
)
def test_no_script_is_changed(text):
    assert calm(text * 30) == text * 30


@pytest.mark.parametrize("mark", ["\u0301", "\u064b", "\u20dd", "\u0489", "\u0600", "\u1100", "\u0651\u064e"])
def test_heaps_of_marks_are_cut_down(mark):
    assert calm(f"<p>ع{mark * 500}</p>") == f"<p>ع{(mark * 500)[:12]}</p>"


def test_letters_that_are_joined_without_end_are_cut_down():
    assert calm("क" + "्क" * 500) == "क" + "्क" * 12
