"""From GeoNames' towns to places for a rules file: ids, spellings, and a guard on those that would mislead.

A spelling belongs to one place: to a shipped one, else to the country, else to the largest town that is called so. Of
the others, a town keeps its own name guarded (it counts behind مدينة, 'town of' and the like), and loses alternates.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from monitor.lexicon import alternates
from monitor.lexicon.geonames import Country, Town
from monitor.lexicon.likeness import letters
from monitor.lexicon.search import spellings_of
from monitor.lexicon.tree import Places, lies_within
from monitor.text.particles import ARTICLE
from monitor.text.tokens import tokenize

DOUBLE, SHIPPED, ORDINARY, LARGER, ONE_LETTER = (
    "the same once folded",
    "of a shipped place",
    "ordinary words",
    "of a larger place",
    "towns of one letter",
)

_SHIPPED_COUNTRIES = {"PS": "palestine"}  # where the id is not the name
_SHORTEST, _SHORTEST_INFLECTED = 3, 5  # letters once folded
_LONGEST_ID = 60

# Names that news has for a country, and CLDR has not.
_SHORT_NAMES: Mapping[str, tuple[str, ...]] = {
    "AE": ("الإمارات", "UAE"),
    "BA": ("البوسنة",),
    "CD": ("الكونغو الديمقراطية",),
    "CF": ("أفريقيا الوسطى",),
    "CZ": ("تشيكيا", "Czech Republic"),
    "GB": ("بريطانيا", "Britain"),
    "KP": ("كوريا الشمالية",),
    "KR": ("كوريا الجنوبية",),
    "SA": ("السعودية",),
    "TR": ("Turkey",),
    "US": ("أمريكا", "أميركا", "الولايات المتحدة الأمريكية", "America"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A place as a rules file has it. `town` is None for countries and regions. `name` values are spellings too."""

    id: str
    name: Mapping[str, str]
    terms: tuple[str, ...] = ()
    inflected: tuple[str, ...] = ()
    guarded: tuple[str, ...] = ()
    within: str | None = None
    town: Town | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """`dropped` counts alternate names by reason; `known` towns that are shipped already."""

    places: tuple[Imported, ...]
    dropped: Mapping[str, int]
    known: int


