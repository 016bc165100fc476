"""From the language's values to operators that can look: one function an item, in one table."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import regex

from monitor.language import (
    AllOf,
    AnyOf,
    Exact,
    InField,
    InPlace,
    Item,
    Lexicon,
    Name,
    Near,
    OfEvent,
    OfGroup,
    Plain,
    Regex,
    Rule,
    Starts,
    Term,
    Verb,
    Without,
    Word,
)
from monitor.lexicon.tree import below, directly_within
from monitor.model import FieldName
from monitor.rules import operators
from monitor.rules.evidence import Evidence
from monitor.rules.leaves import Expression, Node, Words
from monitor.rules.needs import Need, needs
from monitor.rules.operators import All, Any, Close, Ordered, Scored, Sentence
from monitor.rules.spots import Spot
from monitor.rules.tolls import Toll, toll
from monitor.rules.vocabulary import Vocabulary
from monitor.text.fold import fold


@dataclass(frozen=True, slots=True)
class Compiled:
    """A rule whose items can look. `fields` are all that any of them looks at.

    `needs`: sets of patterns of each of which one at least must occur, or the rule cannot hold.
    """

    rule: Rule
    all: Node | None
    any: Node | None
    query: Node | None
    none: tuple[Node, ...]
    tolls: tuple[Toll, ...]
    fields: frozenset[FieldName]
    needs: tuple[Need, ...]

    def find(self, evidence: Evidence) -> tuple[Spot, ...]:
        """The spots by which the rule holds; none if it does not. What `none` finds is no part of them."""
        found: list[Spot] = []
        for node in self._wanted():
            spots = node.find(evidence)
            if not spots:
                return ()
            found.extend(spots)
        return () if any(node.find(evidence) for node in self.none) else tuple(found)

    def _wanted(self) -> list[Node]:
        return [node for node in (self.all, self.any, self.query, *self.tolls) if node is not None]


@dataclass(frozen=True, slots=True)
class Scope:
    """What the items within a box inherit: where they look, and under which name their spots are shown."""

    fields: frozenset[FieldName]
    explicit: bool = False  # the author named the field, so `search_in` has no say
    clause: str = ""  # a group or event in whose name the item looks
    groups: frozenset[str] = frozenset()  # being compiled now, against a group that contains itself

    def narrowed(self, field: FieldName) -> Scope:
        fields = self.fields & {field} if self.explicit else frozenset({field})
        return replace(self, fields=fields, explicit=True)


class Compiler:
    """Compiles the rules of one set. What is written twice is made once, so that a document is asked once for it."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary | None = None) -> None:
        self.vocabulary = vocabulary or Vocabulary()
        self.lexicon = lexicon
        self._inner = directly_within(lexicon.places)
        self._nodes: dict[tuple[Item, Scope], Node] = {}
        self._places: dict[tuple[str, bool], frozenset[int]] = {}

    def rule(self, rule: Rule) -> Compiled:
        scope = Scope(frozenset(rule.search_in))
        all_of = self.node(AllOf(items=rule.all, near=rule.near), scope) if rule.all else None
        some = AnyOf(items=rule.any, at_least=rule.at_least, min_score=rule.min_score, weights=rule.weights)
        any_of = self.node(some, scope) if rule.any else None
        query = self.node(rule.query, scope) if rule.query is not None else None
        none = tuple(self.node(item, scope) for item in rule.none)
        tolls = tuple(self._tolls(rule))
        tops = [node for node in (all_of, any_of, query, *none) if node is not None]
        fields = frozenset(
            (*(field for node in tops for field in _fields(node)), *(field for each in tolls for field in each.fields))
        )
        return Compiled(
            rule=rule,
            all=all_of,
            any=any_of,
            query=query,
            none=none,
            tolls=tolls,
            fields=fields,
            needs=(*needs(all_of), *needs(any_of), *needs(query), *(each.patterns for each in tolls)),
        )

    def _tolls(self, rule: Rule) -> Iterator[Toll]:
        if rule.killed is not None:
            yield toll(self.vocabulary, "killed", rule.killed, rule.search_in)
        if rule.wounded is not None:
            yield toll(self.vocabulary, "wounded", rule.wounded, rule.search_in)

    def node(self, item: Item, scope: Scope) -> Node:
        key = (item, scope)
        if key not in self._nodes:
            self._nodes[key] = OPERATORS[type(item)](self, item, scope)
        return self._nodes[key]

    def place(self, place_id: str, *, exactly: bool) -> frozenset[int]:
        """The patterns of a place and, unless `exactly`, of all places within it through all levels."""
        key = (place_id, exactly)
        if key not in self._places:
            inner = () if exactly else below(place_id, self._inner)
            ids = {place_id, *(place.id for _, place in inner)}
            spellings = [self.vocabulary.of_place(self.lexicon.places[each]) for each in sorted(ids)]
            self._places[key] = frozenset[int]().union(*spellings)
        return self._places[key]

    def places_with_inner(self) -> Iterator[tuple[list[str], frozenset[int]]]:
        """For each place that was asked for with all that lies within it: the ids of all, the outer before the inner,
        and their patterns."""
        for (place_id, exactly), patterns in tuple(self._places.items()):
            if not exactly:
                yield [place_id, *(place.id for _, place in below(place_id, self._inner))], patterns


