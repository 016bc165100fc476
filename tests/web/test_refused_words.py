"""What refused headlines have in common."""

from __future__ import annotations

import pytest

from monitor.model import Span
from monitor.store.views.rules import Judged
from monitor.web.refused_words import MOST, Shared, shared_words


def wrong(title: str, found: str = "") -> Judged:
    return judged(title, found, is_right=False)


def right(title: str, found: str = "") -> Judged:
    return judged(title, found, is_right=True)


def judged(title: str, found: str, *, is_right: bool) -> Judged:
    at = title.find(found) if found else -1
    spans = (Span(field="title", start=at, end=at + len(found), clause="any: x"),) if at >= 0 else ()
    return Judged(title, spans, is_right)


def told(*headlines: Judged) -> list[tuple[str, int]]:
    return [(each.word, each.headlines) for each in shared_words(headlines)]


def test_a_word_of_several_refused_headlines_is_told_once_however_it_is_dressed() -> None:
    found = told(wrong("ذكرى قصف البلدة"), wrong("في الذكرى السنوية لمعركة المدينة"), wrong("إحياء ذكرى ضحايا الزلزال"))
    assert found == [("ذكرى", 3)]


def test_one_headline_is_not_several_though_it_says_a_word_twice() -> None:
    assert told(wrong("معرض بعد معرض"), wrong("افتتاح جسر")) == []


def test_what_stands_in_a_headline_that_was_right_is_not_told() -> None:
    refused = (wrong("drill at the harbour"), wrong("fire drill in the harbour"))
    assert told(*refused) == [("drill", 2), ("harbour", 2)]
    assert told(*refused, right("shelling of the harbour")) == [("drill", 2)]


def test_what_the_rule_itself_looks_for_is_not_told() -> None:
    refused = (wrong("مسلسل غارة جديد", "غارة"), wrong("نهاية مسلسل الغارة", "الغارة"))
    assert told(*refused) == [("مسلسل", 2)]


@pytest.mark.parametrize("word", ["في", "على", "من", "2026", "12"])
def test_words_that_say_nothing_are_not_told(word: str) -> None:
    assert told(wrong(f"تدشين {word} جسر"), wrong(f"افتتاح {word} متحف")) == []


def test_the_most_shared_come_first_and_not_too_many() -> None:
    letters = "abcdefghijklmnop"
    headlines = [wrong(" ".join(f"word{each}x" for each in letters[:number])) for number in range(1, 16)]
    found = shared_words(headlines)
    assert len(found) == MOST
    assert found[0] == Shared("wordax", 15)
    assert [each.headlines for each in found] == sorted((each.headlines for each in found), reverse=True)


def test_without_refused_headlines_there_is_nothing() -> None:
    assert told(right("a b c"), right("a b c")) == []