@cache
def ordinary_words() -> frozenset[str]:
    """Words of `ordinary.txt` as their letters are compared."""
    text = (resources.files(__package__) / "ordinary.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(letters(word) for line in lines for word in line.split())


def country_called(typed: str, countries: Mapping[str, Country]) -> Country | None:
    """By two or three letters (EG, EGY) or a name in any of our languages."""
    code, key = typed.strip().upper(), letters(typed)
    for country in countries.values():
        names = (*country.names.values(), *_SHORT_NAMES.get(country.iso, ()))
        if code in (country.iso, country.iso3) or (key and key in map(letters, names)):
            return country
    return None


def import_places(
    countries: Sequence[Country], towns: Sequence[Town], regions: Mapping[str, Mapping[str, str]], shipped: Places
) -> Pack:
    """`towns` are those of these countries, largest first; `regions` names of divisions by country and code.

    The order of the result is fixed: a country, its regions, its towns by size.
    """
    return _Import(shipped).all(countries, towns, regions)


@dataclass
class _Import:
    shipped: Places
    owners: dict[str, str] = field(default_factory=dict)  # letters of a spelling -> the place it belongs to
    ids: set[str] = field(default_factory=set)
    dropped: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.ids |= self.shipped.keys()
        for place in self.shipped.values():
            self.owners.update(dict.fromkeys(map(letters, spellings_of(place)), place.id))
        self._shipped_letters = frozenset(self.owners)

    def all(
        self, countries: Sequence[Country], towns: Sequence[Town], regions: Mapping[str, Mapping[str, str]]
    ) -> Pack:
        ids = {country.iso: self._country_id(country) for country in countries}
        new = [town for town in self._spelled(towns) if not self._is_shipped(town, ids[town.country])]
        named = {town.id: self._id(town.name, town.country, town.admin, town.id) for town in new}
        for town in new:  # every town's own name before any alternate one
            self._claim(_own_names(town), named[town.id])
        parts = {iso: self._regions(iso, regions.get(iso, {}), ids[iso]) for iso in ids}
        lands = {country.iso: self._country(country, ids[country.iso]) for country in countries}
        built = [self._town(town, named[town.id], parts[town.country], ids[town.country]) for town in new]
        places: list[Imported] = []
        for iso, land in lands.items():
            inner = (place for place in built if place.town and place.town.country == iso)
            places += [*([land] if land else []), *parts[iso].values(), *inner]
        known = len(towns) - len(new) - self.dropped[ONE_LETTER]
        return Pack(places=tuple(places), dropped=dict(sorted((+self.dropped).items())), known=known)

    def _spelled(self, towns: Sequence[Town]) -> Iterator[Town]:
        """Without Å and Y: a single letter stands in almost every headline."""
        for town in towns:
            if len(letters(town.name)) > 1:
                yield town
            else:
                self.dropped[ONE_LETTER] += 1

    def _country_id(self, country: Country) -> str:
        """That of the shipped one, or a new one, to which the names belong that news in Arabic and English has."""
        english = country.names["en"]
        shipped = self.shipped.get(_SHIPPED_COUNTRIES.get(country.iso, slug(english)))
        if shipped is not None and shipped.kind == "country":
            return shipped.id
        place_id = self._id(english, country.iso, "", 0)
        self._claim([*_names(country).values(), *_SHORT_NAMES.get(country.iso, ())], place_id)
        return place_id

    def _country(self, country: Country, place_id: str) -> Imported | None:
        """None if it is shipped. Of its names in other languages it has those that are no town's: مراکش is Marrakesh,
        and Persian for Morocco."""
        if place_id in self.shipped:
            return None
        name = _names(country)
        others = [*country.names.values(), *_SHORT_NAMES.get(country.iso, ())]
        spellings = [each for each in map(alternates.tidy, others) if len(letters(each)) >= _SHORTEST]
        self._claim(spellings, place_id)
        mine = [each for each in _once(spellings, name.values()) if self.owners[letters(each)] == place_id]
        with_endings = (alternates.tidy(country.names.get(language, "")) for language in ("tr", "ru", "fa", "ckb"))
        inflected = {each for each in with_endings if len(letters(each)) >= _SHORTEST_INFLECTED}
        return Imported(
            id=place_id,
            name=name,
            terms=tuple(each for each in mine if each not in inflected),
            inflected=tuple(each for each in mine if each in inflected),
            guarded=tuple(each for each in name.values() if self.owners[letters(each)] != place_id),
        )

    def _regions(self, iso: str, regions: Mapping[str, str], land: str) -> dict[str, Imported]:
        found = {}
        for code, name in regions.items():
            place_id = self._id(name, iso, "", 0)
            self._claim([name], place_id)
            guarded = () if self.owners[letters(name)] == place_id else (name,)
            found[code] = Imported(id=place_id, name={"en": name}, guarded=guarded, within=land)
        return found

    def _is_shipped(self, town: Town, land: str) -> bool:
        """Whether a shipped place of the same country is called so, in Latin letters or in Arabic."""
        if land not in self.shipped:
            return False
        arabic = filter(alternates.is_arabic, map(alternates.tidy, town.others))
        owners = (self.shipped.get(self.owners.get(letters(name), "")) for name in (town.name, *arabic))
        return any(owner is not None and lies_within(owner, land, self.shipped) for owner in owners)

    def _town(self, town: Town, place_id: str, regions: Mapping[str, Imported], land: str) -> Imported:
        own = _own_names(town)
        guarded = [each for each in own if self.owners.get(letters(each)) != place_id or _misleads(each)]
        terms = list(self._alternates(town, own, place_id))
        inflected = [each for each in terms if _takes_endings(each, town)]
        inflected += [each for each in own if each not in guarded and _takes_endings(each, town)]
        arabic = next((each for each in own if alternates.is_arabic(each)), "")
        return Imported(
            id=place_id,
            name={"ar": arabic, "en": own[0]} if arabic else {"en": own[0]},
            terms=tuple(each for each in terms if each not in inflected),
            inflected=tuple(inflected),
            guarded=tuple(guarded),
            within=regions[town.admin].id if town.admin in regions else land,
            town=town,
        )

    def _alternates(self, town: Town, own: Sequence[str], place_id: str) -> Iterator[str]:
        seen = set(map(letters, own))
        for name in map(alternates.tidy, town.others):
            key = letters(name)
            reason = alternates.junk(name) or self._refused(name, key, seen, place_id)
            if reason:
                self.dropped[reason] += name not in own
                continue
            seen.add(key)
            self.owners[key] = place_id
            yield name

    def _refused(self, name: str, key: str, seen: set[str], place_id: str) -> str:
        if len(key) < _SHORTEST:
            return alternates.SHORT
        if key in seen:
            return DOUBLE
        if key in self._shipped_letters:
            return SHIPPED
        if _misleads(name) or ARTICLE + key in seen:  # جيزة, of الجيزة: without its article a name is a word again
            return ORDINARY
        return "" if self.owners.get(key, place_id) == place_id else LARGER

    def _claim(self, names: Sequence[str], place_id: str) -> None:
        for name in names:
            self.owners.setdefault(letters(name), place_id)

    def _id(self, name: str, iso: str, admin: str, number: int) -> str:
        """The name in small Latin letters; where that is taken, with the division or the country behind it."""
        base, land, code = slug(name), iso.casefold(), slug(admin)
        lettered = [f"{base}-{code}"] if code.isalpha() else []
        tries = [base, *lettered, f"{base}-{land}", f"{base}-{land}-{code}"] if base else []
        place_id = next((each for each in tries if each not in self.ids), f"{base or 'place'}-{number}")
        self.ids.add(place_id)
        return place_id


def _once(names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    """No two of which the letters are alike, and none of the known ones."""
    seen = set(map(letters, known))
    for name in names:
        if letters(name) not in seen:
            seen.add(letters(name))
            yield name


def _names(country: Country) -> dict[str, str]:
    return {code: alternates.tidy(country.names[code]) for code in ("ar", "en") if code in country.names}


def _own_names(town: Town) -> tuple[str, ...]:
    """The name, and the Arabic one among the others if there is one."""
    name = alternates.tidy(town.name)
    others = [other for other in map(alternates.tidy, town.others) if not alternates.junk(other)]
    clear = [other for other in others if not _misleads(other)]
    arabic = alternates.arabic_name(clear, name) or alternates.arabic_name(others, name)
    return (name, arabic) if len(letters(arabic)) > 1 else (name,)


def _misleads(name: str) -> bool:
    """An ordinary word, or too few letters to be told from one."""
    key = letters(name)
    return len(key) < _SHORTEST or (len(tokenize(name)) == 1 and key in ordinary_words())


def _takes_endings(name: str, town: Town) -> bool:
    turkish = town.country == "TR" and name == alternates.tidy(town.name)
    return len(letters(name)) >= _SHORTEST_INFLECTED and (turkish or alternates.takes_endings(name))


_NO_MARK = str.maketrans("ıøłđðþæœßə", "iolddtaosa")
_NO_ID = re.compile(r"[^a-z0-9]+")


def slug(name: str) -> str:
    """A name as an id: small Latin letters, digits and hyphens; '' if nothing is left."""
    plain = unicodedata.normalize("NFKD", name.casefold().translate(_NO_MARK))
    kept = "".join(char for char in plain if unicodedata.category(char) not in ("Mn", "Lm") and char not in "'’‘`´")
    return _NO_ID.sub("-", kept).strip("-")[:_LONGEST_ID].strip("-")
