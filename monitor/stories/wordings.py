"""How much of their words two sketches share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from monitor.model import Sketch
from monitor.stories.names import consonants_of
from monitor.stories.runs import comparable
from monitor.stories.wording import is_number, is_of_any_language, number, weight

_LEAD = 24  # telling words behind the title in which it is told what happened: then comes what was before
_OPENING = 7  # telling words of the text behind the title
_ENOUGH_RUNS = 5
_SOUND = {2: 0.0, 3: 0.6}  # what a name says by its consonants; 1 from four on


@dataclass(frozen=True, slots=True)
class Shared:
    """All 0 to 1, by weight of words, but `names`.

    `runs`: of the shorter text's runs, those in the longer; None where there are too few to tell. `words`: of the
    lighter text's first words; across languages, of those that have a meaning in both. `titles`: of all words of both
    titles. `opening`: how far the first words of one text are somewhere in the other; `heads`: the same of their
    titles, on average. `names`: how much the names that sound alike say together.
    """

    one_language: bool
    runs: float | None
    words: float
    titles: float
    opening: float
    heads: float
    names: float


def shared(one: Sketch, other: Sketch) -> Shared:
    one_language = one.language == other.language
    first, second = one.words[: one.title + _LEAD], other.words[: other.title + _LEAD]
    title, headline = one.words[: one.title], other.words[: other.title]
    if not one_language:
        first, second, title, headline = (
            tuple(filter(is_of_any_language, each)) for each in (first, second, title, headline)
        )
    a, b = frozenset(first), frozenset(second)
    return Shared(
        one_language=one_language,
        runs=_runs(one.grams, other.grams),
        words=_lead_shared(a, b),
        titles=_ratio(_sum({*title} & {*headline}), _sum({*title, *headline})),
        opening=max(_covered(_opening(one), frozenset(other.words)), _covered(_opening(other), frozenset(one.words))),
        heads=(
            _covered(one.words[: one.title], frozenset(other.words))
            + _covered(other.words[: other.title], frozenset(one.words))
        )
        / 2,
        names=min(2.0, sum(_SOUND.get(consonants_of(name), 1.0) for name in one.names & other.names)),
    )


def share_runs(one: Sketch, other: Sketch) -> float:
    """`runs` of two, 0 where there are too few to tell."""
    return _runs(one.grams, other.grams) or 0.0


def share_words(one: Sketch, other: Sketch) -> float:
    """`words` of two of one language."""
    return _lead_shared(*(frozenset(each.words[: each.title + _LEAD]) for each in (one, other)))


def _lead_shared(a: frozenset[int], b: frozenset[int]) -> float:
    return _ratio(_sum(a & b), max(min(_sum(a), _sum(b)), 2.0))


def numbers(words: Iterable[int]) -> frozenset[int]:
    return frozenset(number(word) for word in words if is_number(word))


def _runs(one: frozenset[int], other: frozenset[int]) -> float | None:
    a, b = comparable(one, other)
    fewest = min(len(a), len(b))
    return len(a & b) / fewest if fewest >= _ENOUGH_RUNS else None


def _opening(sketch: Sketch) -> tuple[int, ...]:
    return sketch.words[sketch.title : sketch.title + _OPENING] or sketch.words[: sketch.title]


def _covered(part: Sequence[int], whole: frozenset[int]) -> float:
    return _ratio(_sum(word for word in part if word in whole), _sum(part))


def _sum(words: Iterable[int]) -> float:
    return sum(map(weight, words))


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
