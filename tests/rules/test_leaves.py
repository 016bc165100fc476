"""Regular expressions: on the folded text, within bounds, and never silent when they fail."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from monitor.language import AllOf, Exact, Regex
from monitor.rules.compile import folded_pattern
from monitor.rules.leaves import REGEX_TEXT
from monitor.rules.matcher import Matcher
from tests.rules.made import EASTERN, TODAY, a_document, a_rule, matched, shown

SLOW = r"(a|aa)+$"  # every way to cut the letters is tried
SLOW_TEXT = "a" * 60 + "b"


def regex_rule(pattern: str, rule_id: str = "r"):
    return a_rule(rule_id, all=(Regex(pattern=pattern),))


FOUND = [
    # pattern, title, what is marked, because
    (r"\d+ قتيل", "سقوط ٢٣ قتيلا", ["٢٣ قتيل"], "digits are folded"),
    ("إدلب", "ادلب تحت القصف", ["ادلب"], "the pattern is folded as the text is"),
    ("قُتِل", "قتل جندي", ["قتل"], "harakat of the pattern go"),
    ("مـطار", "مطار دمشق", ["مطار"], "tatweel of the pattern goes"),
    ("[٠-٩]+ قتيل", "سقوط 23 قتيلا", ["23 قتيل"], "a range of digits is folded"),
    ("ISIS", "Isis claims", ["Isis"], "capitals do not matter"),
    (r"\D{3}", "123abc", ["abc"], "classes keep their capitals"),
    ("[آ-ي]+", "abc سلام", ["سلام"], "a range of letters stays a range"),
    (r"(?=.*قتيل)(?=.*جريح)", "جريح وقتيل", ["جريح"], "a lookahead marks the word after it"),
    (r"(?<=قصف)", "قصف مدفعي", ["مدفعي"], "a lookbehind too"),
    (r"$", "قصف مدفعي", ["مدفعي"], "the end marks the last word"),
    (r"قص", "القصف", ["قص"], "part of a word"),
    ("!!+", "عاجل!!!", ["!!!"], "no word at all"),
    ("قتيل", "جريح", None, "nothing"),
]


@pytest.mark.parametrize(("pattern", "title", "marked", "because"), FOUND, ids=[case[3] for case in FOUND])
def test_a_regex_marks_what_it_matched_as_published(pattern, title, marked, because):
    said = shown(regex_rule(pattern), title=title)
    assert (said and [words for _, _, words in said]) == marked


def test_a_field_without_words_satisfies_no_regex():
    assert shown(regex_rule("^"), title="…") is None


def test_a_regex_takes_part_in_near_by_the_words_it_touches():
    both = (Regex(pattern="قص"), Exact(text="جسر"))
    assert shown(a_rule(all=both, near=1), title="القصف طال جسر")
    assert shown(a_rule(all=both, near=0), title="القصف طال جسر") is None
    assert shown(a_rule(all=(AllOf(items=both, near=0),)), title="القصف، جسر")


def test_a_regex_that_is_too_slow_is_reported_and_stops_no_other_rule():
    rules = [regex_rule(SLOW, rule_id="slow"), regex_rule("b$", rule_id="quick")]
    told = Matcher(rules, EASTERN).match(a_document(title=SLOW_TEXT), feed=None, today=TODAY)
    assert [match.rule_id for match in told.matches] == ["quick"]
    ((rule_id, text),) = [(problem.rule_id, problem.text) for problem in told.problems]
    assert rule_id == "slow"
    assert "took longer than 50 ms in the title" in text


def test_every_rule_that_uses_a_slow_regex_is_told_of_it():
    rules = [regex_rule(SLOW, rule_id="one"), regex_rule(SLOW, rule_id="two")]
    told = Matcher(rules, EASTERN).match(a_document(title=SLOW_TEXT), feed=None, today=TODAY)
    assert [problem.rule_id for problem in told.problems] == ["one", "two"]


def test_a_slow_regex_does_not_undo_what_other_clauses_found():
    rule = a_rule(any=(Regex(pattern=SLOW), Exact(text="clash")), none=(Regex(pattern=SLOW),))
    told = matched(rule, title=f"clash {SLOW_TEXT}")
    assert len(told.matches) == len(told.problems) == 1


def test_what_was_found_before_a_regex_became_too_slow_counts():
    told = matched(regex_rule(SLOW), title="aaa", summary=SLOW_TEXT)
    assert [span.field for match in told.matches for span in match.spans] == ["title"]
    assert len(told.problems) == 1


def test_a_regex_looks_no_further_than_its_bound():
    filler = "x " * (REGEX_TEXT // 2)
    assert shown(regex_rule("needle"), title=filler[:-8] + "needle")
    assert shown(regex_rule("needle"), title=filler + "needle") is None


PATTERNS = [
    ("أنقرة", "انقرة"),
    (r"\W\D\S\B", r"\W\D\S\B"),
    ("[أ-ي]", "[أ-ي]"),
    ("٣+", "3+"),
    (r"\٣", r"\٣"),
    ("أ-إ", "ا-ا"),
    ("[^أإ]ة", "[^اا]ة"),
    ("[]أ]", "[]ا]"),
    ("٫", "٫"),
    ("（أ", "（ا"),
    ("[أ", "[ا"),
    ("[-أ]", "[-ا]"),
    ("[[-أ]", "[[-أ]"),
    ("مُدن", "مدن"),
    ("قُ?تل", "قتل"),
    ("مـ+طار", "مطار"),
    ("[ًٌ]?بيت", "بيت"),
    ("[^ًٌ]x", "(?s:.)x"),
    ("[٠-٩]{2}", "[0-9]{2}"),
    ("[]", "[]"),
    ("", ""),
]


@pytest.mark.parametrize(("written", "folded"), PATTERNS)
def test_a_pattern_is_folded_letter_for_letter(written, folded):
    assert folded_pattern(written) == folded


@given(st.text(st.sampled_from("أيآ٣٩ُـ٫a?[]^-\\\\dD+(){}|.")))
def test_a_pattern_that_compiles_still_does_when_folded(pattern):
    try:
        regex.compile(pattern)
    except regex.error:
        return
    regex.compile(folded_pattern(pattern))
