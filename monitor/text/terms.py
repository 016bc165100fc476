"""Items of the rule language, compiled to patterns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import assert_never

from monitor.language import Exact, Name, Plain, Starts, Strictness, Term, Verb, Word
from monitor.text.affixes import noun_forms, with_and_without_seats
from monitor.text.fold import fold
from monitor.text.guarded import Context, Guarded, ban_of, context_of
from monitor.text.names import compile_name
from monitor.text.nouns import noun_entry
from monitor.text.particles import CONJUNCTIONS
from monitor.text.patterns import Action, Beginning, Found, Noun, Pattern, Phrase, Slot, Spelled
from monitor.text.strict import asks_nothing, strict_about
from monitor.text.tokens import Token, tokenize
from monitor.text.twins import twins_of_name
from monitor.text.verbs import verb_forms

__all__ = [
    "Context", "Found", "Pattern", "compile_context", "compile_item", "compile_spelling", "idle_strictness",
]  # fmt: skip

_EXACT_PARTICLES = frozenset("وفبل")
# Letters that Arabic does not write: Persian, Urdu, Kurdish. Its endings would be wrong on these words.
_FOREIGN = frozenset("پچژگڤەۆێڕڵٹڈڑںےھہ")
_PERSIAN_ENDINGS = ("", "ها", "های", "هایی", "ی")


def compile_item(item: Plain) -> tuple[Pattern, ...]:
    """What finds the item: at least one pattern. An item without a single letter or digit is a ValueError.

    A `Term` in Latin letters finds its words as they stand and the plural in -s, -es or -ies of the last; in other
    scripts without a model of their own, the words as they stand. `Starts` is for those.
    """
    match item:
        case Term():
            return (_term(item.text),)
        case Name():
            return tuple(
                compile_name(name) for twin in twins_of_name(item.text) for name in with_and_without_seats(twin)
            )
        case Verb():
            return (_verb(item.text),)
        case Exact():
            return (_exact(item.text),)
        case Starts():
            return (_starts(item.text),)
        case Word():
            return tuple(_word(item))
        case other:
            assert_never(other)


def compile_spelling(
    term: str, *, inflected: bool = False, ban: Iterable[str] = (), context: Context | None = None
) -> Pattern:
    """One spelling of a place: a name. `inflected`: in its language, names take endings.

    `ban`: words over which it is not the place. `context`: it is the place only near one of these.
    """
    name = compile_name(term, inflected=inflected)
    banned = tuple(map(ban_of, ban))
    return Guarded(name, banned, context) if banned or context is not None else name


@lru_cache(maxsize=1 << 6)
def compile_context(items: tuple[Plain, ...]) -> Context:
    """Made once for all the spellings of a place."""
    return context_of(pattern for item in items for pattern in compile_item(item))


def _words(text: str) -> list[tuple[str, str]]:
    """The words of a term, as written and folded."""
    tokens: tuple[Token, ...] = tokenize(text)
    if not tokens:
        raise ValueError(f"no word in {text!r}")
    return [(token.surface.word, token.folded) for token in tokens]


def _term(text: str) -> Phrase:
    words = _words(text)
    last = len(words) - 1
    slots = tuple(_slot(*word, first=at == 0, last=at == last) for at, word in enumerate(words))
    return Phrase(slots, _never(words[0][0]) if last == 0 else ())


def _never(word: str) -> tuple[tuple[str, ...], ...]:
    """Where the word is another one, with a conjunction and without."""
    phrases = [tuple(folded for _, folded in _words(phrase)) for phrase in noun_entry(word).never]
    return tuple((before + first, *others) for first, *others in phrases for before in ("", *CONJUNCTIONS))


def _slot(written: str, folded: str, *, first: bool, last: bool) -> Slot:
    if "\u0620" <= folded[0] <= "\u06ff":
        if _FOREIGN.intersection(written):
            return Spelled({fold(written + ending): _shown(written, ending) for ending in _PERSIAN_ENDINGS})
        return Noun(noun_forms(written, feminine=not first))
    if last and folded.isascii() and folded.isalpha():
        return Spelled(_english(folded))
    return Spelled({folded: folded})


def _shown(written: str, ending: str) -> str:
    return f"{written}+{ending}" if ending else written


def _english(word: str) -> dict[str, str]:
    plurals = {f"{word}s": f"{word}+s", f"{word}es": f"{word}+es"}
    if word.endswith("y"):
        plurals[f"{word[:-1]}ies"] = f"{word[:-1]}+ies"
    return {word: word, **plurals}


def _verb(text: str) -> Phrase:
    """The first word is the verb; further ones stand as a term's do."""
    (verb, _), *others = _words(text)
    slots = (_slot(*word, first=False, last=at == len(others)) for at, word in enumerate(others, 1))
    return Phrase((Action(verb_forms(verb)), *slots))


