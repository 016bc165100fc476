"""Words that are the name of a place: which place an author means who writes one where a search text stands."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from monitor import lexicon as shipped
from monitor.language import KnownPlace, Name, Term
from monitor.rules.atoms import Atom
from monitor.rules.spellings import spellings
from monitor.text.document import read_text
from monitor.text.fold import unify_ta
from monitor.text.frequent import frequent_words
from monitor.text.tokens import tokenize

Places = Mapping[str, KnownPlace]
_Table = Mapping[str, tuple[KnownPlace, ...]]
_USUAL: Final = ("ARABIC", "LATIN")
_MOST_KEPT: Final = 2  # tables: that of the rules in force, and that of those which somebody edits
_kept: tuple[tuple[Places, _Table], ...] = ()


def places_called(text: str, known: Places) -> tuple[KnownPlace, ...]:
    """The places that are spelled so; where it is some places' own name, those alone. None of them lies within another,
    which finds it."""
    return _table(known).get(_key(text), ())


def is_guarded(text: str, place: KnownPlace) -> bool:
    """Whether it is something else as well, and is the place only where something vouches for that."""
    return _key(text) in {_key(name) for name in place.guarded}


def is_rather_a_word(text: str, places: Sequence[KnownPlace]) -> bool:
    """Whether who writes it most likely means the word: طويلة and Hit are towns, and stand in every other report as
    what they otherwise mean."""
    if not all(is_guarded(text, place) for place in places):
        return False
    return text.islower() or _key(text) in frequent_words()


def spelled(places: Sequence[KnownPlace]) -> tuple[str, ...]:
    """Every spelling of these, once, but for those that only announce it (مدينة الباب)."""
    told = (text for place in places for text in (*place.terms, *place.inflected, *place.guarded))
    return tuple(dict.fromkeys(told))


def missed(text: str, places: Sequence[KnownPlace]) -> tuple[str, ...]:
    """What is found as these places, and not by the same text as a plain word: what is in its own letters first, then
    what is in Arabic or Latin ones."""
    word = Atom("", Term(text=text))
    found = [each for each in dict.fromkeys(_written(places)) if not _finds(word, each)]
    order = (_letters(text), *_USUAL)
    return tuple(sorted(found, key=lambda each: [*order, _letters(each)].index(_letters(each))))


def _written(places: Sequence[KnownPlace]) -> Iterator[str]:
    """Every spelling, and what writers of Arabic make of one of several words: ديرالزور."""
    for spelling in (each for place in places for each in spellings(place) if each.text not in place.announced):
        together = spelling.text.replace(" ", "")
        if _letters(together) == _USUAL[0] and _finds(Atom("", Name(text=spelling.text), "", spelling), together):
            yield together
        yield spelling.text


def _letters(text: str) -> str:
    """Of which script its first letter is, as Unicode begins to call it."""
    return unicodedata.name(text[0], "").partition(" ")[0]


def _finds(word: Atom, spelling: str) -> bool:
    text = read_text(spelling)
    return any(one.last == len(text.tokens) for one in word.at(text, 0))


def _key(text: str) -> str:
    """Without spaces: بديرالزور is دير الزور."""
    return "".join(unify_ta(token.folded) for token in tokenize(text))


def _table(known: Places) -> _Table:
    """Of the shipped places it is made once, for that takes half a second and a page asks at each key; to them come the
    author's own."""
    global _kept
    table = next((table for of, table in _kept if of is known), None)
    if table is None:
        table = _with_own(known)
        _kept = (*_kept, (known, table))[-_MOST_KEPT:]
    return table


def _with_own(known: Places) -> _Table:
    theirs = shipped.load().places
    if any(known.get(place_id) is not place for place_id, place in theirs.items()):
        return _by_spelling(known, known)
    own = _by_spelling({place_id: place for place_id, place in known.items() if place_id not in theirs}, known)
    both = _shipped()
    return {**both, **{key: (*places, *both.get(key, ())) for key, places in own.items()}}


@cache
def _shipped() -> _Table:
    theirs = shipped.load().places
    return _by_spelling(theirs, theirs)


def _by_spelling(places: Places, known: Places) -> _Table:
    named: dict[str, dict[str, KnownPlace]] = {}
    others: dict[str, dict[str, KnownPlace]] = {}
    for place in places.values():
        for name in place.name.values():
            named.setdefault(_key(name), {})[place.id] = place
        for spelling in (*place.terms, *place.announced, *place.guarded, *place.inflected):
            others.setdefault(_key(spelling), {})[place.id] = place
    return {key: tuple(_outermost(found, known)) for key, found in {**others, **named}.items() if key}


def _outermost(found: Mapping[str, KnownPlace], places: Places) -> Iterator[KnownPlace]:
    return (place for place in found.values() if not _lies_within(place, found, places))


def _lies_within(place: KnownPlace, others: Mapping[str, KnownPlace], places: Places) -> bool:
    around = place.within
    while around is not None and around in places:
        if around in others:
            return True
        around = places[around].within
    return False