def _plain(compiler: Compiler, item: Plain, scope: Scope) -> Node:
    return Words(scope.clause or item.text, compiler.vocabulary.of_item(item), scope.fields)


def _regex(_: Compiler, item: Regex, scope: Scope) -> Node:
    pattern = regex.compile(folded_pattern(item.pattern), regex.IGNORECASE)
    return Expression(scope.clause or item.pattern, pattern, scope.fields)


def _place(compiler: Compiler, item: InPlace, scope: Scope) -> Node:
    patterns = {place_id: compiler.place(place_id, exactly=item.exactly) for place_id in item.ids}
    return any_of([Words(scope.clause or f"place {each}", found, scope.fields) for each, found in patterns.items()])


def _group(compiler: Compiler, item: OfGroup, scope: Scope) -> Node:
    nodes: list[Node] = []
    for group_id in item.ids:
        if group_id not in scope.groups:  # a group that contains itself adds nothing to what it finds
            inner = replace(scope, clause=scope.clause or f"group {group_id}", groups=scope.groups | {group_id})
            nodes += [compiler.node(each, inner) for each in compiler.lexicon.groups[group_id].items]
    return any_of(nodes)


def _event(compiler: Compiler, item: OfEvent, scope: Scope) -> Node:
    nodes = []
    for event_id in item.ids:
        inner = replace(scope, clause=scope.clause or f"event {event_id}")
        nodes += [compiler.node(each, inner) for each in compiler.lexicon.events[event_id].words]
    return any_of(nodes)


def _any(compiler: Compiler, item: AnyOf, scope: Scope) -> Node:
    nodes = [compiler.node(each, scope) for each in item.items]
    if item.min_score is None:
        return any_of(nodes, item.at_least)
    return Scored(tuple(nodes), item.weights or (1,) * len(nodes), item.min_score)


def _all(compiler: Compiler, item: AllOf, scope: Scope) -> Node:
    if item.near == "title":
        scope = scope.narrowed("title")
    parts = tuple(compiler.node(each, scope) for each in item.items)
    return Ordered(parts, item.near) if item.ordered and isinstance(item.near, int) else _all_of(parts, item.near)


def _without(compiler: Compiler, item: Without, scope: Scope) -> Node:
    return operators.Without(
        compiler.node(item.item, scope), tuple(compiler.node(each, scope) for each in item.unwanted)
    )


def _in_field(compiler: Compiler, item: InField, scope: Scope) -> Node:
    return compiler.node(item.item, scope.narrowed(item.field))


def _all_of(parts: tuple[Node, ...], near: Near | None) -> Node:
    match near:
        case None:
            return All(parts)
        case "title":
            return All(parts, title="all of these in the title")
        case "sentence":
            return Sentence(parts)
        case int():
            return Close(parts, near)


