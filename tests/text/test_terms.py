from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor.language import Exact, Name, Starts, Term, Verb, Word
from monitor.text.document import read_text
from monitor.text.terms import Pattern, compile_item, compile_spelling
from tests.text.search import found_in, marked

_KINDS: dict[str, Callable[[str], tuple[Pattern, ...]]] = {
    "term": lambda text: compile_item(Term(text=text)),
    "name": lambda text: compile_item(Name(text=text)),
    "verb": lambda text: compile_item(Verb(text=text)),
    "exact": lambda text: compile_item(Exact(text=text)),
    "starts": lambda text: compile_item(Starts(text=text)),
    "ending": lambda text: (compile_spelling(text, inflected=True),),
}


def _rows() -> list[tuple[str, ...]]:
    lines = (Path(__file__).parent / "finds.tsv").read_text(encoding="utf-8").split("\n")
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]


@pytest.mark.parametrize(("item", "text", "found", "because"), _rows())
def test_an_item_finds_what_its_author_means(item: str, text: str, found: str, because: str) -> None:
    kind, _, term = item.partition(" ")
    assert marked(_KINDS[kind](term), text) == ([] if found == "-" else found.split("·")), because


def test_every_pattern_finds_the_term_as_it_was_written() -> None:
    for item, *_ in _rows():
        kind, _, term = item.partition(" ")
        text = read_text(term)
        assert [(hit.first, hit.last) for hit in found_in(_KINDS[kind](term), text)] == [(0, len(text.tokens))], item


def test_an_occurrence_says_how_its_words_are_made_up() -> None:
    (hit,) = found_in(compile_item(Term(text="اشتباك")), read_text("بعد توقف والاشتباكات مستمرة"))
    assert hit.how == "و+ال+اشتباك+ات"


def test_the_author_of_a_word_adds_plurals_and_parts_of_speech() -> None:
    word = Word(text="خبل", plural=("خبلان",), forms=("noun", "verb"))
    assert marked(compile_item(word), "الخبلان خبل ويخبلون") == ["الخبلان", "خبل", "ويخبلون"]


def test_a_word_that_is_only_a_verb_is_no_noun() -> None:
    assert marked(compile_item(Word(text="خطف", forms=("verb",))), "الخطف ثم خطفوا") == ["خطفوا"]


def test_a_feminine_word_takes_ta() -> None:
    assert marked(compile_item(Word(text="فلاح")), "فلاحة") == []
    assert marked(compile_item(Word(text="فلاح", forms=("noun", "feminine"))), "فلاحة") == ["فلاحة"]


@pytest.mark.parametrize("ban", ["ومدرسة", "مدرسة القيادة", "في مدرسة"])
def test_a_banned_word_is_never_the_word(ban: str) -> None:
    word = compile_item(Word(text="مدرسة", ban=(ban,)))
    assert marked(word, f"{ban} هنا") == []
    assert marked(word, "قرب المدرسة الجديدة") == ["المدرسة"]


def test_the_plural_of_a_word_in_another_script_is_the_authors() -> None:
    assert marked(compile_item(Word(text="man", plural=("men",))), "Men and man") == ["Men", "man"]


def test_plurals_of_a_phrase_are_phrases() -> None:
    word = Word(text="خلية نحل", plural=("خلايا النحل",))
    assert marked(compile_item(word), "خلايا النحل وخلية نحل") == ["خلايا النحل", "وخلية نحل"]


@pytest.mark.parametrize("item", [Term(text=" - "), Name(text=""), Verb(text="…"), Exact(text="ـ"), Starts(text="*")])
def test_an_item_without_a_word_is_refused(item: Term | Name | Verb | Exact | Starts) -> None:
    with pytest.raises(ValueError, match="no word"):
        compile_item(item)


def test_a_word_of_many_hamzas_compiles_to_few_forms() -> None:
    (pattern,) = compile_item(Term(text="ئؤ" * 40))
    assert len(pattern.heads.stems) < 40
