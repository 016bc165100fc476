"""What the pages say, they say in both languages."""

from __future__ import annotations

from importlib import import_module
from string import Formatter

import pytest

from monitor.web import words


def names(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("module", words.MODULES)
def test_every_text_stands_in_both_languages_with_the_same_figures(module):
    table = import_module(f"monitor.web.words.{module}")
    assert table.AR.keys() == table.EN.keys()
    assert {key: names(text) for key, text in table.AR.items()} == {key: names(text) for key, text in table.EN.items()}


def test_no_key_stands_in_two_modules():
    keys = [key for name in words.MODULES for key in import_module(f"monitor.web.words.{name}").EN]
    assert len(keys) == len(set(keys))


def test_a_text_is_filled_in():
    assert words.text("en", "product") == "monitor"
    with pytest.raises(KeyError):
        words.text("en", "no such text")
