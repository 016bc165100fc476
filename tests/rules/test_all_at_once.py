"""A file with every mistake that can stand beside others: each is told, at its place, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from monitor.rules.problems import MAX_PROBLEMS
from tests.rules.given import read_text
from tests.rules.mistakes import GOOD, rule

Told = tuple[str, str, str, str]  # where in the line, code, words of what is said and of the remedy

LINES: list[tuple[str, list[Told]]] = [
    ("version: 1", []),
    ("langauge: ar", [("langauge", "R201", "'langauge'", "did you mean 'language'?")]),
    ("timezone: Asia/Damaskus", [("Asia", "R209", "time zone", "Asia/Damascus")]),
    ("rules:", []),
    ("  - id: اشتباكات", [("اشتباكات", "R205", "'اشتباكات'", "Latin letters")]),
    ("    title: عاجل: خبر", [(": خبر", "R104", "second ':'", 'title: "عاجل: خبر"')]),
    ("    owner: @desk", [("@desk", "R103", "'@'", '"@desk"')]),
    ("    description: `x`", [("`x`", "R103", "'`'", '"`x`"')]),
    ("    severity: urgent", [("urgent", "R203", "'urgent'", "did you mean 'critical'?")]),
    ("    nearr: 15 words", [("nearr", "R201", "'nearr'", "did you mean 'near'?")]),
    ("    throttle: half an hour", [("half", "R204", "'half an hour'", "30 دقيقة")]),
    ("    expires: 2027-02-30", [("2027", "R209", "not a day", "year-month-day")]),
    ("    enabled: no", [("no", "R207", "neither true nor false", "write false")]),
    ("    full_text: true", [("full_text", "R201", "'full_text'", "settings here")]),
    ("    notify: [dsk]", [("dsk", "R310", "'dsk'", "did you mean 'desk'?")]),
    ("    feeds: [nowhere]", [("nowhere", "R311", "'nowhere'", "monitor feeds list")]),
    ("    all:", []),
    ("      - [قصف، غارة]", [("، غارة", "R301", "Arabic comma", "one search text a line")]),
    ("      - blasts", [("blasts", "R302", "name of a group", "group: blasts")]),
    ("      - و", [("و", "R303", "one letter", "at least two")]),
    ("      - قصف OR غارة", [("قصف", "R304", "'OR'", "[first, second]")]),
    ("      - {place: deir-ezzor}", [("deir", "R305", "'deir-ezzor'", "did you mean 'deir-ez-zor'?")]),
    ("      - {group: blastss}", [("blastss", "R306", "'blastss'", "did you mean 'blasts'?")]),
    ("      - {event: clashes}", [("clashes", "R312", "'clashes'", "did you mean 'clash'?")]),
    ("      - {regex: 'قصف|'}", [("'قصف", "R307", "empty alternative", "remove the '|'")]),
    ("      - *مسيرة", [("*", "R109", "alias", "{starts: word}")]),
    ("      - &كلمة مطار", [("&", "R109", "anchor", "quotes")]),
    ("      - !عاجل مطار", [("!", "R109", "'!'", "quotes")]),
    ("      - *bomb", [("*", "R109", "alias", "{starts: word}")]),
    ("      - %50", [("%", "R103", "'%'", "quotes")]),
    ("      - عاجل: خبر: آخر", [(": آخر", "R104", "second ':'", "in quotes")]),
    ("      - {exact: @one, starts: x, near: @two}", [
        ("@one", "R103", "'@'", "quotes"), ("@two", "R103", "'@'", "quotes"),
        ("near", "R201", "'near'", "settings here"), ("starts", "R201", "both", "two items")]),
    ("      - مط\u200bار", [("\u200bار", "R102", "ZERO WIDTH SPACE", "never be found")]),
    ("      - مطار\u202e", [("\u202e", "R102", "RIGHT-TO-LEFT OVERRIDE", "never be found")]),
    ("      - جسر\x07", [("\x07", "R102", "U+0007", "type the line anew")]),
    ("\t  - سد، خزان", [
        ("\t", "R101", "tab", "two for each tab"), ("، خزان", "R301", "Arabic comma", "one search text")]),
    ('      - "حزب" الله', [("الله", "R106", "closing quotation mark", "around the whole")]),
    ("      - غارة #عاجل", [("#", "R115", "ignores", "quotes")]),
    ("      - ''", [("''", "R210", "nothing", "write a value")]),
    ("    title: خبر", [("title", "R105", "'title'", "keep one")]),
    ("  - id: second", []),
    ("    all: مطار", [("مطار", "R207", "must be a list", "line of its own")]),
    ("    kind: silence", [("kind", "R208", "'feeds'", "ids")]),
    ("    for: 6h", []),
    ("  - id: second", [
        ("second", "R308", "used twice", "of its own"), ("id", "R206", "only exclusions", "'all:' or 'any:'")]),
    ("    none: [مطار]", []),
    ("    severity: @x", [("@x", "R103", "'@'", "quotes")]),
    ("  - title: خبر", [("title", "R208", "no id", "give it one")]),
    ("    any: [جسر, سد]", []),
    ("    at_least: *two", [("*two", "R109", "alias", "{starts: word}")]),
    ("groups:", []),
    ("  blasts: [انفجار, {group: rings}]", [("rings", "R313", "'blasts' holds itself", "remove")]),
    ("  rings: [{group: blasts}]", [("blasts", "R313", "'rings' holds itself", "remove")]),
    ("places:", []),
    ("  hill: {within: hill}", [
        ("hill:", "R208", "no name", "spellings"), ("hill}", "R313", "within itself", "larger place")]),
    ("feeds:", []),
    ("  - url: ftp://a.example/x", [("ftp", "R314", "does not begin with", "https://")]),
    ("  - url: https://me:hunter22@b.example/x", [("https", "R309", "password", "${NAME}")]),
    ("channels:", []),
    ("  desk: {url: 'slack://TokenA/TokenB/TokenC'}", [("'slack", "R309", "secret", "${DESK_URL}")]),
    ("  other: {url: ${OTHER}}", [("${", "R103", "${…}", '"${NAME}"')]),
    ("  third: {language: ar}", [("{", "R208", "no address", "THIRD_URL")]),
]  # fmt: skip


@pytest.mark.parametrize("parser", [{}, {"parser": yaml.SafeLoader}], ids=["libyaml", "pure"])
def test_every_mistake_of_a_file_is_told_wherever_yaml_stops(parser: dict[str, Any]) -> None:
    expected = {
        (number, line.index(at) + 1, code, what, remedy)
        for number, (line, told) in enumerate(LINES, 1)
        for at, code, what, remedy in told
    }
    assert len(expected) >= 30
    ruleset, problems = read_text("".join(f"{line}\n" for line, _ in LINES), **parser)
    assert ruleset is None
    places = [(problem.line, problem.column, problem.code) for problem in problems]
    assert places == sorted(one[:3] for one in expected)
    for line, column, code, what, remedy in expected:
        of_here = [one for one in problems if (one.line, one.column, one.code) == (line, column, code)]
        assert any(what in one.what and remedy in one.remedy for one in of_here), (what, remedy, *map(str, of_here))


STOPS = (
    "owner: @desk",
    "title: عاجل: خبر",
    'title: "a\\q"',
    "title: 'don't'",
    "owner: !!",
    "owner: *a b",
    "title: - x",
)


@pytest.mark.parametrize("stop", STOPS)
def test_behind_a_line_that_yaml_cannot_read_the_rest_is_judged(stop: str) -> None:
    _, problems = read_text(rule(stop, "severity: urgent", *GOOD))
    assert [problem.line for problem in problems] == [4, 5], "\n".join(map(str, problems))


def test_what_runs_on_behind_a_mended_line_is_no_mistake_of_its_own() -> None:
    _, problems = read_text(rule("title: عاجل: خبر", "  من دير الزور", *GOOD))
    assert [problem.code for problem in problems] == ["R104"]
    _, problems = read_text(rule("all:", "  - [قصف,", "     @one,", "     غارة: x: y,", "     مطار]"))
    assert problems[0].code == "R103"
    assert problems[0].line == 6


def test_a_guessed_indentation_is_no_mistake_of_its_own() -> None:
    _, problems = read_text(rule("all:", "  - مطار", "  - جسر") + "\t\t\tnear: title\n    severity: low\n")
    assert {problem.code for problem in problems} == {"R101"}


@pytest.mark.parametrize(
    "long", ["\t" * 500_000, "\0" * 500_000, "a: " + " " * 500_000 + "b: c", "a: @" + " x" * 250_000]
)
def test_a_long_line_is_mended_in_one_go(long: str) -> None:
    ruleset, problems = read_text(rule(*GOOD) + long + "x: y\n")
    assert ruleset is None
    assert len(problems) <= MAX_PROBLEMS + 1


def test_mending_comes_to_an_end() -> None:
    _, problems = read_text(rule(*GOOD) + "".join(f"  - {{id: r{number}, owner: @x}}\n" for number in range(200)))
    assert [problem.code for problem in problems] == ["R103"] * 51
