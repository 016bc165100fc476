"""What `monitor doctor` says of a rules file beside the rules that workers go by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from monitor import config as configuration
from monitor.cluster.published import gather
from monitor.doctor import published
from monitor.doctor.findings import Level
from monitor.store.postgres.store import open_postgres
from monitor.store.rules_rows import RulesVersions
from tests.cli.terminal import RULES
from tests.world import NOW

PACK = "version: 1\nrules:\n  - {id: fire, title: حريق, all: [حريق], tests: [{match: حريق}]}\n"

Look = Callable[[], list[tuple[Level, str]]]


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "fire.yaml").write_text(PACK, encoding="utf-8")
    file = tmp_path / "rules.yaml"
    file.write_text(f"include: [fire.yaml]\n{RULES}", encoding="utf-8")
    return file


@pytest.fixture
def look(postgres_url: str, rules: Path) -> Look:
    def found() -> list[tuple[Level, str]]:
        return [(each.level, each.what) for each in published.look(postgres_url, configuration.load(rules, environ={}))]

    return found


def publish(url: str, rules: Path) -> None:
    store = open_postgres(url, now=NOW)
    files = gather(configuration.load(rules, environ={})).files
    RulesVersions(store.database).publish(files, by="desk@host", note="", now=NOW)
    store.close()


def test_where_nothing_was_published_there_is_nothing_to_say(look: Look, postgres_url: str) -> None:
    assert look() == []
    open_postgres(postgres_url, now=NOW).close()
    assert look() == []


@pytest.mark.parametrize("changed", ["rules.yaml", "fire.yaml"])
def test_a_file_that_says_something_else_than_what_is_in_force_is_told(
    look: Look, postgres_url: str, rules: Path, changed: str
) -> None:
    publish(postgres_url, rules)
    assert look() == [(Level.OK, f"version 1, which workers go by, says what {rules} says")]
    with (rules.parent / changed).open("a", encoding="utf-8") as file:
        file.write("# a line more\n")
    assert look() == [(Level.WARNING, f"workers go by version 1, and {rules} says something else")]


def test_a_database_that_does_not_answer_is_another_s_finding(rules: Path) -> None:
    config = configuration.load(rules, environ={})
    assert list(published.look("no address", config)) == []
