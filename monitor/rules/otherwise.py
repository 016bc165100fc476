"""How an author could have written a search text instead, and what that would find: for explain."""

from __future__ import annotations

import re
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
                if verb := _verb_of(text):
                    yield Verb(text=verb), f"it is the verb, which a noun does not find: {{verb: {verb}}} does"
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
    for singular in _singulars(text):
        yield Term(text=singular), f"a plural does not find its singular; {singular} finds both"


def _other_names(text: str) -> Iterator[tuple[Plain, str]]:
    if text.startswith("ال") and len(text) > 4:
        yield Name(text=text[2:]), "the name has the article, so it is expected"
    elif len(text.split()) == 1:
        yield Term(text=f"ال{text}"), "with the article it is another word: a name is found as it is written"


@lru_cache(maxsize=1024)
def _singulars(text: str) -> tuple[str, ...]:
    """Of a broken plural of the shipped table, or of a sound one in ات, which may be that of a word with ة or without;
    none if there is no telling."""
    plain = text.removeprefix("ال")
    known = singular_of(plain) if len(text.split()) == 1 else ""
    if known or not plain.endswith("ات") or len(plain) < 5:
        return (known,) if known else ()
    stem = plain.removesuffix("ات")
    return (f"{stem}ة", stem) if len(stem) >= 5 else (f"{stem}ة",)


# What is done as a noun, by the shape of its letters, and the verb as *he did*. Only shapes that hardly mislead: of
# تدمير the verb would be دمر, which is found in تدمر, a town.
_VERBS = (
    (re.compile("(ا(?:ن[^ا]|[^ا]ت))يا([^اء])"), r"\1ا\2"),  # انهيار, اغتيال
    (re.compile("(ا[^ا]ت([^اي]))ا\\2"), r"\1"),  # احتلال
    (re.compile("(است[^ا]{2,3})ا([^اء])"), r"\1\2"),  # استهداف
    (re.compile("(است[^ا]{1,2}ا[^اء])ة"), r"\1"),  # استعادة
    (re.compile("(ا(?:ن[^ا]|[^ا]ت)[^اي])ا([^اء])"), r"\1\2"),  # انفجار, اقتحام
    (re.compile("إ([^ا]{2})ا([^اء])"), r"أ\1\2"),  # إغلاق
    (re.compile("م([^ا]ا[^ا]{2})ة"), r"\1"),  # مداهمة
)


@lru_cache(maxsize=1024)
def _verb_of(noun: str) -> str:
    """'' if the shape does not tell."""
    plain = noun.removeprefix("ال")
    found = ((shape.fullmatch(plain), verb) for shape, verb in _VERBS)
    return next((match.expand(verb) for match, verb in found if match), "")
