"""`test`, `lint`, `explain`, `schema`, `init`: what rule authors use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from monitor.cli import COMMANDS
from tests.cli.terminal import RULES, monitor, rules_in


def test_tests_that_pass_are_counted(tmp_path):
    result = monitor("test", "-c", rules_in(tmp_path))
    assert result.exit_code == 0
    assert "2 tests passed, 0 failed" in result.stdout


def test_a_test_that_fails_is_exit_7_and_explained_at_its_line(tmp_path):
    config = rules_in(tmp_path, RULES.replace("match: اشتباكات قرب المطار", "match: هدوء قرب المطار"))
    result = monitor("test", "-c", config)
    assert result.exit_code == 7
    assert f"{config}:12:" in result.stdout
    assert "✗ اشتباك: not found" in result.stdout


def test_one_rule_can_be_tested_and_an_unknown_one_is_suggested(tmp_path):
    config = rules_in(tmp_path)
    assert monitor("test", "clashes", "-c", config).exit_code == 0
    result = monitor("test", "clash", "-c", config)
    assert (result.exit_code, "did you mean 'clashes'" in result.stderr) == (2, True)


def test_tests_as_json(tmp_path):
    results = json.loads(monitor("test", "-c", rules_in(tmp_path), "--json").stdout)
    assert [(one["rule"], one["expected"], one["passed"]) for one in results] == [
        ("clashes", "match", True),
        ("clashes", "no_match", True),
    ]


def test_lint_tells_every_mistake_and_exits_3(tmp_path):
    config = rules_in(tmp_path, RULES.replace("severity: high", "severity: urgent").replace("title:", "titel:"))
    result = monitor("lint", "-c", config)
    assert result.exit_code == 3
    assert result.stdout.count(": error R") == 2


def test_lint_warnings_are_exit_0_unless_strict(tmp_path):
    config = rules_in(tmp_path, RULES.split("    tests:")[0])
    assert monitor("lint", "-c", config).exit_code == 0
    assert monitor("lint", "-c", config, "--strict").exit_code == 3


def test_explain_shows_how_each_word_was_read(tmp_path):
    result = monitor("explain", "وبالاشتباكات قرب المطار", "-c", rules_in(tmp_path))
    assert "clashes: matches" in result.stdout
    assert "و+ب+ال+اشتباك+ات" in result.stdout


def test_explain_gives_a_line_to_each_rule_that_does_not_match(tmp_path):
    more = "  - {id: fire, title: حريق, all: [حريق], tests: [{match: حريق}]}\n"
    result = monitor("explain", "اشتباكات قرب المطار", "-c", rules_in(tmp_path, RULES + more))
    assert result.stdout.splitlines()[-1] == "fire: does not match (not found: حريق)"
    excluded = monitor("explain", "ذكرى اشتباكات المطار", "-c", rules_in(tmp_path))
    assert excluded.stdout == "clashes: does not match (excluded by ذكرى)\n"
    assert "✗" in monitor("explain", "ذكرى اشتباكات المطار", "-v", "-c", rules_in(tmp_path)).stdout


def test_the_schema_is_printed_as_it_is_kept():
    kept = Path(__file__).resolve().parents[2] / "docs" / "rules.schema.json"
    assert json.loads(monitor("schema").stdout) == json.loads(kept.read_text(encoding="utf-8"))


def test_init_writes_rules_that_pass_their_own_tests(tmp_path):
    target = tmp_path / "desk"
    assert monitor("init", str(target)).exit_code == 0
    assert monitor("test", "-c", str(target / "rules.yaml")).exit_code == 0
    assert yaml.safe_load((target / "rules.yaml").read_text(encoding="utf-8"))["feeds"]


def test_init_overwrites_nothing_unless_forced(tmp_path):
    file = rules_in(tmp_path, "version: 1\n")
    result = monitor("init", str(tmp_path))
    assert (result.exit_code, "--force" in result.stderr) == (2, True)
    assert Path(file).read_text() == "version: 1\n"
    assert monitor("init", str(tmp_path), "--force").exit_code == 0


def test_every_command_has_help_worth_reading():
    for name in COMMANDS:
        result = monitor(name, "--help")
        assert result.exit_code == 0
        assert len(result.stdout.split()) > 25, name


@pytest.mark.parametrize(
    "command", ["check -n", "deliveries", "explain x", "feeds list", "feeds status", "lint", "status", "test"]
)
def test_the_rules_file_and_the_state_directory_may_be_given_to_every_command(command, tmp_path):
    places = ["--config", rules_in(tmp_path), "--state", str(tmp_path / "state")]
    result = monitor(*command.split(), *places)
    assert "No such option" not in result.output


def test_a_mistyped_command_is_suggested():
    result = monitor("chek")
    assert (result.exit_code, "check" in result.stderr) == (2, True)


@pytest.mark.parametrize("missing", ["lint", "test", "match", "explain"])
def test_a_rules_file_that_is_not_there_is_a_clear_exit_3(missing, tmp_path):
    arguments = [missing, *(["x"] if missing == "explain" else []), "-c", str(tmp_path / "none.yaml")]
    result = monitor(*arguments)
    assert result.exit_code == 3
    assert "none.yaml" in result.output
