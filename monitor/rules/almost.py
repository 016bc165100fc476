"""What a search text nearly found, and why that is not it: the answer to "but the word is there!".

Cheap by design: each search text that was not found is held against the words of the text under the other ways in
which an author could have written it. That tells what to write instead; it decides nothing about matching.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from monitor.language import AllOf, AnyOf, Exact, Item, Lexicon, Name, Plain, Starts, Term, Verb, Word
from monitor.model import FIELDS, FieldName
from monitor.rules.atoms import Atom, atoms, finder
from monitor.rules.evidence import Search
from monitor.rules.leaves import Node, Words
from monitor.rules.refusals import refusals
from monitor.rules.traps import trap_of
from monitor.text.clean import display
from monitor.text.document import Document, Text
from monitor.text.fold import unify_ta
from monitor.text.nouns import singular_of
from monitor.text.patterns import Phrase, Slot
from monitor.text.terms import Pattern
from monitor.text.tokens import Token, tokenize

MOST = 3  # of one clause; more would bury the answer
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


def almost(sought: Sequence[Atom], looked_at: frozenset[FieldName], document: Document) -> tuple[Almost, ...]:
    """For a clause that found nothing in the fields it looked at. The nearest first, at most `MOST`."""
    found: dict[tuple[FieldName, int], Almost] = {}
    for field in FIELDS:
        text = document.field(field)
        for atom, (first, last, reason) in _in_field(tuple(sought), field, text, looks=field in looked_at):
            one = _told(field, text, first, last, atom, reason)
            found.setdefault((one.field, one.start), one)
            if len(found) >= MOST:
                return tuple(found.values())
    return tuple(found.values())


Refusal = tuple[int, int, str]  # words [first, last), and why they are not what is sought


def _in_field(sought: tuple[Atom, ...], field: FieldName, text: Text, *, looks: bool) -> Iterator[tuple[Atom, Refusal]]:
    if not looks:
        for atom, found in finder(sought).find(text):
            yield atom, (found.first, found.last, f"the rule does not look at the {field} for it")
        return
    yield from _refused(sought, text)
    yield from _written_otherwise(sought, text)
    if len(sought) <= _FEW:
        yield from ((atom, refusal) for atom in sought for refusal in _look_alikes(atom, text))


def _told(field: FieldName, text: Text, first: int, last: int, atom: Atom, reason: str) -> Almost:
    start, end = text.span(first, last)
    surface = display(text.published[start:end])
    return Almost(field=field, start=start, end=end, surface=surface, term=atom.text, reason=reason)


def _refused(sought: tuple[Atom, ...], text: Text) -> Iterator[tuple[Atom, Refusal]]:
    """Words with the right letters that a veto keeps out, and phrases whose words stand apart."""
    apart: set[Atom] = set()
    for atom, pattern, index in finder(sought).begun(text):
        if isinstance(pattern, Phrase) and len(pattern.slots) > 1:
            if atom not in apart:
                apart.add(atom)
                yield from ((atom, refusal) for refusal in _words_apart(pattern.slots, text))
        elif pattern.at(text, index) is None:
            reason = _veto(atom, text.tokens[index], pattern)
            if reason:
                yield atom, (index, index + 1, reason)


@lru_cache(maxsize=1 << 10)
def _others(sought: tuple[Atom, ...]) -> Mapping[Atom, tuple[Atom, str]]:
    """The search texts as they could have been written instead, with what they stand for and what to tell of them."""
    return {
        replace(atom, item=item, place="", spelling=None): (atom, reason)
        for atom in sought
        for item, reason in _otherwise(atom)
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
    if not any(parse.is_likely for parse in readings):
        return "before so short a word, ك or ف is mostly the word's own first letter"
    if isinstance(pattern, Phrase) and any(
        token.surface.writes(letter, -len(p.rest)) for letter in "أإ" for p in readings
    ):
        return "with this hamza it is another word"
    return ""


def _words_apart(slots: Sequence[Slot], text: Text) -> Iterator[Refusal]:
    """A phrase all of whose words are in the field, not side by side. The closest reading of the first, told once."""
    at = [_slot_at(slot, text, first=number == 0) for number, slot in enumerate(slots)]
    if not all(at):
        return
    first = min(at[0], key=lambda index: abs(index - at[1][0]))
    rest = [min(places, key=lambda index: abs(index - first)) for places in at[1:]]
    low, high = min(first, *rest), max(first, *rest)
    if text.sentence(low) != text.sentence(high):
        yield low, high + 1, "a phrase does not reach over the end of a sentence"
    elif [first, *rest] != sorted([first, *rest]):
        yield low, high + 1, "the words of a phrase stand in the order in which they are written"
    else:
        yield low, high + 1, "the words of a phrase stand side by side; use 'all' with 'near' for words apart"


def _slot_at(slot: Slot, text: Text, *, first: bool) -> list[int]:
    return [index for index, token in enumerate(text.tokens) if slot.read(token.surface, first=first) is not None]


def _otherwise(atom: Atom) -> Iterator[tuple[Plain, str]]:
    """Other ways to write the item that would have found something, with what to tell of them."""
    item, text = atom.item, atom.text
    arabic = "\u0620" <= text[:1] <= "\u06ff"
    match item:
        case Term() | Word() if arabic:
            yield from _other_nouns(text)
            if len(text.split()) == 1 and not (isinstance(item, Word) and "verb" in item.forms):
                yield Verb(text=text), f"it is the verb: {{word: {text}, forms: [noun, verb]}} finds it too"
        case Term() | Exact() if not arabic and len(text) > 2:
            *_, last = text.split()
            if len(text.split()) == 1:
                yield Starts(text=last), f"only the word itself and its plural are found; {{starts: {last}}} finds it"
        case Exact():
            yield Term(text=text), f"'exact' takes the word as it stands only; write {text} for all its forms"
        case Verb():
            yield Term(text=text), f"it is a noun: {{word: {text}, forms: [noun, verb]}} finds it too"
        case Name() if arabic:
            yield from _other_names(text)


def _other_nouns(text: str) -> Iterator[tuple[Plain, str]]:
    if text.startswith("ال") and len(text) > 3:
        bare = text[2:]
        yield Term(text=bare), f"the article is expected where you write it; {bare} finds both"
    singular = _singular(text)
    if singular:
        yield Term(text=singular), f"a plural does not find its singular; {singular} finds both"


def _other_names(text: str) -> Iterator[tuple[Plain, str]]:
    if text.startswith("ال") and len(text) > 4:
        yield Name(text=text[2:]), "the name has the article, so it is expected"
    elif len(text.split()) == 1:
        yield Term(text=f"ال{text}"), "with the article it is another word: a name is found as it is written"


@lru_cache(maxsize=1024)
def _singular(text: str) -> str:
    """Of a broken plural of the shipped table, or of a sound one in ات; '' if there is no telling."""
    plain = text.removeprefix("ال")
    known = singular_of(plain) if len(text.split()) == 1 else ""
    if known or not plain.endswith("ات") or len(plain) < 5:
        return known
    stem = plain.removesuffix("ات")
    return stem if len(stem) >= 5 else f"{stem}ة"


def _look_alikes(atom: Atom, text: Text) -> Iterator[Refusal]:
    """Words that share their middle with a single word: حماية beside حماة. The last resort, of Arabic only."""
    words = tokenize(atom.text)
    if len(words) != 1 or not "\u0620" <= words[0].folded[:1] <= "\u06ff":
        return
    word = words[0].folded
    for index, token in enumerate(text.tokens):
        reason = _likeness(word, token, atom)
        if reason:
            yield index, index + 1, reason


def _likeness(word: str, token: Token, atom: Atom) -> str:
    before = token.folded.removesuffix(word)
    if before and _PARTICLES.fullmatch(before):
        return f"a word of its own, though it looks like {atom.text} with particles"
    core = _core(word)
    if len(core) < 3 or core not in {_core(parse.rest) for parse in token.surface.parses}:
        return ""
    if isinstance(atom.item, Name):
        return f"no form of the name {atom.text}: particles may stand before a name, nothing behind it"
    return f"no form of {atom.text}, but another word"


_PARTICLES = re.compile("[وف]?[بكل]?(?:ال|ل)?")
_ENDINGS = ("ات", "ون", "ين", "ان", "ها", "هم", "يه", "وي", "ي", "ه", "ا")


def _core(folded: str) -> str:
    """A word without article and endings, as careless stemming would have it."""
    word = unify_ta(folded).removeprefix("ال")
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
    return word


def refused_spellings(nodes: Iterable[Node], search: Search) -> Iterator[Almost]:
    """Spellings of places that mean something else as well, where nothing vouches for the place."""
    for node in nodes:
        yield from refused_spellings(node.parts, search)
        for field, start, end, why in refusals(node, search) if isinstance(node, Words) else ():
            surface = display(search.document.field(field).published[start:end])
            yield Almost(field=field, start=start, end=end, surface=surface, term=node.title, reason=why)


def half(box: AllOf, lexicon: Lexicon, fields: frozenset[FieldName], document: Document) -> Iterator[Almost]:
    """A word of several meanings in a box whose words count only together, where it stands alone."""
    for part in box.items:
        traps = tuple(atom for atom in atoms(part, lexicon) if trap_of(atom.text))
        if not traps:
            continue
        others = [other for other in box.items if other is not part]
        reason = f"it has several meanings, and counts close to {_some(others, lexicon)}"
        for field in (field for field in FIELDS if field in fields):
            text = document.field(field)
            for atom, found in finder(traps).find(text):
                yield _told(field, text, found.first, found.last, atom, reason)


def _some(items: Iterable[Item], lexicon: Lexicon, most: int = 4) -> str:
    lists = []
    for item in items:
        texts = [atom.text for atom in atoms(item, lexicon)]
        more = " …" if len(texts) > most else ""
        lists.append(", ".join(texts[:most]) + more if isinstance(item, AnyOf) or texts else "")
    return " and ".join(filter(None, lists))
