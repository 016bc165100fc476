"""Rules that their own exclusions hide: search texts that can never count, tests that an exclusion defeats."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from monitor.language import Lexicon, Location, RuleTest
from monitor.model import FIELDS, Entry
from monitor.rules.atoms import Atom, atoms
from monitor.rules.compile import Compiled
from monitor.rules.coverage import always_contains
from monitor.rules.explain import explained
from monitor.rules.items import AllOf, InBody, InSentence, InSummary, InTitle, Regex
from monitor.rules.linted import Linted, pairs
from monitor.rules.matcher import Matcher, judge
from monitor.rules.problems import Report, shown
from monitor.rules.written_rule import WrittenRule
from monitor.text.document import read

MOST_WORDS = 40  # of one item; a longer list is not compared word by word


def check_exclusions(config: Linted, report: Report) -> None:
    excluding = [(written, rule) for written, rule in pairs(config) if rule.none]
    for written, _ in excluding:
        _hidden(written, config.lexicon, report)
    matcher = Matcher([rule for _, rule in excluding], config.lexicon)
    for compiled in matcher.rules:
        for test in (test for test in compiled.rule.tests if test.matches):
            _defeated(compiled, test, matcher, config.lexicon, report)


def _hidden(rule: WrittenRule, lexicon: Lexicon, report: Report) -> None:
    """Items of `all` and `any` whose every word an exclusion of the same fields finds as well."""
    vetoes = [(item, atom) for item in _plain(rule.none or ()) for atom in atoms(item.item(), lexicon)]
    keys = {_key(atom) for _, atom in vetoes}
    required = rule.all or ()
    for item in _leaves([*required, *(rule.any or ())]):
        sought = list(atoms(item.item(), lexicon))
        if not sought or isinstance(item, Regex):
            continue
        same = all(_key(atom) in keys for atom in sought)
        if same or (len(sought) <= MOST_WORDS and all(_vetoed(atom, vetoes) for atom in sought)):
            veto = next(
                its for its, veto in vetoes if _key(veto) == _key(sought[0]) or always_contains(sought[0], veto)
            )
            _tell_hidden(rule, item, veto, sought[0].clause, alone=item in required, report=report)


def _tell_hidden(rule: WrittenRule, item: Any, veto: Any, clause: str, *, alone: bool, report: Report) -> None:
    consequence = "so that it never matches" if alone else "so that it never counts"
    what = f"'none' of the rule '{rule.id}' excludes every text with {_quoted(clause)}, {consequence}"
    remedy = f"take it out of 'none', or the item on line {location(item).line} out of the rule"
    report.warning(location(veto), "R422", what, remedy)


def _quoted(clause: str) -> str:
    kind = clause.partition(" ")[0]
    return clause if kind in ("place", "group", "event") and " " in clause else f"«{shown(clause)}»"


def _vetoed(atom: Atom, vetoes: Sequence[tuple[Any, Atom]]) -> bool:
    return any(always_contains(atom, veto) for _, veto in vetoes)


def _key(atom: Atom) -> tuple[object, object]:
    return atom.item, atom.spelling


def _plain(items: Sequence[Any]) -> Iterator[Any]:
    """Exclusions that count by themselves, in whatever field."""
    for item in items:
        if not isinstance(item, AllOf | InSentence | InTitle | InSummary | InBody | Regex):
            yield from _plain(item.inner()) if item.inner() else (item,)


def _leaves(items: Sequence[Any]) -> Iterator[Any]:
    """Items that hold no other; not those bound to a field, which the rule may not search."""
    for item in items:
        if not isinstance(item, InTitle | InSummary | InBody):
            yield from _leaves(item.inner()) if item.inner() else (item,)


def _defeated(compiled: Compiled, test: RuleTest, matcher: Matcher, lexicon: Lexicon, report: Report) -> None:
    """A test that must match and does not, for an exclusion alone."""
    title, summary, body = (test.fields.get(name, "") for name in FIELDS)
    search = matcher.search(read(Entry(feed_id="", title=title, summary=summary, body=body)))
    if judge(compiled, search)[0] is not None:
        return
    obstacles = explained(compiled, lexicon, search).obstacles
    vetoes = [obstacle.what for obstacle in obstacles if obstacle.kind == "excluded"]
    if vetoes and len(vetoes) == len(obstacles):
        what = f"only {' and '.join(vetoes)} under 'none' keeps the rule '{compiled.rule.id}' from matching this test"
        report.warning(test.at, "R423", what, "narrow the exclusion to a phrase, or make it a 'no_match' test")


def location(item: Any) -> Location:
    """Where an item is written."""
    inner = item.inner()
    return item.at if hasattr(item, "at") else location(inner[0])
