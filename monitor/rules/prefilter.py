"""Which rules may hold in a document, told by a glance at it: only those of which no rare term is missing.

A missed rule is a missed alert, so what is told here is always more than what holds; `tests/rules/test_prefilter.py`
proves that no rule is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from monitor.rules.compile import Compiled
from monitor.rules.index import Glance, Index
from monitor.rules.needs import Need, commonness, rarest

_FEW = 64  # needles; a need of more is as good as always met


class Prefilter:
    """Knows rules by their place in `rules`. Immutable; safe from any thread."""

    def __init__(self, rules: Sequence[Compiled], index: Index) -> None:
        common = commonness([pattern.needles for pattern in index.patterns])
        self._spaced, self._joined = index.spaced, index.joined
        self._waiting: dict[int, list[int]] = defaultdict(list)
        self._waiting_joined: dict[int, list[int]] = defaultdict(list)
        self._others: list[tuple[frozenset[int], ...]] = []
        always = []
        for number, rule in enumerate(rules):
            first, others = rarest(rule.needs, common)
            self._others.append(tuple(self._few(others)))
            if first is None:
                always.append(number)
            for pattern in first or ():
                for needle in self._spaced.met_by.get(pattern, ()):
                    self._waiting[needle].append(number)
                for needle in self._joined.met_by.get(pattern, ()):
                    self._waiting_joined[needle].append(number)
        self._always = frozenset(always)
        self._texts = frozenset(self._spaced.scan.text_of[needle] for needle in self._waiting)
        self._texts_joined = frozenset(self._joined.scan.text_of[needle] for needle in self._waiting_joined)

    def _few(self, needs: Sequence[Need]) -> Iterator[frozenset[int]]:
        """The needs that are quickly looked over: needles in the haystack with spaces, and not many."""
        for need in needs:
            if not any(pattern in self._joined.met_by for pattern in need):
                needles = [needle for pattern in need for needle in self._spaced.met_by[pattern]]
                if len(needles) <= _FEW:
                    yield frozenset(needles)

    def candidates(self, glance: Glance) -> list[int]:
        """The rules that may hold, in order."""
        begun = self._begun(glance)
        if not begun:
            return []
        there = self._there(glance, frozenset[int]().union(*[need for rule in begun for need in self._others[rule]]))
        return sorted([number for number in begun if not any(map(there.isdisjoint, self._others[number]))])

    def _there(self, glance: Glance, needles: frozenset[int]) -> set[int]:
        scan = self._spaced.scan
        texts = {scan.text_of[needle] for needle in needles}
        hits = [hit for hit in glance.hits if hit[0] in texts]
        return {needle for needle, _ in scan.standing(hits, glance.text)}

    def _begun(self, glance: Glance) -> set[int]:
        """The rules of which the rarest need is met."""
        begun = set(self._always)
        texts, waiting = self._texts, self._waiting
        hits = [hit for hit in glance.hits if hit[0] in texts]
        for needle, _ in self._spaced.scan.standing(hits, glance.text):
            if needle in waiting:
                begun.update(waiting[needle])
        if self._texts_joined:
            hits = [hit for hit in glance.joined_hits if hit[0] in self._texts_joined]
            for needle, _ in self._joined.scan.standing(hits, glance.joined_text):
                begun.update(self._waiting_joined.get(needle, ()))
        return begun
