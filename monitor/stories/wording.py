"""What two tellings of one thing are compared by: word stems, each with how much it says.

A stem is only for comparing, never shown: it may be no word. A rule's terms are found by expanding them
(`text.affixes`), which needs to know the term; here nobody knows beforehand which words matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache, lru_cache
from importlib.resources import files
from zlib import crc32

from monitor.text.fold import fold, unify_ta
from monitor.text.frequent import frequent_words

# How much a word says, 0 to 7, stands in the last bits of its hash, so that it needs no table where sketches are
# compared. 0 is not kept at all; NUMBER is no more than a mark.
_SAYS = 0b111
_ANY_LANGUAGE = 0b1000  # it is one of `concepts.tsv`, or a number
_SIGNS = 4  # bits
_HASH = ~((1 << _SIGNS) - 1)
NUMBER = 7
_MOST_NUMBER = (1 << 28) - 1
RARE = 5
# Share of articles from which on a stem says so little (see `text.frequent`).
_LEVELS = ((0.12, 0), (0.05, 1), (0.02, 2), (0.008, 3))
WEIGHTS = (0.0, 0.35, 0.6, 0.8, 1.0, 1.2, 1.2, 1.0)

_PREFIXES = ("وبال", "وكال", "وال", "فال", "بال", "كال", "ولل", "ال", "لل")
_SUFFIXES = tuple(
    str.split("تهما هما تها تهم ءها ءهم ات ان ين ون يه ها هم وا تا ته ه ي ا ت")
)  # fmt: skip
_ENGLISH = ("ings", "ing", "ied", "ies", "ers", "er", "ed", "es", "s", "ly")


def stem(word: str) -> str:
    """The part of a normal word that its forms have in common, as far as letters tell; at least three of them."""
    if not word:
        return word
    if "\u0600" <= word[0] <= "\u06ff":
        return _arabic(word)
    return _without(word, _ENGLISH, least=4) if word[0] < "\u0250" else word


def says(stemmed: str) -> int:
    """How much a stem says of what is told: 0 nothing, up to RARE."""
    share = _stem_shares().get(stemmed, 0.0)
    for enough, level in _LEVELS:
        if share >= enough:
            return level
    return RARE if len(stemmed) >= 3 else 2


def numbered(words: Iterable[str]) -> Iterator[str]:
    """Numbers up to twenty, and the tens after them, as digits: ثلاثة, three and 3 are one; ثلاثة عشر is 13."""
    unit: str | None = None
    for word in words:
        number = _numbers().get(word)
        if unit is not None and number == "10" and len(unit) == 1:
            yield str(10 + int(unit))
            unit = None
            continue
        if unit is not None:
            yield unit
        unit = number
        if number is None:
            yield word
    if unit is not None:
        yield unit


@lru_cache(maxsize=20_000)
def hashed(word: str) -> int:
    """A normal word as a sketch keeps it: 32 bits of its stem, the last three of them how much it says. 0: nothing."""
    if word in _quiet():
        return 0
    if word.isdecimal():
        return min(int(word), _MOST_NUMBER) << _SIGNS | _ANY_LANGUAGE | NUMBER
    if (concept := concept_of(word)) is not None:
        name, level = concept
        return (digest(f"={name}") & _HASH) | _ANY_LANGUAGE | level
    stemmed = stem(word)
    level = says(stemmed)
    return (digest(stemmed) & _HASH) | level if level else 0


def concept_of(word: str) -> tuple[str, int] | None:
    """The meaning that a normal word has in common with words of other languages, and how much it says."""
    exact, beginnings = _concepts()
    if (found := exact.get(word) or exact.get(stem(word))) is not None:
        return found
    return next((found for size in range(len(word), 2, -1) if (found := beginnings.get(word[:size])) is not None), None)


def number(word: int) -> int:
    """The value of what `is_number`."""
    return word >> _SIGNS


def digest(text: str) -> int:
    """32 bits, the same in every process and version."""
    return crc32(text.encode("utf-8", "surrogatepass"))


def weight(word: int) -> float:
    return WEIGHTS[word & _SAYS]


def is_number(word: int) -> bool:
    return word & _SAYS == NUMBER


def is_of_any_language(word: int) -> bool:
    """Whether a text in another language would have the same."""
    return bool(word & _ANY_LANGUAGE)


def may_be_a_name(word: int) -> bool:
    """Whether it is none of the words that news is made of, in its language or in all."""
    return not word & _ANY_LANGUAGE and word & _SAYS >= 3


def is_rare(word: int) -> bool:
    return word & _SAYS == RARE


def _arabic(word: str) -> str:
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            word = word[len(prefix) :]
            break
    else:
        if word[0] in "وبلف" and len(word) >= 5:
            word = word[1:]
    return _without(word, _SUFFIXES, least=3)


def _without(word: str, endings: tuple[str, ...], *, least: int) -> str:
    if not word.endswith(endings):
        return word
    for ending in endings:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            return word[: -len(ending)]
    return word


@cache
def _stem_shares() -> Mapping[str, float]:
    """Without what is too seldom for any level: most of the words, and cutting them takes as long as a check."""
    shares: dict[str, float] = defaultdict(float)
    least = min(enough for enough, _ in _LEVELS)
    for word, share in frequent_words().items():
        if share >= least:
            stemmed = stem(word)
            shares[stemmed] = max(shares[stemmed], share)
    return shares


@cache
def _quiet() -> frozenset[str]:
    return frozenset(unify_ta(fold(word)) for line in _lines("quiet.txt") for word in line.split())


_Concept = tuple[str, int]


@cache
def _concepts() -> tuple[Mapping[str, _Concept], Mapping[str, _Concept]]:
    """By whole word or stem, and by beginning. Where two lines have a word, the first has it."""
    exact: dict[str, _Concept] = {}
    beginnings: dict[str, _Concept] = {}
    for line in _lines("concepts.tsv"):
        level, words = line.split("\t")
        name = words.split()[0].rstrip("*")
        for word in words.split():
            normal = unify_ta(fold(word.removesuffix("*")))
            if word.endswith("*"):
                beginnings.setdefault(normal, (name, int(level)))
            else:
                exact.setdefault(normal, (name, int(level)))
                if "\u0600" <= normal[0] <= "\u06ff":
                    exact.setdefault(stem(normal), (name, int(level)))
    return exact, beginnings


@cache
def _numbers() -> Mapping[str, str]:
    """Small numbers are written as words as often as not."""
    lines = (line.split("\t") for line in _lines("numbers.tsv"))
    return {unify_ta(fold(word)): number for number, words in lines for word in words.split()}


def _lines(name: str) -> list[str]:
    text = (files("monitor.stories") / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if not line.startswith("#")]
