"""What a rule cannot hold without, so that it is only judged where that is there.

A need is a set of patterns of which at least one must occur. A rule has several, and waits for the one that is least
often met.
"""

from __future__ import annotations

from collections.abc import Sequence

from monitor.rules.leaves import Node
from monitor.rules.operators import All, Close, Ordered, Sentence, Without
from monitor.rules.scan import Scan
from monitor.text.alphabet import encode
from monitor.text.frequent import frequent_words
from monitor.text.needles import Needle

Need = frozenset[int]

_RARER_BY_LETTER = 2.5  # how much rarer a word is than one with a letter less, roughly
_SELDOM = 0.02  # share of articles; what is met more often is among the frequent words


def needs(node: Node | None) -> tuple[Need, ...]:
    """Every need of an operator; none if it may hold anywhere."""
    if node is None:
        return ()
    if isinstance(node, Without):
        return needs(node.wanted)
    if isinstance(node, All | Close | Ordered | Sentence):
        return tuple(need for part in node.parts for need in needs(part))
    anchors = node.anchors()
    return () if anchors is None else (anchors,)


def commonness(patterns: Sequence[Sequence[Needle]]) -> list[float]:
    """For each pattern in what share of articles one of its needles may stand: an estimate, more than 0."""
    scan = Scan(needle for needles in patterns for needle in needles)
    met = {needle: _SELDOM * _RARER_BY_LETTER ** -len(needle.text) for needle in scan.needles}
    for word, share in frequent_words().items():
        haystack = encode(word)
        for number in {number for number, _ in scan.standing(scan.hits(haystack), haystack)}:
            met[scan.needles[number]] += share
    return [sum(met[needle] for needle in needles) for needles in patterns]


def rarest(of: Sequence[Need], common: Sequence[float]) -> tuple[Need | None, tuple[Need, ...]]:
    """The need to wait for, None if there are none, and the others, the rarer first."""
    if not of:
        return None, ()
    first, *others = sorted(of, key=lambda need: sum(common[number] for number in need))
    return first, tuple(others)
