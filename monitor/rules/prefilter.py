"""Which rules may hold in a document, told by a glance at it: only those of which no rare term is missing.

A missed rule is a missed alert, so what is told here is always more than what holds; `tests/rules/test_prefilter.py`
proves that no rule is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from typing import NamedTuple

from monitor.rules.compile import Compiled
from monitor.rules.index import Glance, Index
from monitor.rules.needs import Need, rarest
from monitor.rules.scan import Entry, Scan, any_stands
from monitor.text.needles import Needle

_FEW = 64  # needles; a need of more is as good as always met
_FEW_RULES = 40  # each is looked over on its own: for more, one pass for all is quicker (our measurement)


class _Wanted(NamedTuple):
    """A need: one of `words`, or of each part of one of `phrases`. As needles, and as numbers of their texts."""

    words: tuple[Entry, ...]
    phrases: tuple[tuple[tuple[Entry, ...], ...], ...]
    texts: frozenset[int]
    phrase_texts: tuple[tuple[frozenset[int], ...], ...]

    def may_stand(self, texts: Set[int]) -> bool:
        """By the texts that stand somewhere, inside other words too."""
        return not self.texts.isdisjoint(texts) or any(
            not any(map(texts.isdisjoint, parts)) for parts in self.phrase_texts
        )

    def stands(self, haystack: bytes) -> bool:
        return any_stands(self.words, haystack) or any(
            all(any_stands(part, haystack) for part in parts) for parts in self.phrases
        )


class Prefilter:
    """Knows rules by their place in `rules`. Immutable; safe from any thread."""

    def __init__(self, rules: Sequence[Compiled], index: Index, common: Sequence[float]) -> None:
        """`common`: the `commonness` of each pattern of the index."""
        self._parts = index.spaced.parts
        self._scan = index.spaced.scan
        self._wanted: list[tuple[_Wanted, ...]] = []
        self._large: list[tuple[tuple[frozenset[int], frozenset[int]], ...]] = []
        waiting: tuple[dict[Needle, list[int]], dict[Needle, list[int]]] = defaultdict(list), defaultdict(list)
        always = []
        for number, rule in enumerate(rules):
            first, others = rarest(rule.needs, common)
            if first is None:
                always.append(number)
            for needle in {needle for pattern in first or () for needle in index.parts[pattern][0]}:
                waiting[needle.joined][needle].append(number)
            wanted = [self._want(need) for need in others]
            if first and (phrases := self._want(first)) and phrases.phrases:
                wanted.append(phrases)
            self._wanted.append(tuple(filter(None, wanted)))
            self._large.append(
                tuple(
                    (index.spaced.rarest(need), index.joined.rarest(need))
                    for need, want in zip(others, wanted, strict=False)
                    if want is None
                )
            )
        self._always = frozenset(always)
        self._spaced, self._joined = map(_Waiting, waiting)

    def _want(self, need: Need) -> _Wanted | None:
        """None where it is not quickly looked over: by more than a few needles, or in the haystack without spaces."""
        each = [self._parts.get(pattern) for pattern in need]
        known = [parts for parts in each if parts is not None]
        needles = frozenset[int]().union(*[part for parts in known for part in parts])
        if len(known) < len(each) or len(needles) > _FEW:
            return None
        words = frozenset[int]().union(*[parts[0] for parts in known if len(parts) == 1])
        phrases = [parts for parts in known if len(parts) > 1]
        return _Wanted(
            self._written(words),
            tuple(tuple(map(self._written, parts)) for parts in phrases),
            self._texts(words),
            tuple(tuple(map(self._texts, parts)) for parts in phrases),
        )

    def _written(self, needles: Iterable[int]) -> tuple[Entry, ...]:
        return tuple(map(self._scan.entry, sorted(needles)))

    def _texts(self, needles: Iterable[int]) -> frozenset[int]:
        return frozenset(self._scan.text_of[needle] for needle in needles)

    def candidates(self, glance: Glance) -> list[int]:
        """The rules that may hold, in order."""
        begun = self._begun(glance)
        text, wanted = glance.spaced.text, self._wanted
        if len(begun) > _FEW_RULES:
            texts = self._scan.texts_in(text)
            begun = {rule for rule in begun if all(want.may_stand(texts) for want in wanted[rule])}
        met = [rule for rule in begun if all(want.stands(text) for want in wanted[rule])]
        return sorted([rule for rule in met if self._large_met(rule, glance)])

    def _large_met(self, rule: int, glance: Glance) -> bool:
        return all(glance.meets(spaced, joined) for spaced, joined in self._large[rule])

    def _begun(self, glance: Glance) -> set[int]:
        """The rules of which the rarest need is met."""
        begun = set(self._always)
        begun.update(*self._spaced.rules(glance.spaced.text))
        if self._joined.scan:
            begun.update(*self._joined.rules(glance.joined.text))
        return begun


class _Waiting:
    """Rules by the needles that they wait for."""

    def __init__(self, waiting: Mapping[Needle, Sequence[int]]) -> None:
        self.scan = Scan(waiting)
        self._rules = list(waiting.values())

    def rules(self, text: bytes) -> list[Sequence[int]]:
        return [self._rules[needle] for needle, _ in self.scan.standing(self.scan.hits(text), text)]
