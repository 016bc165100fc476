from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.fold import fold
from monitor.text.twins import twins, twins_of_name

_LINES = [
    line.split("\t")
    for line in (files("monitor.text") / "twins.tsv").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
_SPELLINGS = [fold(spelling.rstrip("-")) for line in _LINES for spelling in line]


@pytest.mark.parametrize("line", _LINES, ids=lambda line: line[0])
def test_a_line_holds_spellings_that_folding_keeps_apart(line: list[str]) -> None:
    assert len({fold(spelling.rstrip("-")) for spelling in line}) == len(line) >= 2
    assert len({spelling.endswith("-") for spelling in line}) == 1


def test_no_spelling_stands_twice() -> None:
    assert len(set(_SPELLINGS)) == len(_SPELLINGS)


@pytest.mark.parametrize("line", _LINES, ids=lambda line: line[0])
def test_twins_are_each_others(line: list[str]) -> None:
    rest = "ون" if line[0].endswith("-") else ""
    words = [spelling.rstrip("-") + rest for spelling in line]
    assert all(set(twins(word)) == set(words) and twins(word)[0] == word for word in words)


@pytest.mark.parametrize(
    ("word", "also"),
    [("أمريكية", "أميركية"), ("امريكي", "أميركي"), ("أميركا", "أمريكا"), ("باليستية", "بالستية")],
)
def test_a_twin_keeps_what_follows(word: str, also: str) -> None:
    assert twins(word) == (word, also)


@pytest.mark.parametrize("word", ["أمير", "صاروخ", "جزئي", "هيئات", "مئتا", "غارة", ""])
def test_a_word_without_a_twin_is_alone(word: str) -> None:
    assert twins(word) == (word,)


def test_every_word_of_a_name_may_be_either_twin() -> None:
    assert twins_of_name("أمريكا وأمريكا") == ("أمريكا وأمريكا", "أميركا وأمريكا")  # a particle is no part of a name
    assert twins_of_name("أمريكا اللاتينية وأوروبا") == ("أمريكا اللاتينية وأوروبا", "أميركا اللاتينية وأوروبا")
    assert set(twins_of_name("الأمريكيون-الأوروبيون")) == {
        "الأمريكيون-الأوروبيون",
        "الأمريكيون-الأوربيون",
        "الأميركيون-الأوروبيون",
        "الأميركيون-الأوربيون",
    }


def test_a_name_of_nothing_but_twins_has_a_bounded_number_of_spellings() -> None:
    assert len(twins_of_name("أمريكا " * 500)) == 64


def test_marks_in_a_name_do_not_hide_its_twin() -> None:
    assert twins_of_name("أَمـريكا")[1:] == ("أميركا",)


@given(st.text())
def test_a_name_is_its_own_first_spelling(name: str) -> None:
    spellings = twins_of_name(name)
    assert fold(spellings[0]) == fold(name)
    assert len({*spellings}) == len(spellings)
