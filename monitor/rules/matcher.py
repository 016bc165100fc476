"""All rules over one document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeVar

from monitor.language import Lexicon, Rule
from monitor.model import FIELDS, Feed, FieldName, Match
from monitor.rules.compile import Compiled, Compiler
from monitor.rules.evidence import Evidence, Search
from monitor.rules.filters import reasons_to_skip
from monitor.rules.index import Index
from monitor.rules.needs import commonness
from monitor.rules.prefilter import Prefilter
from monitor.rules.spots import spans
from monitor.rules.vocabulary import Sources, Vocabulary
from monitor.text.document import Document

T = TypeVar("T")


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


class _Group(NamedTuple):
    """The rules that look at the same fields, by number: a long text is looked over for those alone that look there."""

    fields: tuple[FieldName, ...]
    numbers: tuple[int, ...]
    prefilter: Prefilter


class Matcher:
    """The rules of one set, compiled. Immutable; safe from any thread.

    Rules are asked only about documents in which something that they cannot match without was found. A rule that
    fails is a problem of its own and stops no other.
    """

    def __init__(self, rules: Sequence[Rule], lexicon: Lexicon, *, before: Matcher | None = None) -> None:
        """`before`: of other rules, or of these as they were; what both say is not compiled again, and the outcome is
        the same. Raises for what the reader of rule files would have refused (an unknown id, a broken regex)."""
        self._sources: Sources
        self._common: tuple[float, ...]
        vocabulary = Vocabulary(before._sources if before else None)
        compiler = Compiler(lexicon, vocabulary)
        self._rules = tuple(_compiled(compiler, rule) for rule in rules if rule.seeks)
        self._index = Index(vocabulary.patterns, vocabulary.parts)
        self._sources = Sources(vocabulary, self._index)
        self._common = _commonness(vocabulary, before._common if before else ())
        looks_at: dict[frozenset[FieldName], list[int]] = {}
        for number, each in enumerate(self._rules):
            looks_at.setdefault(each.fields, []).append(number)
        self._fields = _in_order(frozenset[FieldName]().union(*looks_at))
        self._groups = tuple(
            _Group(_in_order(fields), tuple(numbers), self._prefilter(numbers)) for fields, numbers in looks_at.items()
        )

    def _prefilter(self, numbers: Sequence[int]) -> Prefilter:
        return Prefilter([self._rules[each] for each in numbers], self._index, self._common)

    def match(self, document: Document, *, feed: Feed | None, today: date | None) -> Matches:
        """`feed` None: rules for certain feeds look all the same. `today` is the day in the file's time zone;
        None: rules that have expired look all the same."""
        matches: list[tuple[int, Match]] = []
        problems: list[tuple[int, RuleProblem]] = []
        for group in self._groups:
            glance = self._index.glance(document, group.fields)
            candidates = group.prefilter.candidates(glance)
            search = Search(self._index, glance, document) if candidates else None
            for number in (group.numbers[each] for each in candidates):
                compiled = self._rules[number]
                if search and not any(
                    reasons_to_skip(compiled.rule, feed=feed, language=document.language, today=today)
                ):
                    match, troubles = judge(compiled, search)
                    matches += [(number, match)] if match else []
                    problems += [(number, RuleProblem(rule_id=compiled.rule.id, text=text)) for text in troubles]
        if not matches and not problems:
            return _NOTHING
        return Matches(matches=_by_rule(matches), problems=_by_rule(problems))

    def search(self, document: Document) -> Search:
        return Search(self._index, self._index.glance(document, self._fields), document)

    @property
    def rules(self) -> tuple[Compiled, ...]:
        return self._rules

    def compiled(self) -> Matcher:
        """Itself; what becomes a matcher when it is asked has the same method."""
        return self


_NOTHING = Matches()


def _commonness(vocabulary: Vocabulary, before: Sequence[float]) -> tuple[float, ...]:
    """Of each pattern; estimated for those that are new."""
    new = commonness([parts[0] for parts, was in zip(vocabulary.parts, vocabulary.was, strict=True) if was is None])
    estimated = iter(new)
    return tuple(next(estimated) if was is None else before[was] for was in vocabulary.was)


def _in_order(fields: Set[FieldName]) -> tuple[FieldName, ...]:
    return tuple(name for name in FIELDS if name in fields)


def _by_rule(found: Iterable[tuple[int, T]]) -> tuple[T, ...]:
    return tuple(each for _, each in sorted(found, key=lambda each: each[0]))


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
