"""From what a rule cannot hold without to a question for the index, in the language of SQLite's FTS5.

The law: each text in which the rule holds is among the answers, and others may be. `None` stands for "anything", ''
for "nothing".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import product
from typing import Final

from monitor.rules.index import Index
from monitor.rules.needs import Need
from monitor.search.vocabulary import Vocabulary
from monitor.search.words import is_word, token
from monitor.text.alphabet import encode

Expression = str | None

_MOST_NAMES: Final = 60  # of one need: each is asked for in a hundred ways
_SHORTEST: Final = 3  # letters of the beginning of a word; fewer begin thousands
_PIECES: Final = 3  # into which a name is followed; where more would have to stand, anything may

# What may be attached before a name: و ف, then ب ل ك; in Hebrew up to two of its seven (see `monitor.text.particles`).
_ARABIC: Final = tuple("".join(each) for each in product(("", "و", "ف"), ("", "ب", "ل", "ك")))
_HEBREW: Final = ("", *"ובלמהשכ", *("".join(each) for each in product("ובלמהשכ", repeat=2)))


class Question:
    """Of one index, by the words that it has: those of heads and, where the rule looks there, those of bodies."""

    def __init__(self, index: Index, vocabularies: Mapping[str, Vocabulary]) -> None:
        """`vocabularies`: by the mark that their words bear."""
        self._index, self._vocabularies = index, vocabularies

    def of_rule(self, needs: Iterable[Need]) -> Expression:
        return all_of(self.of_need(need) for need in needs)

    def of_need(self, need: Need) -> Expression:
        """One of these patterns occurs."""
        spaced, joined = self._index.spaced.parts, self._index.joined.parts
        alone = {pattern for pattern in need if pattern not in joined and len(spaced[pattern]) == 1}
        others = sorted(need - alone)
        if len(others) > _MOST_NAMES:
            return None
        needles = frozenset[int]().union(*(spaced[pattern][0] for pattern in alone))
        return any_of((self._holding(needles), *map(self._of_pattern, others)))

    def _of_pattern(self, pattern: int) -> Expression:
        """Each of its parts stands somewhere."""
        spaced = map(self._holding, self._index.spaced.parts.get(pattern, ()))
        joined = map(self._joined, self._index.joined.parts.get(pattern, ()))
        return all_of((*spaced, *joined))

    def _holding(self, needles: frozenset[int]) -> Expression:
        """One of these needles stands in a word."""
        return any_of(
            one_of(mark, vocabulary.holding(self._index.spaced.scan, needles))
            for mark, vocabulary in self._vocabularies.items()
        )

    def _joined(self, needles: frozenset[int]) -> Expression:
        """One of these stands in the text without its spaces: within a word, or over several."""
        scan = self._index.joined.scan
        within = [one_of(mark, vocabulary.holding(scan, needles)) for mark, vocabulary in self._vocabularies.items()]
        return any_of((*within, *(self._divided(scan.needles[needle].text) for needle in needles)))

    def _divided(self, name: str) -> Expression:
        """The first piece ends a word that has nothing but particles before it, and the next begins one."""
        return any_of(
            all_of(
                (self._exactly([particle + name[:at] for particle in _particles(name)]), self._goes_on(name[at:], 1))
            )
            for at in range(1, len(name))
        )

    def _goes_on(self, rest: str, piece: int) -> Expression:
        if len(rest) < _SHORTEST or piece >= _PIECES:
            return None
        ends = (all_of((self._exactly([rest[:at]]), self._goes_on(rest[at:], piece + 1))) for at in range(1, len(rest)))
        return any_of((self._beginning(rest), *ends))

    def _exactly(self, words: Iterable[str]) -> Expression:
        encoded = [encode(word) for word in words]
        if not all(map(is_word, encoded)):
            return None
        return any_of(one_of(mark, encoded) for mark in self._vocabularies)

    def _beginning(self, start: str) -> Expression:
        encoded = encode(start)
        if not is_word(encoded):
            return None
        return any_of(f'"{mark}{token(encoded)}"*' for mark in self._vocabularies)


def _particles(name: str) -> tuple[str, ...]:
    if "\u0600" <= name[0] <= "\u06ff":
        return _ARABIC
    return _HEBREW if "א" <= name[0] <= "ת" else ("",)


def one_of(mark: str, words: Iterable[bytes] | None) -> Expression:
    if words is None:
        return None
    return " OR ".join(f'"{mark}{token(word)}"' for word in sorted(words))


def any_of(those: Iterable[Expression]) -> Expression:
    parts = list(dict.fromkeys(those))
    if None in parts:
        return None
    return " OR ".join(_bracketed(filter(None, parts)))


def all_of(those: Iterable[Expression]) -> Expression:
    """None of nothing: a rule without needs may hold anywhere."""
    parts = [each for each in dict.fromkeys(those) if each is not None]
    if "" in parts:
        return ""
    return " AND ".join(_bracketed(parts)) if parts else None


def _bracketed(parts: Iterable[str]) -> Iterator[str]:
    return (part if " " not in part else f"({part})" for part in parts)
