"""Commands on a machine that has no rules file, but the address of the database that workers share."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.cli.chosen import spoken_language
from monitor.cli.in_force import rules_in_force
from monitor.model.rules_versions import RulesFiles
from monitor.store.postgres.store import open_postgres
from monitor.store.rules_rows import RulesVersions
from tests.cli.terminal import monitor
from tests.postgres import Postgres
from tests.store.builders import DAY, MINUTE, feeds, tell

NOW = datetime.now(UTC)
PUBLISHED = """\
version: 1
timezone: Asia/Baghdad
language: ar
feeds:
  - {id: local, url: "https://one.example/rss"}
  - {id: members, url: "https://two.example/rss?key=${NOT_HERE}"}
rules:
  - {id: strikes, title: غارات, all: [غارة], tests: [{match: غارة على البلدة}]}
channels:
  desk: {url: "${file:/not/here}"}
"""
HERE = PUBLISHED.replace("Asia/Baghdad", "Asia/Tokyo").replace("language: ar", "language: en")


@pytest.fixture(scope="module")
def shared(postgres: Postgres) -> Iterator[str]:
    url = postgres.fresh()
    store = open_postgres(url, now=NOW)
    store.claim_due_feeds(feeds("local"), NOW - DAY, limit=9, lease=MINUTE)
    tell(store, "غارة على البلدة")
    RulesVersions(store.database).publish(
        RulesFiles(main="rules.yaml", texts={"rules.yaml": PUBLISHED}), by="desk@host", note="", now=NOW
    )
    store.close()
    yield url
    postgres.drop(url)


@pytest.fixture(autouse=True)
def elsewhere(shared: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MONITOR_DATABASE_URL", shared)


WORDS = {
    "search": (("search", "غارة"), "غارة على البلدة"),
    "history": (("history",), "غارة على أطراف البلدة"),
    "feeds": (("feeds", "status"), "local  "),
    "mute": (("mute", "rule:strikes", "2h"), "mute 1: rule strikes"),
    "mutes": (("mutes",), "m"),
    "status": (("status",), "الخلاصات: 1"),
}


@pytest.mark.parametrize(("asked", "told"), WORDS.values(), ids=WORDS)
def test_what_was_published_is_what_they_go_by(asked: tuple[str, ...], told: str) -> None:
    result = monitor(*asked)
    assert result.exit_code == 0, result.stderr
    assert told in result.stdout
    assert "cannot be" not in result.stderr


def test_a_name_that_the_published_rules_have_not_is_refused() -> None:
    result = monitor("mute", "rule:strike", "2h")
    assert (result.exit_code, "strikes" in result.stderr) == (2, True)


def test_times_are_those_of_the_published_rules() -> None:
    assert str(rules_in_force(Path("rules.yaml")).timezone) == "Asia/Baghdad"


def test_a_file_that_is_here_goes_before() -> None:
    Path("rules.yaml").write_text(HERE, encoding="utf-8")
    assert spoken_language(Path("rules.yaml")) == "en"
    assert str(rules_in_force(Path("rules.yaml")).timezone) == "Asia/Tokyo"


def test_where_the_environment_names_a_file_that_is_not_there_it_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the container of a worker, say, which has none."""
    monkeypatch.setenv("MONITOR_CONFIG", "none.yaml")
    result = monitor("search", "غارة")
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_file_that_was_named_is_missed() -> None:
    result = monitor("search", "غارة", "-c", "mine.yaml")
    assert (result.exit_code, "'mine.yaml' cannot be read" in result.stderr) == (3, True)


def test_where_nothing_was_published_the_file_is_missed(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_DATABASE_URL", postgres_url)
    assert "'rules.yaml' cannot be read" in monitor("search", "غارة").stderr
    open_postgres(postgres_url, now=NOW).close()
    assert "'rules.yaml' cannot be read" in monitor("search", "غارة").stderr
