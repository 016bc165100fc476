"""From the matcher's operators to the clauses that an author wrote, each with what was found of it.

A clause is one thing of a rule: the hundred words of an event are one, however the matcher divides them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from itertools import chain

from monitor.language import AllOf, Item, Lexicon, Rule
from monitor.model import FIELDS, FieldName
from monitor.rules import operators
from monitor.rules.almost import MOST, Almost, almost, half, other_spellings, refused_spellings
from monitor.rules.atoms import Atom, atoms, boxes
from monitor.rules.compile import Compiled
from monitor.rules.distances import Distance, closest, sentence_with_most, where_each_is
from monitor.rules.evidence import Evidence, Search
from monitor.rules.explanation import Box, Clause, Sighting, named
from monitor.rules.leaves import Expression, Node, Words
from monitor.rules.spots import Spot, reading_order
from monitor.rules.tolls import Toll, meets, said, wanted
from monitor.text.clean import display


class Reader:
    """Turns the matcher's operators into what the author wrote, with what was found of each."""

    def __init__(self, rule: Rule, lexicon: Lexicon, search: Search) -> None:
        self._rule, self._lexicon, self._search = rule, lexicon, search

    def boxes(self, compiled: Compiled) -> Iterator[tuple[Box, Clause]]:
        if compiled.all is not None:
            yield "all", self._clause([compiled.all])
        if compiled.any is not None:
            yield "any", self._clause([compiled.any])
        if compiled.query is not None:
            yield "query", self._clause([compiled.query])
        for toll in compiled.tolls:
            yield toll.kind, self._toll(toll)
        for node in compiled.none:
            yield "none", self._clause([node], excludes=True)

    def _clause(self, nodes: Sequence[Node], *, excludes: bool = False) -> Clause:
        """Of one operator, or of several that look for the same clause."""
        if len(nodes) == 1 and isinstance(nodes[0], operators.All | operators.Any) and len(nodes[0].parts) == 1:
            return self._clause(nodes[0].parts, excludes=excludes)  # one item needs no box around it
        title = _sole_title(nodes)
        if title is not None:
            return self._leaf(title, nodes, excludes=excludes)
        (node,) = nodes
        unwanted = node.unwanted if isinstance(node, operators.Without) else ()
        parts = tuple(
            self._clause(group, excludes=excludes or group[0] in unwanted) for group in _groups_of_parts(node)
        )
        held = bool(node.find(Evidence(self._search)))
        distance, note = self._nearness(node, parts, held=held)
        if isinstance(node, operators.Scored):
            note = node.tally(Evidence(self._search), _called)
        return Clause(title=node.title, held=held, parts=parts, distance=distance, note=note, excludes=excludes)

    def _toll(self, node: Toll) -> Clause:
        told = node.told(self._search)
        held = told is not None and meets(told.figure, node.bound)
        note = f"no number of {node.kind} is told" if told is None else f"found {said(told.figure)}"
        if told is not None and not held:
            note += f", wanted {wanted(node.bound)}"
        sightings = () if told is None else (self._sighting([node.spot(told, self._search)]),)
        return Clause(title=node.title, held=held, sightings=sightings, note=note)

    def _nearness(self, node: Node, parts: Sequence[Clause], *, held: bool) -> tuple[Distance | None, str]:
        if not all(part.held for part in parts):
            return None, ""
        if isinstance(node, operators.Ordered) and not held:
            return closest(node.parts, self._search), "they do not stand so close in this order"
        if isinstance(node, operators.Close | operators.Ordered):
            distance = closest(node.parts, self._search)
            if held or distance:
                return distance, "" if held or not distance else f"the closest they come is {distance.widest} words"
            return None, f"they are not all in one field: {where_each_is(node.parts, self._search)}"
        if isinstance(node, operators.Sentence) and not held:
            return None, sentence_with_most(node.parts, self._search)
        return None, ""

    def _leaf(self, title: str, nodes: Sequence[Node], *, excludes: bool) -> Clause:
        sightings = tuple(chain.from_iterable(self._sightings(node) for node in nodes))
        sightings = tuple(_outermost(sorted(sightings, key=lambda one: (FIELDS.index(one.field), one.start, -one.end))))
        near = () if sightings or excludes else self._almost(title, nodes)
        return Clause(title=title, held=bool(sightings), sightings=sightings, almost=near, excludes=excludes)

    def _sightings(self, node: Node) -> Iterator[Sighting]:
        """What one operator found; the words of a box that belong together as one."""
        if node.parts:
            for evidence in Evidence(self._search).in_each_field():
                for way in node.ways(evidence) if node.find(evidence) else ():
                    for block in chain.from_iterable(way):
                        yield self._sighting(block.spots)
        else:
            for spot in node.find(Evidence(self._search)):
                yield self._sighting([spot])

    def _sighting(self, spots: Sequence[Spot]) -> Sighting:
        spots = sorted(spots, key=reading_order)
        start, end = spots[0].start, max(spot.end for spot in spots)
        published = self._search.document.field(spots[0].field).published
        found_by = [self._found_by(spot) for spot in spots]
        places = {atom.place for atom in found_by if atom and atom.place}
        return Sighting(
            field=spots[0].field,
            sentence=spots[0].sentence + 1,
            start=start,
            end=end,
            surface=display(published[start:end]),
            how=" … ".join(spot.how for spot in spots),
            term=" … ".join(atom.text for atom in found_by if atom and atom.text != spots[0].clause),
            place=next((place for place in places if f"place {place}" != spots[0].clause), ""),
        )

    def _found_by(self, spot: Spot) -> Atom | None:
        """The search text, the shortest place if several are spelled so: that which the clause names."""
        text = self._search.document.field(spot.field)
        found = [
            atom
            for atom in self._atoms.get(spot.clause, ())
            if any(one.last == spot.last and one.how == spot.how for one in atom.at(text, spot.first))
        ]
        return min(found, key=lambda atom: bool(atom.place) and f"place {atom.place}" != spot.clause, default=None)

    def _wanted(self) -> tuple[Item, ...]:
        query = (self._rule.query,) if self._rule.query is not None else ()
        return (*self._rule.all, *self._rule.any, *query)

    @cached_property
    def _atoms(self) -> Mapping[str, Sequence[Atom]]:
        """Every search text of the rule, by the clause for which it counts."""
        by_clause: dict[str, dict[Atom, None]] = defaultdict(dict)
        for item in (*self._wanted(), *self._rule.none):
            for atom in atoms(item, self._lexicon):
                by_clause[atom.clause][atom] = None
        return {clause: tuple(those) for clause, those in by_clause.items()}

    def _almost(self, title: str, nodes: Sequence[Node]) -> tuple[Almost, ...]:
        """What a reader might take for a clause that was not found."""
        fields = frozenset[FieldName]().union(*map(_fields, nodes))
        document = self._search.document
        sought = self._atoms.get(title, ())
        own = [atom for atom in sought if atom.alone and (not atom.place or f"place {atom.place}" == title)]
        of_event = title.startswith("event ")
        found = chain(
            refused_spellings(nodes, self._search),
            other_spellings(() if of_event else own, fields, document, self._lexicon),
            self._halves(title, fields),
            almost(own, fields, document, shipped=of_event),
        )
        once = {(one.field, one.start): one for one in reversed(list(found))}
        return tuple(reversed(once.values()))[:MOST]

    def _halves(self, title: str, fields: frozenset[FieldName]) -> Iterator[Almost]:
        for box in self._boxes.get(title, ()):
            yield from half(box, title, self._lexicon, fields, self._search.document)

    @cached_property
    def _boxes(self) -> Mapping[str, Sequence[AllOf]]:
        """The words of groups and events that count only together, by their clause."""
        by_clause: dict[str, list[AllOf]] = defaultdict(list)
        for item in self._wanted():
            for clause, box in boxes(item, self._lexicon):
                by_clause[clause].append(box)
        return by_clause


