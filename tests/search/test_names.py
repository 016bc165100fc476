"""Names of places in what people type."""

from __future__ import annotations

import pytest

from monitor.search.names import understood, with_names
from monitor.search.sought import QueryRefused, rule_of
from tests.rules.made import EASTERN

# typed, read as
READ = [
    ("دير الزور", 'name:"دير الزور"'),
    ("بدير الزور", 'name:"دير الزور"'),
    ("ديرالزور", 'name:"دير الزور"'),
    ("وبديرالزور", 'name:"دير الزور"'),
    ("دَيْر الزّور قصف", 'name:"دير الزور" قصف'),
    ("قصف NEAR/5 دير الزور", 'قصف NEAR/5 name:"دير الزور"'),
    ("(قصف OR غارة) محافظة دير الزور", '(قصف OR غارة) name:"محافظة دير الزور"'),
    ("title:(deir ez-zor)", 'title:(name:"Deir ez-Zor")'),
    ("deirezzor", 'name:"Deir ez-Zor"'),
    ("إدلب", "إدلب"),
    ("دير AND الزور", "دير AND الزور"),
    ('"دير الزور"', '"دير الزور"'),
    ("place:deir-ez-zor", "place:deir-ez-zor"),
    ("title:دير الزور", "title:دير الزور"),
    ("دير الزو*", "دير الزو*"),
    ('"دير الزور', '"دير الزور'),
    ("", ""),
]


@pytest.mark.parametrize(("typed", "read"), READ)
def test_names(typed, read):
    assert with_names(typed, EASTERN) == read


@pytest.mark.parametrize("read", [read for _, read in READ if read.count('"') % 2 == 0 and read])
def test_what_was_made_of_it_can_be_read_and_stays(read):
    rule_of(read, EASTERN)
    assert with_names(read, EASTERN) == read


def test_a_name_stands_where_loose_words_would_be_refused():
    assert understood("قصف NEAR/5 دير الزور", EASTERN).query == 'قصف NEAR/5 name:"دير الزور"'


def test_mistakes_keep_their_place_in_what_was_typed():
    with pytest.raises(QueryRefused) as caught:
        understood("بدير الزور (قصف", EASTERN)
    assert caught.value.problems[0].column == len("بدير الزور (")


def test_who_says_so_has_the_words_as_written():
    assert understood("دير الزور", EASTERN, as_written=True).query == "دير الزور"
