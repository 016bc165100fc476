"""What finds one term in one text: words side by side, each with the forms it may take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Protocol

from monitor.text.document import Text
from monitor.text.forms import Forms
from monitor.text.heads import Heads, HeadStem
from monitor.text.needles import Needle, needles_of, rarer, shortest
from monitor.text.particles import Parse
from monitor.text.strict import Strict
from monitor.text.tokens import Surface, writes_no_article
from monitor.text.verbs import VerbForms


@dataclass(frozen=True, slots=True)
class Found:
    """An occurrence: the tokens [first, last), and how the words are made up (و+ال+اشتباك+ات)."""

    first: int
    last: int
    how: str


Accepts = Callable[[Surface, Parse, str], bool]
"""Whether a word may be a form, given as root+ending; a slot goes on to its next reading where it may not."""


class Pattern(Protocol):
    """One term, compiled. Immutable; safe from any thread."""

    @property
    def heads(self) -> Heads:
        """With which remainders of a word (see `remainders`) an occurrence can begin: all of them, and perhaps more."""

    @property
    def parts(self) -> tuple[tuple[Needle, ...], ...]:
        """What stands in the haystack of every text in which the term occurs: of each of these one at least, those of
        the rarest word first."""

    def at(self, text: Text, index: int) -> Found | None:
        """The longest occurrence that begins at this token, or None. Words never join across sentences."""


class Slot(Protocol):
    """One word of a pattern."""

    @property
    def heads(self) -> Heads: ...

    def read(self, word: Surface, *, first: bool, accepts: Accepts | None = None) -> str | None:
        """How this word is that of the pattern, or None. Particles belong to the `first` word of a phrase only."""


_AND_TO = frozenset({"وإلى", "والى"})  # no governor, والي


@dataclass(frozen=True, slots=True)
class Noun:
    forms: Forms

    @property
    def heads(self) -> Heads:
        return Heads(stems=tuple(_head_stems(self.forms)))

    def read(self, word: Surface, *, first: bool, accepts: Accepts | None = None) -> str | None:
        if word.spelled in _AND_TO:
            return None
        for parse in word.parses:
            if (parse.taken and not first) or (parse.article and writes_no_article(word, parse.rest)):
                continue
            for stem, ending in self.forms.readings(parse.rest, definite=parse.article):
                if word.begins(stem.never, -len(parse.rest)):
                    continue
                how = stem.how(ending)
                if not (parse.is_likely or (parse.compares and "+" not in how)):
                    continue
                if accepts is None or accepts(word, parse, how):
                    return parse.how(how)
        return None


def _head_stems(forms: Forms) -> Iterator[HeadStem]:
    for stem in forms.stems:
        if stem.bare:
            yield HeadStem(stem.root, stem.bare)
        if not stem.definite.keys() <= stem.bare.keys():
            yield HeadStem(stem.root, stem.definite, article=True)


_CONJUNCTIONS = ((), ("و",), ("ف",))


@dataclass(frozen=True, slots=True)
class Action:
    """A verb. و and ف may precede it, an article never; with tanwin it is a noun."""

    forms: VerbForms

    @property
    def heads(self) -> Heads:
        return Heads(frozenset(self.forms.made))

    def read(self, word: Surface, *, first: bool, accepts: Accepts | None = None) -> str | None:  # noqa: ARG002
        if word.tanwin:
            return None
        for parse in word.parses:
            how = None if parse.article or parse.taken not in _CONJUNCTIONS else self.forms.made.get(parse.rest)
            if not how or word.begins(self.forms.strict.get(parse.rest, ""), -len(parse.rest)):
                continue
            if accepts is None or accepts(word, parse, how):
                return parse.how(how)
        return None


@dataclass(frozen=True, slots=True)
class Spelled:
    """One of these folded words and no other. `particles`: و ف ب ل may stand before it when it begins a phrase."""

    words: Mapping[str, str]  # folded -> how
    particles: frozenset[str] = frozenset()

    @property
    def heads(self) -> Heads:
        return Heads(frozenset(self.words))

    def read(self, word: Surface, *, first: bool, accepts: Accepts | None = None) -> str | None:
        for parse in word.parses:
            how = None if parse.article else self.words.get(parse.rest)
            if how and self._may_precede(parse.taken, first) and (accepts is None or accepts(word, parse, how)):
                return parse.how(how)
        return None

    def _may_precede(self, taken: tuple[str, ...], first: bool) -> bool:
        return not taken or (first and self.particles.issuperset(taken))


@dataclass(frozen=True, slots=True)
class Beginning:
    """Any word that starts so."""

    start: str

    @property
    def heads(self) -> Heads:
        return Heads(prefixes=(self.start,))

    def read(self, word: Surface, *, first: bool, accepts: Accepts | None = None) -> str | None:  # noqa: ARG002
        return f"{self.start}…" if word.folded.startswith(self.start) else None


_TELLING = 4  # letters


@dataclass(frozen=True, slots=True)
class Phrase:
    """Slots filled by adjacent words of one sentence; one slot is a single word.

    `banned`: words, or words side by side, that are never this even where the slots fit.
    """

    slots: tuple[Slot, ...]
    banned: tuple[tuple[str, ...], ...] = ()
    strict: tuple[Strict, ...] = ()  # one a slot, or none at all

    @property
    def heads(self) -> Heads:
        return self.slots[0].heads

    @property
    def parts(self) -> tuple[tuple[Needle, ...], ...]:
        """Those of the rarest word, and of every other that is long enough to tell something."""
        each = [
            tuple(needle._replace(word=at) for needle in needles_of(slot.heads)) for at, slot in enumerate(self.slots)
        ]
        rarest = reduce(rarer, each)
        return (rarest, *(those for those in each if those is not rarest and shortest(those) >= _TELLING))

    def at(self, text: Text, index: int) -> Found | None:
        last = index + len(self.slots)
        if last > len(text.tokens):
            return None
        hows = []
        for number, slot in enumerate(self.slots):
            look = text.tokens[index + number].surface
            accepts = self.strict[number].of(look.word) if self.strict else None
            how = slot.read(look, first=number == 0, accepts=accepts)
            if how is None:
                return None
            hows.append(how)
        if len(hows) > 1 and text.sentence(index) != text.sentence(last - 1):
            return None
        return None if self._is_banned(text, index, last) else Found(index, last, " ".join(hows))

    def _is_banned(self, text: Text, first: int, last: int) -> bool:
        if not self.banned:
            return False
        there = {text.tokens[at].folded for at in range(first, last)}
        return any(_overlaps(text, first, last, words) for words in self.banned if not there.isdisjoint(words))


def _overlaps(text: Text, first: int, last: int, words: tuple[str, ...]) -> bool:
    """Whether these words stand somewhere over the tokens [first, last)."""
    starts = range(max(0, first - len(words) + 1), last)
    return any(words == tuple(token.folded for token in text.tokens[at : at + len(words)]) for at in starts)
