"""Explanations as text for a terminal: lines that a person reads from top to bottom."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from monitor.rules.almost import Almost
from monitor.rules.distances import Distance
from monitor.rules.explanation import ANY, Clause, Explanation, Sighting, named
from monitor.text.fold import fold

SHOWN = 5  # sightings of one clause
MOST_TITLES = 8  # clauses in one line

# A run of right-to-left words with what joins them, from letter to letter.
_RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_RUN = re.compile(rf"[{_RTL}](?:[{_RTL} +…_.\-0-9]*[{_RTL}])?")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"


def isolated(text: str) -> str:
    """With every right-to-left run apart, so that a terminal that reorders keeps each where it belongs."""
    return _RUN.sub(lambda run: f"{_FIRST_STRONG_ISOLATE}{run[0]}{_POP_ISOLATE}", text)


def render(explanation: Explanation) -> str:
    """Clause by clause; lines of plain text, without a final line break."""
    return "\n".join(_lines(explanation))


def brief(explanation: Explanation) -> str:
    """One line: that it matches, or what is missing or in the way."""
    if explanation.matched:
        return f"{explanation.rule_id}: matches"
    told = "; ".join([*_obstacles(explanation), *explanation.problems])
    return f"{explanation.rule_id}: does not match: {told}"


def near_miss(explanation: Explanation) -> str:
    """What alone is in the way, what was found all the same, and what nearly was."""
    clauses = [clause for _, clause in explanation.boxes if not clause.excludes]
    lines = [brief(explanation), *(f"  note: {note}" for note in explanation.notes)]
    found = [leaf for clause in clauses for leaf in _leaves(clause) if leaf.held and not leaf.excludes]
    lines += [f"  ✓ {leaf.title}: {_surfaces(leaf)}" for leaf in found]
    lines += [f"  {_almost(one)}" for one in explanation.almost]
    lines += [f"  {_distance(clause.distance)}" for clause in clauses if clause.distance and clause.distance.gaps]
    return "\n".join(lines)


def _surfaces(leaf: Clause) -> str:
    shown = dict.fromkeys(f"«{one.surface}»" for one in leaf.sightings)
    more = f" and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
    return f"{', '.join([*shown][:SHOWN])}{more}"


def _obstacles(explanation: Explanation) -> Iterator[str]:
    """In the words of a sentence: 'only event clash is missing'."""
    by_kind: dict[str, list[str]] = {}
    for obstacle in explanation.obstacles:
        by_kind.setdefault(obstacle.kind, []).append(obstacle.what)
    only = "only " if explanation.near_miss else ""
    yield from (*by_kind.get("filter", ()), *by_kind.get("field", ()))
    if missing := by_kind.get("missing", ()):
        yield f"{only}{'; '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing"
    yield from by_kind.get("distance", ())
    if "excluded" in by_kind:
        yield f"{only}excluded by {', '.join(by_kind['excluded'])}"


def _lines(explanation: Explanation) -> Iterator[str]:
    yield brief(explanation)
    yield from (f"  not looking: {reason}" for reason in explanation.skipped)
    yield from (f"  note: {note}" for note in explanation.notes)
    vetoes = [clause for box, clause in explanation.boxes if box == "none"]
    for box, clause in explanation.boxes:
        if box != "none":
            name = "" if box in ("killed", "wounded") else f"{box}: "
            yield from _clause_lines(clause, name=name, depth=1)
    yield from _exclusions(vetoes)
    yield from (f"  problem: {text}" for text in explanation.problems)


def _clause_lines(clause: Clause, *, depth: int, name: str = "") -> Iterator[str]:
    indent, inner = "  " * depth, "  " * (depth + 1)
    name = name or ("not: " if clause.excludes else "")
    yield f"{indent}{'✓' if clause.is_well else '✗'} {name}{clause.title}{_missed(clause)}"
    yield from (f"{inner}{_sighting(one)}" for one in clause.sightings[:SHOWN])
    if len(clause.sightings) > SHOWN:
        yield f"{inner}and {len(clause.sightings) - SHOWN} more"
    yield from (f"{inner}{_almost(one)}" for one in clause.almost)
    yield from _parts(clause, depth)
    if clause.distance and clause.distance.gaps:
        yield f"{inner}{_distance(clause.distance)}"


def _parts(clause: Clause, depth: int) -> Iterator[str]:
    """Of an `any`, what was not found stands in one line: the one that was found is what matters."""
    folded = [part for part in clause.parts if clause.held and clause.title == ANY and not _worth_a_line(part)]
    for part in clause.parts:
        if part not in folded:
            yield from _clause_lines(part, depth=depth + 1)
    if folded:
        yield f"{'  ' * (depth + 1)}✗ not found: {named([part.title for part in folded], MOST_TITLES)}"


def _worth_a_line(part: Clause) -> bool:
    return part.held or bool(part.parts)


def _missed(clause: Clause) -> str:
    if clause.held:
        told = f": {clause.note}" if clause.note else ""
        return f"{told}: found, which excludes the text" if clause.excludes else told
    if clause.note:
        return f": no; {clause.note}"
    return (": none of them" if clause.excludes else ": no") if clause.parts else ": not found"


def _exclusions(vetoes: Iterable[Clause]) -> Iterator[str]:
    absent = [title for veto in vetoes if not veto.held for title in _titles(veto)]
    for veto in vetoes:
        if veto.held:
            yield f"  ✗ none: {veto.title}: found, which excludes the text"
            for leaf in (leaf for leaf in _leaves(veto) if leaf.held):
                yield from (f"    {_sighting(one)}" for one in leaf.sightings[:SHOWN])
    if absent:
        yield f"  ✓ none: nothing of {', '.join(absent)}"


def _titles(clause: Clause) -> Iterator[str]:
    return (leaf.title for leaf in _leaves(clause))


def _leaves(clause: Clause) -> Iterator[Clause]:
    if not clause.parts:
        yield clause
    for part in clause.parts:
        yield from _leaves(part)


def _sighting(one: Sighting) -> str:
    sentence = f", sentence {one.sentence}" if one.sentence > 1 else ""
    reading = "" if one.how in (one.surface, fold(one.surface), "regex") else f" = {one.how}"
    return f"{one.field} {one.start}–{one.end}{sentence} «{one.surface}»{reading}{_found_by(one)}"


def _found_by(one: Sighting) -> str:
    """The search text where the reading does not show it, and the place where the clause names another."""
    place = f"place {one.place}" if one.place else ""
    shown = {one.surface, *re.split(r"[+ ]", one.how), one.how}
    term = "" if one.term in shown or not one.term else one.term
    told = ", ".join(filter(None, (place, f"for {term}" if term else "")))
    return f" ({told})" if told else ""


def _almost(one: Almost) -> str:
    return f"almost: {one.field} {one.start}–{one.end} «{one.surface}»: {one.reason}"


def _distance(distance: Distance) -> str:
    first, *others = (f"«{word}»" for word in distance.words)
    steps = (f" … {_words(gap)} … {word}" for gap, word in zip(distance.gaps, others, strict=True))
    return f"in the {distance.field}: {first}{''.join(steps)}"


def _words(count: int) -> str:
    return "1 word" if count == 1 else f"{count} words"
