"""Finding the place that somebody means, however they type it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import IntEnum
from typing import NamedTuple

from monitor.language import KnownPlace
from monitor.lexicon.likeness import joined, letters, sound
from monitor.lexicon.tree import Places, around
from monitor.text.fold import unify_ta
from monitor.text.names import compile_name
from monitor.text.tokens import Token, tokenize

# Shares of letters in common, as difflib counts them (1.0: the same). One letter off in four is still a typing error;
# below the second nothing that people typed in our table of cases was the place.
_TYPING_ERROR, _GUESS, _SOUNDS_ALIKE, _SHORT_ALIKE = 0.75, 0.5, 0.6, 0.75
_LONGEST_NAME = 8  # words
_FIRST = 3  # letters that no ending changes

_KINDS = ("country", "city", "town", "governorate", "state", "region", "district", "village", "camp", "airport")


class How(IntEnum):
    """How a place was found, the surest first."""

    ID = 0
    SPELLING = 1
    ATTACHED = 2  # particles in front, or an ending behind
    SOUND = 3  # articles, vowels, doubled letters, transliterations
    WITHIN_TEXT = 4  # the name is a part of what was typed
    PART = 5  # what was typed is a part of the name
    NEAR = 6  # a typing error


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A place, and the spelling by which it was found. `read` says how particles were taken off: ب+دير الزور."""

    place: KnownPlace
    how: How
    spelling: str
    read: str = ""
    likeness: float = 1.0  # share of letters in common

    @property
    def guarded(self) -> bool:
        """Whether this spelling is something else as well, so that news needs more than it."""
        return self.spelling in self.place.guarded


class _Known(NamedTuple):
    place: KnownPlace
    spelling: str
    words: tuple[str, ...]
    letters: str


