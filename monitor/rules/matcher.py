"""All rules over one document."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitor.language import Lexicon, Rule
from monitor.model import Feed, FieldName, Match
from monitor.rules.compile import Compiled, Compiler
from monitor.rules.evidence import Evidence, Search
from monitor.rules.filters import reasons_to_skip
from monitor.rules.index import Index
from monitor.rules.needs import commonness, rarest
from monitor.rules.spots import spans
from monitor.text.document import Document
from monitor.text.patterns import Pattern


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleProblem:
    """Why a rule may have missed something in a document; `text` is fit for an operator and says what to do."""

    rule_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matches:
    """`matches` and `problems` in rule order. A rule may have both: one clause failed, others held without it."""

    matches: tuple[Match, ...] = ()
    problems: tuple[RuleProblem, ...] = ()


class Matcher:
    """The rules of one set, compiled. Immutable; safe from any thread.

    Rules are asked only about documents in which something that they cannot match without was found. A rule that
    fails is a problem of its own and stops no other.
    """

    def __init__(self, rules: Sequence[Rule], lexicon: Lexicon) -> None:
        """Raises for what the reader of rule files would have refused (an unknown id, a broken regex)."""
        compiler = Compiler(lexicon)
        self._rules = tuple(_compiled(compiler, rule) for rule in rules)
        self._index = Index(compiler.vocabulary.patterns)
        self._fields = frozenset[FieldName]().union(*(rule.fields for rule in self._rules))
        self._waiting, self._always = _by_rarest_need(self._rules, self._index.patterns)
        self._awaited = frozenset(self._waiting)

    def match(self, document: Document, *, feed: Feed | None, today: date) -> Matches:
        """`feed` None: rules for certain feeds look all the same. `today` is the day in the file's time zone."""
        search = self.search(document)
        matches: list[Match] = []
        problems: list[RuleProblem] = []
        for number in self._candidates(search):
            compiled = self._rules[number]
            if not any(reasons_to_skip(compiled.rule, feed=feed, language=document.language, today=today)):
                match, troubles = judge(compiled, search)
                matches += [match] if match else []
                problems += [RuleProblem(rule_id=compiled.rule.id, text=text) for text in troubles]
        return Matches(matches=tuple(matches), problems=tuple(problems))

    def search(self, document: Document) -> Search:
        return Search(self._index, document, self._fields)

    @property
    def rules(self) -> tuple[Compiled, ...]:
        return self._rules

    def _candidates(self, search: Search) -> list[int]:
        """Rules that may hold: nothing that they cannot do without is missing."""
        touched = search.touched
        waiting = self._always.union(*[self._waiting[pattern] for pattern in touched & self._awaited])
        return sorted([number for number in waiting if self._rules[number].may_hold(touched)])


def judge(compiled: Compiled, search: Search) -> tuple[Match | None, tuple[str, ...]]:
    """Whether a rule holds, its filters apart, and what went wrong on the way."""
    evidence = Evidence(search)
    try:
        spots = compiled.find(evidence)
    except Exception as error:  # noqa: BLE001  a bug that one rule meets must not cost others their alert
        return None, (*evidence.account.troubles, f"{type(error).__name__}: {error}")
    rule = compiled.rule
    match = Match(rule_id=rule.id, severity=rule.severity, spans=spans(spots)) if spots else None
    return match, tuple(evidence.account.troubles)


def _compiled(compiler: Compiler, rule: Rule) -> Compiled:
    try:
        return compiler.rule(rule)
    except Exception as error:
        error.add_note(f"while compiling rule {rule.id}")
        raise


def _by_rarest_need(
    rules: Sequence[Compiled], patterns: Sequence[Pattern]
) -> tuple[dict[int, list[int]], frozenset[int]]:
    """Which rules wait for each pattern, and which have nothing to wait for."""
    common = [commonness(pattern.heads) for pattern in patterns]
    waiting: dict[int, list[int]] = defaultdict(list)
    always = set()
    for number, rule in enumerate(rules):
        need = rarest(rule.needs, common)
        if need is None:
            always.add(number)
        for pattern in need or ():
            waiting[pattern].append(number)
    return waiting, frozenset(always)
