"""Spellings of places that are something else as well: what is taken for the place, and what is not."""

from __future__ import annotations

import pytest

from monitor.language import Name, Plain, Starts, Term
from monitor.text.document import read_text
from monitor.text.guarded import NEAR, covers
from monitor.text.patterns import Pattern
from monitor.text.terms import compile_context, compile_spelling
from tests.text.search import marked

MANBIJ: tuple[Plain, ...] = (Term(text="منبج"), Name(text="درع الفرات"), Starts(text="جرابل"))


def find(pattern: Pattern, text: str) -> list[str]:
    return marked([pattern], text)


CONTEXT = [
    # text, what is found, because
    ("انفجار في الباب ومقتل شرطي في منبج", ["الباب"], "a word of the context behind it"),
    ("بين منبج والباب طريق مقطوع", ["والباب"], "before it, with particles on both"),
    ("قادة درع الفرات يجتمعون في الباب", ["الباب"], "a name of two words"),
    ("أغلق الباب خلفه", [], "a door"),
    ("فتحت المحكمة الباب أمام الطعون", [], "nothing of its surroundings"),
    ("رتل من جرابلس إلى الباب", ["الباب"], "the beginning of a word"),
    ("منبج. أما الباب فهادئة", ["الباب"], "the end of a sentence does not part them"),
    ("باب الحي في منبج", [], "the spelling itself must be there"),
]


@pytest.mark.parametrize(("text", "found", "because"), CONTEXT)
def test_a_guarded_spelling_counts_near_its_context(text: str, found: list[str], because: str) -> None:
    pattern = compile_spelling("الباب", context=compile_context(MANBIJ))
    assert find(pattern, text) == found, because


@pytest.mark.parametrize("side", ["before", "behind"])
def test_context_counts_so_many_words_off_and_no_further(side: str) -> None:
    pattern = compile_spelling("الباب", context=compile_context(MANBIJ))
    for gap, found in ((NEAR, ["الباب"]), (NEAR + 1, [])):
        words = ["منبج", *["كلمة"] * gap, "الباب"]
        assert find(pattern, " ".join(words if side == "before" else reversed(words))) == found


def test_a_spelling_does_not_vouch_for_itself() -> None:
    context = compile_context((Name(text="تل أبيض"), Term(text="أبيض")))
    pattern = compile_spelling("تل أبيض", context=context)
    assert find(pattern, "في تل أبيض مساء") == []
    assert find(pattern, "ثوب أبيض في تل أبيض") == ["تل أبيض"]


def test_a_guarded_spelling_without_any_context_is_never_found_by_itself() -> None:
    assert find(compile_spelling("الباب", context=compile_context(())), "في الباب ومنبج") == []


def test_a_guarded_spelling_may_take_endings() -> None:
    pattern = compile_spelling("Mare", inflected=True, context=compile_context((Name(text="Halep"),)))
    assert find(pattern, "Halep yolunda Marede patlama") == ["Marede"]
    assert find(pattern, "Marede") == []


BANNED = [
    # spelling, ban, text, found, because
    ("حماة", "حماة الوطن", "تدريب حماة الوطن في ريف حماة", ["حماة"], "the ban stands over the first alone"),
    ("حماة", "حماة الوطن", "وحماة الوطن في لحماة الوطن", [], "particles before the first of several words"),
    ("حماة", "حماة الوطن", "حماه الوطن", [], "dots dropped"),
    ("حماة", "حماة الوطن", "هدوء في حماة. الوطن للجميع", ["حماة"], "the end of a sentence parts its words"),
    ("لحج", "للحج", "استعدادا للحج", [], "one word"),
    ("حماة", "حماة الوطن", "كحماة الوطن", [], "whatever particle it is"),
    ("حلب", "حلب", "حلب وحلب بحلب", ["بحلب"], "one word as it stands, and behind و"),
    ("لحج", "للحج", "وللحج موسم", [], "و before one word"),
    ("لحج", "للحج", "اشتباك في لحج", ["لحج"], "the place"),
    ("حمص", "صحن حمص شامي", "صحن حمص شامي", [], "inside a longer one"),
    ("دير الزور", "الزور بهتان", "دير الزور بهتان", [], "over the end of a longer spelling"),
    ("حلب", "حلب الأبقار", "في حلب", ["حلب"], "cut off by the end of the text"),
]


@pytest.mark.parametrize(("spelling", "ban", "text", "found", "because"), BANNED)
def test_over_a_ban_no_spelling_is_the_place(
    spelling: str, ban: str, text: str, found: list[str], because: str
) -> None:
    assert find(compile_spelling(spelling, ban=(ban,)), text) == found, because


def test_a_ban_holds_near_the_context_too() -> None:
    pattern = compile_spelling("حماة", ban=("حماة الوطن",), context=compile_context((Term(text="سوريا"),)))
    assert find(pattern, "حماة الوطن في سوريا") == []
    assert find(pattern, "حماة في سوريا") == ["حماة"]


def test_how_a_guarded_spelling_was_taken_names_what_vouched_for_it() -> None:
    pattern = compile_spelling("الباب", context=compile_context(MANBIJ))
    found = pattern.at(read_text("بالباب وفي منبج"), 0)
    assert found is not None
    assert found.how == "ب+الباب (near «منبج»)"


def test_a_ban_covers_the_spellings_that_it_stands_within() -> None:
    assert covers("الوطن", "حماة الوطن")
    assert covers("حماة الوطن", "حماة الوطن")
    assert not covers("حماة الوطن", "حماة")
    assert not covers("للحج", "لحج")
