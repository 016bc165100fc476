"""Explanations as lines for a terminal."""

from __future__ import annotations

from monitor.language import AllOf, AnyOf, Exact, Name, OfEvent, OfGroup, Regex, Term, Without
from monitor.rules.explain import explain
from monitor.rules.explain_text import brief, isolated, near_miss, render
from tests.rules.made import EASTERN, a_document, a_rule
from tests.rules.test_explain import FLAGSHIP


def told(rule, how=render, **fields):
    return how(explain(rule, EASTERN, a_document(**fields)))


def test_a_match_is_told_from_rule_to_word():
    assert told(FLAGSHIP, title="والاشتباكات عند مطار ديرالزور").splitlines() == [
        "dez: matches",
        "  ✓ all: all of these, at most 15 words between each and the next",
        "    ✓ place deir-ez-zor",
        "      title 21–29 «ديرالزور» (for دير الزور)",
        "    ✓ group airport",
        "      title 16–20 «مطار»",
        "    ✓ event clash",
        "      title 0–11 «والاشتباكات» = و+ال+اشتباك+ات",
        "    in the title: «والاشتباكات» … 1 word … «مطار» … 0 words … «ديرالزور»",
        "  ✓ none: nothing of group retrospective",
    ]


def test_a_miss_is_told_clause_by_clause():
    rule = a_rule("bridges", any=(AnyOf(items=(Term(text="جسر"), Exact(text="bridge")), at_least=2), Term(text="معبر")))
    assert told(rule, title="قصف جسر").splitlines() == [
        "bridges: does not match: only at least 2 of these (جسر or bridge) or معبر is missing",
        "  ✗ any: any of these: no",
        "    ✗ at least 2 of these: no",
        "      ✓ جسر",
        "        title 4–7 «جسر»",
        "      ✗ bridge: not found",
        "    ✗ معبر: not found",
    ]


def test_what_a_list_did_not_find_stands_in_one_line_where_another_was_found():
    rule = a_rule(all=(AnyOf(items=tuple(Term(text=word) for word in ("جسر", "سد", "نهر"))), Term(text="قصف")))
    assert "      ✗ not found: سد and نهر" in told(rule, title="قصف الجسر").splitlines()


def test_a_veto_is_named_with_the_words_that_caused_it():
    veto = told(FLAGSHIP, title="ذكرى اشتباك مطار دير الزور").splitlines()
    assert veto[0] == "dez: does not match: only excluded by «ذكرى» (group retrospective)"
    assert veto[-2:] == [
        "  ✗ none: group retrospective: found, which excludes the text",
        "    title 0–4 «ذكرى»",
    ]


def test_the_short_form_of_a_near_miss_has_what_was_found_and_what_nearly_was():
    rule = a_rule("hama", all=(Term(text="قصف"), Name(text="حماة")))
    assert told(rule, near_miss, title="القصف وحماية المدنيين").splitlines() == [
        "hama: does not match: only حماة is missing",
        "  ✓ قصف: «القصف»",
        "  almost: title 6–12 «وحماية»: no form of the name حماة: particles may stand before a name, nothing behind it",
    ]


def test_one_line_is_enough_for_the_others():
    assert told(FLAGSHIP, brief, title="مطار") == "dez: does not match: place deir-ez-zor; event clash are missing"


def test_many_sightings_are_counted_not_listed():
    assert "and 5 more" in told(a_rule(all=(Term(text="جسر"),)), title="جسر " * 10)


def test_a_failing_regex_is_told():
    assert "problem: the regex" in told(a_rule(all=(Regex(pattern="(a|aa)+$"),)), title="a" * 60 + "b")


def test_nothing_that_a_terminal_obeys_is_printed():
    assert "\u202e" not in told(a_rule(all=(OfGroup(ids=("airport",)),)), title="مط\u202eار")


def test_on_a_terminal_each_run_of_arabic_stands_apart():
    line = "title 0–11 «والاشتباكات» = و+ال+اشتباك+ات, place idlib (for دير الزور)"
    marked = isolated(line)
    assert marked.replace("\u2068", "").replace("\u2069", "") == line
    assert "«\u2068والاشتباكات\u2069» = \u2068و+ال+اشتباك+ات\u2069," in marked
    assert "(for \u2068دير الزور\u2069)" in marked


def test_a_score_is_told_with_its_parts_whether_it_is_reached_or_not():
    items = (Term(text="قصف"), Term(text="جسر"), Term(text="نزوح"))
    rule = a_rule("bridges", any=items, weights=(3, 1, 2), min_score=4)
    assert "✓ any: a score of at least 4 of these: قصف 3 + جسر 1 = 4 of 4" in told(rule, title="قصف جسر")
    missed = told(rule, title="قصف ليلي").splitlines()
    assert missed[:2] == [
        "bridges: does not match: only a score of at least 4 of these (قصف 3 = 3 of 4) is missing",
        "  ✗ any: a score of at least 4 of these: no; قصف 3 = 3 of 4",
    ]


def test_a_sum_names_what_it_is_of_and_no_box():
    tents = AnyOf(items=(Term(text="خيمة"), Term(text="مخيم")))
    items = (OfEvent(ids=("clash",)), tents, OfGroup(ids=("airport",)))
    rule = a_rule("camps", any=items, weights=(3, 2, 1), min_score=6)
    (line, *_) = told(rule, title="اشتباك في مخيم قرب المطار").splitlines()[1:]
    assert line.endswith(": event clash 3 + (خيمة or مخيم) 2 + group airport 1 = 6 of 6")


def test_what_stands_behind_not_is_well_as_long_as_it_is_missing():
    rule = a_rule("shelling", query=Without(item=Term(text="قصف"), unwanted=(Term(text="تدريب"),)))
    assert "    ✓ not: تدريب: not found" in told(rule, title="قصف ليلي").splitlines()
    spoilt = told(rule, title="قصف في تدريب").splitlines()
    assert spoilt[0] == "shelling: does not match: only excluded by «تدريب» (تدريب)"
    assert "    ✗ not: تدريب: found, which excludes the text" in spoilt
    assert told(rule, brief, title="تدريب") == "shelling: does not match: قصف is missing; excluded by «تدريب» (تدريب)"


def test_words_out_of_order_are_told_apart_from_words_that_are_missing():
    row = a_rule("row", query=AllOf(items=(Term(text="قصف"), Term(text="جسر")), near=2, ordered=True))
    assert told(row, brief, title="جسر بعد قصف") == "row: does not match: they do not stand so close in this order"
    assert "in the title: «قصف» … 1 word … «جسر»" in told(row, title="قصف على جسر")