def _exact(text: str) -> Phrase:
    words = [folded for _, folded in _words(text)]
    particles = _EXACT_PARTICLES if len(words) > 1 else frozenset[str]()
    return Phrase(tuple(Spelled(_with_dots_dropped(word), particles) for word in words))


def _with_dots_dropped(word: str) -> dict[str, str]:
    """The word, and its ة written as ه: sloppy writing drops the dots, and never adds them."""
    return {word: word, f"{word[:-1]}ه": word} if word.endswith("ة") else {word: word}


def _starts(text: str) -> Phrase:
    *before, (_, start) = _words(text)
    return Phrase((*(Spelled({folded: folded}) for _, folded in before), Beginning(start)))


def _word(item: Word) -> Iterator[Phrase]:
    """The long form: a pattern for each part of speech, none at a banned word, each as strict as its author."""
    words = _words(item.text)
    banned = (*(tuple(folded for _, folded in _words(ban)) for ban in item.ban), *_term(item.text).banned)
    plurals = item.plural if len(words) == 1 else ()

    def phrase(slots: tuple[Slot, ...], written: list[tuple[str, str]]) -> Phrase:
        strict = (strict_about(item.strict, (word, *plurals)) for word, _ in written) if item.strict else ()
        return Phrase(slots, banned, tuple(strict))

    if "verb" in item.forms:
        yield phrase(_verb(item.text).slots, words)
    if {"noun", "adjective", "feminine"}.intersection(item.forms) or not item.forms:
        yield phrase(_long_noun(item, words), words)
        if len(words) > 1:
            for plural in item.plural:
                yield phrase(_term(plural).slots, _words(plural))


def idle_strictness(item: Word) -> tuple[Strictness, ...]:
    """Those of `strict` that ask nothing of the word, because no form of it has such a letter."""
    written = (item.text, *item.plural)
    forms = [how for phrase in _word(item) for slot in phrase.slots for how in _forms(slot)]
    return tuple(letters for letters in item.strict if asks_nothing(letters, written, forms))


def _forms(slot: Slot) -> Iterator[str]:
    """As they are made, root and ending."""
    if isinstance(slot, Noun):
        yield from (*slot.forms.bare.values(), *slot.forms.definite.values())
    elif isinstance(slot, Action):
        yield from slot.forms.made.values()


def _long_noun(item: Word, words: list[tuple[str, str]]) -> tuple[Slot, ...]:
    phrase = _term(item.text).slots
    if len(words) > 1 or not isinstance(phrase[0], Noun):
        own = {folded: folded for plural in item.plural for _, folded in _words(plural)}
        return phrase if len(words) > 1 or not own else (Spelled({**_spellings(phrase[0]), **own}),)
    agrees = not {"adjective", "feminine"}.isdisjoint(item.forms)
    return (Noun(noun_forms(words[0][0], feminine=agrees, plurals=item.plural)),)


def _spellings(slot: Slot) -> dict[str, str]:
    return {head: head for head in slot.heads.words}
