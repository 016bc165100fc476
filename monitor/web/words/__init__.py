"""What the pages say, in Arabic and English: a module for each page, with `AR` and `EN` of the same keys, found by
lying here."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from pkgutil import iter_modules
from typing import Final

from monitor.alerts.words import Language

MODULES: Final = tuple(sorted(each.name for each in iter_modules(__path__)))


def _gathered() -> Mapping[Language, Mapping[str, str]]:
    tables: dict[Language, dict[str, str]] = {"ar": {}, "en": {}}
    for name in MODULES:
        module = import_module(f"{__name__}.{name}")
        tables["ar"] |= module.AR
        tables["en"] |= module.EN
    return tables


TEXTS: Final = _gathered()


def text(language: Language, key: str, **told: object) -> str:
    """`{name}` in a text is filled in. Raises KeyError for a key that no module has."""
    found = TEXTS[language][key]
    return found.format(**told) if told else found


def counted(language: Language, key: str, count: int) -> str:
    """What is counted, in the form that its number takes: a text of the forms, parted by `|`, each with `{count}` or
    without. In English one and more; in Arabic none, one, two, a few, many, and round hundreds.

    Unicode's plural rules: https://www.unicode.org/cldr/charts/latest/supplemental/language_plural_rules.html
    """
    forms = TEXTS[language][key].split("|")
    return forms[(_arabic if language == "ar" else _english)(count)].format(count=f"{count:,}")


def _english(count: int) -> int:
    return 0 if count == 1 else 1


def _arabic(count: int) -> int:
    if count <= 2:
        return count
    last = count % 100
    return 3 if 3 <= last <= 10 else 4 if last >= 11 else 5
