"""From what a rule cannot hold without to a question for the index, in the language of SQLite's FTS5.

The law: each text in which the rule holds is among the answers, and others may be. `None` stands for "anything", ''
for "nothing".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from monitor.rules.index import Index
from monitor.rules.needs import Need
from monitor.search.anchors import Anchor
from monitor.search.gazetteer import IN_BODY, IN_HEAD
from monitor.search.vocabulary import MOST, Held, Vocabulary
from monitor.search.words import BODY, is_word, token
from monitor.text.alphabet import encode
from monitor.text.needles import Needle

Expression = str | None

_MOST_NEEDLES: Final = 1_500  # of one need: all places of a country, of which one is in every tenth headline
_MOST_NAMES: Final = 800  # of one need: a name may be divided anywhere, and each way is a term or more of the question
_BODY_COSTS: Final = 3  # times as many of its words are such pieces
_FEW_NAMES: Final = 8  # more are asked for only in the ways that occur
_SHORTEST: Final = 3  # letters of the beginning of a word; fewer begin thousands
_PIECES: Final = 3  # into which a name is followed; where more would have to stand, anything may

# What may be attached before a name: و ف, then ب ل ك; in Hebrew up to two of its seven (see `monitor.text.particles`).
_ARABIC: Final = tuple(encode("".join(each)) for each in product(("", "و", "ف"), ("", "ب", "ل", "ك")))
_HEBREW: Final = tuple(map(encode, ("", *"ובלמהשכ", *("".join(each) for each in product("ובלמהשכ", repeat=2)))))


class Question:
    """Of one index, by the words that it has: those of heads and, where the rule looks there, those of bodies."""

    def __init__(self, index: Index, vocabularies: Mapping[str, Vocabulary]) -> None:
        """`vocabularies`: by the mark that their words bear."""
        self._index, self._vocabularies = index, vocabularies
        self._held: dict[str, Mapping[Needle, Held]] = {}
        self._begun: dict[str, Expression] = {}
        self._prunes = False

    def of_rule(self, anchors: Sequence[Anchor]) -> Expression:
        small = [anchor for anchor in anchors if self._is_small(self._needles(anchor.patterns))]
        wanted = {needle for anchor in small for needle in self._needles(anchor.patterns)}
        self._prunes = sum(needle.joined for needle in wanted) > _FEW_NAMES
        self._held = {mark: vocabulary.holding(wanted) for mark, vocabulary in self._vocabularies.items()}
        return all_of(any_of((self._of_need(each.patterns), self._of_places(each.places))) for each in small)

    def _is_small(self, needles: Collection[Needle]) -> bool:
        """Whether to ask for it costs less than to judge, the newest first, what has it: it is met soon."""
        names = sum(needle.joined for needle in needles) * (1 + _BODY_COSTS * (len(self._vocabularies) - 1))
        return len(needles) <= _MOST_NEEDLES and names <= _MOST_NAMES

    def _needles(self, need: Need) -> set[Needle]:
        return {needle for pattern in need for part in self._parts(pattern) for needle in part}

    def _parts(self, pattern: int) -> Iterator[list[Needle]]:
        """Of each of these one needle at least stands in a text where the pattern occurs."""
        for side in (self._index.spaced, self._index.joined):
            for part in side.parts.get(pattern, ()):
                yield [side.scan.needles[number] for number in part]

    def _of_need(self, need: Need) -> Expression:
        """One of these patterns occurs. Those of a single part are asked for together."""
        single: set[Needle] = set()
        others: list[Expression] = []
        for pattern in sorted(need):
            parts = list(self._parts(pattern))
            if len(parts) == 1:
                single.update(parts[0])
            else:
                others.append(all_of(map(self._of_part, parts)))
        return any_of((self._of_part(single), *others))

    def _of_places(self, words: Collection[str]) -> Expression:
        marks = (IN_HEAD, IN_BODY) if BODY in self._vocabularies else (IN_HEAD,)
        return any_of(f'"{mark}{word}"' for mark in marks for word in sorted(words))

    def _of_part(self, needles: Collection[Needle]) -> Expression:
        names = {needle.text for needle in needles if needle.joined}
        return any_of((self._holding(needles), self._divided(names)))

    def _holding(self, needles: Iterable[Needle]) -> Expression:
        """One of these needles stands in a word."""
        wanted = list(needles)
        return any_of(one_of(mark, _together(held[needle] for needle in wanted)) for mark, held in self._held.items())

    # Names share their beginnings (تل, دير, ال): each is asked for once, with all that may follow it. A term of the
    # question costs as much as reading what it finds.

    def _divided(self, names: Iterable[str]) -> Expression:
        """A name that stands in several words: the first piece ends one that has nothing but particles before it, and
        the next begins one."""
        return any_of(
            self._then(self._exactly([particle + encode(piece) for particle in _particles(piece)]), rests, 1)
            for piece, rests in _cut(names).items()
        )

    def _then(self, word: Expression, rests: Collection[str], piece: int) -> Expression:
        return all_of((word, self._goes_on(rests, piece))) if word != "" else ""

    def _goes_on(self, rests: Collection[str], piece: int) -> Expression:
        """One of these, behind `piece` pieces."""
        if piece >= _PIECES or any(len(rest) < _SHORTEST for rest in rests):
            return None
        nexts = (self._then(self._exactly([encode(word)]), behind, piece + 1) for word, behind in _cut(rests).items())
        return any_of((*map(self._beginning, sorted(rests)), *nexts))

    def _exactly(self, words: Sequence[bytes]) -> Expression:
        if not all(map(is_word, words)):
            return None
        return any_of(
            one_of(mark, [word for word in words if word in vocabulary] if self._prunes else words)
            for mark, vocabulary in self._vocabularies.items()
        )

    def _beginning(self, start: str) -> Expression:
        if start not in self._begun:
            self._begun[start] = self._one_that_begins(encode(start))
        return self._begun[start]

    def _one_that_begins(self, start: bytes) -> Expression:
        if not is_word(start):
            return None
        return any_of(
            f'"{mark}{token(start)}"*' if not self._prunes or vocabulary.has_one_that_begins(start) else ""
            for mark, vocabulary in self._vocabularies.items()
        )


def _cut(names: Iterable[str]) -> dict[str, set[str]]:
    """Each beginning of any of them, with what is left behind it."""
    rests: dict[str, set[str]] = {}
    for name in sorted(names):
        for at in range(1, len(name)):
            rests.setdefault(name[:at], set()).add(name[at:])
    return rests


def _together(those: Iterable[Held]) -> Held:
    words: set[bytes] = set()
    for each in those:
        if each is None:
            return None
        words |= each
    return frozenset(words) if len(words) <= MOST else None


def _particles(name: str) -> tuple[bytes, ...]:
    if "\u0600" <= name[0] <= "\u06ff":
        return _ARABIC
    return _HEBREW if "א" <= name[0] <= "ת" else (b"",)


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
