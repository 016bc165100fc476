"""What is known of one place, in words for people."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from monitor.language import Exact, KnownPlace, Plain, Starts, Term, Verb, Word
from monitor.language import Name as ProperName
from monitor.lexicon.data import place_records
from monitor.text.guess import guess_language

# Told from Arabic by their letters; short names in Kurdish may have none that Persian has not.
_LANGUAGES = {"fa": "Persian or Kurdish", "ckb": "Kurdish", "ur": "Urdu"}


class Guard(NamedTuple):
    spelling: str
    behind: tuple[str, ...]
    near: tuple[str, ...]


def coordinates(place_id: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees (WGS 84) of a shipped place; None of one's own, whose language has none."""
    for record in place_records():
        if record["id"] == place_id:
            return float(record["lat"]), float(record["lon"])
    return None


def by_script(spellings: Sequence[str]) -> dict[str, list[str]]:
    """In their order, under 'Latin', 'Arabic', 'Kurdish', 'Cyrillic' …"""
    found: dict[str, list[str]] = {}
    for spelling in spellings:
        found.setdefault(script_of(spelling), []).append(spelling)
    return found


def script_of(spelling: str) -> str:
    first = next((char for char in spelling if char.isalpha()), "")
    script = unicodedata.name(first, "OTHER").split(" ")[0].capitalize()
    return _LANGUAGES.get(guess_language(spelling), script) if script == "Arabic" else script


def announcers(place: KnownPlace) -> dict[str, list[str]]:
    """By guarded spelling: the words behind which it is the place."""
    return {
        guarded: [text.removesuffix(f" {guarded}") for text in place.announced if text.endswith(f" {guarded}")]
        for guarded in place.guarded
    }


def guards(place: KnownPlace) -> Iterator[Guard]:
    """For each guarded spelling what makes it the place: words in front of it, or near it."""
    near = tuple(text_of(item) for item in place.context)
    for spelling, words in announcers(place).items():
        yield Guard(spelling, tuple(words), near)


def text_of(item: Plain) -> str:
    """The words of an item that is found by its words alone."""
    match item:
        case Starts():
            return f"{item.text}…"
        case Term() | ProperName() | Verb() | Exact() | Word():
            return item.text


def sample_rule(place: KnownPlace) -> str:
    """A rules file with one rule about the place, which loads and passes its own test."""
    arabic = [text for text in (*place.terms, *place.announced) if script_of(text) == "Arabic"]
    spelling = next(iter(arabic), next(iter((*place.terms, *place.inflected, *place.announced)), place.id))
    title = _title(place.name)
    return f"""\
version: 1
rules:
  - id: {place.id}-clashes
    title: {title}
    all:
      - place: {place.id}
      - event: clash
    near: 15 words
    tests:
      - match: "اشتباكات في {spelling}"
      - no_match: "مهرجان في {spelling}"
        because: no clash
"""


def _title(names: Mapping[str, str]) -> str:
    return f'{{ar: "اشتباكات: {names["ar"]}", en: "Clashes: {names["en"]}"}}'
