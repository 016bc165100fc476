"""`query:` — what it means, what its author is told where, and that it says the same as boxes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor import config
from monitor.language import (
    AllOf,
    AnyOf,
    Exact,
    InField,
    InPlace,
    Item,
    Lexicon,
    Name,
    OfEvent,
    OfGroup,
    Starts,
    Term,
    Without,
)
from monitor.model import FIELDS
from monitor.rules.lint import lint
from monitor.rules.matcher import Matcher
from tests.rules.given import read_text, sound
from tests.rules.made import TODAY, a_document, a_rule
from tests.rules.test_operators import WORDS, documents, written

GROUPS = "groups:\n  airport: [مطار]\n"
COLUMN = len("    query: '") + 1  # where a query in quotes begins, on line 4


def rules_with(query: str) -> str:
    quoted = query.replace("'", "''")
    return f"version: 1\nrules:\n  - id: dez\n    query: '{quoted}'\n{GROUPS}"


def _t(*texts: str) -> tuple[Item, ...]:
    return tuple(Term(text=text) for text in texts)


MEANT: list[tuple[str, Item]] = [
    ("قصف", Term(text="قصف")),
    ('"سد الفرات"', Exact(text="سد الفرات")),
    ("«سد الفرات»", Exact(text="سد الفرات")),
    ("“سد الفرات”", Exact(text="سد الفرات")),
    ("saldırı*", Starts(text="saldırı")),
    ("12:30", Term(text="12:30")),
    ("place:idlib", InPlace(ids=("idlib",))),
    ("group:airport", OfGroup(ids=("airport",))),
    ('name:"دير الزور"', Name(text="دير الزور")),
    ("name:Hama", Name(text="Hama")),
    ("event: clash", OfEvent(ids=("clash",))),
    ("قصف AND جسر", AllOf(items=_t("قصف", "جسر"))),
    ("قصف جسر سد", AllOf(items=_t("قصف", "جسر", "سد"))),
    ("قصف OR جسر OR سد", AnyOf(items=_t("قصف", "جسر", "سد"))),
    ("قصف OR جسر سد", AnyOf(items=(Term(text="قصف"), AllOf(items=_t("جسر", "سد"))))),
    ("(قصف OR جسر) سد", AllOf(items=(AnyOf(items=_t("قصف", "جسر")), Term(text="سد")))),
    ("قصف NEAR/8 جسر", AllOf(items=_t("قصف", "جسر"), near=8)),
    ("قصف ONEAR/0 جسر", AllOf(items=_t("قصف", "جسر"), near=0, ordered=True)),
    ("قصف NEAR/8 جسر NEAR/8 سد", AllOf(items=_t("قصف", "جسر", "سد"), near=8)),
    ("قصف NEAR/8 (جسر NEAR/2 سد)", AllOf(items=(Term(text="قصف"), AllOf(items=_t("جسر", "سد"), near=2)), near=8)),
    ("قصف NEAR/8 جسر AND سد", AllOf(items=(AllOf(items=_t("قصف", "جسر"), near=8), Term(text="سد")))),
    ("title:قصف", InField(field="title", item=Term(text="قصف"))),
    ("body:(قصف OR جسر)", InField(field="body", item=AnyOf(items=_t("قصف", "جسر")))),
    ("title:قصف NEAR/8 جسر", AllOf(items=(InField(field="title", item=Term(text="قصف")), Term(text="جسر")), near=8)),
    ("قصف NOT جسر", Without(item=Term(text="قصف"), unwanted=_t("جسر"))),
    ("قصف AND NOT جسر NOT سد", Without(item=Term(text="قصف"), unwanted=_t("جسر", "سد"))),
    ("NOT جسر قصف سد", Without(item=AllOf(items=_t("قصف", "سد")), unwanted=_t("جسر"))),
    ("(NOT جسر) قصف", Without(item=Term(text="قصف"), unwanted=_t("جسر"))),
    ("قصف (NOT جسر NOT سد)", Without(item=Term(text="قصف"), unwanted=(AnyOf(items=_t("جسر", "سد")),))),
    ("قصف NOT (جسر OR سد)", Without(item=Term(text="قصف"), unwanted=(AnyOf(items=_t("جسر", "سد")),))),
    ("قصف OR (جسر NOT سد)", AnyOf(items=(Term(text="قصف"), Without(item=Term(text="جسر"), unwanted=_t("سد"))))),
    ("title:(قصف NOT جسر)", InField(field="title", item=Without(item=Term(text="قصف"), unwanted=_t("جسر")))),
    ("قصف   \t جسر", AllOf(items=_t("قصف", "جسر"))),
]


@pytest.mark.parametrize(("query", "meant"), MEANT, ids=[query for query, _ in MEANT])
def test_a_query_is_read_into_boxes(query: str, meant: Item) -> None:
    ruleset, problems = read_text(rules_with(query))
    assert ruleset is not None, problems
    assert ruleset.rules[0].query == meant
    assert not problems


MISTAKES = [
    # query, column within it, code, what, remedy
    ("قصف AND", 5, "R319", "'AND' has nothing on its right", "remove it"),
    ("AND قصف", 1, "R319", "'AND' has nothing on its left", "remove it"),
    ("(قصف OR جسر", 1, "R319", "never closed", "')'"),
    ("قصف OR جسر)", 11, "R319", "closes nothing", "'('"),
    ("قصف ()", 5, "R319", "nothing stands in these parentheses", "remove them"),
    (")", 1, "R319", "begins with ')'", "for example"),
    ("قصف (", 5, "R319", "behind this '('", "remove it"),
    ("قصف OR OR جسر", 5, "R319", "'OR' has nothing on its right", "remove it"),
    ("قصف NOT", 5, "R319", "'NOT' has nothing on its right", "remove it"),
    ("قصف title:", 5, "R319", "'title:' has nothing on its right", "remove it"),
    ("قصف NOT NOT جسر", 9, "R319", "twice", "one is enough"),
    ("قصف NOT (NOT جسر)", 5, "R319", "exclusion of an exclusion", "remove both"),
    ("قصف NEAR جسر", 5, "R319", "does not say how many words", "write NEAR/8"),
    ("قصف ONEAR/x جسر", 5, "R319", "does not say how many words", "write ONEAR/8"),
    ("قصف NEAR/1001 جسر", 5, "R319", "too far", "1000"),
    ("قصف near/5 جسر", 5, "R319", "is no distance here", "write NEAR/5"),
    ("قصف W/5 جسر", 5, "R319", "is no distance here", "write NEAR/5"),
    ("قصف PRE/5 جسر", 5, "R319", "is no distance here", "write ONEAR/5"),
    ("قصف NEAR/5 دير الزور", 16, "R319", "«دير» alone", '"دير الزور"'),
    ("دير الزور NEAR/5 قصف", 1, "R319", "«الزور» alone", '"دير الزور"'),
    ("قصف NEAR/5 جسر NEAR/8 سد", 16, "R319", "in two ways", "parentheses"),
    ("قصف NEAR/5 جسر ONEAR/5 سد", 16, "R319", "in two ways", "parentheses"),
    ("سد NEAR/5 (قصف NOT جسر)", 12, "R319", "cannot bind", "NOT third"),
    ("سد NEAR/5 NOT قصف", 11, "R319", "cannot bind", "NOT third"),
    ("سد ONEAR/5 (قصف جسر)", 13, "R319", "puts words in order", "use NEAR"),
    ("(سد NEAR/2 قصف) ONEAR/5 جسر", 2, "R319", "puts words in order", "use NEAR"),
    ("title:NOT قصف", 7, "R319", "NOT behind 'title:'", "NOT title:"),
    ("title:(NOT قصف) جسر", 1, "R319", "before an exclusion", "NOT title:"),
    ("place:(idlib OR syria)", 1, "R319", "names nothing", "place:one OR place:two"),
    ("headline:قصف", 1, "R319", "'headline:'", "did you mean 'title'?"),
    ("عنوان:قصف", 1, "R319", "'عنوان:'", "did you mean 'title'?"),
    ("titel:قصف", 1, "R319", "'titel:'", "did you mean 'title'?"),
    ("جسر عاجل:قصف", 5, "R319", "'عاجل:'", "needs quotes"),
    ('قصف "سد الفرات', 5, "R319", "never closed", "same sign"),
    ("قصف سد»", 7, "R319", "nothing opens", "straight quotes"),
    ('"قصف سد"~5', 9, "R319", "no distance here", "NEAR/5"),
    ("قصف أو جسر", 5, "R319", "'أو' is searched for", "write OR"),
    ("قصف و جسر", 5, "R319", "'و' is searched for", "write AND"),
    ("قصف && جسر", 5, "R319", "'&&'", "write AND"),
    ("قصف | جسر", 5, "R319", "'|'", "write OR"),
    ("قصف -جسر", 5, "R319", "'-' before a word", "write NOT جسر"),
    ("+قصف جسر", 1, "R319", "'+' before a word", "write AND قصف"),
    ("قصف، جسر", 4, "R319", "'،' joins nothing", "OR or AND"),
    ("ق*صف", 1, "R319", "at the end of a word", "begin*"),
    ("قصف?", 1, "R319", "no wildcard", "remove it"),
    ("${WORD} قصف", 1, "R319", "filled in under", "the word itself"),
    ("(" * 21 + "قصف" + ")" * 21, 21, "R319", "within each other", "two rules"),
    ("قصف " * 1001, 1, "R319", "4,000 characters", "group:name"),
    ("NOT قصف", 1, "R206", "only exclusions", "must be found"),
    ("NOT قصف NOT جسر", 1, "R206", "only exclusions", "must be found"),
    ("قصف OR NOT جسر", 8, "R206", "almost everything", "(first OR second) NOT third"),
    ("title:body:قصف", 1, "R320", "never found", "one of the two"),
    ("title:قصف NEAR/5 summary:جسر", 11, "R320", "different parts", "use AND"),
    ("قصف place:idlb", 11, "R305", "'idlb'", "did you mean 'idlib'?"),
    ("group:airprt", 7, "R306", "'airprt'", "did you mean 'airport'?"),
    ("event:clsh", 7, "R312", "'clsh'", "did you mean 'clash'?"),
    ("قصف ق", 5, "R303", "too short", "two letters"),
    ('قصف "ق"', 6, "R303", "too short", "two letters"),
]


@pytest.mark.parametrize(("query", "column", "code", "what", "remedy"), MISTAKES, ids=[row[0][:30] for row in MISTAKES])
def test_a_mistake_in_a_query_is_told_at_its_very_column(
    query: str, column: int, code: str, what: str, remedy: str
) -> None:
    ruleset, problems = read_text(rules_with(query))
    assert ruleset is None
    (problem,) = problems
    assert (problem.line, problem.column - COLUMN + 1, problem.code) == (4, column, code)
    assert what in problem.what
    assert remedy in problem.remedy


def test_every_wrong_word_and_name_of_a_query_is_told_at_once() -> None:
    _, problems = read_text(rules_with("place:idlb OR event:clsh OR ق OR (قصف"))
    assert [(problem.column - COLUMN + 1, problem.code) for problem in problems] == [
        (7, "R305"),
        (21, "R312"),
        (29, "R303"),
        (34, "R319"),
    ]


HINTS = [
    ("قصف and جسر", 5, "R321", "small letters", "write AND"),
    ("قصف Or جسر", 5, "R321", "small letters", "write OR"),
    ("قصف near جسر", 5, "R321", "small letters", "write NEAR/8"),
    ("قصف airport", 5, "R302", "name of a group", "write group:airport,"),
]


@pytest.mark.parametrize(("query", "column", "code", "what", "remedy"), HINTS)
def test_a_word_that_may_be_no_word_is_warned_of(query: str, column: int, code: str, what: str, remedy: str) -> None:
    ruleset, problems = read_text(rules_with(query))
    assert ruleset is not None
    (problem,) = problems
    assert (problem.level, problem.column - COLUMN + 1, problem.code) == ("warning", column, code)
    assert what in problem.what
    assert remedy in problem.remedy


PLACED = [
    # the query as YAML has it, from line 4 on; line and column of its 'أو'
    ("    query: قصف أو جسر", 4, 16),
    ("    query: 'قصف أو جسر'", 4, 17),
    ('    query: "قصف أو جسر"', 4, 17),
    ("    query: 'don''t أو جسر'", 4, 20),
    ("    query:\n      قصف أو جسر", 5, 11),
    ("    query: قصف\n      سد أو جسر", 5, 10),
    ("    query: >\n      قصف\n      سد أو جسر", 6, 10),
    ("    query: >-\n\n      قصف\n      سد أو جسر", 7, 10),
    ("    query: |\n      قصف\n      سد أو جسر", 6, 10),
    ("    query: 'قصف\n      سد أو جسر'", 5, 10),
    ('    query: "قصف\n      سد أو جسر"', 5, 10),
    ('    query: "\\u0642صف أو جسر"', 4, 12),  # escapes: only where it begins is known
]


@pytest.mark.parametrize(("lines", "line", "column"), PLACED)
def test_a_mistake_has_its_place_however_yaml_wrote_the_query(lines: str, line: int, column: int) -> None:
    _, problems = read_text(f"version: 1\nrules:\n  - id: dez\n{lines}\n")
    (problem,) = problems
    assert "'أو'" in problem.what
    assert (problem.line, problem.column) == (line, column)


def test_a_query_stands_beside_boxes_and_all_of_them_must_hold() -> None:
    text = "version: 1\nrules:\n  - id: dez\n    query: قصف OR غارة\n    all: [جسر]\n    none: [مسلسل]\n"
    (rule,) = sound(text).rules
    matcher = Matcher([rule], Lexicon())

    def matches(title: str) -> bool:
        return bool(matcher.match(a_document(title=title), feed=None, today=TODAY).matches)

    assert matches("غارة على جسر")
    assert not matches("غارة على سد")
    assert not matches("افتتاح جسر")
    assert not matches("قصف جسر في مسلسل")


def test_an_exclusion_inside_a_query_excludes_its_own_part_alone() -> None:
    (rule,) = sound(rules_with("(قصف NOT تدريب) OR غارة")).rules
    matcher = Matcher([rule], Lexicon())
    matched = [
        title
        for title in ("قصف ليلي", "قصف في تدريب", "غارة في تدريب", "تدريب")
        if matcher.match(a_document(title=title), feed=None, today=TODAY).matches
    ]
    assert matched == ["قصف ليلي", "غارة في تدريب"]


# --- the law: a query and its boxes say the same ---------------------------------------------------

words = st.sampled_from(WORDS).map(lambda word: (f'"{word}"', Exact(text=word)))


def _row(sign: str, parts: list[tuple[str, Item]], box: type[Item], **extra: object) -> tuple[str, Item]:
    return "(" + f" {sign} ".join(text for text, _ in parts) + ")", box(items=tuple(item for _, item in parts), **extra)


def boxes(inner: st.SearchStrategy[tuple[str, Item]]) -> st.SearchStrategy[tuple[str, Item]]:
    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        several.map(lambda parts: _row("OR", parts, AnyOf)),
        st.tuples(several, st.sampled_from(("AND", ""))).map(lambda pair: _row(pair[1], pair[0], AllOf)),
        st.tuples(several, st.integers(0, 3)).map(lambda pair: _row(f"NEAR/{pair[1]}", pair[0], AllOf, near=pair[1])),
        st.tuples(inner, st.sampled_from(FIELDS)).map(
            lambda pair: (f"{pair[1]}:({pair[0][0]})", InField(field=pair[1], item=pair[0][1]))
        ),
    )


queries = st.recursive(words, boxes, max_leaves=6)


@settings(max_examples=150, deadline=None)
@given(documents, queries, st.lists(queries, max_size=2))
def test_a_query_matches_exactly_what_its_boxes_match(document, wanted, unwanted):
    query = " NOT ".join((wanted[0], *(text for text, _ in unwanted)))
    ruleset, problems = read_text(rules_with(query))
    if ruleset is None:  # what never holds is refused, in boxes as well
        assert {problem.code for problem in problems} == {"R320"}
        return
    asked = ruleset.rules[0]
    rules = [
        a_rule("query", query=asked.query, search_in=FIELDS),
        a_rule("boxes", all=(wanted[1],), none=tuple(item for _, item in unwanted), search_in=FIELDS),
    ]
    published = {name: written(field) for name, field in document.items()}
    matched = Matcher(rules, Lexicon()).match(a_document(**published), feed=None, today=TODAY)
    assert not matched.problems
    assert [match.rule_id for match in matched.matches] in ([], ["query", "boxes"])


SCRAPS = ("قصف", "ق", "AND", "OR", "NOT", "NEAR/3", "ONEAR/0", "NEAR", "(", ")", '"', "«", "»", "title:", "place:",
          "idlib", "x:", "*", "saldırı*", "أو", "،", "-", "&&", "12:30", "''", "near", " ", "\t")  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), max_size=12), st.sampled_from(("", " ")))
def test_whatever_is_written_is_read_or_told_within_its_line(scraps, space):
    query = space.join(scraps)
    ruleset, problems = read_text(rules_with(query))
    assert ruleset is not None or problems
    for problem in problems:
        assert problem.line == 4
        assert 5 <= problem.column <= COLUMN + len(query.replace("'", "''"))


def test_lint_looks_into_a_query(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(rules_with("group:airport NOT مسيرة"), encoding="utf-8")
    assert {problem.code for problem in lint(config.load(file, environ={}))} == {"R401"}
