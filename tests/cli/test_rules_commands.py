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


def test_lint_tells_mistakes_in_arabic_where_asked_to(tmp_path):
    config = rules_in(tmp_path, RULES.replace("severity: high", "severity: urgent").replace("title:", "titel:"))
    result = monitor("lint", "-c", config, "--language", "ar")
    assert result.exit_code == 3
    assert result.stdout.count(": خطأ R") == 2
    assert result.stdout.rstrip().endswith("خطآن، لا تحذيرات")
    as_json = json.loads(monitor("lint", "-c", config, "--language", "ar", "--json").stdout)
    assert as_json[0]["what"].startswith("unknown setting")


def test_lint_warnings_are_exit_0_unless_strict(tmp_path):
    config = rules_in(tmp_path, RULES.split("    tests:")[0])
    assert monitor("lint", "-c", config).exit_code == 0
    assert monitor("lint", "-c", config, "--strict").exit_code == 3


def test_explain_shows_how_each_word_was_read(tmp_path):
    result = monitor("explain", "وبالاشتباكات قرب المطار", "-c", rules_in(tmp_path))
    assert "clashes: matches" in result.stdout
    assert "و+ب+ال+اشتباك+ات" in result.stdout


FIRE = "  - {id: fire, title: حريق, all: [حريق], tests: [{match: حريق}]}\n"
SMOKE = "  - {id: smoke, title: دخان, all: [دخان, مطار], tests: [{match: دخان المطار}]}\n"


def test_explain_tells_matches_then_near_misses_and_counts_what_has_nothing_in_common(tmp_path):
    lines = monitor(
        "explain", "اشتباكات قرب المطار", "-c", rules_in(tmp_path, RULES + FIRE + SMOKE)
    ).stdout.splitlines()
    assert lines[0] == "clashes: matches"
    assert lines[-2:] == [
        "smoke: does not match: only دخان is missing",
        "1 other rule has nothing in common with this text",
    ]
    nothing = monitor("explain", "كلام آخر", "-c", rules_in(tmp_path, RULES + FIRE))
    assert (nothing.exit_code, nothing.stdout) == (0, "2 rules have nothing in common with this text\n")
    assert "✗ all: حريق: not found" in monitor("explain", "كلام", "-v", "-c", rules_in(tmp_path, RULES + FIRE)).stdout


def test_explain_names_the_exclusion_that_kept_a_rule_from_matching(tmp_path):
    excluded = monitor("explain", "ذكرى اشتباكات المطار", "-c", rules_in(tmp_path)).stdout
    assert excluded.startswith("clashes: does not match: only excluded by «ذكرى» (ذكرى)\n")
    assert "✗" in monitor("explain", "ذكرى اشتباكات المطار", "--rule", "clashes", "-c", rules_in(tmp_path)).stdout


ARTICLE = "خبر عاجل\n\nاشتباكات\nقرب المطار\n\nبقية الخبر\n"


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [
        (["اشتباكات قرب المطار"], ""),
        (["--title", "اشتباكات قرب المطار"], ""),
        (["--title", "خبر", "--summary", "اشتباكات قرب المطار"], ""),
        (["-"], ARTICLE),
        (["-i", "-"], ARTICLE),
        (["-i", "-"], json.dumps({"title": "خبر", "summary": "اشتباكات قرب المطار"})),
    ],
)
def test_explain_takes_a_headline_an_article_or_a_document(arguments, stdin, tmp_path):
    told = monitor("explain", *arguments, "-c", rules_in(tmp_path), stdin=stdin)
    assert told.stdout.startswith("clashes: matches"), told.output


def test_explain_reads_the_paragraphs_below_the_summary_as_the_body(tmp_path):
    told = monitor("explain", "عنوان\n\nموجز\n\nاشتباكات قرب المطار", "-c", rules_in(tmp_path)).stdout
    assert "the rule does not look at the body" in told


@pytest.mark.parametrize(
    "arguments", [[], [""], ["--title", "x", "y"], ["--title", "x", "-i", "-"], ["x", "--rule", "y"]]
)
def test_explain_without_a_text_or_rule_or_with_two_is_exit_2(arguments, tmp_path):
    assert monitor("explain", *arguments, "-c", rules_in(tmp_path)).exit_code == 2


def test_explain_as_json_is_a_list_of_rules(tmp_path):
    told = json.loads(monitor("explain", "اشتباكات قرب المطار", "--json", "-c", rules_in(tmp_path)).stdout)
    assert [(one["rule"], one["matches"]) for one in told] == [("clashes", True)]


def test_explain_prints_nothing_invisible_where_no_terminal_is(tmp_path):
    told = monitor("explain", "اشتباكات قرب المطار", "-c", rules_in(tmp_path)).stdout
    assert not {char for char in told if char in "\u2068\u2069\x1b"}


def test_the_schema_is_printed_as_it_is_kept():
    kept = Path(__file__).resolve().parents[2] / "docs" / "rules.schema.json"
    assert json.loads(monitor("schema").stdout) == json.loads(kept.read_text(encoding="utf-8"))


def test_init_writes_rules_that_pass_their_own_tests(tmp_path):
    target = tmp_path / "desk"
    done = monitor("init", str(target))
    assert done.exit_code == 0
    assert "monitor run --web 127.0.0.1:8080" in done.stdout
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
