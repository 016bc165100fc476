"""Spellings of places that are something else as well: taken only where nothing says otherwise.

A ban is a word, or words side by side, that are never the place (حماة الوطن are the protectors of the homeland). A
guard asks for something of the place's surroundings near by (الباب is a door, and beside منبج the town).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from monitor.text.document import Text
from monitor.text.fold import unify_ta
from monitor.text.heads import HeadIndex, Heads
from monitor.text.needles import Needle
from monitor.text.patterns import Found, Pattern
from monitor.text.tokens import tokenize

NEAR = 20
"""Words that may stand between a guarded spelling and its context.

Measured on 24,203 Arabic articles of 2018 with الباب, القائم, الميادين, الطبقة and صور, most of them doors, incumbents,
squares, classes and pictures (1,615 occurrences). With neighbouring towns and the governorate as context, 13 towns are
found within 10 words, 16 within 20, 18 within 30, and nothing else. The name of a country as context is half wrong
within 10 words (7 of 14) and hardly ever right between 10 and 20 (1 of 10).
"""

_LONGEST = 8  # words of a context phrase that still count in full at the far end of `NEAR`

_CONJUNCTIONS = frozenset("وف")


class Ban(NamedTuple):
    """As its author wrote it, and its words as they are compared."""

    written: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """What must stand near a guarded spelling: any of these patterns. Empty: nothing can vouch for it."""

    patterns: tuple[Pattern, ...]
    heads: HeadIndex = field(repr=False, compare=False)  # of the patterns

    def near(self, text: Text, first: int, last: int) -> Found | None:
        """The nearest occurrence, at most `NEAR` words off the words [first, last) and not one of these themselves;
        the one before where another behind is as near."""
        nearest, best = None, NEAR + 1
        for start in range(max(0, first - NEAR - _LONGEST), min(len(text.tokens), last + best)):
            for found in self._at(text, start):
                apart = max(found.first - last, first - found.last, 0)
                if apart < best and not first <= found.first < found.last <= last:
                    nearest, best = found, apart
        return nearest

    def _at(self, text: Text, index: int) -> Iterator[Found]:
        for number in self.heads.that_include(text.tokens[index].surface.remainders):
            found = self.patterns[number].at(text, index)
            if found is not None:
                yield found


@dataclass(frozen=True, slots=True)
class Guarded:
    """A spelling with what is known of its doubles. `context` None: it needs no company."""

    spelling: Pattern
    banned: tuple[Ban, ...] = ()
    context: Context | None = None

    @property
    def heads(self) -> Heads:
        return self.spelling.heads

    @property
    def parts(self) -> tuple[tuple[Needle, ...], ...]:
        return self.spelling.parts

    def at(self, text: Text, index: int) -> Found | None:
        found = self.spelling.at(text, index)
        if found is None or self._ban_over(text, found) is not None:
            return None
        if self.context is None:
            return found
        near = self.context.near(text, found.first, found.last)
        return replace(found, how=f"{found.how} (near «{_shown(text, near)}»)") if near is not None else None

    def refused(self, text: Text, index: int) -> tuple[Found, str] | None:
        """The spelling that begins at this token and was not taken, and why, for people; None if there is none."""
        found = self.spelling.at(text, index)
        if found is None or self.at(text, index) is not None:
            return None
        ban = self._ban_over(text, found)
        if ban is not None:
            return found, f"«{ban.written}» is never this place"
        return found, self._why_unvouched()

    def _why_unvouched(self) -> str:
        why = "it is an ordinary word as well: nothing announces a place right before it, as «مدينة» does"
        has_context = self.context is not None and self.context.patterns
        return f"{why}, and nothing of its context stands within {NEAR} words" if has_context else why

    def _ban_over(self, text: Text, found: Found) -> Ban | None:
        return next((ban for ban in self.banned if _stand_over(text, found.first, found.last, ban.words)), None)


def context_of(patterns: Iterable[Pattern]) -> Context:
    known = tuple(patterns)
    return Context(known, HeadIndex(pattern.heads for pattern in known))


def ban_of(text: str) -> Ban:
    """A text without a single letter or digit is a ValueError: it would stand everywhere."""
    words = _words(text)
    if not words:
        raise ValueError(f"no word in {text!r}")
    return Ban(text, words)


def _words(text: str) -> tuple[str, ...]:
    return tuple(unify_ta(token.folded) for token in tokenize(text))


def _stand_over(text: Text, first: int, last: int, words: tuple[str, ...]) -> bool:
    """Whether these words stand somewhere over the words [first, last). Particles may be attached to the first; to one
    word alone و and ف, so that للحج can be banned without what else ends in it."""
    starts = range(max(0, first - len(words) + 1), last)
    return any(_stand_at(text, start, words) for start in starts)


def _stand_at(text: Text, start: int, words: tuple[str, ...]) -> bool:
    there = text.tokens[start : start + len(words)]
    others = tuple(unify_ta(token.folded) for token in there[1:])
    if others != words[1:] or text.sentence(start) != text.sentence(start + len(others)):
        return False
    return any(
        unify_ta(parse.rest) == words[0]
        and not parse.article
        and (len(words) > 1 or _CONJUNCTIONS.issuperset(parse.taken))
        for parse in there[0].surface.parses
    )


def covers(ban: str, spelling: str) -> bool:
    """Whether a ban stands within a spelling, so that this could never be found."""
    words, inside = _words(ban), _words(spelling)
    return any(inside[at : at + len(words)] == words for at in range(len(inside)))


def _shown(text: Text, found: Found) -> str:
    return text.clean[text.tokens[found.first].start : text.tokens[found.last - 1].end]
