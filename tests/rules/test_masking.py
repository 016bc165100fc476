from __future__ import annotations

import sys
import unicodedata

import pytest

from monitor.rules.characters import invisible
from monitor.rules.masking import mask, printable
from monitor.rules.secrets import Reference, references

MASKED = [
    ("url: slack://TokenA/TokenB/TokenC", "url: slack://***"),
    ("url: tgram://123456789:AAbbCCdd/55", "url: tgram://***"),
    ("url: mailtos://me:pw@mail.example.org?to=a", "url: mailtos://***"),
    ("url: https://me:pw@news.example.org/rss", "url: https://***"),
    ("url: https://news.example.org/rss?key=1", "url: https://news.example.org/***"),
    ("url: https://news.example.org", "url: https://news.example.org"),
    ("url: https://tokenwithoutdots/x", "url: https://***"),
    ("url: slack://${A}", "url: slack://${A}"),
    ("Authorization: Bearer abc", "Authorization: ***"),
    ("X-Api-Key: abc", "X-Api-Key: ***"),
    ("token: ${TOKEN}", "token: ${TOKEN}"),
    ("note: xoxb-1234567890-abcdefghij", "note: ***"),
    ("id: dez-airport-clashes-2026", "id: dez-airport-clashes-2026"),
    ("- اشتباكات قرب مطار دير الزور", "- اشتباكات قرب مطار دير الزور"),
]


@pytest.mark.parametrize(("line", "shown"), MASKED)
def test_a_line_is_shown_without_its_secrets(line: str, shown: str) -> None:
    assert mask(line) == shown


def test_masking_a_very_long_line_shows_none_of_it() -> None:
    assert mask("a" * 1_000_000) == "(1,000,000 characters)"


def test_what_nobody_can_see_is_spelled_out() -> None:
    assert printable("a\u202eb\x1b[31m\tc\u00a0d") == "a<U+202E>b<U+001B>[31m<tab>c<U+00A0 NO-BREAK SPACE>d"


def test_every_format_control_and_space_character_of_unicode_counts_as_invisible() -> None:
    drawn = {
        *"\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2"
    }  # signs that enclose digits or words
    unseen = {
        chr(code)
        for code in range(0x80, sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in ("Cf", "Cc", "Zs", "Zl", "Zp") and chr(code) not in drawn
    }
    assert {char for char in unseen if not any(invisible(f" {char} "))} == set()


@pytest.mark.parametrize("char", ["ا", "é", "ё", "ש", "中", "ّ", "ـ", "،", "«", "😀", "ی", "ێ", "ı"])
def test_what_is_written_in_the_languages_of_the_region_is_visible(char: str) -> None:
    assert list(invisible(f"a{char}b")) == []


def test_joiners_belong_inside_words_and_nowhere_else() -> None:
    assert list(invisible("می‌شود")) == []
    assert [name for _, name in invisible("می‌ شود")] == ["U+200C ZERO WIDTH NON-JOINER"]


def test_references_are_found_in_order() -> None:
    assert references("a${B}c${file:/d e}") == (Reference("B"), Reference("/d e", file=True))
