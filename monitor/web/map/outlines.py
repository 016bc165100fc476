"""Borders and rivers, of public domain: Natural Earth's, 1:10m, as a package of data (CC0) brings them.

The package is an extra (`monitor[map]`). None of its code is run: it has none.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import Any, Final

from monitor.web.map.borders import Ring, once, shared
from monitor.web.map.geometry import Box, Point

PACKAGE: Final = "pyworldatlas_mapdata_standard"
INSTALL: Final = "pip install 'monitor[map]'"
CREDIT: Final = "Natural Earth"
_RIVERS: Final = frozenset(("Euphrates", "Tigris", "Shatt al-Arab", "Jordan", "Nile", "Blue Nile", "White Nile"))
_WORLD: Final = Box(-25, -15, 85, 60)  # as far as what we know of places reaches, and its neighbours


@dataclass(frozen=True, slots=True)
class Country:
    """`code`: ISO 3166, two letters. `rings`: each an island, or a land as seen from outside. `borders`: the lines of
    these, less those that an earlier country has."""

    code: str
    box: Box
    rings: tuple[Ring, ...]
    rivers: tuple[tuple[Point, ...], ...]
    borders: tuple[tuple[Point, ...], ...] = ()


@cache
def countries() -> tuple[Country, ...]:
    """Those that a map of ours may show; none where the extra is not installed. Takes a moment once."""
    path = _data()
    return tuple(_joined(list(_read(path)))) if path is not None else ()


def _joined(read: Sequence[Country]) -> Iterator[Country]:
    rings = iter(shared([ring for each in read for ring in each.rings]))
    drawn: set[frozenset[Point]] = set()
    for each in read:
        own = tuple(islice(rings, len(each.rings)))
        yield replace(each, rings=own, borders=tuple(once(own, drawn)))


def _data() -> Path | None:
    found = find_spec(PACKAGE)
    if found is None or found.origin is None:
        return None
    path = Path(found.origin).parent / "data" / "maps.sqlite3"
    return path if path.is_file() else None


def _read(path: Path) -> Iterator[Country]:
    database = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        for code, packed in database.execute("SELECT alpha2, payload FROM country_map ORDER BY alpha2"):
            told = json.loads(zlib.decompress(packed))
            rings = tuple(map(_points, told["boundary"]))
            box = _box([point for ring in rings for point in ring])
            if box.meets(_WORLD):
                yield Country(code, box, rings, tuple(_rivers(told["rivers"])))
    finally:
        database.close()


def _rivers(told: Sequence[Any]) -> Iterator[tuple[Point, ...]]:
    """The package closes them, as it does borders."""
    for river in told:
        if river["name"] in _RIVERS:
            points = _points(river["points"])
            yield points[:-1] if points[0] == points[-1] else points


def _points(told: Sequence[Any]) -> tuple[Point, ...]:
    return tuple((float(longitude), float(latitude)) for longitude, latitude in told)


def _box(points: Sequence[Point]) -> Box:
    longitudes, latitudes = [point[0] for point in points], [point[1] for point in points]
    return Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))
