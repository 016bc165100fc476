"""From the words of an event class, as its file lists them, to items of the rule language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from monitor.language import AllOf, AnyOf, Exact, Item, Name, Plain, Starts, Term, Verb, Word, WordForm

LANGUAGES = ("ar", "en", "tr", "ru", "fa", "ckb", "he")

HEBREW_PARTICLES = ("", "ה", "ו", "וה", "ב", "ל")
"""What a Hebrew noun may carry in front: the article, 'and', 'and the', 'in', 'to'. Written to it without a space."""


TOGETHER = 3
"""Words that may stand between each part of a `together` and the next: «استعادت قوات الحكومة السيطرة»."""


def items_of(event: Mapping[str, Any]) -> Iterator[Item]:
    """The items of every language of a class: Arabic first, then the others in the order of `LANGUAGES`.

    Arabic entries say their kind: `{noun: معركة, plural: [معارك]}`, `{person: جريح, plural: [جرحى]}` (takes the
    feminine), `adjective`, `verb` (third person masculine perfect), `noun_verb` (spelled alike), `phrase`, `exact`,
    `name`; `together` lists entries, or lists of them for any one, that must stand close to each other. In the other
    languages a text is a word or a phrase; a `*` at its end stands for any ending.
    """
    for entry in event.get("ar", ()):
        yield _arabic(entry)
    for language in LANGUAGES[1:]:
        for text in event.get(language, ()):
            yield from _other(language, text)


def context_of(entries: Sequence[str | Mapping[str, Any]]) -> Iterator[Plain]:
    """What may stand near a guarded spelling: texts as in a rule, or Arabic entries of one word or phrase."""
    for entry in entries:
        item = Term(text=entry) if isinstance(entry, str) else _arabic(entry)
        if isinstance(item, AllOf):
            raise ValueError(f"no word: {entry}")
        yield cast("Plain", item)


def _arabic(entry: Mapping[str, Any]) -> Item:
    kind, text = next(iter(entry.items()))
    extra = {key: tuple(value) for key, value in entry.items() if key != kind}
    match kind:
        case "phrase":
            return Term(text=text)
        case "noun" if not extra:
            return Term(text=text)
        case "verb":
            return Verb(text=text)
        case "exact":
            return Exact(text=text)
        case "name":
            return Name(text=text)
        case "together":
            return AllOf(items=tuple(_part(part) for part in text), near=TOGETHER)
    return Word(text=text, forms=_FORMS[kind], **extra)


def _part(part: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> Item:
    return _arabic(part) if isinstance(part, Mapping) else AnyOf(items=tuple(map(_arabic, part)))


_FORMS: Mapping[str, tuple[WordForm, ...]] = {
    "noun": ("noun",),
    "person": ("noun", "feminine"),
    "adjective": ("adjective",),
    "noun_verb": ("noun", "verb"),
}


def _other(language: str, text: str) -> Iterator[Item]:
    if language == "he":
        yield from (_words(particle + text) for particle in HEBREW_PARTICLES)
    elif language == "en" and not text.endswith("*"):
        yield Term(text=text)
    else:
        yield _words(text)


def _words(text: str) -> Item:
    """Without a star the words are only themselves: `Term` would inflect what it takes for Arabic."""
    return Starts(text=text[:-1]) if text.endswith("*") else Exact(text=text)
