"""What a search looks for: a query as rules have it, compiled as the only rule of a set."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from monitor.errors import MonitorError, Problem
from monitor.language import Lexicon, Location, Rule
from monitor.model import FIELDS, Entry, FieldName, Match, Severity
from monitor.rules.compile import Compiled, Compiler
from monitor.rules.evidence import Search
from monitor.rules.filters import reasons_to_skip
from monitor.rules.index import Index
from monitor.rules.matcher import judge
from monitor.rules.names import gather
from monitor.rules.nodes import Scalar
from monitor.rules.problems import Refused, Report
from monitor.rules.written_names import WrittenQuery
from monitor.search import shipped
from monitor.search.anchors import NotReady, Ready, anchors
from monitor.search.expression import Expression, Question
from monitor.search.gazetteer import Gazetteer, PlaceReader
from monitor.search.index_file import IndexFile
from monitor.store.views.search import Written
from monitor.text.document import read

QUERY: Final = "query"  # what problems of a query name as their file
HEADLINES: Final[tuple[FieldName, ...]] = ("title", "summary")  # where rules look that say nothing else


class QueryRefused(MonitorError):
    """A query that cannot be read. The column of each problem counts from 1, within the query."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(f"{each.column}: {each.what}: {each.remedy}" for each in problems))
        self.problems = tuple(problems)


class _Asked(BaseModel):
    model_config = ConfigDict(arbitrary_types_allowed=True, hide_input_in_errors=True)
    query: WrittenQuery


def rule_of(
    query: str, lexicon: Lexicon, *, search_in: Sequence[FieldName] = HEADLINES, languages: Sequence[str] = ()
) -> tuple[Rule, tuple[Problem, ...]]:
    """A rule that has this query alone, and what its author may want to know. Raises QueryRefused."""
    report = Report()
    report.add_file(QUERY, [query])
    names = gather([], lexicon, report, channels=False)
    written = Scalar.make(" ".join(query.split("\n")), Location(QUERY, 1, 1), plain=bool(query.strip()))
    try:
        asked = _Asked.model_validate({"query": written}, context=names)
    except ValidationError as error:
        for one in error.errors(include_url=False, include_input=False):
            _tell(one.get("ctx", {}).get("error"), written, report)
    problems = report.problems()
    if report.failed:
        raise QueryRefused([each for each in problems if each.level == "error"])
    rule = Rule(
        id=QUERY,
        title={},
        severity=Severity.INFO,
        query=asked.query.item(),
        search_in=tuple(search_in),
        languages=tuple(languages),
    )
    return rule, problems


def _tell(error: Exception | None, written: Scalar, report: Report) -> None:
    assert isinstance(error, Refused), "a query has no other mistakes"
    report.refused(error, written.at)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an index answered, good for the versions up to `reached`, whose mark is `mark`: they never change.

    `newest` are those that the expression finds, the newest first; all of them where `is_all`.
    """

    reached: int
    mark: bytes
    expression: Expression
    newest: tuple[int, ...] = ()
    is_all: bool = False


def _compiled(
    rule: Rule, lexicon: Lexicon, known: Gazetteer, reader: PlaceReader | None
) -> tuple[Compiler, Compiled, Index]:
    """With what lies ready, where that is all that is asked for."""
    if reader is not None:
        with contextlib.suppress(NotReady):
            compiler = Compiler(lexicon, Ready(reader, known))
            return compiler, compiler.rule(rule), reader.index
    compiler = Compiler(lexicon)
    compiled = compiler.rule(rule)
    return compiler, compiled, Index(compiler.vocabulary.patterns)


class Sought:
    """Safe from any thread. It never changes, but for `asked`: what it was last told, so that the next page of a search
    need not ask again. A thread that reads it gets one answer or another, each whole."""

    def __init__(
        self, rule: Rule, lexicon: Lexicon, *, known: Gazetteer | None = None, reader: PlaceReader | None = None
    ) -> None:
        """`known`: the places that the index knows, if not those that monitor ships; `reader`: of these, if not the one
        that is in memory."""
        places = known or shipped.gazetteer()
        ready = reader or (shipped.reader_in_memory() if known is None else None)
        compiler, self._compiled, self._index = _compiled(rule, lexicon, places, ready)
        self._anchors = anchors(self._compiled.needs, compiler, places)
        self._fields = tuple(name for name in FIELDS if name in self._compiled.fields)
        self.asked: Asked | None = None

    @property
    def reads_body(self) -> bool:
        return "body" in self._compiled.fields

    def expression(self, index: IndexFile) -> Expression:
        """What finds, in this index, every version in which it holds."""
        question = Question(self._index, index.vocabularies(body=self.reads_body))
        return question.of_rule(self._anchors)

    def match(self, written: Written) -> Match | None:
        """Where it stands in a text; None if it does not."""
        document = read(Entry(feed_id="", title=written.title, summary=written.summary, body=written.body))
        search = Search(self._index, self._index.glance(document, self._fields), document)
        match, _ = judge(self._compiled, search)
        rule = self._compiled.rule
        if match is None or not rule.languages:
            return match
        return None if any(reasons_to_skip(rule, feed=None, language=document.language, today=None)) else match
