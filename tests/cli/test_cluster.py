"""`monitor cluster status`: what it says, in which language, with which exit code."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from string import Formatter

import pytest

from monitor.cli import cluster as command
from monitor.cli.cluster_shown import _WORDS, lines
from monitor.cluster.pressure import Crowd
from monitor.cluster.told import as_json
from monitor.cluster.troubles import found
from monitor.model.rules_versions import RulesFiles
from monitor.model.workers import Told
from monitor.store.postgres.now import server_now
from monitor.store.postgres.store import open_postgres
from monitor.store.rules_rows import RulesVersions
from monitor.store.views.fleet import Owed
from monitor.store.worker_rows import Workers
from tests.cli.terminal import RULES, monitor, rules_in
from tests.cluster.fleet import SECOND, overview_of, record, worker
from tests.store.builders import NOW
from tests.store.conftest import with_schema


def shown(language="en", **changes) -> str:
    fleet = overview_of(**changes)
    return "\n".join(lines(fleet, found(fleet), language))


@pytest.fixture
def url(postgres, monkeypatch):
    made = postgres.fresh(with_schema)
    monkeypatch.setenv("MONITOR_DATABASE_URL", made)
    yield made
    postgres.drop(made)


@pytest.fixture
def fleet(url):
    """Rules are in force, and a worker goes by them."""
    store = open_postgres(url, now=NOW)
    files = RulesFiles(main="rules.yaml", texts={"rules.yaml": "version: 1"})
    RulesVersions(store.database).publish(files, by="sara@alpha", note="", now=NOW)
    Workers(store.database, server_now).beat(worker(rules_number=1))
    yield store
    store.close()


def test_a_fleet_that_does_well_is_told_in_a_few_lines():
    told = shown()
    assert told.splitlines()[:2] == ["fleet        nothing is wrong", "workers      2 alive, 0 gone"]
    for line in (
        "  a-1  working, on alpha (process 4711) since 2026-03-04 04:06Z, version 0.9; rules 7",
        "    now: 1 batch with 25 feeds, sends to desk",
        "    so far: 1,203 polls, 3 failed; 34 new entries, 2 alerts; 5 sent",
        "rules        version 7, published 1h ago by sara@alpha; followed by 2 of 2",
        "feeds        3 due, the first for 2 s; 50 leased, 0 leases ran out; 12 wait for their hosts",
        "host         giant.example: 40 wait, the last for 40 s",
        "queue        poll: 3 wait (the first for 2 s), 4 run, 0 stalled, 0 failed",
        "channel      desk: a-1 sends; 2 wait, 1 of them tried before, 0 given up",
        "database     PostgreSQL 16.3, 14 of 97 connections, a second copy in step",
    ):
        assert line in told.splitlines()


def test_what_is_wrong_stands_first_with_what_to_do():
    told = shown(
        workers=(record("a-1", rules_trouble="rules version 8 cannot be used:\nrules.yaml:3:1: error R201: no"),),
        owed={"mail": Owed(dead=3)},
    ).splitlines()
    assert told[:7] == [
        "fleet        to be mended: 2",
        "  - Worker 'a-1' does not work by the newest rules",
        "      rules version 8 cannot be used:",
        "      rules.yaml:3:1: error R201: no",
        "    publish rules that can be used with 'monitor rules publish', or mend what this worker lacks",
        "  - Deliveries to channel 'mail' were given up: 3",
        "    'monitor deliveries' tells why, and with --resend-dead sends them again",
    ]


def test_a_worker_that_is_gone_is_said_to_be():
    told = shown(workers=(record("a-1"), record("b-2", silent=timedelta(minutes=3))))
    assert "workers      1 alive, 1 gone" in told
    assert "  b-2  GONE, last sign 3m ago, on alpha" in told
    assert "worth knowing: 1" in told


def test_it_speaks_arabic_and_leaves_no_english_word_of_ours():
    changes = {
        "workers": (record("a-1", stage="draining"), record("b-2", silent=timedelta(minutes=3))),
        "rules": None,
        "tasks": (),
    }
    told = shown("ar", **changes)
    assert "العمّال: يعمل 1، وانقطع 1" in told
    named = {"alpha", "a", "b", "sara", "poll", "desk", "giant", "example", "PostgreSQL", "monitor", "worker", "rules"}
    named |= {"publish", "UTC", "Z"}
    assert set(re.findall("[A-Za-z]+", told)) <= named


def test_both_languages_have_the_same_words_and_figures():
    def asked(text: str) -> set[str]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    assert {key: asked(text) for key, text in _WORDS["ar"].items()} == {
        key: asked(text) for key, text in _WORDS["en"].items()
    }


def test_what_others_wrote_cannot_move_the_cursor_or_turn_the_line():
    hostile = "\x1b[2J\u202eevil\nline"
    feeds = replace(overview_of().feeds, crowds=(Crowd(hostile, waiting=1, wait=SECOND),))
    told = shown(
        workers=(record(hostile, host=hostile, rules_trouble=hostile, told=Told(channels=(hostile,), batches=1)),),
        feeds=feeds,
        owed={hostile: Owed(dead=1)},
    )
    assert "evil" in told
    assert not {"\x1b", "\u202e"} & set(told)


def test_as_json_it_has_every_figure():
    fleet = overview_of(workers=(record(), record("b", silent=60 * SECOND)))
    told = json.loads(json.dumps(as_json(fleet, found(fleet))))
    assert [each["stage"] for each in told["workers"]] == ["working", "gone"]
    assert told["workers"][0]["under_way"] == {"batches": 1, "feeds": 25, "channels": ["desk"]}
    assert told["rules"]["followed_by"] == 1
    assert told["feeds"] == {"due": 3, "lag_seconds": 2.0, "leased": 50, "expired": 0, "put_off": 12}
    assert told["hosts"] == [{"host": "giant.example", "waiting": 40, "wait_seconds": 40.0}]
    assert told["jobs"][0]["oldest_seconds"] == 2.0
    assert told["channels"][0] | {"waiting_since": None} == {
        "id": "desk", "sent_by": "a-1", "pending": 1, "retrying": 1, "dead": 0, "waiting_since": None,
    }  # fmt: skip
    assert told["database"]["replication"] == "synchronous"
    assert [(each["kind"], each["grave"], each["subject"]) for each in told["troubles"]] == [("gone", False, "b")]


def test_without_a_database_of_many_it_is_a_mistake_that_names_the_remedy(monkeypatch):
    monkeypatch.delenv("MONITOR_DATABASE_URL", raising=False)
    result = monitor("cluster", "status")
    assert result.exit_code == 2
    assert "MONITOR_DATABASE_URL is not set" in result.stderr
    assert "'monitor status'" in result.stderr


def test_an_address_that_is_none_is_refused_without_its_password(monkeypatch):
    monkeypatch.setenv("MONITOR_DATABASE_URL", "mysql://u:hunter2@h/d")
    result = monitor("cluster", "status")
    assert result.exit_code == 1
    assert "hunter2" not in result.output


def test_an_empty_database_is_told_of(postgres_url, monkeypatch):
    monkeypatch.setenv("MONITOR_DATABASE_URL", postgres_url)
    result = monitor("cluster", "status")
    assert result.exit_code == 1
    assert "the database is empty" in result.stderr


def test_exit_0_while_all_is_well(fleet, tmp_path):
    result = monitor("cluster", "status", "-c", rules_in(tmp_path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert "nothing is wrong" in result.stdout
    assert "1 alive, 0 gone" in result.stdout


def test_exit_1_where_no_worker_is_alive(fleet, tmp_path):
    Workers(fleet.database, server_now).end("a-1")
    result = monitor("cluster", "status", "-c", rules_in(tmp_path))
    assert result.exit_code == 1
    assert "No worker takes on work" in result.stdout
    assert monitor("cluster", "status", "--json").exit_code == 1


def test_it_speaks_the_language_of_the_rules_file(fleet, tmp_path):
    told = monitor("cluster", "status", "-c", rules_in(tmp_path, f"language: ar\n{RULES}")).stdout
    assert "الأسطول: لا شيء يحتاج إلى إصلاح" in told


def test_as_json_it_is_one_object(fleet):
    told = json.loads(monitor("cluster", "status", "--json").stdout)
    assert [each["id"] for each in told["workers"]] == ["a-1"]
    assert told["troubles"] == []


def test_watching_shows_it_anew_until_it_is_interrupted(fleet, monkeypatch):
    looks: list[float] = []

    def sleep(seconds: float) -> None:
        looks.append(seconds)
        if len(looks) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr(command.time, "sleep", sleep)
    result = monitor("cluster", "status", "--json", "--watch")
    assert result.exit_code == 130
    assert len(result.stdout.splitlines()) == 3
    assert looks == [2.0, 2.0, 2.0]