class Search:
    """An index over places; made once, asked often."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self._known: list[_Known] = []
        self._by_letters: dict[str, list[_Known]] = defaultdict(list)
        self._by_sound: dict[str, list[_Known]] = defaultdict(list)
        self._inflected: dict[str, list[_Known]] = defaultdict(list)  # by their first letters
        for place in places.values():
            for spelling in spellings_of(place):
                self._add(place, spelling)

    def _add(self, place: KnownPlace, spelling: str) -> None:
        tokens = tokenize(spelling)
        known = _Known(place, spelling, tuple(token.folded for token in tokens), joined(tokens))
        self._known.append(known)
        self._by_letters[known.letters].append(known)
        if alike := sound(tokens):
            self._by_sound[alike].append(known)
        if spelling in place.inflected:
            self._inflected[known.letters[:_FIRST]].append(known)

    def find(self, typed: str) -> list[Hit]:
        """Every place that may be meant, each once, the likeliest first. Typing errors only where nothing else fits."""
        hits = self._ordered(self._sure(typed))
        return hits or self._ordered(self._near(typed, _TYPING_ERROR))

    def guesses(self, typed: str, limit: int = 5) -> list[Hit]:
        """The nearest places where `find` has none: hardly meant, and worth a look."""
        return self._ordered(self._near(typed, _GUESS))[:limit]

    def resolve(self, typed: str) -> KnownPlace | None:
        """The one place that an option names: by its id or a spelling of it; None if there is none."""
        return next((hit.place for hit in self.find(typed) if hit.how <= How.ATTACHED), None)

    def called(self, typed: str) -> tuple[KnownPlace, ...]:
        """The places that are called so, by their ids or any spelling, the innermost first; `innermost` says whether
        one of them is meant."""
        hits = [hit for hit in self._ordered(self._sure(typed)) if hit.how <= How.ATTACHED]
        written = [hit for hit in hits if hit.how <= How.SPELLING] or hits
        return tuple(sorted((hit.place for hit in written), key=lambda place: -len(around(place, self.places))))

    def innermost(self, called: Sequence[KnownPlace]) -> KnownPlace | None:
        """Of places of one name the one that lies within all others, as a city does in the governorate named after it;
        None where there is none: then nobody can tell which is meant."""
        if not called:
            return None
        outer = {place.id for place in around(called[0], self.places)}
        return called[0] if all(place.id in outer for place in called[1:]) else None

    def _sure(self, typed: str) -> Iterator[Hit]:
        tokens = tokenize(typed)
        key = joined(tokens)
        named = self.places.get("-".join(typed.casefold().replace("_", "-").split()))
        if named is not None:
            yield Hit(place=named, how=How.ID, spelling=named.id)
        if not key:
            return
        yield from self._written(tokens)
        yield from self._with_ending(key)
        yield from self._alike(tokens, key)
        yield from self._inside(tokens)
        yield from self._part(tokens)

    def _written(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        """As it stands, and with particles off its first word."""
        rest = joined(tokens[1:])
        for parse in tokens[0].surface.parses:
            if parse.article or not (parse.is_likely or rest):
                continue
            how = How.ATTACHED if parse.taken else How.SPELLING
            for known in self._by_letters.get(unify_ta(parse.rest) + rest, ()):
                read = "+".join((*parse.taken, known.spelling))
                yield Hit(place=known.place, how=how, spelling=known.spelling, read=read)

    def _with_ending(self, key: str) -> Iterator[Hit]:
        for place, spelling, _, known in self._inflected.get(key[:_FIRST], ()):
            if known != key and key in compile_name(spelling, inflected=True).whole:
                yield Hit(place=place, how=How.ATTACHED, spelling=spelling, read=f"{spelling} with an ending")

    def _alike(self, tokens: Sequence[Token], key: str) -> Iterator[Hit]:
        alike = sound(tokens)
        least = _SOUNDS_ALIKE if len(alike) > 2 else _SHORT_ALIKE
        for known in self._by_sound.get(alike, ()):
            likeness = SequenceMatcher(None, known.letters, key, autojunk=False).ratio()
            if likeness >= least:
                yield Hit(place=known.place, how=How.SOUND, spelling=known.spelling, likeness=likeness)

    def _inside(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        """Names that stand in a longer text."""
        for start in range(len(tokens)):
            for end in range(start + 1, min(len(tokens), start + _LONGEST_NAME) + 1):
                if end - start < len(tokens):
                    for hit in self._written(tokens[start:end]):
                        yield Hit(place=hit.place, how=How.WITHIN_TEXT, spelling=hit.spelling, read=hit.read)

    def _part(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        """Names that begin with what was typed, or of which it is whole words."""
        words, key = tuple(token.folded for token in tokens), joined(tokens)
        if len(key) < 3:
            return
        for known in self._known:
            if key not in known.letters:  # most
                continue
            last = len(known.words) - len(words)
            whole = any(known.words[at : at + len(words)] == words for at in range(last + 1))
            if whole or known.letters.startswith(key):
                yield Hit(place=known.place, how=How.PART, spelling=known.spelling)

    def _near(self, typed: str, least: float) -> Iterator[Hit]:
        matcher = SequenceMatcher(None, autojunk=False)
        matcher.set_seq2(letters(typed))
        for those in self._by_letters.values():
            matcher.set_seq1(those[0].letters)
            if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least and matcher.ratio() >= least:
                for known in those:
                    yield Hit(place=known.place, how=How.NEAR, spelling=known.spelling, likeness=matcher.ratio())

    def _ordered(self, hits: Iterable[Hit]) -> list[Hit]:
        best: dict[str, Hit] = {}
        for hit in hits:
            known = best.setdefault(hit.place.id, hit)
            if self._order(hit) < self._order(known):
                best[hit.place.id] = hit
        return sorted(best.values(), key=self._order)

    def _order(self, hit: Hit) -> tuple[object, ...]:
        place = hit.place
        length = len(hit.spelling)
        return (
            hit.how,
            -hit.likeness,
            -length if hit.how is How.WITHIN_TEXT else 0,  # in 'مطار دير الزور' the airport before the city
            hit.spelling not in place.name.values(),
            _KINDS.index(place.kind) if place.kind in _KINDS else len(_KINDS),
            len(around(place, self.places)),
            place.id,
            length,
            hit.spelling,
        )


def spellings_of(place: KnownPlace) -> tuple[str, ...]:
    """Names and spellings, those that need company too, each once."""
    return tuple(dict.fromkeys((*place.name.values(), *place.terms, *place.inflected, *place.guarded)))
