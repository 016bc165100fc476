"""What changed between two texts, word by word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text import differences as module
from monitor.text.differences import differences

CASES = [
    ("the same", "غارة على البلدة", "غارة على البلدة", "غارة على البلدة"),
    ("a figure", "مقتل 3 مدنيين", "مقتل 6 مدنيين", "مقتل [-3 -][+6 +]مدنيين"),
    ("at the end", "strike on the town", "strike on the town, 4 killed", "strike on the town[+, 4 killed+]"),
    ("at the beginning", "strike on the town", "Update: strike on the town", "[+Update: +]strike on the town"),
    ("words side by side change as one", "a b c d", "a x y d", "a [-b c -][+x y +]d"),
    ("marks belong to their letters", "قُتل رجل", "قَتل رجل", "[-قُتل -][+قَتل +]رجل"),
    ("from nothing", "", "غارة", "[+غارة+]"),
    ("to nothing", "غارة", "", "[-غارة-]"),
    ("nothing at all", "", "", ""),
    ("a word that stays does not grow together with one that goes", "a b", "a", "a[- b-]"),
    ("white space alone", "a  b", "a b", "a b"),
]


def told(before: str, after: str) -> str:
    signs = {"same": "{}", "deleted": "[-{}-]", "inserted": "[+{}+]"}
    return "".join(signs[change].format(text) for change, text in differences(before, after))


@pytest.mark.parametrize(("before", "after", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_reader_sees_what_was_taken_out_and_what_came_in(before, after, expected):
    assert told(before, after) == expected


texts = st.text(alphabet="ab اُ.\n", max_size=60)


@given(texts, texts)
def test_both_texts_can_be_read_out_of_it(before, after):
    found = differences(before, after)
    assert "".join(text for change, text in found if change != "deleted") == after
    read = "".join(text for change, text in found if change != "inserted")
    assert "".join(read.split()) == "".join(before.split())
    assert all(text for _, text in found)


def test_long_texts_that_have_little_in_common_are_told_whole(monkeypatch):
    monkeypatch.setattr(module, "MOST", 4)
    assert told("same a b c d e end", "same v a w x y end") == "same [-a b c d e -][+v a w x y +]end"
