"""The tests that stand in a rule: texts it must match, texts it must not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.language import Lexicon, Location, Rule, RuleTest
from monitor.model import FIELDS, Entry
from monitor.rules.compile import Compiled
from monitor.rules.explain import explained
from monitor.rules.explain_text import render
from monitor.rules.explanation import Explanation
from monitor.rules.filters import reasons_to_skip
from monitor.rules.matcher import Matcher, judge
from monitor.text.document import read


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """`why` is '' for a test that passed; otherwise an explanation of several lines, of what `told` holds."""

    __test__ = False  # its name is that of a test class to pytest

    rule_id: str
    test: RuleTest
    passed: bool
    why: str = ""
    told: Explanation | None = None

    @property
    def at(self) -> Location:
        return self.test.at


def run_tests(rules: Sequence[Rule], lexicon: Lexicon, *, matcher: Matcher | None = None) -> tuple[TestResult, ...]:
    """Every test of every rule, in order. `matcher`: of these very rules, where they are compiled already.

    A rule is tested by what it says of the text: also one that is switched off or expired, and without its filter
    of feeds. A test during which something of the rule failed (a regex too slow) has failed, whatever was expected.
    """
    matcher = matcher or Matcher(rules, lexicon)
    return tuple(
        _result(matcher, lexicon, compiled, test) for compiled in matcher.rules for test in compiled.rule.tests
    )


def _result(matcher: Matcher, lexicon: Lexicon, compiled: Compiled, test: RuleTest) -> TestResult:
    title, summary, body = (test.fields.get(name, "") for name in FIELDS)
    search = matcher.search(read(Entry(feed_id="", title=title, summary=summary, body=body)))
    matched, problems = judge(compiled, search)
    rule = replace(compiled.rule, enabled=True)
    looks = not any(reasons_to_skip(rule, feed=None, language=search.document.language, today=None))
    passed = (matched is not None and looks) == test.matches and not problems
    if passed:
        return TestResult(rule_id=compiled.rule.id, test=test, passed=True)
    told = explained(compiled, lexicon, search)
    why = f"{_expected(test)}\n{render(told)}"
    return TestResult(rule_id=compiled.rule.id, test=test, passed=False, why=why, told=told)


def _expected(test: RuleTest) -> str:
    wanted = "should match" if test.matches else "should not match"
    return f"{wanted} ({test.because}):" if test.because else f"{wanted}:"
