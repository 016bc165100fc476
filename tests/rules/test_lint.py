"""Weak spots of files that load, each told at its place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

import pytest

from monitor import lexicon as shipped
from monitor.language import Lexicon
from monitor.rules.lint import lint
from monitor.rules.problems import Report
from tests.rules.given import sound
from tests.rules.mistakes import rule

TESTED = ("tests:", "  - match: سقوط جسر")
KILLED = ("tests:", "  - match: مقتل تسعة في إدلب")
TOWNS = shipped.load().places
CHAIN = "acknowledge: {within: 15m, then: [phone]}"


@dataclass(frozen=True)
class _Config:
    written: tuple
    rules: tuple
    feeds: tuple
    channels: tuple
    lexicon: Lexicon
    report: Report


def problems(text: str, *, today: date | None = None):
    ruleset = sound(text)
    lexicon = replace(ruleset.lexicon, places=TOWNS)
    config = _Config(ruleset.written, ruleset.rules, ruleset.feeds, ruleset.channels, lexicon, Report())
    return lint(config, today=today)


def weak_spots(text: str, *, today: date | None = None) -> list[str]:
    return [f"{problem.line}:{problem.column} {problem.code}" for problem in problems(text, today=today)]


def with_group(*lines: str, group: str = "dams: [خزان]") -> str:
    """One rule, and below it a group on the line that follows `groups:`."""
    return rule(*lines, *TESTED) + f"groups:\n  {group}\n"


def two(first: str, second: str) -> str:
    """Two rules of one line each, on lines 3 and 4; their ids stand in column 10."""
    test = "tests: [{match: سقوط جسر}]"
    return f"version: 1\nrules:\n  - {{id: one, {first}, {test}}}\n  - {{id: two, {second}, {test}}}\n"


RULES = [
    ("no tests", rule("all: [جسر, حريق]"), ["3:9 R401"]),
    ("no test to match", rule("all: [جسر, حريق]", "tests:", "  - no_match: نهر"), ["3:9 R401"]),
    ("a place alone", rule("all: [{place: idlib}]", *TESTED), ["3:9 R407"]),
    ("two places alone", rule("any: [{place: idlib}, [{place: syria}]]", *TESTED), ["3:9 R407"]),
    ("a place and an event", rule("all: [{place: idlib}, {event: clash}]", *TESTED), []),
    ("a place and how many were killed", rule("all: [{place: idlib}]", "killed: '>=5'", *KILLED), []),
    ("a place and how many were wounded", rule("all: [{place: idlib}]", "wounded: 5", *KILLED), []),
    ("switched off", rule("all: [جسر]", "enabled: false", *TESTED), ["3:9 R408"]),
    ("expired", rule("all: [جسر]", "expires: 2026-01-01", *TESTED), ["3:9 R408"]),
    ("on its last day", rule("all: [جسر]", "expires: 2026-06-01", *TESTED), []),
    ("near with one item", rule("all: [جسر]", "near: 5 words", *TESTED), ["3:9 R409"]),
    ("one item in the title", rule("all: [جسر]", "near: title", *TESTED), []),
    ("an unused channel", rule("all: [جسر]", *TESTED) + "channels:\n  desk: {url: '${DESK}'}\n", ["8:3 R410"]),
    (
        "a channel of a chain",
        rule("all: [جسر]", CHAIN, *TESTED) + "channels:\n  phone: {url: 'json://localhost:9000/'}\n",
        [],
    ),
    ("an unused group", with_group("all: [جسر]"), ["8:3 R412"]),
    ("a used group", with_group("all: [{group: dams}]"), []),
    ("a changed place", rule("all: [جسر]", *TESTED) + "places:\n  idlib: {terms: [ادلب الخضراء]}\n", ["8:3 R413"]),
    ("a place of one's own", rule("all: [جسر]", *TESTED) + "places:\n  hill: {name: تل الريح}\n", []),
    ("Arabic words for Hebrew texts", rule("all: [جسر]", "languages: [he]", *TESTED), ["3:9 R424"]),
    ("for Persian ones, in the same letters", rule("all: [جسر]", "languages: [fa]", *TESTED), []),
    ("one of a list in the right letters", rule("all: [[جسر, גשר]]", "languages: [he]", *TESTED), []),
    ("two lines, one of them in the wrong ones", rule("all: [جسر, bridge]", "languages: [ar]", *TESTED), ["3:9 R424"]),
    ("a place has spellings in many", rule("all: [{place: idlib}, bridge]", "languages: [en]", *TESTED), []),
    ("a number", rule("all: ['2026', bridge]", "languages: [en]", *TESTED), []),
    ("a regex", rule("all: [{regex: 'جسر+'}, bridge]", "languages: [en]", *TESTED), []),
    ("a language of unknown letters", rule("all: [جسر]", "languages: [am]", *TESTED), []),
]

FEEDS = "feeds:\n  - {id: a, url: 'https://a.example/', language: he}\n  - {id: b, url: 'https://b.example/'}\n"
RULES += [
    ("feeds in another language", rule("all: [جسر]", "languages: [ar]", "feeds: [a]", *TESTED) + FEEDS, ["3:9 R425"]),
    ("a feed of no stated language", rule("all: [جسر]", "languages: [ar]", "feeds: [a, b]", *TESTED) + FEEDS, []),
    ("a feed in one of them", rule("all: [جسر]", "languages: [ar, he]", "feeds: [a]", *TESTED) + FEEDS, []),
]

WORDS = [
    ("a word with several meanings", rule("all:", "  - مسيّرة", *TESTED), ["5:9 R405"]),
    ("two of them in a list", rule("all: [[حاجز, مسيرة]]", *TESTED), ["4:12 R405", "4:18 R405"]),
    ("such a word in a phrase", rule("all: [طائرة مسيرة]", *TESTED), []),
    ("such a word among exclusions", rule("all: [جسر]", "none: [مسيرة]", *TESTED), []),
    ("beside a word of one meaning", rule("all: [مسيرة, جسر]", *TESTED), []),
    ("beside an event", rule("all: [مسيرة, {event: clash}]", *TESTED), []),
    ("beside a place, where marches are held", rule("all: [مسيرة, {place: idlib}]", *TESTED), ["4:11 R405"]),
    ("a word of war in a place", rule("all: [قصف, {place: idlib}]", *TESTED), []),
    ("the same alone", rule("all: [قصف]", *TESTED), ["4:11 R405"]),
    ("two such words", rule("all: [مسيرة, حاجز]", *TESTED), ["4:11 R405", "4:18 R405"]),
    ("in any, with an event in all", rule("all: [{event: clash}]", "any: [مسيرة, سيارة]", *TESTED), []),
    ("in a box with a word of one meaning", rule("any: [{all: [مسيرة, جسر]}, {sentence: [حاجز, نهر]}]", *TESTED), []),
    ("in a box with a place", rule("any: [{all: [مسيرة, {place: idlib}]}]", *TESTED), ["4:18 R405"]),
    ("in any alone", rule("any: [مسيرة, سيارة]", *TESTED), ["4:11 R405"]),
    ("in any with another one needed", rule("any: [مسيرة, سيارة, بلدة]", "at_least: 2", *TESTED), []),
    (
        "another needed that misleads, too",
        rule("any: [مسيرة, حاجز]", "at_least: 2", *TESTED),
        ["4:11 R405", "4:18 R405"],
    ),
    ("of too little weight alone", rule("any: [مسيرة, {word: سيارة, weight: 2}]", "min_score: 2", *TESTED), []),
    (
        "of enough alone",
        rule("any: [[مسيرة], {word: بلدة, weight: 2}]", "min_score: 1", *TESTED),
        ["4:12 R405"],
    ),
    (
        "of too little weight beside a place",
        rule("any: [مسيرة, {place: idlib, weight: 2}]", "min_score: 3", *TESTED),
        ["4:11 R405"],
    ),
    ("in a group that a rule uses alone", with_group("all: [{group: d}]", group="d: [مسيرة]"), ["8:7 R405"]),
    ("in a group that a rule uses with more", with_group("all: [{group: d}, جسر]", group="d: [مسيرة]"), []),
    ("such a word in a query", rule("query: مسيرة OR سيارة", *TESTED), ["4:12 R405"]),
    ("in a query beside a word of one meaning", rule("query: مسيرة AND جسر", *TESTED), []),
    ("a town in a query", rule("query: منبج AND جسر", *TESTED), ["4:12 R421"]),
    ("a form beside it in a query", rule("query: نهر AND (جسر OR جسور)", *TESTED), ["4:28 R420"]),
    ("a group behind NOT in a query", with_group("query: 'جسر NOT group:d'", group="d: [خزان]"), []),
    ("two letters", rule("all: [حي]", *TESTED), ["4:11 R406"]),
    ("two letters as they stand", rule("all: [{exact: حي}]", *TESTED), []),
    ("a word twice", rule("all: [[إغلاق, اغلاق]]", *TESTED), ["4:19 R411"]),
    ("a word with ى and with ي", rule("all: [[مشفى, مشفي]]", *TESTED), ["4:18 R411"]),
    ("a plural beside its singular", rule("all: [[اشتباك, حريق, اشتباكات]]", *TESTED), ["4:26 R420"]),
    ("a broken plural beside it", rule("any: [جسور, جسر]", *TESTED), ["4:11 R420"]),
    ("with the article beside it", rule("any: [الجسر, جسر]", *TESTED), ["4:11 R420"]),
    ("one spelling beside another", rule("any: [قاعدة أمريكية, قاعدة أميركية]", *TESTED), ["4:26 R420"]),
    ("the exact word beside it", rule("any: [جسر, {exact: جسور}]", *TESTED), ["4:24 R420"]),
    ("what starts so beside the word", rule("any: [{starts: bomb}, bombardment]", *TESTED), ["4:27 R420"]),
    ("a noun beside the verb of its letters", rule("any: [{verb: منع}, منع]", *TESTED), []),
    ("the verb beside the noun", rule("any: [منع, {verb: منع}]", *TESTED), []),
    ("the verb beside both", rule("any: [{word: منع, forms: [noun, verb]}, {verb: منع}]", *TESTED), ["4:52 R420"]),
    ("a word beside the same exactly", rule("any: [{exact: جسر}, جسر]", *TESTED), ["4:19 R420"]),
    ("a word beside a form of it exactly", rule("any: [{exact: جسور}, جسور]", *TESTED), ["4:19 R420"]),
    ("a word beside the same as a name", rule("any: [{name: خزام}, خزام]", *TESTED), ["4:18 R420"]),
    ("a word beside the same with a ban", rule("any: [{word: جسر, ban: [جسرا]}, جسر]", *TESTED), ["4:18 R420"]),
    ("an Arabic word beside what starts so", rule("any: [{starts: جسر}, جسر]", *TESTED), []),
    ("a phrase with the word in it", rule("any: [جسر, جسر عائم]", *TESTED), []),
    ("both required", rule("all: [جسر, جسور]", *TESTED), []),
    ("two of them wanted", rule("any: [جسر, جسور]", "at_least: 2", *TESTED), []),
    ("a score of them wanted", rule("any: [جسر, جسور]", "min_score: 2", *TESTED), []),
    ("forms in a group", with_group("all: [{group: d}]", group="d: [سفينة, سفن]"), ["8:14 R420"]),
    ("a place within another", rule("all: [{place: [idlib, syria]}, جسر]", *TESTED), ["4:20 R420"]),
    ("two places side by side", rule("all: [{place: [idlib, deir-ez-zor]}, جسر]", *TESTED), []),
    ("the outer one exactly", rule("all: [{place: [idlib, syria], exactly: true}, جسر]", *TESTED), []),
    ("a place's name as a word", rule("all: [منبج, جسر]", *TESTED), ["4:11 R421"]),
    ("its name as a name", rule("all: [{name: منبج}, جسر]", *TESTED), []),
    ("an ordinary word that is a town", rule("all: [الباب, جسر]", *TESTED), ["4:11 R421"]),
    ("the same as a name", rule("all: [{name: الباب}, جسر]", *TESTED), ["4:18 R421"]),
    ("of several words", rule("all: [مطار دير الزور, جسر]", *TESTED), ["4:11 R421"]),
    ("in Latin letters", rule("any: [Manbij]", *TESTED), ["4:11 R421"]),
    ("among exclusions", rule("all: [جسر]", "none: [منبج]", *TESTED), []),
    ("a phrase over the end of a sentence", rule('all: ["قصف. جسر"]', *TESTED), ["4:11 R428"]),
    ("a title before a name", rule('all: ["د. سمير"]', *TESTED), []),
]


def test_of_two_kinds_with_the_same_letters_it_is_told_which_adds_nothing():
    (problem,) = problems(rule("any: [{exact: جسر}, جسر]", *TESTED))
    assert problem.what == "{exact: جسر} is found by «جسر» already"


EXCLUSIONS = [
    ("the same word", rule("all: [جسر, حريق]", "none: [جسر]", *TESTED), ["5:12 R422"]),
    ("in another spelling", rule("all: [إغلاق]", "none: [[نهر, اغلاق]]", *TESTED), ["5:18 R422"]),
    ("the word for its plural", rule("all: [جسور]", "none: [جسر]", *TESTED), ["5:12 R422"]),
    ("its plural for the word", rule("all: [جسر]", "none: [جسور]", *TESTED), []),
    ("the exact word for all its forms", rule("all: [جسر]", "none: [{exact: جسر}]", "tests: [{match: جسور}]"), []),
    ("a word of a phrase", rule("all: [جسر عائم]", "none: [جسر]", *TESTED), ["5:12 R422"]),
    ("a phrase of a word", rule("all: [جسر]", "none: [جسر عائم]", *TESTED), []),
    ("one of several", rule("any: [جسر, حريق]", "none: [حريق]", *TESTED), ["5:12 R422"]),
    ("a place around", rule("all: [{place: idlib}, جسر]", "none: [{place: syria}]", *TESTED), ["5:12 R422"]),
    ("a place within", rule("all: [{place: syria}, جسر]", "none: [{place: idlib}]", *TESTED), []),
    ("an event", rule("all: [{event: clash}, جسر]", "none: [{event: clash}]", *TESTED), ["5:12 R422"]),
    ("a word of an event", rule("all: [غارة, جسر]", "none: [{event: airstrike}]", *TESTED), ["5:12 R422"]),
    ("a group", with_group("all: [{group: d}]", "none: [خزان]", group="d: [خزانات]"), ["5:12 R422"]),
    ("one word of a group", with_group("all: [{group: d}]", "none: [خزان]", group="d: [خزانات, نهر]"), []),
    ("in the title only", rule("all: [جسر]", "none: [{title: جسر}]", *TESTED), ["7:9 R423"]),
    ("in a part that is not searched", rule("all: [{body: جسر}]", "none: [جسر]", *TESTED), []),
    ("a test that only an exclusion defeats", rule("all: [جسر]", "none: [سقوط]", *TESTED), ["7:9 R423"]),
    ("a test that lacks something, too", rule("all: [جسر, حريق]", "none: [سقوط]", *TESTED), []),
    (
        "a test that must not match",
        rule("all: [جسر]", "none: [سد]", "tests:", "  - no_match: سد جسر", "  - match: جسر"),
        [],
    ),
]

PAIRS = [
    ("the same", two("all: [جسر, حريق]", "all: [حريق, جسر]"), ["4:10 R426"]),
    ("another near", two("all: [جسر, حريق]", "all: [جسر, حريق], near: 5 words"), ["4:10 R427"]),
    ("one thing more", two("all: [جسر, حريق]", "all: [جسر]"), ["3:10 R427"]),
    ("one thing else", two("all: [جسر, حريق]", "all: [جسر, نهر]"), []),
    ("fewer alternatives", two("any: [جسر]", "any: [جسر, نهر]"), ["3:10 R427"]),
    ("one exclusion more", two("all: [جسر], none: [نهر]", "all: [جسر]"), ["3:10 R427"]),
    ("an exclusion of the wider", two("all: [جسر, حريق]", "all: [جسر], none: [نهر]"), []),
    ("more fields", two("all: [جسر], search_in: [title]", "all: [جسر]"), ["3:10 R427"]),
    (
        "more fields, where a query excludes",
        two("query: جسر NOT نهر, search_in: [title]", "query: جسر NOT نهر"),
        [],
    ),
    (
        "more fields, and an exclusion",
        two("all: [جسر], none: [نهر], search_in: [title]", "all: [جسر], none: [نهر]"),
        [],
    ),
    ("a higher severity", two("all: [جسر, حريق], severity: high", "all: [جسر]"), []),
    (
        "the same words, weighed otherwise",
        two("any: [{word: جسر, weight: 2}, نهر], min_score: 2", "any: [{word: نهر, weight: 2}, جسر], min_score: 2"),
        [],
    ),
    ("switched off", two("all: [جسر], enabled: false", "all: [جسر]"), ["3:10 R408"]),
    ("some languages only", two("all: [جسر], languages: [ar]", "all: [جسر]"), ["3:10 R427"]),
    ("a wider near", two("all: [جسر, نهر], near: 3 words", "all: [جسر, نهر], near: 5 words"), []),
]

FEEDS = "feeds:\n  - {{id: a, url: 'https://a.example/f', tags: [syria]{}}}\n"
READ = FEEDS.format(", full_text: true")
ARTICLES = [
    ("articles for no rule", READ + rule("all: [جسر]", *TESTED), ["3:5 R429"]),
    ("articles for a rule", READ + rule("all: [جسر]", "search_in: [title, body]", *TESTED), []),
    ("articles for an item", READ + rule("all: [{body: جسر}]", *TESTED), []),
    ("articles for a query", READ + rule("query: 'body:جسر'", *TESTED), []),
    ("for a group", READ + with_group("all: [{group: d}]", group="d: [{body: خزان}]"), []),
    ("for a rule of the feed", READ + rule("all: [جسر]", "search_in: [body]", "feeds: [tag:syria]", *TESTED), []),
    (
        "for a rule of another feed",
        READ
        + "  - {id: b, url: 'https://b.example/f'}\n"
        + rule("all: [جسر]", "search_in: [body]", "feeds: [b]", *TESTED),
        ["3:5 R429"],
    ),
    (
        "for a rule that is switched off",
        READ + rule("all: [جسر]", "search_in: [body]", "enabled: false", *TESTED),
        ["3:5 R429", "5:9 R408"],
    ),
    (
        "a rule for articles that are not read",
        FEEDS.format("") + rule("all: [جسر]", "search_in: [body]", *TESTED),
        ["5:9 R430"],
    ),
    (
        "one that looks at headlines, too",
        FEEDS.format("") + rule("all: [جسر]", "search_in: [title, body]", *TESTED),
        [],
    ),
]
ARTICLES = [(name, "version: 1\n" + text.replace("version: 1\n", ""), told) for name, text, told in ARTICLES]

SPOTS = ARTICLES + RULES + WORDS + EXCLUSIONS + PAIRS


@pytest.mark.parametrize(("text", "told"), [spot[1:] for spot in SPOTS], ids=[spot[0] for spot in SPOTS])
def test_a_weak_spot_is_told_at_its_place(text: str, told: list[str]) -> None:
    assert weak_spots(text, today=date(2026, 6, 1)) == told


REMEDIES = [
    ("all: [مسيرة]", "also means a march, a procession, a career", "write - event: drone"),
    ("all: [occupation]", "also means a job", "write a phrase, e.g. «occupation forces»"),
    (
        "all: [الباب]",
        "it also means the door",
        "write - place: al-bab (in brackets: {place: al-bab}), which knows every spelling and when",
    ),
    ("all: [مطار دير الزور]", "is the name of a place", "write - place: deir-ez-zor-airport"),
    ("all: [سوريا]", "as a word it misses other spellings, such as", "which knows every spelling and the places"),
    ("all: [دير الزور]", "such as «ديرالزور», «", "write - place: deir-ez-zor (in brackets: {place: deir-ez-zor})"),
    ("query: منبج AND جسر", "«منبج» is the name of a place", "write place:manbij, which knows"),
    ("any: [جسر, جسور]", "«جسور» is found by «جسر» already", "a word finds its forms by itself"),
]


@pytest.mark.parametrize(("items", "what", "remedy"), REMEDIES, ids=[remedy[0] for remedy in REMEDIES])
def test_what_to_write_instead_is_said(items: str, what: str, remedy: str) -> None:
    (problem,) = problems(rule(items, *TESTED))
    assert what in problem.what
    assert remedy in problem.remedy


def test_an_exclusion_that_defeats_a_test_is_named_with_its_words() -> None:
    (problem,) = problems(rule("all: [جسر]", "none: [سقوط]", *TESTED))
    assert "«سقوط»" in problem.what
