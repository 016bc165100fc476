from __future__ import annotations

import json

import pytest

from tests.cli.terminal import monitor

ARABIC = "غارة على منزل في بنت جبيل ومقتل ثلاثة"
ENGLISH = "Israeli strike on house in Bint Jbeil kills three"


@pytest.fixture
def compare(tmp_path):
    def run(*arguments: str, stdin: str = ""):
        return monitor("compare", *arguments, "--config", tmp_path / "none.yaml", stdin=stdin)

    return run


def test_two_texts_are_compared_and_told_why(compare):
    result = compare(ARABIC, ENGLISH)
    assert result.exit_code == 0
    first, *why = result.stdout.splitlines()
    assert first == "same event"
    assert "  same place bint-jbeil" in why
    assert any(line.startswith("A: ") and "killed 3" in line for line in why)


def test_reports_may_stand_in_files(compare, tmp_path):
    file = tmp_path / "a.txt"
    file.write_text(f"{ARABIC}\nاستهدفت طائرة منزلا وسط البلدة.\n", encoding="utf-8")
    assert compare(str(file), str(file)).stdout.startswith("same text")


def test_time_apart_counts(compare):
    assert compare(ARABIC, ENGLISH, "--apart", "3d").stdout.startswith("different")
    assert "told 3 days apart" in compare(ARABIC, ENGLISH, "--apart", "3d").stdout


def test_json_has_the_facts_of_both(compare):
    answer = json.loads(compare(ARABIC, ENGLISH, "--json").stdout)
    assert answer["kinship"] == "same event"
    assert [facts["killed"] for facts in answer["facts"]] == [3, 3]


def test_pairs_are_answered_in_order_and_what_is_none_is_said(compare):
    report = {"title": ARABIC, "summary": "", "source": "x", "published": "2026-03-04T09:12:00+03:00"}
    later = report | {"published": "2026-03-09T09:12:00+03:00"}
    lines = [{"id": "p1", "a": report, "b": report}, {"id": "p2", "a": report}, {"id": 3, "a": report, "b": later}]
    result = compare("--pairs", "-", stdin="".join(json.dumps(line) + "\n" for line in lines))
    assert result.exit_code == 2
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert [(answer["id"], answer["kinship"]) for answer in answers] == [("p1", "same text"), (3, "different")]
    assert "line 2: no pair" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "nothing to compare"), ((ARABIC,), "nothing to compare"), ((ARABIC, " "), "one of the reports is empty"),
        (('{"title": "قصف", "published": "yesterday"}', ARABIC), "no date with its zone"),
        ((ARABIC, ENGLISH, "--apart", "soon"), "--apart soon"),
    ],
)  # fmt: skip
def test_mistakes_are_usage(compare, arguments, said):
    result = compare(*arguments)
    assert result.exit_code == 2
    assert said in result.stderr
