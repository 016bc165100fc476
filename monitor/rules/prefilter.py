"""Which rules may hold in a document, told by one look at it: only those whose rarest term may be there.

A missed rule is a missed alert, so what is told here is always more than what holds; `tests/rules/test_prefilter.py`
proves that no rule is lost.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from monitor.model import FIELDS, FieldName
from monitor.rules.compile import Compiled
from monitor.rules.needs import commonness, rarest
from monitor.rules.scan import Scan, stands
from monitor.text.document import Document
from monitor.text.haystack import joined
from monitor.text.needles import Needle
from monitor.text.patterns import Pattern

_FEW = 24  # needles; a rule's further needs are looked at where they have no more, as each is a search of its own

Wanted = tuple[Needle, ...]  # one of these must be there


class Prefilter:
    """Knows rules by their place in `rules`, patterns by theirs. Immutable; safe from any thread."""

    def __init__(self, rules: Sequence[Compiled], patterns: Sequence[Pattern], fields: Iterable[FieldName]) -> None:
        needles = [pattern.needles for pattern in patterns]
        common = commonness(needles)
        waiting: tuple[dict[Needle, list[int]], dict[Needle, list[int]]] = defaultdict(list), defaultdict(list)
        always = []
        self._others: list[tuple[Wanted, ...]] = []
        for number, rule in enumerate(rules):
            first, others = rarest(rule.needs, common)
            self._others.append(
                tuple(_few(tuple(needle for each in need for needle in needles[each]) for need in others))
            )
            if first is None:
                always.append(number)
            for needle in {needle for pattern in first or () for needle in needles[pattern]}:
                waiting[needle.joined][needle].append(number)
        self._spaced, self._joined = map(Scan, waiting)
        self._always = frozenset(always)
        self._fields = tuple(name for name in FIELDS if name in frozenset(fields))

    def candidates(self, document: Document) -> list[int]:
        """The rules that may hold, in order."""
        text = "\n".join([document.field(name).haystack for name in self._fields])
        begun = set(self._always)
        for _, rules in self._spaced.hits(text):
            begun.update(rules)
        if self._joined:
            for _, rules in self._joined.hits(joined(text)):
                begun.update(rules)
        return sorted([number for number in begun if self._may_hold(number, text)])

    def _may_hold(self, number: int, text: str) -> bool:
        return all(any(stands(needle, text) for needle in wanted) for wanted in self._others[number])


def _few(needs: Iterable[Wanted]) -> Iterable[Wanted]:
    """Those that are quickly looked for in the haystack with spaces."""
    return (need for need in needs if len(need) <= _FEW and not any(needle.joined for needle in need))
