"""The boxes: any of, all of, all of them close together, all of them in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, combinations, product

from monitor.rules.evidence import Evidence, TooMuchWork
from monitor.rules.leaves import Node, Way
from monitor.rules.near import Block, behind, hulls, outermost, windows
from monitor.rules.spots import Spot

Spots = tuple[Spot, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Any:
    """At least so many of its parts."""

    parts: tuple[Node, ...]
    at_least: int = 1

    @property
    def title(self) -> str:
        return "any of these" if self.at_least == 1 else f"at least {self.at_least} of these"

    def anchors(self) -> frozenset[int] | None:
        return _together(part.anchors() for part in self.parts)

    def find(self, evidence: Evidence) -> Spots:
        found = [spots for part in self.parts if (spots := part.find(evidence))]
        return _joined(found) if len(found) >= self.at_least else ()

    def ways(self, evidence: Evidence) -> list[Way]:
        """One part may stand for the box, so parts that are each found in one way are one slot together."""
        able = [ways for part in self.parts if (ways := part.ways(evidence))]
        if self.at_least > 1:
            return [way for some in combinations(able, self.at_least) for way in _crossed(some, evidence)]
        return _merged(list(chain.from_iterable(able)))


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """So many of its parts that the weights of those found reach a score together."""

    parts: tuple[Node, ...]
    weights: tuple[int, ...]  # beside the parts; each at least 1
    min_score: int

    @property
    def title(self) -> str:
        return f"a score of at least {self.min_score} of these"

    def anchors(self) -> frozenset[int] | None:
        """Less than could be told (a part without which the others do not reach the score), and never too little."""
        return _together(part.anchors() for part in self.parts)

    def find(self, evidence: Evidence) -> Spots:
        found = self._found(evidence)
        return _joined(spots for _, _, spots in found) if _score(found) >= self.min_score else ()

    def ways(self, evidence: Evidence) -> list[Way]:
        """Each choice of parts that reaches the score and would not without any one of them."""
        able = [(weight, ways) for weight, part in self._weighed() if (ways := part.ways(evidence))]
        choices = _reaching(sorted(able, key=lambda pair: -pair[0]), self.min_score, evidence)
        return [way for some in choices for way in _crossed(some, evidence)]

    def tally(self, evidence: Evidence, called: Callable[[Node], str]) -> str:
        """For people: what was found with what it weighs, and the sum."""
        found = self._found(evidence)
        sum_ = " + ".join(f"{called(part)} {weight}" for weight, part, _ in found)
        return f"{sum_} = {_score(found)} of {self.min_score}" if found else f"0 of {self.min_score}"

    def _weighed(self) -> Iterator[tuple[int, Node]]:
        return zip(self.weights, self.parts, strict=True)

    def _found(self, evidence: Evidence) -> list[tuple[int, Node, Spots]]:
        return [(weight, part, spots) for weight, part in self._weighed() if (spots := part.find(evidence))]


@dataclass(frozen=True, slots=True, eq=False)
class All:
    """Every part, wherever it is."""

    parts: tuple[Node, ...]
    title: str = "all of these"

    def anchors(self) -> frozenset[int] | None:
        return fewest(self.parts)

    def find(self, evidence: Evidence) -> Spots:
        return _all_found(self.parts, evidence)

    def ways(self, evidence: Evidence) -> list[Way]:
        return _crossed_parts(self.parts, evidence)


@dataclass(frozen=True, slots=True, eq=False)
class Close:
    """Every part in one field, at most `gap` words between each and the next, in any order."""

    parts: tuple[Node, ...]
    gap: int

    @property
    def title(self) -> str:
        return f"all of these, at most {self.gap} words between each and the next"

    def anchors(self) -> frozenset[int] | None:
        return fewest(self.parts)

    def find(self, evidence: Evidence) -> Spots:
        return _in_blocks(self._blocks, self.title, evidence)

    def ways(self, evidence: Evidence) -> list[Way]:
        """As one slot: for what is around it, the box reaches from its first word to its last."""
        reached = [hulls(way, self.gap, evidence.spend) for way in _crossed_parts(self.parts, evidence)]
        blocks = outermost(chain.from_iterable(reached))
        return [(blocks,)] if blocks else []

    def _blocks(self, evidence: Evidence) -> Iterator[Block]:
        for way in _crossed_parts(self.parts, evidence):
            yield from chain.from_iterable(windows(way, self.gap, evidence.spend))


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """Every part in one field, each behind the one before it with at most `gap` words between."""

    parts: tuple[Node, ...]
    gap: int

    @property
    def title(self) -> str:
        return f"all of these in this order, at most {self.gap} words between each and the next"

    def anchors(self) -> frozenset[int] | None:
        return fewest(self.parts)

    def find(self, evidence: Evidence) -> Spots:
        return _in_blocks(self._blocks, self.title, evidence)

    def ways(self, evidence: Evidence) -> list[Way]:
        """As one slot, from the first word of the first part to the last of the last."""
        blocks = outermost(self._blocks(evidence))
        return [(blocks,)] if blocks else []

    def _blocks(self, evidence: Evidence) -> list[Block]:
        """One for each place where the last part ends such a row: of several rows, the longest."""
        rows = _in_row(self.parts[0], self.gap, evidence)
        for part in self.parts[1:]:
            rows = rows and list(behind(rows, _in_row(part, self.gap, evidence), self.gap, evidence.spend))
        return rows


@dataclass(frozen=True, slots=True, eq=False)
class Without:
    """Its first part, where none of the others is."""

    wanted: Node
    unwanted: tuple[Node, ...]
    title: str = "the first of these, without the others"

    @property
    def parts(self) -> tuple[Node, ...]:
        return (self.wanted, *self.unwanted)

    def anchors(self) -> frozenset[int] | None:
        return self.wanted.anchors()

    def find(self, evidence: Evidence) -> Spots:
        spots = self.wanted.find(evidence)
        return () if not spots or self._is_spoilt(evidence) else spots

    def ways(self, evidence: Evidence) -> list[Way]:
        return [] if self._is_spoilt(evidence) else self.wanted.ways(evidence)

    def _is_spoilt(self, evidence: Evidence) -> bool:
        return any(node.find(evidence) for node in self.unwanted)


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """Every part in one sentence of one field; the title is a sentence of its own."""

    parts: tuple[Node, ...]
    title: str = "all of these in one sentence"

    def anchors(self) -> frozenset[int] | None:
        return fewest(self.parts)

    def find(self, evidence: Evidence) -> Spots:
        return _joined(self._each(evidence))

    def ways(self, evidence: Evidence) -> list[Way]:
        """As one slot: in each sentence, from the first word found to the last."""
        blocks = [_hull(spots) for spots in self._each(evidence)]
        return [(outermost(blocks),)] if blocks else []

    def _each(self, evidence: Evidence) -> list[Spots]:
        sentences = {(spot.field, spot.sentence): spot for part in self.parts for spot in part.find(evidence)}
        found = [_all_found(self.parts, evidence.in_sentence_of(spot)) for spot in sentences.values()]
        return [spots for spots in found if spots]


def fewest(parts: Iterable[Node]) -> frozenset[int] | None:
    """Of what all of these need, the least to wait for: fewest patterns, as a stand-in for how often they occur."""
    known = [anchors for part in parts if (anchors := part.anchors()) is not None]
    return min(known, key=len, default=None)


def _together(anchors: Iterable[frozenset[int] | None]) -> frozenset[int] | None:
    known = list(anchors)
    if any(each is None for each in known):
        return None
    return frozenset[int]().union(*(each for each in known if each is not None))


def _in_blocks(blocks: Callable[[Evidence], Iterable[Block]], title: str, evidence: Evidence) -> Spots:
    """Where finding all is too much work, what was found until then, or else what the beginning alone shows; and that
    is told. Nobody can hide a report from a rule by repeating its words."""
    found: list[Spot] = []
    try:
        _collect(blocks, evidence, found)
    except TooMuchWork:
        evidence.trouble(f"{title}: too many ways to choose them in this text; use fewer or rarer terms")
        if not found and evidence.only_words is None:
            with suppress(TooMuchWork):
                _collect(blocks, evidence.of_beginning(), found)
    return tuple(found)


def _collect(blocks: Callable[[Evidence], Iterable[Block]], evidence: Evidence, found: list[Spot]) -> None:
    for field in evidence.in_each_field():
        for block in blocks(field):
            found.extend(block.spots)


def _score(found: Sequence[tuple[int, Node, Spots]]) -> int:
    return sum(weight for weight, _, _ in found)


def _reaching(able: Sequence[tuple[int, list[Way]]], score: int, evidence: Evidence) -> Iterator[list[list[Way]]]:
    """The choices of these, the heaviest first, that reach a score with the last of them."""
    evidence.spend(1)
    for at, (weight, ways) in enumerate(able):
        if weight >= score:
            yield [ways]
        else:
            yield from ([ways, *others] for others in _reaching(able[at + 1 :], score - weight, evidence))


def _in_row(node: Node, gap: int, evidence: Evidence) -> list[Block]:
    """What a part of a row can stand for. Of words each spot counts, also within a longer one: the longer one may
    overlap its neighbour. A box stands for what its items reach when they are as close as the row asks."""
    if isinstance(node, Any) and node.at_least == 1:
        return [block for part in node.parts for block in _in_row(part, gap, evidence)]
    if not node.parts:
        return [Block(spot.first, spot.last, (spot,)) for spot in node.find(evidence)]
    return [block for way in node.ways(evidence) for block in hulls(way, gap, evidence.spend)]


def _joined(found: Iterable[Spots]) -> Spots:
    return tuple(chain.from_iterable(found))


def _all_found(parts: Sequence[Node], evidence: Evidence) -> Spots:
    found = []
    for part in parts:
        spots = part.find(evidence)
        if not spots:
            return ()
        found.append(spots)
    return _joined(found)


def _hull(spots: Spots) -> Block:
    return Block(min(spot.first for spot in spots), max(spot.last for spot in spots), spots)


def _merged(ways: list[Way]) -> list[Way]:
    """Ways of one slot as a single way, the others as they are."""
    single = outermost(block for way in ways if len(way) == 1 for block in way[0])
    longer = [way for way in ways if len(way) > 1]
    return [(single,), *longer] if single else longer


def _crossed_parts(parts: Sequence[Node], evidence: Evidence) -> list[Way]:
    able = []
    for part in parts:
        ways = part.ways(evidence)
        if not ways:
            return []
        able.append(ways)
    return _crossed(able, evidence)


def _crossed(parts: Sequence[list[Way]], evidence: Evidence) -> list[Way]:
    """One way of every part at a time, their slots side by side."""
    crossed = []
    for choice in product(*parts):
        evidence.spend(1)
        crossed.append(tuple(chain.from_iterable(choice)))
    return crossed
