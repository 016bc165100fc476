"""What a rule cannot hold without, so that it is only judged where that is there.

A need is a set of patterns of which at least one must occur. A rule has several; it waits for the one that is least
often met, and before it is judged all are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from monitor.rules.leaves import Node
from monitor.rules.operators import All, Close, Sentence
from monitor.text.heads import Heads

Need = frozenset[int]

# Half of the words of Arabic news are one of some hundred; these begin a name now and then. Our own count.
_EVERYWHERE = frozenset(
    str.split("في من على علي الي ان عن مع ما لا هذا هذه التي الذي بعد قبل بين كان كل او ثم قد لم لن هو هي وفي ومن قال")
)
_RARER_BY_LETTER = 2.5  # how much rarer a word is than one with a letter less, roughly


def needs(node: Node | None) -> tuple[Need, ...]:
    """Every need of an operator; none if it may hold anywhere."""
    if node is None:
        return ()
    if isinstance(node, All | Close | Sentence):
        return tuple(need for part in node.parts for need in needs(part))
    anchors = node.anchors()
    return () if anchors is None else (anchors,)


def commonness(heads: Heads) -> float:
    """How often something that begins so is met, 1 for nearly everywhere. An estimate, by the number of letters."""
    if not heads.words.isdisjoint(_EVERYWHERE):
        return 1.0
    lengths = [*map(len, heads.words), *(len(root) for root, _ in heads.stems), *map(len, heads.prefixes)]
    return _RARER_BY_LETTER ** -min(lengths, default=1)


def rarest(of: Iterable[Need], common: Sequence[float]) -> Need | None:
    """The need to wait for, by how common each pattern is; None if there are none."""
    return min(of, key=lambda need: sum(common[number] for number in need), default=None)