def any_of(nodes: Sequence[Node], at_least: int = 1) -> Node:
    """One leaf for all that say the same of the same fields: a group of a hundred words is looked up once."""
    if at_least > 1:
        return Any(tuple(nodes), at_least)
    merged: dict[object, list[Node]] = defaultdict(list)
    for node in _unnested(nodes):
        merged[(node.title, node.fields) if isinstance(node, Words) else node].append(node)
    parts = tuple(_one(those) for those in merged.values())
    return parts[0] if len(parts) == 1 else Any(parts)


def _one(alike: Sequence[Node]) -> Node:
    words = [node for node in alike if isinstance(node, Words)]
    if len(words) < 2:
        return alike[0]
    return Words(words[0].title, frozenset[int]().union(*(each.patterns for each in words)), words[0].fields)


Compile = Callable[[Compiler, Item, Scope], Node]

# An operator is added by a class that is a `Node`, a function here that makes it, and a line in this table.
OPERATORS: Mapping[type[Item], Compile] = cast(
    "Mapping[type[Item], Compile]",  # each function takes the type that it stands beside
    {
        Term: _plain,
        Name: _plain,
        Verb: _plain,
        Exact: _plain,
        Starts: _plain,
        Word: _plain,
        Regex: _regex,
        InPlace: _place,
        OfGroup: _group,
        OfEvent: _event,
        AnyOf: _any,
        AllOf: _all,
        Without: _without,
        InField: _in_field,
    },
)


def folded_pattern(pattern: str) -> str:
    """A regex as its author writes it, with the characters that the folded text has: إدلب becomes ادلب, [٠-٩] [0-9].

    What folding drops (harakat, tatweel, joiners) goes, with its quantifier; a class of nothing else matches nothing at
    all. What ASCII says (\\D, the brackets) is not text, and stays; so do the ends of a range of letters (آ-ي).
    """
    return _PIECE.sub(_folded_piece, pattern)


# an escape; a class with its quantifier; a character beyond ASCII with its quantifier
_QUANTIFIER = r"(?:[?*+]|\{\d*,?\d*\})?[?+]?"
_PIECE = re.compile(
    rf"\\.|(?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])(?P<c>{_QUANTIFIER})|(?P<letter>[^\x00-\x7f])(?P<l>{_QUANTIFIER})",
    re.DOTALL,
)
_PIECE_OF_CLASS = re.compile(r"\\.|.-.|[^\x00-\x7f]", re.DOTALL)  # an escape, a range, a letter


def _folded_piece(found: re.Match[str]) -> str:
    if found["class"]:
        return _folded_class(found["class"][1:-1], found["c"])
    if found["letter"]:
        letter = _folded_letter(found["letter"])
        return letter + found["l"] if letter else ""
    return found[0]


def _folded_class(inside: str, quantifier: str) -> str:
    folded = _PIECE_OF_CLASS.sub(_folded_part_of_class, inside)
    if folded == inside or folded.strip("^"):
        return f"[{folded}]{quantifier}"
    return f"(?s:.){quantifier}" if folded else ""  # [^ًٌ] is any character, [ًٌ] none that the folded text has


def _folded_part_of_class(found: re.Match[str]) -> str:
    part = found[0]
    if len(part) == 3 and part[1] == "-":
        ends = fold(part[0]), fold(part[2])
        return f"{ends[0]}-{ends[1]}" if all(end.isdecimal() and len(end) == 1 for end in ends) else part
    return part if part.startswith("\\") else _folded_letter(part)


def _folded_letter(letter: str) -> str:
    """'' for what folding drops; the letter itself where folding makes several of it, or a space."""
    folded = fold(letter)
    return folded if not folded or (len(folded) == 1 and folded.isalnum()) else letter


def _fields(node: Node) -> Iterator[FieldName]:
    if isinstance(node, Words | Expression):
        yield from node.fields
    for part in node.parts:
        yield from _fields(part)


def _unnested(nodes: Iterable[Node]) -> Iterator[Node]:
    for node in nodes:
        if isinstance(node, Any) and node.at_least == 1:
            yield from node.parts
        else:
            yield node
