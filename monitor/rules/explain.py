"""Why a rule does or does not match a document: clause by clause, with the words found and how they were read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from monitor.language import Lexicon, Rule
from monitor.model import FIELDS, Feed, FieldName
from monitor.rules.compile import Compiled
from monitor.rules.evidence import Evidence, Search
from monitor.rules.filters import reasons_to_skip
from monitor.rules.leaves import Node, Words
from monitor.rules.matcher import Matcher, judge
from monitor.rules.operators import Close, Scored
from monitor.rules.refusals import Refusal, refusals
from monitor.rules.spots import Spot, reading_order
from monitor.text.clean import display
from monitor.text.document import Document

SHOWN = 5  # sightings of one clause in the rendered text

Box = Literal["all", "any", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """Where a clause was found; `start`, `end` in code points of the field as published, half-open."""

    field: FieldName
    start: int
    end: int
    surface: str  # the words, fit for a terminal
    how: str  # the reading, as in 'و+ال+اشتباك+ات'


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """One operator of a rule, and whether what it asks for is there (for one of `none`, that is the veto)."""

    title: str
    held: bool
    sightings: tuple[Sighting, ...] = ()
    parts: tuple[Clause, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """`matched` is the rule's answer, `skipped` why it would not even look; `boxes` only those the rule has."""

    rule_id: str
    matched: bool
    skipped: tuple[str, ...]
    boxes: tuple[tuple[Box, Clause], ...]
    problems: tuple[str, ...]


def explain(
    rule: Rule, lexicon: Lexicon, document: Document, *, feed: Feed | None = None, today: date | None = None
) -> Explanation:
    """`matched` is what `Matcher.match` would say. Without `today` no rule has expired."""
    (explanation,) = explain_each([rule], lexicon, document, feed=feed, today=today)
    return explanation


def explain_each(
    rules: Sequence[Rule], lexicon: Lexicon, document: Document, *, feed: Feed | None = None, today: date | None = None
) -> tuple[Explanation, ...]:
    """The same for many rules, in order; quicker than one by one, as what they share is compiled once."""
    matcher = Matcher(rules, lexicon)
    search = matcher.search(document)
    return tuple(explained(compiled, search, feed=feed, today=today) for compiled in matcher.rules)


def explained(
    compiled: Compiled, search: Search, *, feed: Feed | None = None, today: date | None = None
) -> Explanation:
    """The same for a rule that was compiled already, and a search by the matcher that did."""
    rule, language = compiled.rule, search.document.language
    skipped = tuple(reasons_to_skip(rule, feed=feed, language=language, today=today))
    match, problems = judge(compiled, search)
    return Explanation(
        rule_id=rule.id,
        matched=match is not None and not skipped,
        skipped=skipped,
        boxes=tuple(_boxes(compiled, search)),
        problems=problems,
    )


def _boxes(compiled: Compiled, search: Search) -> Iterator[tuple[Box, Clause]]:
    if compiled.all is not None:
        yield "all", _clause(compiled.all, search)
    if compiled.any is not None:
        yield "any", _clause(compiled.any, search)
    for node in compiled.none:
        yield "none", _clause(node, search)


def _clause(node: Node, search: Search) -> Clause:
    spots = node.find(Evidence(search))
    shown = () if node.parts else tuple(_sighting(spot, search) for spot in sorted(spots, key=reading_order))
    parts = tuple(_clause(part, search) for part in node.parts)
    note = node.tally(Evidence(search)) if isinstance(node, Scored) else "" if spots else _note(node, search)
    return Clause(title=node.title, held=bool(spots), sightings=shown, parts=parts, note=note)


def _note(node: Node, search: Search) -> str:
    """What can be said of a clause that does not hold."""
    if isinstance(node, Close):
        return _distance(node, search)
    if isinstance(node, Words):
        return "; ".join(map(partial(_refusal, search), refusals(node, search)[:SHOWN]))
    return ""


def _refusal(search: Search, refusal: Refusal) -> str:
    surface = display(search.document.field(refusal.field).published[refusal.start : refusal.end])
    return f"«{surface}» in the {refusal.field} is not taken: {refusal.why}"


def _sighting(spot: Spot, search: Search) -> Sighting:
    published = search.document.field(spot.field).published
    surface = display(published[spot.start : spot.end])
    return Sighting(field=spot.field, start=spot.start, end=spot.end, surface=surface, how=spot.how)


def _distance(near: Close, search: Search) -> str:
    """How far apart the items of a `near` that does not hold stand."""
    longest = max(len(search.document.field(name).tokens) for name in FIELDS)
    if not all(part.find(Evidence(search)) for part in near.parts):
        return ""
    if not _held_at(near, longest, search):
        return "they are not all in one field"
    low, high = near.gap, longest  # does not hold, holds
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _held_at(near, middle, search) else (middle, high)
    return f"the closest they come is {high} words"


def _held_at(near: Close, gap: int, search: Search) -> bool:
    return bool(Close(near.parts, gap).find(Evidence(search)))


def render(explanation: Explanation) -> str:
    """Lines of plain text, without a final line break."""
    return "\n".join(_lines(explanation))


def brief(explanation: Explanation) -> str:
    """One line: that it matches, or what is missing or in the way."""
    if explanation.matched:
        return f"{explanation.rule_id}: matches"
    why = [*explanation.skipped, *explanation.problems, *_obstacles(explanation)]
    return f"{explanation.rule_id}: does not match ({'; '.join(why)})"


def _obstacles(explanation: Explanation) -> Iterator[str]:
    for box, clause in explanation.boxes:
        if box == "none" and clause.held:
            yield f"excluded by {clause.title}"
        elif box != "none" and not clause.held:
            missing = [part.title for part in clause.parts if not part.held]
            yield f"not found: {', '.join(missing)}" if missing else f"{clause.title}: no"


def _lines(explanation: Explanation) -> Iterator[str]:
    yield f"{explanation.rule_id}: {'matches' if explanation.matched else 'does not match'}"
    yield from (f"  not looking: {reason}" for reason in explanation.skipped)
    for box, clause in explanation.boxes:
        yield from _clause_lines(clause, box=box, depth=1)
    yield from (f"  problem: {text}" for text in explanation.problems)


def _clause_lines(clause: Clause, *, depth: int, box: Box | None = None) -> Iterator[str]:
    good = clause.held != (box == "none")
    name = f"{box}: " if box else ""
    yield f"{'  ' * depth}{'✓' if good else '✗'} {name}{clause.title}{_verdict(clause, box)}"
    inner = "  " * (depth + 1)
    yield from (f"{inner}{_sighting_line(sighting)}" for sighting in clause.sightings[:SHOWN])
    if len(clause.sightings) > SHOWN:
        yield f"{inner}and {len(clause.sightings) - SHOWN} more"
    for part in clause.parts:
        yield from _clause_lines(part, depth=depth + 1)


def _verdict(clause: Clause, box: Box | None) -> str:
    if clause.held:
        told = f": {clause.note}" if clause.note else ""
        return f"{told}: found, which excludes the document" if box == "none" else told
    if clause.note:
        return f": no; {clause.note}"
    return ": no" if clause.parts else ": not found"


def _sighting_line(sighting: Sighting) -> str:
    return f"{sighting.field} {sighting.start}–{sighting.end} «{sighting.surface}» = {sighting.how}"
