"""Imported places as a file that a rules file can include."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator

from monitor.lexicon.importing import Imported, Pack

_WIDTH = 120
# Texts that YAML takes as they stand, also within brackets; all others go in double quotes.
_PLAIN = re.compile(r"[^\W\d_](?:[\w '’.()-]*[\w)])?")

_LICENCE = """\
Names and coordinates: GeoNames, https://www.geonames.org/, licensed under Creative Commons Attribution 4.0
(https://creativecommons.org/licenses/by/4.0/). Changed: a selection; identifiers, order and guards added. Whoever
passes this file on keeps this notice. Names of countries: Unicode CLDR, Unicode License v3
(https://www.unicode.org/license.txt)."""


def pack_file(pack: Pack, *, command: str, sources: str) -> str:
    """The whole file. `command` made it, from `sources`: both stand in its head. No date does, so that the same data
    give the same file."""
    head = [
        f"Places for monitor, written by: {command}",
        f"from {sources}.",
        "",
        *_LICENCE.splitlines(),
        "",
        "Include it in your rules file with 'include:', and write '- place: ID' in a rule. Behind each town stand its",
        "coordinates, the number of people, and its number at GeoNames.",
        "",
        *textwrap.wrap(_told(pack), _WIDTH - 2),
    ]
    lines = [f"# {line}".rstrip() for line in head]
    return "\n".join([*lines, "version: 1", "places:", *(line for place in pack.places for line in _place(place)), ""])


def fitting_population(pack: Pack, size: int) -> int:
    """The least number of people to ask for, in thousands, so that the places take no more than so many bytes."""
    left = sum(map(_size, pack.places)) - size
    if left <= 0:
        return 0
    towns = [(place.town.population, _size(place)) for place in pack.places if place.town]
    for population, taken in sorted(towns):
        left -= taken
        if left <= 0:
            return population // 1000 * 1000 + 1000
    return 0


def _size(place: Imported) -> int:
    return len("\n".join(_place(place)).encode()) + 1


def _told(pack: Pack) -> str:
    left_out = ", ".join(f"{number:,} {reason}" for reason, number in pack.dropped.items())
    known = f" {pack.known:,} of the towns are shipped already." if pack.known else ""
    return f"{len(pack.places):,} places.{known} Names left out: {left_out or 'none'}."


def _place(place: Imported) -> Iterator[str]:
    yield f"  {place.id}:{_about(place)}"
    yield f"    name: {{{', '.join(f'{language}: {_text(name)}' for language, name in place.name.items())}}}"
    if place.within:
        yield f"    within: {place.within}"
    for key, spellings in (("guarded", place.guarded), ("terms", place.terms), ("inflected", place.inflected)):
        if spellings:
            yield from _list(key, spellings)


def _about(place: Imported) -> str:
    town = place.town
    return f"  # {town.lat:.4f}, {town.lon:.4f} · {town.population:,} · {town.id}" if town else ""


def _list(key: str, spellings: Iterable[str]) -> Iterator[str]:
    """In brackets, over several lines; a spelling is never broken."""
    line = f"    {key}: ["
    for number, spelling in enumerate(map(_text, spellings)):
        if number and len(line) + len(spelling) + 3 > _WIDTH:
            yield f"{line},"
            line = "      "
        elif number:
            line += ", "
        line += spelling
    yield f"{line}]"


def _text(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
