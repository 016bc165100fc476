from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from monitor.rules.lint import lint
from monitor.rules.problems import Report
from tests.rules.given import sound
from tests.rules.mistakes import rule

TESTED = ("tests:", "  - match: سقوط جسر")


@dataclass(frozen=True)
class _Config:
    written: tuple
    rules: tuple
    channels: tuple
    report: Report


def weak_spots(text: str, *, today: date | None = None) -> list[str]:
    ruleset = sound(text)
    config = _Config(ruleset.written, ruleset.rules, ruleset.channels, Report())
    return [f"{problem.line}:{problem.column} {problem.code}" for problem in lint(config, today=today)]


SPOTS = [
    ("no tests", rule("all: [جسر, قصف]"), ["3:9 R401"]),
    ("no test to match", rule("all: [جسر, قصف]", "tests:", "  - no_match: سد"), ["3:9 R401"]),
    ("a word with several meanings", rule("all:", "  - مسيّرة", *TESTED), ["5:9 R405"]),
    ("such a word in a list", rule("all: [[درون, مسيرة]]", *TESTED), ["4:18 R405"]),
    ("such a word in a phrase", rule("all: [طائرة مسيرة]", *TESTED), []),
    ("such a word among exclusions", rule("all: [جسر]", "none: [مسيرة]", *TESTED), []),
    ("two letters", rule("all: [سد]", *TESTED), ["4:11 R406"]),
    ("two letters as they stand", rule("all: [{exact: سد}]", *TESTED), []),
    ("a place alone", rule("all: [{place: idlib}]", *TESTED), ["3:9 R407"]),
    ("two places alone", rule("any: [{place: idlib}, [{place: syria}]]", *TESTED), ["3:9 R407"]),
    ("a place and an event", rule("all: [{place: idlib}, {event: clash}]", *TESTED), []),
    ("switched off", rule("all: [جسر]", "enabled: false", *TESTED), ["3:9 R408"]),
    ("expired", rule("all: [جسر]", "expires: 2026-01-01", *TESTED), ["3:9 R408"]),
    ("on its last day", rule("all: [جسر]", "expires: 2026-06-01", *TESTED), []),
    ("near with one item", rule("all: [جسر]", "near: 5 words", *TESTED), ["3:9 R409"]),
    ("one item in the title", rule("all: [جسر]", "near: title", *TESTED), []),
    ("an unused channel", rule("all: [جسر]", *TESTED) + "channels:\n  desk: {url: '${DESK}'}\n", ["8:3 R410"]),
    ("a word twice", rule("all: [[إغلاق, اغلاق]]", *TESTED), ["4:19 R411"]),
    ("an unused group", rule("all: [جسر]", *TESTED) + "groups:\n  dams: [خزان]\n", ["8:3 R412"]),
    ("a used group", rule("all: [{group: dams}]", *TESTED) + "groups:\n  dams: [خزان]\n", []),
    ("a changed place", rule("all: [جسر]", *TESTED) + "places:\n  idlib: {terms: [ادلب الخضراء]}\n", ["8:3 R413"]),
    ("a place of one's own", rule("all: [جسر]", *TESTED) + "places:\n  hill: {name: تل الريح}\n", []),
]


@pytest.mark.parametrize(("text", "told"), [spot[1:] for spot in SPOTS], ids=[spot[0] for spot in SPOTS])
def test_a_weak_spot_is_told_at_its_place(text: str, told: list[str]) -> None:
    assert weak_spots(text, today=date(2026, 6, 1)) == told
