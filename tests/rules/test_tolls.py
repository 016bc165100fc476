"""`killed:` and `wounded:` of a rule: what they ask, what meets it, and what explain tells of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.language import Bound, Comparison, Term
from monitor.model import Figure, Span
from monitor.rules.explain import explain
from monitor.rules.explain_json import as_json
from monitor.rules.explain_text import render
from monitor.rules.matcher import Matcher
from monitor.rules.tolls import meets, said
from monitor.rules.values import bound
from tests.rules.made import EASTERN, TODAY, a_document, a_rule, matched, shown

SPAN = Span(field="title", start=0, end=1, clause="killed")
HEADLINES = [
    line.split("\t")
    for line in (Path(__file__).parents[1] / "text" / "figures.tsv").read_text(encoding="utf-8").splitlines()
    if "\t" in line
]


def at_least(number: int) -> Bound:
    return Bound(comparison=">=", number=number)


@pytest.mark.parametrize(
    ("written", "comparison", "number"),
    [
        (">=5", ">=", 5),
        ("5", ">=", 5),
        ("≥ 5", ">=", 5),
        ("=>5", ">=", 5),
        (">10", ">", 10),
        ("=0", "=", 0),
        ("==3", "=", 3),
        ("<=2", "<=", 2),
        ("< 3", "<", 3),
        ("≤2", "<=", 2),
        ("٥", ">=", 5),
        (">=١٠", ">=", 10),
    ],
)
def test_a_bound_is_read_as_people_write_it(written: str, comparison: Comparison, number: int) -> None:
    assert bound(written) == Bound(comparison=comparison, number=number)


@pytest.mark.parametrize(
    ("least", "most", "met", "unmet"),
    [
        (5, 5, [">=5", ">4", "=5", "<=5", "<6", "<=9"], [">=6", ">5", "=4", "<=4", "<5"]),
        (11, None, [">=12", ">100", "=12", "<=11", "<12"], ["<=10", "<11", "=10"]),
        (3, 9, [">=9", ">8", "=4", "<=3", "<4"], [">=10", ">9", "=2", "<=2", "<3"]),
        (0, 0, ["=0", "<=0", "<1", "<5"], [">=1", ">0", "=1"]),
    ],
)
def test_a_figure_meets_what_it_may_be(least: int, most: int | None, met: list[str], unmet: list[str]) -> None:
    figure = Figure(kind="killed", least=least, most=most, span=SPAN)
    assert [each for each in met if not meets(figure, bound(each))] == []
    assert [each for each in unmet if meets(figure, bound(each))] == []


@pytest.mark.parametrize(
    ("killed", "wounded", "title", "matches"),
    [
        (5, None, "مقتل خمسة في إدلب", True),
        (5, None, "مقتل أربعة في إدلب", False),
        (5, None, "مقتل أكثر من أربعة في إدلب", True),
        (5, None, "عشرات القتلى في إدلب", True),
        (5, None, "اشتباكات في إدلب", False),
        (5, None, "مقتل خمسة في حلب", False),
        (None, 3, "إصابة ثلاثة في إدلب", True),
        (None, 3, "مقتل ثلاثة في إدلب", False),
        (2, 3, "مقتل اثنين وإصابة ثلاثة في إدلب", True),
        (2, 3, "مقتل اثنين وإصابة شخصين في إدلب", False),
        (3, None, "Three killed in Idlib", True),
    ],
)
def test_it_is_a_condition_beside_the_others(
    killed: int | None, wounded: int | None, title: str, matches: bool
) -> None:
    rule = a_rule(
        any=(Term(text="إدلب"), Term(text="Idlib")),
        killed=at_least(killed) if killed else None,
        wounded=at_least(wounded) if wounded else None,
    )
    assert bool(matched(rule, title=title).matches) is matches


def test_it_may_stand_alone() -> None:
    rule = a_rule(killed=at_least(3))
    assert shown(rule, title="مقتل ثلاثة جنود") == [("title", "killed >=3", "مقتل ثلاثة جنود")]


def test_its_span_shows_the_words_that_met_it() -> None:
    rule = a_rule(all=(Term(text="قصف"),), killed=at_least(3), wounded=at_least(1))
    assert shown(rule, title="قصف", summary="قتل أربعة وأصيب آخر") == [
        ("title", "قصف", "قصف"),
        ("summary", "killed >=3", "قتل أربعة"),
        ("summary", "wounded >=1", "وأصيب آخر"),
    ]


def test_it_looks_where_the_rule_looks() -> None:
    rule = a_rule(killed=at_least(3), search_in=("title",))
    assert shown(rule, title="قصف", summary="مقتل ثلاثة") is None


@pytest.mark.parametrize("row", HEADLINES, ids=[row[0] for row in HEADLINES])
def test_no_figure_is_missed_by_the_glance_at_words(row: list[str]) -> None:
    """A matcher of one rule asks only where a word of the need stands: that must lose nothing."""
    title, *told = row
    zero = Bound(comparison="<=", number=999_999)
    found = [
        bool(matched(a_rule(**{kind: zero}), title=title).matches)  # type: ignore[arg-type]
        for kind in ("killed", "wounded")
    ]
    assert found == [each != "-" for each in told]


def test_what_no_rule_waits_for_is_not_read() -> None:
    matcher = Matcher([a_rule(killed=at_least(1))], EASTERN)
    document = a_document("افتتاح معرض الكتاب في المدينة")
    assert matcher.match(document, feed=None, today=TODAY).matches == ()
    assert "tokens" not in document.title.__dict__


def test_explain_says_what_was_found_and_what_was_wanted() -> None:
    rule = a_rule(all=(Term(text="قصف"),), killed=at_least(5))
    told = render(explain(rule, EASTERN, a_document("قصف ومقتل ثلاثة")))
    assert "found 3, wanted >=5" in told
    assert explain(rule, EASTERN, a_document("قصف ومقتل ثلاثة")).near_miss
    assert "no number of killed is told" in render(explain(rule, EASTERN, a_document("قصف")))
    assert "✓ killed >=5: found 6" in render(explain(rule, EASTERN, a_document("قصف ومقتل ستة")))


def test_explain_as_data_has_the_condition() -> None:
    rule = a_rule(killed=at_least(5))
    data = as_json(explain(rule, EASTERN, a_document("مقتل ثلاثة")))
    assert (data["killed"]["title"], data["killed"]["found"], data["wounded"]) == ("killed >=5", False, None)
    assert data["killed"]["sightings"][0]["surface"] == "مقتل ثلاثة"


@pytest.mark.parametrize(("least", "most", "words"), [(5, 5, "5"), (10, None, "10 or more"), (3, 5, "3 to 5")])
def test_a_figure_is_said_for_people(least: int, most: int | None, words: str) -> None:
    assert said(Figure(kind="killed", least=least, most=most, span=SPAN)) == words
