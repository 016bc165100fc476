"""By what a store finds the possibly kin of a report without looking at the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from itertools import combinations, islice

from monitor.model import Sketch
from monitor.stories.names import consonants_of
from monitor.stories.runs import is_sampled, sample
from monitor.stories.wording import may_be_a_name, weight

Within = Callable[[str], Sequence[str]]

MOST_KEYS = 48
_SMALLEST_RUNS = 4
_TITLE_PAIRS = 4  # words of a title, the most telling, of which each two make a key
_MOST_NAMES = 6
_MOST_WORDS = 3
_SURE_NAME = 3  # consonants; what has fewer is in too many words
_PLACE_KEYS = 8
_MOST_SPOTS = 5
_SIGN = 4  # bits of a name's hash that are not of its sound
_DAY_SECONDS = 86_400


def no_parents(place_id: str) -> Sequence[str]:  # noqa: ARG001  the signature is `Within`
    """Where nothing is known of what lies within what."""
    return ()


def keys(sketch: Sketch, *, within: Within = no_parents) -> tuple[int, ...]:
    """Signed 64-bit keys, at most 48, none twice, the most telling first. Kin share at least one.

    For the same text: of the whole text, of the headline, of the smallest of its runs (edits leave some of them), of
    pairs of words of its title. For the same event, on these two days and the next, so that midnight parts nothing:
    each place with what it lies within, but for the country; what the text itself says of where it was; the words of
    its title that may be names; the longest of its names.
    """
    made = (_key(*part) for part in _parts(sketch, within))
    return tuple(islice(dict.fromkeys(made), MOST_KEYS))


def _parts(sketch: Sketch, within: Within) -> Iterator[tuple[str, ...]]:
    yield "text", sketch.text.hex()
    yield "headline", sketch.headline.hex()
    yield from islice(_events(sketch, within), _PLACE_KEYS)
    recently = [str(day) for day in days(sketch.told_at)]
    for spot in sorted({spot >> _SIGN for spot in sketch.spots})[:_MOST_SPOTS]:
        yield from (("spot", str(spot), day) for day in recently)
    for run in smallest_runs(sketch.grams):
        yield "run", str(run)
    for one, two in combinations(_most_telling(sketch.words[: sketch.title]), 2):
        yield "words", str(one), str(two)
    for word in filter(may_be_a_name, _most_telling(sketch.words[: sketch.title])[:_MOST_WORDS]):
        yield from (("word", str(word), day) for day in recently)
    for name in _longest(sketch.names):  # what the one calls a village, the other may name without saying what it is
        yield from (("spot", str(name >> _SIGN), day) for day in recently)


def smallest_runs(grams: frozenset[int]) -> list[int]:
    """Of the runs that a long text would keep, too, so that a short copy of it is found; then of the others."""
    kept = sorted(sample(grams))[:_SMALLEST_RUNS]
    if is_sampled(grams) or len(kept) == _SMALLEST_RUNS:
        return kept
    return kept + sorted(grams - set(kept))[: _SMALLEST_RUNS - len(kept)]


def _events(sketch: Sketch, within: Within) -> Iterator[tuple[str, ...]]:
    """Few reports name more than one place and two kinds of events, so few lose any of these to the bound."""
    for place in _places(sketch, within):
        for day in days(sketch.told_at):
            yield "place", place, str(day)


def _places(sketch: Sketch, within: Within) -> Iterable[str]:
    """Places first, then what they lie within, level by level, without countries that only lie around."""
    around = [list(within(place)[:-1]) for place in sketch.facts.places[:2]]
    levels = [
        outer[level] for level in range(max(map(len, around), default=0)) for outer in around if level < len(outer)
    ]
    return dict.fromkeys((*sketch.facts.places[:2], *levels))


def days(told_at: datetime) -> tuple[int, int]:
    """Which two days since 1970, and the next two: reports at most two days apart have one in common."""
    day = int(told_at.astimezone(UTC).timestamp()) // (2 * _DAY_SECONDS)
    return day, day + 1


def _longest(names: Iterable[int]) -> list[int]:
    """Long names are seldom two: both reports take the same ones first."""
    sure = (name for name in names if consonants_of(name) >= _SURE_NAME)
    return sorted(sure, key=lambda name: (-consonants_of(name), name))[:_MOST_NAMES]


def _most_telling(title: Sequence[int]) -> list[int]:
    return sorted(sorted(set(title), key=lambda word: (-weight(word), word))[:_TITLE_PAIRS])


def _key(*parts: str) -> int:
    digest = blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8)
    return int.from_bytes(digest.digest(), "big", signed=True)
