"""What one document shows: searched once, then asked by every rule.

`Search` belongs to one document and is shared by all rules; `Evidence` is one rule's view of it, narrowed to a field
or a sentence where an operator asks for that, with an account of what went wrong.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from monitor.model import FIELDS, FieldName
from monitor.rules.index import Glance, Index
from monitor.rules.spots import Spot
from monitor.text.document import Document
from monitor.text.figures import Figures, figures
from monitor.text.terms import Found

# A tenth to a third of a second by our own measurement (bench machine, 4 to 17 items). Without a bound, a page that
# repeats all but one of a rule's many items would hold up every feed.
MAX_STEPS = 100_000


# Words of each field that are looked at once more where all of it was too much. A report says at its beginning what it
# is about; a few times as many are too much work for rules with boxes in boxes.
BEGINNING = 400


class TooMuchWork(Exception):
    """The spans can be combined in too many ways."""


class Sight(Protocol):
    """Something that is looked for in a document; compared by identity."""

    def look(self, search: Search) -> tuple[Sequence[Spot], str]:
        """Where it is, in reading order, and what went wrong while looking, '' for nothing."""


class Search:
    """One document and what was found in it so far. Not for sharing between threads."""

    def __init__(self, index: Index, glance: Glance, document: Document) -> None:
        self.document = document
        self.index = index
        self.broken: dict[int, str] = {}
        self._glance = glance
        self._found: dict[int, tuple[tuple[FieldName, Found], ...]] = {}
        self._seen: dict[Sight, tuple[tuple[Spot, ...], str]] = {}
        self._figures: dict[tuple[FieldName, ...], Figures] = {}
        self._places: dict[Sight, dict[tuple[FieldName, int | None], tuple[Spot, ...]]] = {}

    def found(self, patterns: frozenset[int]) -> list[tuple[FieldName, Found]]:
        """Where these patterns occur. One that raises is told in `broken`, and was found where it was found before."""
        begins = self._glance.begins(patterns)
        return [each for number in patterns & begins.keys() for each in self._occurrences(number, begins[number])]

    def _occurrences(self, number: int, begins: Iterable[tuple[FieldName, int]]) -> tuple[tuple[FieldName, Found], ...]:
        if number not in self._found:
            self._found[number] = tuple(self._tried(number, begins))
        return self._found[number]

    def _tried(self, number: int, begins: Iterable[tuple[FieldName, int]]) -> Iterator[tuple[FieldName, Found]]:
        for name, word in begins:
            try:
                found = self.index.patterns[number].at(self.document.field(name), word)
            except Exception as error:  # noqa: BLE001  one pattern must not cost other rules their alert
                self.broken[number] = f"{type(error).__name__}: {error}"
            else:
                if found is not None:
                    yield name, found

    def figures(self, fields: tuple[FieldName, ...]) -> Figures:
        if fields not in self._figures:
            self._figures[fields] = figures(self.document, fields)
        return self._figures[fields]

    def spots(self, sight: Sight) -> tuple[tuple[Spot, ...], str]:
        if sight not in self._seen:
            spots, trouble = sight.look(self)
            self._seen[sight] = tuple(spots), trouble
        return self._seen[sight]

    def spots_in(self, sight: Sight, name: FieldName, sentence: int | None) -> tuple[Spot, ...]:
        if sight not in self._places:
            self._places[sight] = _by_place(self.spots(sight)[0])
        return self._places[sight].get((name, sentence), ())


def _by_place(spots: Iterable[Spot]) -> dict[tuple[FieldName, int | None], tuple[Spot, ...]]:
    places: dict[tuple[FieldName, int | None], list[Spot]] = defaultdict(list)
    for spot in spots:
        places[spot.field, None].append(spot)
        places[spot.field, spot.sentence].append(spot)
    return {place: tuple(those) for place, those in places.items()}


@dataclass(slots=True)
class Account:
    """What judging one rule came to besides its answer. Grows; one for each rule and document."""

    troubles: dict[str, None] = field(default_factory=dict)  # in order, each once
    steps: int = 0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a rule can see of a document: all of it, one field, or one sentence of one field; perhaps only the first
    `only_words` words of each field."""

    search: Search
    account: Account = field(default_factory=Account)
    only_field: FieldName | None = None
    only_sentence: int | None = None
    only_words: int | None = None

    def spots(self, sight: Sight) -> tuple[Spot, ...]:
        """In reading order. What went wrong while looking is written to the account, also when something was found."""
        spots, trouble = self.search.spots(sight)
        if trouble:
            self.trouble(trouble)
        if self.only_field is not None:
            spots = self.search.spots_in(sight, self.only_field, self.only_sentence)
        if self.only_words is not None:
            spots = tuple(spot for spot in spots if spot.last <= self.only_words)
        return spots

    def of_beginning(self) -> Evidence:
        """The same of the first words alone, with steps of its own."""
        return replace(self, account=Account(self.account.troubles), only_words=BEGINNING)

    def in_each_field(self) -> list[Evidence]:
        if self.only_field is not None:
            return [self]
        return [replace(self, only_field=name) for name in FIELDS]

    def in_sentence_of(self, spot: Spot) -> Evidence:
        return replace(self, only_field=spot.field, only_sentence=spot.sentence)

    def trouble(self, text: str) -> None:
        self.account.troubles[text] = None

    def spend(self, steps: int) -> None:
        self.account.steps += steps
        if self.account.steps > MAX_STEPS:
            raise TooMuchWork