def _sole_title(nodes: Sequence[Node]) -> str | None:
    """What all leaves of these are called, where that is one and the same; None for a box of different clauses."""
    if len(nodes) == 1 and not nodes[0].parts:
        return nodes[0].title
    titles = {title for node in nodes for title in _leaf_titles(node)}
    (sole, *others) = titles
    counted = any(_counts(node) for node in nodes)
    return sole if not others and not counted and sole.split(" ")[0] in ("group", "event", "place") else None


def _called(node: Node) -> str:
    """A part of a sum: the one clause that it is of, or the first few of which one is enough."""
    sole = _sole_title([node])
    if sole is None and isinstance(node, operators.Any) and not _counts(node):
        return f"({named(list(dict.fromkeys(_leaf_titles(node))), joined='or')})"
    return sole or node.title


def _counts(node: Node) -> bool:
    """Whether it matters how many of its parts are found, or that some are not."""
    return isinstance(node, operators.Scored | operators.Without) or (
        isinstance(node, operators.Any) and node.at_least > 1
    )


def _leaf_titles(node: Node) -> Iterator[str]:
    if not node.parts:
        yield node.title
    for part in node.parts:
        yield from _leaf_titles(part)


def _groups_of_parts(node: Node) -> list[list[Node]]:
    """The parts of a box; of an `any`, those together that look for the same clause."""
    if not isinstance(node, operators.Any) or node.at_least > 1:
        return [[part] for part in node.parts]
    groups: dict[object, list[Node]] = {}
    for part in node.parts:
        groups.setdefault(_sole_title([part]) or part, []).append(part)
    return list(groups.values())


def _outermost(sightings: Sequence[Sighting]) -> Iterator[Sighting]:
    """Without those that lie within the one before."""
    last: Sighting | None = None
    for one in sightings:
        if last is None or one.field != last.field or one.end > last.end:
            yield one
            last = one


def _fields(node: Node) -> frozenset[FieldName]:
    if isinstance(node, Words | Expression):
        return node.fields
    return frozenset[FieldName]().union(*map(_fields, node.parts))
