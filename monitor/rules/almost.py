"""What a search text nearly found, and why that is not it: the answer to "but the word is there!".

Cheap by design: each search text that was not found is held against the words of the text under the other ways in
which an author could have written it. That tells what to write instead; it decides nothing about matching.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from monitor.language import AllOf, AnyOf, InPlace, Item, Lexicon, Name, Verb, Word
from monitor.model import FIELDS, FieldName
from monitor.rules.atoms import Atom, atoms, finder
from monitor.rules.evidence import Search
from monitor.rules.leaves import Node, Words
from monitor.rules.look_alikes import look_alikes
from monitor.rules.otherwise import otherwise
from monitor.rules.place_names import places_called
from monitor.rules.refusals import refusals
from monitor.rules.traps import trap_of
from monitor.text.clean import display
from monitor.text.document import Document, Text
from monitor.text.fold import unify_ta
from monitor.text.patterns import Phrase, Slot
from monitor.text.terms import Pattern
from monitor.text.tokens import Token, tokenize

MOST = 3  # of one clause; more would bury the answer
_STRAY = 4  # words between those of a phrase; further apart they have nothing to do with each other
_MAIN = 3  # words of which one is the main word of a box
_FEW = 12  # search texts; a long list is of shipped words, whose look-alikes are no news


@dataclass(frozen=True, slots=True, kw_only=True)
class Almost:
    """Words that a reader may take for the search text `term`; offsets as in a Sighting."""

    field: FieldName
    start: int
    end: int
    surface: str
    term: str
    reason: str


def almost(
    sought: Sequence[Atom], looked_at: frozenset[FieldName], document: Document, *, shipped: bool = False
) -> tuple[Almost, ...]:
    """For a clause that found nothing in the fields it looked at. The nearest first, at most `MOST`.

    Of `shipped` words nobody needs to hear how else they could be written.
    """
    found: dict[tuple[FieldName, int], Almost] = {}
    for field in FIELDS:
        text = document.field(field)
        looks = field in looked_at
        refused = _in_field(tuple(sought), text, shipped=shipped) if looks else _elsewhere(tuple(sought), field, text)
        for atom, (first, last, reason) in refused:
            one = _told(field, text, first, last, atom, reason)
            found.setdefault((one.field, one.start), one)
            if len(found) >= MOST:
                return tuple(found.values())
    return tuple(found.values())


Refusal = tuple[int, int, str]  # words [first, last), and why they are not what is sought


def _elsewhere(sought: tuple[Atom, ...], field: FieldName, text: Text) -> Iterator[tuple[Atom, Refusal]]:
    for atom, found in finder(sought).find(text):
        yield atom, (found.first, found.last, f"the rule does not look at the {field} for it")


def _in_field(sought: tuple[Atom, ...], text: Text, *, shipped: bool) -> Iterator[tuple[Atom, Refusal]]:
    yield from _vetoed(sought, text)
    if shipped:
        return
    yield from _apart(sought, text)
    yield from _written_otherwise(sought, text)
    if len(sought) <= _FEW:
        yield from ((atom, refusal) for atom in sought for refusal in look_alikes(atom.item, text))


def _told(field: FieldName, text: Text, first: int, last: int, atom: Atom, reason: str) -> Almost:
    start, end = text.span(first, last)
    surface = display(text.published[start:end])
    return Almost(field=field, start=start, end=end, surface=surface, term=atom.text, reason=reason)


def _vetoed(sought: tuple[Atom, ...], text: Text) -> Iterator[tuple[Atom, Refusal]]:
    """Words with the right letters that something else keeps out."""
    for atom, pattern, index in finder(sought).begun(text):
        if not _is_phrase(pattern) and pattern.at(text, index) is None:
            reason = _veto(atom, text.tokens[index], pattern)
            if reason:
                yield atom, (index, index + 1, reason)


def _apart(sought: tuple[Atom, ...], text: Text) -> Iterator[tuple[Atom, Refusal]]:
    """Phrases all of whose words are there, not side by side; each once."""
    begun = {atom: pattern for atom, pattern, _ in finder(sought).begun(text) if _is_phrase(pattern)}
    for atom, pattern in begun.items():
        if isinstance(pattern, Phrase):
            yield from ((atom, refusal) for refusal in _words_apart(pattern.slots, text))


def _is_phrase(pattern: Pattern) -> bool:
    return isinstance(pattern, Phrase) and len(pattern.slots) > 1


@lru_cache(maxsize=1 << 10)
def _others(sought: tuple[Atom, ...]) -> Mapping[Atom, tuple[Atom, str]]:
    """The search texts as they could have been written instead, with what they stand for and what to tell of them."""
    return {
        replace(atom, item=item, place="", spelling=None): (atom, reason)
        for atom in sought
        for item, reason in otherwise(atom.item)
    }


def _written_otherwise(sought: tuple[Atom, ...], text: Text) -> Iterator[tuple[Atom, Refusal]]:
    others = _others(sought)
    for other, found in finder(tuple(others)).find(text):
        atom, reason = others[other]
        yield atom, (found.first, found.last, reason)


def _veto(atom: Atom, token: Token, pattern: Pattern) -> str:
    readings = [parse for parse in token.surface.parses if pattern.heads.include(parse.rest)]
    banned = getattr(pattern, "banned", ())
    if any(token.folded in words for words in banned):
        return "the words beside it say that something else is meant (ban)"
    if token.surface.tanwin and isinstance(atom.item, Name | Verb):
        return f"with tanwin it is another word than «{atom.text}»"
    word = unify_ta(tokenize(atom.text)[0].folded)
    if any(unify_ta(parse.rest) == word for parse in readings) and not any(parse.is_likely for parse in readings):
        return "before so short a word, ك or ف is mostly the word's own first letter"
    if isinstance(atom.item, Word) and atom.item.strict:
        return f"'strict' tells its letters from those of «{atom.text}»"
    hamza = isinstance(pattern, Phrase) and any(
        token.surface.writes(letter, -len(parse.rest)) for letter in "أإ" for parse in readings
    )
    return "with this hamza it is another word" if hamza else ""


def _words_apart(slots: Sequence[Slot], text: Text) -> Iterator[Refusal]:
    """A phrase all of whose words are in the field, not side by side. The closest reading of the first, told once."""
    at = [_slot_at(slot, text, first=number == 0) for number, slot in enumerate(slots)]
    if not all(at):
        return
    first = min(at[0], key=lambda index: abs(index - at[1][0]))
    rest = [min(places, key=lambda index: abs(index - first)) for places in at[1:]]
    low, high = min(first, *rest), max(first, *rest)
    if high - low > len(slots) + _STRAY:
        return
    if text.sentence(low) != text.sentence(high):
        yield low, high + 1, "a phrase does not reach over the end of a sentence"
    elif [first, *rest] != sorted([first, *rest]):
        yield low, high + 1, "the words of a phrase stand in the order in which they are written"
    else:
        yield low, high + 1, "the words of a phrase stand side by side; use 'all' with 'near' for words apart"


def _slot_at(slot: Slot, text: Text, *, first: bool) -> list[int]:
    return [index for index, token in enumerate(text.tokens) if slot.read(token.surface, first=first) is not None]


def other_spellings(
    sought: Iterable[Atom], fields: frozenset[FieldName], document: Document, lexicon: Lexicon
) -> Iterator[Almost]:
    """Of words that are the name of a place: what the place itself would be found by."""
    for atom in sought:
        places = () if atom.place else places_called(atom.text, lexicon.places)
        for place in places:
            written = tuple(atoms(InPlace(ids=(place.id,)), lexicon, clause=atom.clause))
            reason = f"it is a spelling of that place, or lies within it; {{place: {place.id}}} finds it"
            for field in (field for field in FIELDS if field in fields):
                text = document.field(field)
                for _, found in finder(written).find(text):
                    yield _told(field, text, found.first, found.last, atom, reason)


def refused_spellings(nodes: Iterable[Node], search: Search) -> Iterator[Almost]:
    """Spellings of places that mean something else as well, where nothing vouches for the place."""
    for node in nodes:
        yield from refused_spellings(node.parts, search)
        for field, start, end, why in refusals(node, search) if isinstance(node, Words) else ():
            surface = display(search.document.field(field).published[start:end])
            yield Almost(field=field, start=start, end=end, surface=surface, term=node.title, reason=why)


def half(
    box: AllOf, clause: str, lexicon: Lexicon, fields: frozenset[FieldName], document: Document
) -> Iterator[Almost]:
    """A word of several meanings, one of them that of the clause, where it lacks what it counts together with."""
    for part in box.items:
        words = tuple(atoms(part, lexicon))
        traps = tuple(atom for atom in words if _misleads(atom.text, clause))
        if not traps or len(words) > _MAIN:  # a long list is what the main word wants beside it
            continue
        others = [other for other in box.items if other is not part]
        reason = f"it has several meanings, and counts close to {_some(others, lexicon)}"
        for field in (field for field in FIELDS if field in fields):
            text = document.field(field)
            for atom, found in finder(traps).find(text):
                yield _told(field, text, found.first, found.last, atom, reason)


def _misleads(word: str, clause: str) -> bool:
    trap = trap_of(word)
    return trap is not None and (clause == f"event {trap.event}" or not clause.startswith("event "))


def _some(items: Iterable[Item], lexicon: Lexicon, most: int = 4) -> str:
    lists = []
    for item in items:
        texts = [atom.text for atom in atoms(item, lexicon)]
        more = " …" if len(texts) > most else ""
        lists.append(", ".join(texts[:most]) + more if isinstance(item, AnyOf) or texts else "")
    return " and ".join(filter(None, lists))
