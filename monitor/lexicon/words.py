"""From the words of an event class, as its file lists them, to items of the rule language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, cast

from monitor.language import AllOf, AnyOf, Exact, Item, Name, Plain, Starts, Term, Verb, Word, WordForm
from monitor.lexicon.data import records

LANGUAGES = ("ar", "en", "tr", "ru", "fa", "ckb", "he")

HEBREW_PARTICLES = ("", "ה", "ו", "וה", "ב", "ל")
"""What a Hebrew noun may carry in front: the article, 'and', 'and the', 'in', 'to'. Written to it without a space."""


TOGETHER = 3
"""Words that may stand between each part of a `together` and the next: «استعادت قوات الحكومة السيطرة»."""


def items_of(event: Mapping[str, Any]) -> Iterator[Item]:
    """The items of every language of a class: Arabic first, then the others in the order of `LANGUAGES`.

    Arabic entries say their kind: `{noun: معركة, plural: [معارك]}`, `{person: جريح, plural: [جرحى]}` (takes the
    feminine), `adjective`, `verb` (third person masculine perfect; further words may follow), `noun_verb` (spelled
    alike), `phrase`, `exact`, `name`; `ban` lists words, or words side by side, that are never meant. `together` lists
    entries, or lists of them for any one, that must stand close to each other; `{list: armed-side}` among them stands
    for the entries of a list in `lists/`. In the other languages a text is a word or a phrase, and a `*` at its end
    stands for any ending; a list is a `together` of texts, or of lists of them for any one. `near` beside an Arabic
    `together`: how many words may stand between its parts, where that is not `TOGETHER`.
    """
    for entry in event.get("ar", ()):
        yield _arabic(entry)
    for language in LANGUAGES[1:]:
        for entry in event.get(language, ()):
            yield from _other(language, entry)


def context_of(entries: Sequence[str | Mapping[str, Any]]) -> Iterator[Plain]:
    """What may stand near a guarded spelling: texts as in a rule, or Arabic entries of one word or phrase."""
    for entry in entries:
        item = Term(text=entry) if isinstance(entry, str) else _arabic(entry)
        if isinstance(item, AllOf):
            raise ValueError(f"no word: {entry}")
        yield cast("Plain", item)


def _arabic(entry: Mapping[str, Any]) -> Item:
    kind, text = next(iter(entry.items()))
    extra = {key: tuple(value) for key, value in entry.items() if key not in (kind, "near")}
    match kind:
        case "together":
            return AllOf(items=tuple(_part(part) for part in text), near=int(entry.get("near", TOGETHER)))
        case "exact":
            return Exact(text=text)
        case "name":
            return Name(text=text)
        case "phrase" | "noun" | "verb" if not extra:
            return Verb(text=text) if kind == "verb" else Term(text=text)
    return Word(text=text, forms=_FORMS[kind], **extra)


def _part(part: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Item:
    entries = [part] if isinstance(part, Mapping) else part
    items = tuple(_arabic(entry) for told in entries for entry in _listed(told))
    return items[0] if len(items) == 1 else AnyOf(items=items)


def _listed(entry: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    return _lists()[entry["list"]] if "list" in entry else (entry,)


@cache
def _lists() -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Words that several classes want as company, by the id of their list."""
    return {told["id"]: told["ar"] for told in records("lists")}


_FORMS: Mapping[str, tuple[WordForm, ...]] = {
    "noun": ("noun",),
    "phrase": ("noun",),
    "person": ("noun", "feminine"),
    "adjective": ("adjective",),
    "noun_verb": ("noun", "verb"),
    "verb": ("verb",),
}


def _other(language: str, entry: str | Sequence[str | Sequence[str]]) -> Iterator[Item]:
    if isinstance(entry, str):
        yield from _foreign(language, entry)
    else:
        yield AllOf(items=tuple(_any_of(language, part) for part in entry), near=TOGETHER)


def _any_of(language: str, part: str | Sequence[str]) -> Item:
    texts = [part] if isinstance(part, str) else part
    return AnyOf(items=tuple(item for text in texts for item in _foreign(language, text)))


def _foreign(language: str, text: str) -> Iterator[Item]:
    if language == "he":
        yield from (_words(particle + text) for particle in HEBREW_PARTICLES)
    elif language == "en" and not text.endswith("*"):
        yield Term(text=text)
    else:
        yield _words(text)


def _words(text: str) -> Item:
    """Without a star the words are only themselves: `Term` would inflect what it takes for Arabic."""
    return Starts(text=text[:-1]) if text.endswith("*") else Exact(text=text)
