"""What the pages say, they say in both languages."""

from __future__ import annotations

import re
from importlib import import_module, resources
from string import Formatter

import pytest

from monitor.web import words

TEMPLATES = sorted(
    (each for each in (resources.files("monitor.web") / "templates").iterdir() if each.name.endswith(".html")),
    key=lambda each: each.name,
)
# t("key", one=…, two=…) with a key that stands there whole; what is behind '~' is made while the page is.
ASKED = re.compile(r"""\bt\(\s*["']([\w.-]+)["']\s*[,)]""")


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


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda each: each.name)
def test_every_text_that_a_template_asks_for_is_there(template):
    asked = set(ASKED.findall(template.read_text(encoding="utf-8")))
    assert asked <= words.TEXTS["en"].keys()


def test_a_text_is_filled_in():
    assert words.text("en", "product") == "monitor"
    with pytest.raises(KeyError):
        words.text("en", "no such text")


@pytest.mark.parametrize(
    ("count", "arabic", "english"),
    [
        (0, "لا تنبيهات", "0 alerts"),
        (1, "تنبيه واحد", "1 alert"),
        (2, "تنبيهان", "2 alerts"),
        (3, "3 تنبيهات", "3 alerts"),
        (10, "10 تنبيهات", "10 alerts"),
        (11, "11 تنبيهًا", "11 alerts"),
        (99, "99 تنبيهًا", "99 alerts"),
        (100, "100 تنبيه", "100 alerts"),
        (101, "101 تنبيه", "101 alerts"),
        (102, "102 تنبيه", "102 alerts"),
        (1003, "1,003 تنبيهات", "1,003 alerts"),
    ],
)
def test_what_is_counted_takes_the_form_of_its_number(count, arabic, english):
    assert words.counted("ar", "count.alerts", count) == arabic
    assert words.counted("en", "count.alerts", count) == english


COUNTED = [key for key, text in words.TEXTS["en"].items() if "{count}" in text and "|" in text]


@pytest.mark.parametrize("key", COUNTED)
def test_what_is_counted_has_all_its_forms(key):
    assert words.TEXTS["en"][key].count("|") == 1
    assert words.TEXTS["ar"][key].count("|") == 5
