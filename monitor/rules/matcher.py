"""All rules over one document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from monitor.language import Lexicon, Rule
from monitor.model import FIELDS, Feed, FieldName, Match
from monitor.rules.compile import Compiled, Compiler
from monitor.rules.evidence import Evidence, Search
from monitor.rules.filters import reasons_to_skip
from monitor.rules.index import Index
from monitor.rules.prefilter import Prefilter
from monitor.rules.spots import spans
from monitor.text.document import Document


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
        self._rules = tuple(_compiled(compiler, rule) for rule in rules if rule.seeks)
        self._index = Index(compiler.vocabulary.patterns)
        fields = frozenset[FieldName]().union(*(rule.fields for rule in self._rules))
        self._fields = tuple(name for name in FIELDS if name in fields)
        self._prefilter = Prefilter(self._rules, self._index)

    def match(self, document: Document, *, feed: Feed | None, today: date | None) -> Matches:
        """`feed` None: rules for certain feeds look all the same. `today` is the day in the file's time zone;
        None: rules that have expired look all the same."""
        glance = self._index.glance(document, self._fields)
        candidates = self._prefilter.candidates(glance)
        if not candidates:
            return _NOTHING
        search = Search(self._index, glance, document)
        matches: list[Match] = []
        problems: list[RuleProblem] = []
        for number in candidates:
            compiled = self._rules[number]
            if not any(reasons_to_skip(compiled.rule, feed=feed, language=document.language, today=today)):
                match, troubles = judge(compiled, search)
                matches += [match] if match else []
                problems += [RuleProblem(rule_id=compiled.rule.id, text=text) for text in troubles]
        return Matches(matches=tuple(matches), problems=tuple(problems))

    def search(self, document: Document) -> Search:
        return Search(self._index, self._index.glance(document, self._fields), document)

    @property
    def rules(self) -> tuple[Compiled, ...]:
        return self._rules


_NOTHING = Matches()


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
