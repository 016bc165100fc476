"""What the alerts of a rule that readers refused have in common: words that may belong under its `none`. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from monitor.store.views.rules import Judged
from monitor.text.clean import display
from monitor.text.fold import unify_ta
from monitor.text.frequent import frequent_words
from monitor.text.particles import remainders
from monitor.text.tokens import tokenize

LEAST: Final = 2  # headlines that have a word: of one alone anything may be said
MOST: Final = 8  # words
_EVERYWHERE: Final = 0.1  # of all articles: words that say nothing of what an article is about
_SHORTEST: Final = 3  # letters
# Of other languages we have counted nothing: these stand in any headline.
_FUNCTION_WORDS: Final = frozenset((
    "the", "and", "for", "with", "from", "that", "this", "after", "into", "over", "near", "says", "said", "amid", "are",
    "was", "were", "has", "have", "had", "not", "but", "its", "their", "his", "her", "who", "will", "than", "more",
    "bir", "ile", "icin", "son", "daha", "gore", "sonra", "kadar", "olan", "olarak",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shared:
    """A word as it mostly stands, and in how many of the refused headlines it does."""

    word: str
    headlines: int


def shared_words(headlines: Iterable[Judged]) -> tuple[Shared, ...]:
    """The most shared first. None of them stands in a headline that was right, or is what the rule looks for."""
    refused: dict[str, set[int]] = defaultdict(set)
    written: dict[str, Counter[str]] = defaultdict(Counter)
    kept: set[str] = set()
    for number, headline in enumerate(headlines):
        for word, key, is_found in _words(headline):
            if headline.is_right or is_found:
                kept.add(key)
            else:
                refused[key].add(number)
                written[key][word] += 1
    usual = frequent_words()
    found = {
        key: numbers
        for key, numbers in refused.items()
        if len(numbers) >= LEAST and key not in kept | _FUNCTION_WORDS and usual.get(unify_ta(key), 0.0) < _EVERYWHERE
    }
    told = sorted(_once(found), key=lambda key: (-len(found[key]), key))
    return tuple(Shared(written[key].most_common(1)[0][0], len(found[key])) for key in told[:MOST])


def _words(headline: Judged) -> Iterator[tuple[str, str, bool]]:
    """Each word as it is written, with each of what it may be without particles, and whether the rule found it."""
    clean = display(headline.title)
    found = {
        key
        for span in headline.spans
        if span.field == "title"
        for token in tokenize(display(headline.title[span.start : span.end]))
        for key in remainders(token.folded)
    }
    for token in tokenize(clean):
        keys = {key for key in remainders(token.folded) if len(key) >= _SHORTEST and not key.isdigit()}
        is_found = not found.isdisjoint(keys)
        yield from ((clean[token.start : token.end], key, is_found) for key in keys)


def _once(found: Mapping[str, set[int]]) -> Iterator[str]:
    """Of a word and what it may be without particles, what more headlines have; where as many do, the word."""
    for key, numbers in found.items():
        bare = {other for other in remainders(key) if other != key}
        whole = (other for other in found if key != other and key in remainders(other))
        if any(len(found.get(other, ())) > len(numbers) for other in bare):
            continue
        if any(len(found[other]) >= len(numbers) for other in whole):
            continue
        yield key
