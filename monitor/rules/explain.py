"""Why a rule does or does not match a document: its clauses, what was found of each, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain

from monitor.language import Lexicon, Rule
from monitor.model import FIELDS, Feed
from monitor.rules.clauses import Reader
from monitor.rules.compile import Compiled
from monitor.rules.evidence import Search
from monitor.rules.explanation import CHOICES, NAMED, Clause, Explanation, Lack, Obstacle
from monitor.rules.filters import reasons_to_skip
from monitor.rules.matcher import Matcher, judge
from monitor.text.document import Document


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
    return tuple(explained(compiled, lexicon, search, feed=feed, today=today) for compiled in matcher.rules)


def explained(
    compiled: Compiled, lexicon: Lexicon, search: Search, *, feed: Feed | None = None, today: date | None = None
) -> Explanation:
    """The same for a rule that was compiled already, and a search by the matcher that did."""
    rule, document = compiled.rule, search.document
    skipped = tuple(reasons_to_skip(rule, feed=feed, language=document.language, today=today))
    match, problems = judge(compiled, search)
    clauses = tuple(Reader(rule, lexicon, search).boxes(compiled))
    obstacles = list(chain.from_iterable(_obstacles(clause) for _, clause in clauses))
    elsewhere = _elsewhere(rule, lexicon, document) if obstacles and match is None else ""
    if elsewhere:
        obstacles = [Obstacle(kind="field", what=elsewhere)]
    elif match is None and not obstacles:
        obstacles = [Obstacle(kind="problem", what=problem) for problem in problems]
    return Explanation(
        rule_id=rule.id,
        matched=match is not None and not skipped,
        skipped=skipped,
        boxes=clauses,
        problems=problems,
        obstacles=(*(Obstacle(kind="filter", what=reason) for reason in skipped), *obstacles),
        notes=tuple(_notes(rule, feed)),
    )


def _elsewhere(rule: Rule, lexicon: Lexicon, document: Document) -> str:
    """Whether the rule would match if it looked at the fields of the text that it leaves out."""
    unseen = [name for name in FIELDS if name not in rule.search_in and document.field(name).tokens]
    if not unseen:
        return ""
    matcher = Matcher([replace(rule, search_in=FIELDS)], lexicon)
    (compiled,) = matcher.rules
    match, _ = judge(compiled, matcher.search(document))
    names = " and ".join(unseen)
    return f"the rule does not look at the {names}; with 'search_in: [{', '.join(FIELDS)}]' it matches" if match else ""


def _notes(rule: Rule, feed: Feed | None) -> Iterator[str]:
    if rule.feeds and feed is None:
        yield f"it looks only at the feeds {', '.join(rule.feeds)}"


def _obstacles(clause: Clause) -> Iterator[Obstacle]:
    """What keeps a clause from being as the rule wants it."""
    if clause.excludes:
        if clause.held:
            yield _excluded(clause)
    elif not clause.held:
        yield from _lacks(clause)


def _lacks(clause: Clause) -> Iterator[Obstacle]:
    """What is missing of a clause that does not hold; of a box of which all is there, that it is not close enough."""
    amiss = [part for part in clause.parts if not part.is_well]
    if not clause.parts or clause.title.startswith(CHOICES):
        lack = _lack(clause)
        yield Obstacle(kind="missing", what=lack.text, lack=lack)
    elif amiss:
        for part in amiss:
            yield from _obstacles(part)
    else:
        yield Obstacle(kind="distance", what=clause.note or "not close enough", lack=_lack(clause))


def _lack(clause: Clause) -> Lack:
    told = clause.parts[: NAMED if len(clause.parts) > NAMED + 1 else None]
    more = len(clause.parts) - len(told)
    return Lack(title=clause.title, note=clause.note, parts=tuple(map(_lack, told)), more=more)


def _excluded(clause: Clause) -> Obstacle:
    """With the words that excluded the document, and by what."""
    for leaf in _leaves(clause):
        if leaf.sightings:
            surface = leaf.sightings[0].surface
            return Obstacle(kind="excluded", what=f"«{surface}» ({leaf.title})", surface=surface, by=leaf.title)
    return Obstacle(kind="excluded", what=clause.title, by=clause.title)


def _leaves(clause: Clause) -> Iterator[Clause]:
    yield clause
    for part in clause.parts:
        if part.held:
            yield from _leaves(part)
