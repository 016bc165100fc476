from __future__ import annotations

import json

import pytest

from monitor.store import open_store
from tests.cli.terminal import monitor
from tests.world import NOW, World, feed, item

ARABIC = "غارة على منزل في بنت جبيل ومقتل ثلاثة"
ENGLISH = "Israeli strike on house in Bint Jbeil kills three"


@pytest.fixture
def compare(tmp_path):
    def run(*arguments: str, stdin: str = ""):
        where = ("--config", tmp_path / "none.yaml", "--state", tmp_path / "state")
        return monitor("compare", *arguments, *where, stdin=stdin)

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


@pytest.fixture
def state(tmp_path):
    store = open_store(tmp_path / "state", now=NOW)
    world = World(feeds=[feed("one"), feed("two")], baseline=False, store=store)
    world.poll(item(ARABIC, n=1))
    world.poll(item(ENGLISH, n=2, at=None), feed_id="two")
    world.poll(item("غارة تحتاج إلى متابعة", n=3))
    store.close()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://news.example/1", "http://news.example/2/"),
        ("1", "2"),
        ("1.1", "2"),
        (ARABIC, "https://news.example/2"),
    ],
    ids=["addresses", "entries", "an alert's", "with a text"],
)
def test_what_was_read_is_compared_by_its_text_and_not_by_its_address(compare, state, one, other):
    told = compare(one, other).stdout
    assert told.startswith("same ")
    assert "killed 3" in told.partition("A: ")[2].partition("B: ")[0]
    assert "killed 3" in told.partition("B: ")[2]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("https://news.example/99", "no entry has the address https://news.example/99 in "),
        ("77", "there is no entry or alert 77 in "),
        ("1.9", "there is no entry or alert 1.9 in "),
    ],
)
def test_what_was_never_read_is_not_compared_as_a_text(compare, state, asked, told):
    result = compare(asked, ARABIC)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "No page is asked for" in result.stderr


def test_without_a_state_an_address_is_refused_with_the_remedy(compare):
    result = compare("https://news.example/1", ARABIC)
    assert result.exit_code == 2
    assert "nothing is recorded in " in result.stderr
