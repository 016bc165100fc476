"""Where a text itself says that it was: names behind 'the village of', 'the quarter', 'in', 'near'.

Two reports of one city may tell of two quarters of it, and a ticker may tell of ten villages in the same words. Where
both name such a spot and the names differ, they tell of two events, whether or not a gazetteer knows either.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files

from monitor.stories.names import sound_alike, sound_hash, sounds
from monitor.stories.wording import hashed, is_rare
from monitor.text.fold import fold, unify_ta

# Spots of one sort can contradict each other; 'somewhere' is where the text only says that it was there.
_SORTS = ("somewhere", "village", "quarter", "street", "camp", "market", "point", "district")
_ALSO_ALONE = frozenset(
    {"city", "area", "town", "village", "camp"}
)  # 'in town', 'the camp': no name stands ahead of them
_NO_NAMES = frozenset(
    str.split(
        "السكني السكنيه القديم القديمه الرءيسي الرءيسيه الدولي المجاور المجاوره الشعبي الشعبيه المركزي العسكري الامني "
        "الحدودي الواقعه التي الذي الان اليوم السابق التابع التابعه الجديد الجديده"
    )
)
_PARTICLES = "وبلف"
_MOST = 12
_NEAR_START = 30  # words


def spots(words: Sequence[str]) -> frozenset[int]:
    """Hashes of the spots that a text names near its beginning, at most twelve."""
    found = dict.fromkeys(_spots(words[:_NEAR_START]))
    return frozenset(list(found)[:_MOST])


def named(found: Iterable[int], sort: int) -> frozenset[int]:
    """Those that the text calls by that sort."""
    return frozenset(spot for spot in found if sort_of(spot) == sort)


def sorts(found: Iterable[int]) -> frozenset[int]:
    return frozenset(map(sort_of, found)) - {0}


def differ(one: Iterable[int], other: Iterable[int], names: Iterable[int], more: Iterable[int]) -> bool:
    """Whether each has a spot and neither text (`names` of the one, `more` of the other) has a name that sounds
    like any of the other's."""
    first, second = frozenset(one), frozenset(other)
    return bool(first and second) and not _known(first, (*second, *more)) and not _known(second, names)


def sort_of(spot: int) -> int:
    """0 where the text only says that it was there."""
    return spot & 0xF


def _known(spots: frozenset[int], names: Iterable[int]) -> bool:
    return any(sound_alike(spot, name) for name in names for spot in spots)


def _spots(words: Sequence[str]) -> Iterator[int]:
    of, before = _nouns("of"), _nouns("ahead")
    for at, word in enumerate(words[:-1]):
        name, after = words[at + 1], words[at + 2] if at + 2 < len(words) else ""
        ahead = word[1:] if word[:1] in _PARTICLES and word[1:] in before else word
        sort = before.get(ahead)
        if word in of and name == "of":
            yield from _heard(of[word], after, "")
        elif name in of and name not in _ALSO_ALONE:
            yield from _heard(of[name], word, "")
            if name == "district":  # of a city or of a country
                yield from _heard("quarter", word, "")
        elif sort is None and word[:1] == "ب" and len(word) >= 5 and word.removeprefix("بال") not in before:
            yield from _heard("somewhere", word.removeprefix("بال") if word.startswith("بال") else word[1:], "")
        elif sort is not None and (name not in before or name.startswith("ال")):
            yield from _heard(sort, name, after)


def _heard(sort: str, name: str, after: str) -> Iterator[int]:
    """Some write as two words what others write as one: both are told."""
    called = sort != "somewhere" and name.startswith("ال") and name not in _NO_NAMES
    if len(name) < 3 or not (called or is_rare(hashed(name))):
        return
    for whole in (name, f"{name}{after}" if after else ""):
        sound = sounds(whole.removeprefix("ال"))
        if len(sound) >= 2:
            yield sound_hash(sound, _SORTS.index(sort))


@cache
def _nouns(where: str) -> Mapping[str, str]:
    text = (files("monitor.stories") / "spots.tsv").read_text(encoding="utf-8")
    lines = (line.split("\t") for line in text.splitlines() if not line.startswith("#"))
    return {unify_ta(fold(word)): sort for place, sort, words in lines if place == where for word in words.split()}
