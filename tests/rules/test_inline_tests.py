"""The tests that authors write into their rules."""

from __future__ import annotations

from datetime import date

from monitor.language import Lexicon, Location, Regex, RuleTest, Term
from monitor.rules.inline_tests import run_tests
from tests.rules.made import a_rule


def wants(*, match: bool, because: str = "", line: int = 1, **fields: str) -> RuleTest:
    return RuleTest(matches=match, fields=fields, because=because, at=Location("rules.yaml", line, 9))


def tried(*tests: RuleTest, **said):
    return run_tests([a_rule(**{"all": (Term(text="جسر"),), "tests": tests, **said})], Lexicon())


def test_each_test_of_each_rule_is_run_in_order():
    rules = [
        a_rule(
            "one", all=(Term(text="جسر"),), tests=(wants(match=True, title="الجسور"), wants(match=False, title="نهر"))
        ),
        a_rule("two", all=(Term(text="نهر"),), tests=(wants(match=True, title="جسر"),)),
    ]
    results = run_tests(rules, Lexicon())
    assert [(result.rule_id, result.passed) for result in results] == [("one", True), ("one", True), ("two", False)]


def test_a_failed_test_says_where_it_stands_what_was_wanted_and_why_not():
    (result,) = tried(wants(match=True, title="قصف النهر", because="a bridge is near", line=7))
    assert not result.passed
    assert result.at == Location("rules.yaml", 7, 9)
    assert result.why.splitlines()[0] == "should match (a bridge is near):"
    assert "جسر: not found" in result.why


def test_a_match_that_should_not_be_shows_what_fired():
    (result,) = tried(wants(match=False, title="قصف الجسر"))
    assert result.why.startswith("should not match:")
    assert "«الجسر» = ال+جسر" in result.why


def test_a_test_that_passed_has_nothing_to_say():
    (result,) = tried(wants(match=True, title="قصف الجسر"))
    assert result.why == ""


def test_a_test_may_give_every_field():
    (title, summary, body) = (
        wants(match=True, title="خبر", summary="الجسر"),
        wants(match=True, summary="الجسر"),
        wants(match=False, body="الجسر"),
    )
    assert all(result.passed for result in tried(title, summary, body))


def test_a_rule_that_is_off_expired_or_for_certain_feeds_is_tested_all_the_same():
    (result,) = tried(wants(match=True, title="الجسر"), enabled=False, feeds=("x",), expires=date(2020, 1, 1))
    assert result.passed


def test_the_language_of_a_test_counts():
    (result,) = tried(wants(match=True, title="قصف الجسر الكبير في المدينة"), languages=("he",))
    assert not result.passed
    assert "it looks at other languages (he), not at ar" in result.why


def test_a_regex_too_slow_fails_the_test_whatever_was_wanted():
    (result,) = tried(wants(match=False, title="a" * 60 + "b"), all=(Regex(pattern="(a|aa)+$"),))
    assert not result.passed
    assert "took longer" in result.why
