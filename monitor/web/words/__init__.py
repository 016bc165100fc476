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
