"""What a search finds, in which order, and what it does where its work would be too much."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.model import FIELDS
from monitor.search.index_file import IndexFile
from monitor.search.page import END, Budget, Wanted, search
from monitor.search.sought import QueryRefused, Sought, rule_of
from tests.rules.made import EASTERN
from tests.search.world import START, an_archive


@pytest.fixture
def archive(tmp_path):
    with an_archive(tmp_path) as made:
        yield made


# query, found, not found
FOUND = [
    ('name:"دير الزور"', ["قصف على ديرالزور", "هدوء بدير الزّور"], ["دير قديم في الزور"]),
    ("قصف OR غارة", ["غارات ليلية", "القصف مستمر"], ["هدوء"]),
    ('"هجوم واسع"', ["هجوم واسع فجرا"], ["هجوم كبير واسع"]),
    ("قصف NEAR/2 جسر", ["قصف على جسر"], ["قصف بعيد عن أي طريق أو جسر"]),
    ("قصف NOT ذكرى", ["قصف فجرا"], ["ذكرى قصف البلدة"]),
    ("place:deir-ez-zor", ["حريق في هرابش"], ["حريق في إدلب"]),
    ("event:clash", ["معارك عنيفة"], ["معرض"]),
    ("group:airport", ["القاعدة الجوية"], ["قاعدة بيانات"]),
    ("BRIDGE", ["Bridges closed"], ["Abridged"]),
]


@pytest.mark.parametrize("indexed", [True, False], ids=["indexed", "judged one by one"])
@pytest.mark.parametrize(("query", "found", "passed_over"), FOUND, ids=[each[0] for each in FOUND])
def test_a_search_finds_what_a_rule_would(archive, query, found, passed_over, indexed):
    for title in (*found, *passed_over):
        archive.write(title)
    if indexed:
        archive.index_all()
    assert archive.titles(query) == found[::-1]


def test_headline_and_summary_are_searched_and_the_body_where_that_is_asked(archive):
    archive.write("أول", summary="جسر الحرية")
    archive.write("ثان", body="جسر الحرية")
    archive.index_all()
    assert archive.titles("جسر") == ["أول"]
    assert archive.titles("body:جسر") == ["ثان"]
    assert archive.titles("جسر", search_in=FIELDS) == ["ثان", "أول"]


def test_what_was_found_is_marked_as_published(archive):
    archive.write("<b>وبالغارات</b> على البلدة", summary="غارة أخرى")
    found = archive.page("غارة").found[0]
    assert [(span.field, getattr(found, span.field)[span.start : span.end]) for span in found.spans] == [
        ("title", "وبالغارات"),
        ("summary", "غارة"),
    ]


def test_what_became_of_an_entry_is_told_with_it(archive):
    archive.write("غارة أولى")
    archive.write("غارة ثانية", matched=True)
    archive.write("غارة ثالثة", alerted=True)
    archive.index_all()
    told = [(each.story_id is not None, each.rules, len(each.alerts)) for each in archive.page("غارة").found]
    assert told == [(True, ("strikes",), 1), (True, ("strikes",), 0), (False, (), 0)]


WANTED = [
    (Wanted(feeds=frozenset({"b"})), ["4", "1"], "of one feed"),
    (Wanted(feeds=frozenset()), [], "of no feed"),
    (Wanted(outcome="alerted"), ["3"], "alerted"),
    (Wanted(outcome="matched"), ["3", "2"], "matched"),
    (Wanted(outcome="unmatched"), ["4", "1", "0"], "met by no rule"),
    (Wanted(since=START + timedelta(seconds=3)), ["4", "3", "2"], "since"),
    (Wanted(until=START + timedelta(seconds=3)), ["1", "0"], "until"),
]


@pytest.mark.parametrize("indexed", [True, False], ids=["indexed", "judged one by one"])
@pytest.mark.parametrize(("wanted", "numbers", "because"), WANTED, ids=[each[2] for each in WANTED])
def test_filters(archive, wanted, numbers, because, indexed):
    for number, feed in enumerate("abaab"):
        archive.write(f"غارة {number}", feed_id=feed, matched=number == 2, alerted=number == 3)
    if indexed:
        archive.index_all()
    assert archive.titles("غارة", wanted=wanted) == [f"غارة {each}" for each in numbers], because


def test_pages_follow_each_other_without_gap_or_repetition(archive):
    for number in range(150):
        archive.write(f"غارة {number}" if number % 2 else f"هدوء {number}")
        if number == 100:
            archive.index_all()
    told, before, pages = [], 2**63 - 1, 0
    while before is not None:
        page = archive.page("غارة", before=before, limit=20)
        told += [each.title for each in page.found]
        before, pages = page.go_on, pages + 1
    assert told == [f"غارة {number}" for number in range(149, 0, -2)]
    assert pages == 4


def test_a_full_page_with_nothing_behind_it_is_the_last(archive):
    for number in range(3):
        archive.write(f"غارة {number}")
    assert archive.page("غارة", limit=3).go_on is None


@pytest.mark.parametrize(
    "budget", [Budget(judged=10), Budget(looked_at=60), Budget(clock=itertools.count().__next__, seconds=5)]
)
def test_work_that_would_be_too_much_goes_on_in_the_next_request(archive, budget):
    archive.write("غارة قديمة")
    for number in range(200):
        archive.write(f"هدوء {number}")
    page, requests = archive.page("غارة", budget=budget), 1
    assert page.found == ()
    assert page.back_to is not None
    while page.go_on is not None:
        page, requests = archive.page("غارة", budget=budget, before=page.go_on), requests + 1
    assert [each.title for each in page.found] == ["غارة قديمة"]
    assert requests > 1


# What the pages of one search have in common: a query that is compiled once.


def sought_in(archive, query):
    rule, _ = rule_of(query, EASTERN)
    sought = Sought(rule, EASTERN)

    def page(**said):
        with archive.index() as index:
            return search(archive.reader, index, sought, **said)

    return page


def count_questions(monkeypatch):
    asked, ids = [], IndexFile.ids
    monkeypatch.setattr(IndexFile, "ids", lambda self, *what, **said: asked.append(what) or ids(self, *what, **said))
    return asked


def test_a_search_that_goes_on_asks_the_index_once(archive, monkeypatch):
    for number in range(90):
        archive.write(f"غارة {number}")
    archive.index_all()
    asked, page = count_questions(monkeypatch), sought_in(archive, "غارة")
    told, before = [], END
    while before is not None:
        found = page(before=before, limit=20)
        told += [each.title for each in found.found]
        before = found.go_on
    assert told == [f"غارة {number}" for number in range(89, -1, -1)]
    assert len(asked) == 1


@pytest.mark.parametrize(("more", "questions"), [(40, 1), (300, 2)])
def test_what_came_since_the_index_was_asked_is_found_too(archive, monkeypatch, more, questions):
    archive.write("غارة أولى")
    archive.index_all()
    asked, page = count_questions(monkeypatch), sought_in(archive, "غارة")
    assert len(page().found) == 1
    archive.write("غارة ثانية")
    for number in range(more):
        archive.write(f"هدوء {number}")
    archive.index_all()
    assert [each.title for each in page().found] == ["غارة ثانية", "غارة أولى"]
    assert len(asked) == questions


def test_more_than_the_index_tells_at_once_is_found_to_the_last(archive, monkeypatch):
    monkeypatch.setattr("monitor.search.page._ASKED_AT_ONCE", 7)
    for number in range(40):
        archive.write(f"غارة {number}")
    archive.index_all()
    page = sought_in(archive, "غارة")
    told = [each.title for before in (END, END) for each in page(before=before).found]
    assert told == 2 * [f"غارة {number}" for number in range(39, -1, -1)]


def test_an_answer_about_another_state_is_not_taken_for_this_one(archive, tmp_path):
    archive.write("هدوء")
    archive.write("غارة هنا")
    archive.index_all()
    rule, _ = rule_of("غارة", EASTERN)
    sought = Sought(rule, EASTERN)
    with archive.index() as index:
        assert len(search(archive.reader, index, sought).found) == 1
    (tmp_path / "other").mkdir()
    with an_archive(tmp_path / "other") as other:
        other.write("غارة هناك")
        other.write("هدوء")
        other.index_all()
        with other.index() as index:
            assert [each.title for each in search(other.reader, index, sought).found] == ["غارة هناك"]


def test_a_request_gets_on_however_long_the_question_took(archive):
    for number in range(200):
        archive.write(f"هدوء {number}")
    over = Budget(clock=itertools.count(step=1_000).__next__)
    before, requests = END, 0
    while before is not None:
        before, requests = archive.page("غارة", before=before, budget=over).go_on, requests + 1
    assert requests == 4


def edited(archive, *titles):
    """An entry with these texts, one after the other."""
    entry_id = archive.write(titles[0], guid="one")
    for title in titles[1:]:
        archive.write(title, guid="one", known_id=entry_id)
    return entry_id


def test_an_edited_entry_is_found_by_its_old_words_too_and_that_is_said(archive):
    entry_id = edited(archive, "غارة على الجسر", "انفجار على الجسر")
    archive.index_all()
    found = archive.page("غارة").found
    assert [(each.entry_id, each.title, each.is_edited_since) for each in found] == [(entry_id, "غارة على الجسر", True)]


def test_an_entry_is_told_once_by_its_newest_text(archive):
    edited(archive, "غارة 1", "غارة 2", "غارة 3")
    archive.write("غارة أخرى")
    archive.index_all()
    assert archive.titles("غارة") == ["غارة أخرى", "غارة 3"]
    assert archive.titles("غارة", limit=1, before=archive.page("غارة", limit=1).go_on) == ["غارة 3"]


def test_what_was_pruned_is_found_no_more(archive):
    gone = archive.write("غارة تزول")
    archive.write("غارة تبقى")
    archive.index_all()
    with archive.store.database.write() as db:
        db.execute("DELETE FROM sighting WHERE entry_id = ?", (gone,))
        db.execute("DELETE FROM entry WHERE id = ?", (gone,))
    assert archive.titles("غارة") == ["غارة تبقى"]


def test_a_number_that_is_given_a_second_time_is_no_mistake(archive):
    """The newest entry goes, and its number with it to the next: the index knows it by another text."""
    archive.write("غارة")
    gone = archive.write("هدوء")
    archive.index_all()
    with archive.store.database.write() as db:
        db.execute("DELETE FROM sighting WHERE entry_id = ?", (gone,))
        db.execute("DELETE FROM entry WHERE id = ?", (gone,))
    assert archive.write("غارة جديدة") == gone
    assert archive.titles("غارة") == ["غارة جديدة", "غارة"]
    archive.index_all()
    assert archive.titles("غارة") == ["غارة جديدة", "غارة"]
    assert archive.page("غارة").unindexed == 0


@given(
    st.lists(st.sampled_from(["غارة", "غارات وقصف", "قصف", "هدوء", "جسر"]), min_size=1, max_size=30), st.integers(0, 30)
)
@settings(max_examples=20, deadline=None)
def test_it_makes_no_difference_how_much_of_it_is_indexed(tmp_path_factory, titles, indexed):
    with an_archive(tmp_path_factory.mktemp("archive")) as archive:
        for number, title in enumerate(titles):
            archive.write(f"{title} {number}")
            if number == indexed:
                archive.index_all()
        sought = Sought(rule_of("غارة OR قصف", EASTERN)[0], EASTERN)
        judged = search(archive.reader, None, sought)
        assert [each.version_id for each in archive.page("غارة OR قصف").found] == [
            each.version_id for each in judged.found
        ]
        assert len(judged.found) == sum("غار" in title or "قصف" in title for title in titles)


# query, column, part of what is said
REFUSED = [
    ("قصف (جسر", 5, "never closed"),
    ("قصف AND", 5, "AND"),
    ("place:nowhere", 7, "there is no place"),
    ("NOT قصف", 1, "nothing to look for"),
    ("", 1, "nothing is written"),
    ("قصف\n(جسر", 5, "never closed"),
    ("!!!", 1, ""),
]


@pytest.mark.parametrize(("query", "column", "said"), REFUSED)
def test_a_query_that_cannot_be_read_is_told_with_its_place_and_remedy(query, column, said):
    with pytest.raises(QueryRefused) as caught:
        rule_of(query, EASTERN)
    problem = caught.value.problems[0]
    assert (problem.column, said in problem.what, bool(problem.remedy)) == (column, True, True)


def test_small_operators_are_a_hint_and_no_mistake():
    _, problems = rule_of("قصف and جسر", EASTERN)
    assert [(each.code, each.column) for each in problems] == [("R321", 5)]


def test_a_language_is_asked_of_the_text(archive):
    archive.write("Raid: غارة على أطراف البلدة الشرقية")
    archive.write("raid in the small hours of the day")
    rule, _ = rule_of("raid", EASTERN, languages=("en",))
    assert [each.title for each in search(archive.reader, None, Sought(rule, EASTERN)).found] == [
        "raid in the small hours of the day"
    ]
