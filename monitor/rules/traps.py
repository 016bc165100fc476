"""The shipped traps by their words, as a term is written: with marks or without, أ or ا."""

from __future__ import annotations

from functools import cache

from monitor.lexicon.traps import Trap, load_traps
from monitor.rules.values import plain_words


def trap_of(term: str) -> Trap | None:
    """What is known of a plain term that means other things as well."""
    return _by_word().get(plain_words(term))


@cache
def _by_word() -> dict[str, Trap]:
    return {plain_words(word): trap for trap in load_traps() for word in trap.words}
