"""What stands in a text's `haystack` wherever a term does: for asking quickly whether the term may be there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from monitor.text.fold import unify_ta
from monitor.text.heads import Heads, HeadStem
from monitor.text.particles import ARTICLE

_FEW = 4  # words that are looked for one by one; of more only what they have in common


class Needle(NamedTuple):
    """`endings` may follow it within its word, None for anything. `starts`: in its word, only particles stand before
    it. `joined`: it stands in the haystack without spaces only. `word`: in which word of the term it stands."""

    text: str
    endings: frozenset[str] | None = None
    starts: bool = False
    joined: bool = False
    word: int = 0


def needles_of(heads: Heads) -> tuple[Needle, ...]:
    """Needles of which one at least stands in the haystack of every text with a word that the heads include."""
    plain = [stem for stem in heads.stems if not stem.article]
    prefixes = (Needle(unify_ta(each), None, True) for each in heads.prefixes)
    needles = (*contracted((*_of_words(heads.words), *_of_stems(plain), *prefixes)), *_of_definite(heads.stems))
    return tuple(dict.fromkeys(needles))


def contracted(needles: Iterable[Needle]) -> Iterator[Needle]:
    """And the needles without the alef of their article, which ل takes away: للموصل."""
    for needle in needles:
        yield needle
        if needle.text.startswith(ARTICLE):
            yield needle._replace(text=needle.text[1:])


def _of_words(words: Collection[str]) -> Iterator[Needle]:
    unified = sorted({unify_ta(word) for word in words}, key=lambda word: (len(word), word))
    if len(unified) <= _FEW:
        yield from (Needle(word, _NOTHING, True) for word in unified)
        return
    cores: list[str] = []
    for word in unified:
        if not any(core in word for core in cores):
            cores.append(word)
            yield Needle(word)


def _of_stems(stems: Iterable[HeadStem]) -> Iterator[Needle]:
    for root, endings, _ in stems:
        if root:
            yield Needle(unify_ta(root), _unified(tuple(endings)), True)
        else:  # a word of one letter, in place of which the endings stand
            yield from _of_words(set(endings) - _NOTHING)


def _of_definite(stems: Iterable[HeadStem]) -> Iterator[Needle]:
    for root, endings, article in stems:
        if article:
            yield from _behind_article(Needle(unify_ta(root), _unified(tuple(endings)), True))


def _behind_article(needle: Needle) -> Iterator[Needle]:
    """ل takes the alef away (للموصل), and before another ل both (للاجئين)."""
    yield needle._replace(text=f"{ARTICLE}{needle.text}")
    yield needle._replace(text=f"لل{needle.text}")
    if needle.text.startswith("ل"):
        yield needle._replace(text=f"ل{needle.text}")


_NOTHING = frozenset({""})


@lru_cache(maxsize=1 << 10)
def _unified(endings: tuple[str, ...]) -> frozenset[str]:
    """One set for all words that take these endings."""
    return frozenset(map(unify_ta, endings))


def rarer(one: tuple[Needle, ...], other: tuple[Needle, ...]) -> tuple[Needle, ...]:
    """Which of two is met less often, by the shortest needle of each."""
    return max(one, other, key=shortest)


def shortest(needles: Iterable[Needle]) -> int:
    """How many letters the shortest has."""
    return min(len(needle.text) for needle in needles)
