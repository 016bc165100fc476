"""Searches a text the way the matcher does, by heads first, so that a head that is missing shows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from monitor.text.document import Text, read_text
from monitor.text.terms import Found, Pattern
from monitor.text.tokens import remainders


def found_in(patterns: Iterable[Pattern], text: Text) -> Iterator[Found]:
    """Every occurrence, in order; behind one the search goes on after it."""
    patterns = tuple(patterns)
    at = 0
    for index, token in enumerate(text.tokens):
        if index < at:
            continue
        rests = remainders(token)
        hits = [pattern.at(text, index) for pattern in patterns if _may_begin(pattern, rests)]
        longest = max((hit for hit in hits if hit), key=lambda hit: hit.last, default=None)
        if longest:
            at = longest.last
            yield longest


def _may_begin(pattern: Pattern, rests: tuple[str, ...]) -> bool:
    return any(map(pattern.heads.include, rests))


def marked(patterns: Iterable[Pattern], published: str) -> list[str]:
    """What a reader would see marked."""
    text = read_text(published)
    return [text.published[slice(*text.span(hit.first, hit.last))] for hit in found_in(patterns, text)]
