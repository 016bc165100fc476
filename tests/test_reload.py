from __future__ import annotations

from pathlib import Path

import pytest

from monitor import config as configuration
from monitor.errors import ConfigError
from monitor.prepared import compile_setup
from monitor.reload import Refusal, Renewal, asked_anew, failed_tests, objections, renew, weak_spots
from monitor.setup import Setup
from tests.world import FakeClock, FakeSender

RULES = """
version: 1
feeds:
  - {id: one, url: "https://one.example/rss"}
  - {id: two, url: "https://two.example/rss"}
rules:
  - id: strikes
    title: غارات
    all: [غارة]
    tests: [{match: غارة على البلدة}]
channels:
  desk: {url: "${DESK}"}
"""


@pytest.fixture
def load(tmp_path: Path):
    def load(text: str = RULES, **environ: str) -> configuration.Config:
        file = tmp_path / "rules.yaml"
        file.write_text(text, encoding="utf-8")
        return configuration.load(file, environ=environ)

    return load


def test_good_rules_may_be_taken_over(load):
    assert objections(load(), load(RULES.replace("غارات", "ضربات"))) == ""


def test_rules_that_fail_their_own_tests_may_not(load):
    why = objections(load(), load(RULES.replace("all: [غارة]", "all: [انفجار]")))
    assert "rules.yaml:10:" in why
    assert "strikes" in why


def test_a_file_that_lost_its_feeds_may_not(load):
    without = RULES[: RULES.index("feeds:")] + RULES[RULES.index("rules:") :]
    assert "nothing would be watched" in objections(load(), load(without))
    assert objections(load(without), load(without)) == ""


def test_a_feed_whose_address_or_pace_changed_is_asked_anew(load):
    changed = RULES.replace("two.example", "new.example")
    assert asked_anew(load(), load(changed)) == ("two",)
    assert asked_anew(load(), load(RULES.replace('rss"}\nrules', 'rss", every: 1m}\nrules'))) == ("two",)
    assert asked_anew(load(), load(RULES.replace("غارات", "ضربات"))) == ()


def test_a_feed_that_is_new_is_due_anyway(load):
    more = RULES.replace("rules:", '  - {id: three, url: "https://three.example/rss"}\nrules:')
    assert asked_anew(load(), load(more)) == ()


def test_a_channel_without_its_secret_and_one_that_cannot_be_used_are_told(load):
    class Picky(FakeSender):
        def problem(self, channel):
            return "no such service" if channel.id == "desk" else None

    sender = Picky(FakeClock())
    assert [trouble for trouble, _, _ in weak_spots(load(), sender)] == ["warnings"]
    assert [trouble for trouble, _, _ in weak_spots(load(DESK="slak://x"), sender)] == ["channel desk"]
    assert failed_tests(load()) == ""


def compile_(config: configuration.Config) -> Setup:
    return compile_setup(config, FakeSender(FakeClock()))


def test_good_rules_are_compiled_and_told_with_the_feeds_that_are_asked_anew(load):
    changed = load(RULES.replace("two.example", "new.example"))
    new = renew(load(), lambda: changed, compile_)
    assert isinstance(new, Renewal)
    assert (new.config, list(new.setup.rules), new.asked_anew) == (changed, ["strikes"], ("two",))


def test_rules_that_fail_their_own_tests_are_refused(load):
    failing = load(RULES.replace("all: [غارة]", "all: [انفجار]"))
    new = renew(load(), lambda: failing, compile_)
    assert isinstance(new, Refusal)
    assert "strikes" in new.why
    assert new.digests == failing.digests


def test_rules_that_cannot_be_read_are_told_with_the_files_to_be_watched(load, tmp_path):
    old, other = load(), tmp_path / "other.yaml"

    def broken():
        raise ConfigError((), {other: "digest"})

    new = renew(old, broken, lambda config: pytest.fail("compiled"))
    assert isinstance(new, Refusal)
    assert new.digests == {**old.digests, other: "digest"}


def test_rules_that_break_the_compiler_are_refused(load):
    new = renew(load(), load, lambda config: 1 / 0)
    assert new == Refusal(
        why="They cannot be compiled (ZeroDivisionError): see the log, and report it.", digests=load().digests
    )


def test_the_first_rules_are_taken_as_a_start_takes_them(load):
    failing = load(RULES.replace("all: [غارة]", "all: [انفجار]"))
    new = renew(None, lambda: failing, compile_)
    assert isinstance(new, Renewal)
    assert (new.config, new.asked_anew) == (failing, ())


def test_a_rule_that_is_switched_off_is_tested_where_it_is_compiled_as_well(load):
    failing = load(RULES.replace("all: [غارة]", "all: [انفجار]\n    enabled: false"))
    assert objections(load(), failing, compile_(failing).matcher.compiled()) == objections(load(), failing) != ""
