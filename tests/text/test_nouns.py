from __future__ import annotations

from importlib.resources import files

import pytest

from monitor.text.affixes import noun_forms
from monitor.text.fold import fold
from monitor.text.nouns import is_broken_plural, noun_entry


def _rows() -> list[list[str]]:
    lines = (files("monitor.text") / "nouns.tsv").read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if not line.startswith("#")]


def test_the_table_has_a_broken_plural_for_the_common_news_nouns() -> None:
    assert sum(len(row) > 1 and row[1] != "" for row in _rows()) >= 120


def test_no_noun_stands_twice() -> None:
    nouns = [fold(row[0]) for row in _rows()]
    assert [noun for noun in nouns if nouns.count(noun) > 1] == []


def test_every_line_says_something() -> None:
    for noun, *rest in _rows():
        entry = noun_entry(noun)
        assert entry.plurals or entry.never or "".join(rest[1:2]), noun
        assert set("".join(rest[1:2])) <= set("fmdhyw"), noun


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0])
def test_every_plural_of_the_table_is_found_with_article_and_possessive(row: list[str]) -> None:
    forms = noun_forms(row[0])
    for plural in noun_entry(row[0]).plurals:
        behind_article = plural.removeprefix("ال")
        assert fold(behind_article) in forms.definite
        assert (fold(plural) in forms.bare) == (behind_article == plural)
        if behind_article != plural:
            continue
        assert sum(form.startswith(fold(plural)[:-1]) for form in forms.bare) >= 5, plural


def test_a_noun_is_known_however_it_is_spelled() -> None:
    assert noun_entry("لُغْم") == noun_entry("لغم")
    assert "أسرى" in noun_entry("اسير").plurals


def test_a_plural_is_known_as_such() -> None:
    assert is_broken_plural("ألغام")
    assert not is_broken_plural("لغم")
    assert not is_broken_plural("مطار")
