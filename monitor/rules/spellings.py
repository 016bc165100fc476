"""The spellings of a place, each with what may vouch for it and what speaks against it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from monitor.language import KnownPlace, Plain
from monitor.text.terms import Pattern, compile_context, compile_spelling


@dataclass(frozen=True, slots=True)
class Spelling:
    """One spelling; alike in two places, it is looked for once. `context` None: it needs no company."""

    text: str
    inflected: bool
    ban: tuple[str, ...]
    context: tuple[Plain, ...] | None

    def pattern(self) -> Pattern:
        context = compile_context(self.context) if self.context is not None else None
        return compile_spelling(self.text, inflected=self.inflected, ban=self.ban, context=context)


def spellings(place: KnownPlace) -> Iterator[Spelling]:
    """Those that stand for themselves, then the guarded ones. A spelling in two of the lists is guarded, or takes
    endings."""
    guarded, inflected = frozenset(place.guarded), frozenset(place.inflected)
    for text in dict.fromkeys((*place.terms, *place.inflected, *place.announced)):
        if text not in guarded:
            yield Spelling(text, text in inflected, place.ban, None)
    for text in place.guarded:
        yield Spelling(text, text in inflected, place.ban, place.context)
