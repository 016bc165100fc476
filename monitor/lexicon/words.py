"""From the words of an event class, as its file lists them, to items of the rule language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from monitor.language import AllOf, Exact, Item, Name, Starts, Term, Verb, Word, WordForm

LANGUAGES = ("ar", "en", "tr", "ru", "fa", "ckb", "he")

HEBREW_PARTICLES = ("", "ה", "ו", "וה", "ב", "ל")
"""What a Hebrew noun may carry in front: the article, 'and', 'and the', 'in', 'to'. Written to it without a space."""


def items_of(event: Mapping[str, Any]) -> Iterator[Item]:
    """The items of every language of a class: Arabic first, then the others in the order of `LANGUAGES`.

    Arabic entries say their kind: `{noun: معركة, plural: [معارك]}`, `{person: جريح, plural: [جرحى]}` (takes the
    feminine), `adjective`, `verb` (third person masculine perfect), `noun_verb` (spelled alike), `phrase`, `exact`,
    `name`. In the other languages a text is a word or a phrase; `*` after a word stands for its endings.
    """
    for entry in event.get("ar", ()):
        yield _arabic(entry)
    for language in LANGUAGES[1:]:
        for text in event.get(language, ()):
            yield from _other(language, text)


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
    return Word(text=text, forms=_FORMS[kind], **extra)


_FORMS: Mapping[str, tuple[WordForm, ...]] = {
    "noun": ("noun",),
    "person": ("noun", "feminine"),
    "adjective": ("adjective",),
    "noun_verb": ("noun", "verb"),
}


def _other(language: str, text: str) -> Iterator[Item]:
    words = text.split()
    if language == "he":
        yield from (_words([particle + words[0], *words[1:]]) for particle in HEBREW_PARTICLES)
    elif language == "en" and "*" not in text:
        yield Term(text=text)
    else:
        yield _words(words)


def _words(words: list[str]) -> Item:
    """One word, or words side by side. Without an ending each word is only itself: `Term` would inflect it as Arabic."""
    if not any(word.endswith("*") for word in words):
        return Exact(text=" ".join(words))
    items = tuple(Starts(text=word[:-1]) if word.endswith("*") else Exact(text=word) for word in words)
    return items[0] if len(items) == 1 else AllOf(items=items, near=0)
