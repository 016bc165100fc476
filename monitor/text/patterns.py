"""What finds one term in one text: words side by side, each with the forms it may take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from monitor.text.affixes import Forms
from monitor.text.document import Text
from monitor.text.tokens import Surface, writes_no_article
from monitor.text.verbs import VerbForms


@dataclass(frozen=True, slots=True)
class Found:
    """An occurrence: the tokens [first, last), and how the words are made up (و+ال+اشتباك+ات)."""

    first: int
    last: int
    how: str


class Pattern(Protocol):
    """One term, compiled. Immutable; safe from any thread."""

    @property
    def heads(self) -> frozenset[str]:
        """The remainders (see `remainders`) with which an occurrence can begin, complete unless `head_prefixes`."""

    @property
    def head_prefixes(self) -> tuple[str, ...]:
        """For what cannot be listed: the remainder with which an occurrence begins starts with one of these."""

    def at(self, text: Text, index: int) -> Found | None:
        """The longest occurrence that begins at this token, or None. Words never join across sentences."""


class Slot(Protocol):
    """One word of a pattern."""

    @property
    def heads(self) -> frozenset[str]: ...

    @property
    def head_prefixes(self) -> tuple[str, ...]: ...

    def read(self, word: Surface, *, first: bool) -> str | None:
        """How this word is that of the pattern, or None. Particles belong to the `first` word of a phrase only."""


_AND_TO = frozenset({"وإلى", "والى"})  # no governor, والي


@dataclass(frozen=True, slots=True)
class Noun:
    forms: Forms

    @property
    def heads(self) -> frozenset[str]:
        return frozenset(self.forms.bare) | frozenset(self.forms.definite)

    @property
    def head_prefixes(self) -> tuple[str, ...]:
        return ()

    def read(self, word: Surface, *, first: bool) -> str | None:
        if word.spelled in _AND_TO:
            return None
        for parse in word.parses:
            forms = self.forms.definite if parse.article else self.forms.bare
            how = forms.get(parse.rest)
            if how is None or (parse.taken and not first):
                continue
            if not (parse.is_likely or (parse.compares and "+" not in how)):
                continue
            if parse.article and writes_no_article(word, parse.rest):
                continue
            if word.begins(self.forms.strict.get(parse.rest), -len(parse.rest)):
                continue
            return parse.how(how)
        return None


_CONJUNCTIONS = ((), ("و",), ("ف",))


@dataclass(frozen=True, slots=True)
class Action:
    """A verb. و and ف may precede it, an article never; with tanwin it is a noun."""

    forms: VerbForms

    @property
    def heads(self) -> frozenset[str]:
        return frozenset(self.forms.made)

    @property
    def head_prefixes(self) -> tuple[str, ...]:
        return ()

    def read(self, word: Surface, *, first: bool) -> str | None:  # noqa: ARG002
        if word.tanwin:
            return None
        for parse in word.parses:
            how = None if parse.article or parse.taken not in _CONJUNCTIONS else self.forms.made.get(parse.rest)
            if how and not word.begins(self.forms.strict.get(parse.rest), -len(parse.rest)):
                return parse.how(how)
        return None


@dataclass(frozen=True, slots=True)
class Spelled:
    """One of these folded words and no other. `particles`: و ف ب ل may stand before it when it begins a phrase."""

    words: Mapping[str, str]  # folded -> how
    particles: frozenset[str] = frozenset()

    @property
    def heads(self) -> frozenset[str]:
        return frozenset(self.words)

    @property
    def head_prefixes(self) -> tuple[str, ...]:
        return ()

    def read(self, word: Surface, *, first: bool) -> str | None:
        for parse in word.parses:
            if not parse.article and (how := self.words.get(parse.rest)) and self._may_precede(parse.taken, first):
                return parse.how(how)
        return None

    def _may_precede(self, taken: tuple[str, ...], first: bool) -> bool:
        return not taken or (first and self.particles.issuperset(taken))


@dataclass(frozen=True, slots=True)
class Beginning:
    """Any word that starts so."""

    start: str

    @property
    def heads(self) -> frozenset[str]:
        return frozenset()

    @property
    def head_prefixes(self) -> tuple[str, ...]:
        return (self.start,)

    def read(self, word: Surface, *, first: bool) -> str | None:  # noqa: ARG002
        return f"{self.start}…" if word.folded.startswith(self.start) else None


@dataclass(frozen=True, slots=True)
class Phrase:
    """Slots filled by adjacent words of one sentence; one slot is a single word.

    `banned`: words, or words side by side, that are never this even where the slots fit.
    """

    slots: tuple[Slot, ...]
    banned: tuple[tuple[str, ...], ...] = ()

    @property
    def heads(self) -> frozenset[str]:
        return self.slots[0].heads

    @property
    def head_prefixes(self) -> tuple[str, ...]:
        return self.slots[0].head_prefixes

    def at(self, text: Text, index: int) -> Found | None:
        last = index + len(self.slots)
        tokens = text.tokens[index:last]
        if len(tokens) < len(self.slots) or tokens[0].sentence != tokens[-1].sentence:
            return None
        hows = []
        for number, (slot, token) in enumerate(zip(self.slots, tokens, strict=True)):
            how = slot.read(token.surface, first=number == 0)
            if how is None:
                return None
            hows.append(how)
        return None if self._is_banned(text, index, last) else Found(index, last, " ".join(hows))

    def _is_banned(self, text: Text, first: int, last: int) -> bool:
        return any(_overlaps(text, first, last, words) for words in self.banned)


def _overlaps(text: Text, first: int, last: int, words: tuple[str, ...]) -> bool:
    """Whether these words stand somewhere over the tokens [first, last)."""
    starts = range(max(0, first - len(words) + 1), last)
    return any(words == tuple(token.folded for token in text.tokens[at : at + len(words)]) for at in starts)
