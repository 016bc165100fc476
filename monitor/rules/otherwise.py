"""How an author could have written a search text instead, and what that would find: for explain."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from monitor.language import Exact, Name, Plain, Starts, Term, Verb, Word
from monitor.text.nouns import singular_of


def otherwise(item: Plain) -> Iterator[tuple[Plain, str]]:
    """Other ways to write an item that would find more, with what to tell of what they find."""
    text = item.text
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
