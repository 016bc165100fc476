"""Eighty feeds tell of one event in one second, and six workers read them: what is told is what one machine tells."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random

import psycopg

from tests.cluster.chaos_fleet import fleet
from tests.cluster.made import edition, until
from tests.cluster.newsstand import newsstand
from tests.cluster.reporter import FEEDS, WORDINGS, poll, world
from tests.postgres import Postgres
from tests.store.conftest import with_schema
from tests.support import ROOT

WORKERS, RUNS, MORE_RUNS = 6, 20, 3
TOLD = "SELECT rule_id FROM alert"
TABLES = """
    SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
    WHERE schemaname = 'public' AND tablename NOT IN ('meta', 'schema_version')
"""


@contextmanager
def reporters(url: str) -> Iterator[list[subprocess.Popen[str]]]:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.cluster.reporter", url, str(number), str(WORKERS)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        for number in range(WORKERS)
    ]  # fmt: skip
    try:
        yield running
    finally:
        for each in running:
            each.kill()
            each.communicate()


def say(running: list[subprocess.Popen[str]], what: str) -> None:
    for each in running:
        assert each.stdout is not None
        assert each.stdout.readline().strip() == what


def told_by_one_machine(wordings: int, *, seed: int) -> Counter[str]:
    made, order = world(wordings), list(range(FEEDS))
    Random(seed).shuffle(order)
    for number in order:
        poll(made, [number], wordings=wordings)
    with made.store.database.read() as db:
        return Counter(row[0] for row in db.execute(TOLD).fetchall())


def test_one_event_in_eighty_feeds_is_told_as_by_one_machine_whoever_reads_them(postgres: Postgres) -> None:
    """Once by the rule that wants one source; by those that want more, when there are so many."""
    alone = {wordings: told_by_one_machine(wordings, seed=wordings) for wordings in (1, 3)}
    assert alone[1] == {"any": 1}
    assert alone[3] == {"told-twice": 1, "told-thrice": 1}
    url = postgres.fresh(with_schema)
    with reporters(url) as running, psycopg.connect(url, autocommit=True) as db:
        say(running, "ready")
        (tables,) = db.execute(TABLES.encode()).fetchall()[0]
        for wordings in [1] * RUNS + [3] * MORE_RUNS:
            db.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE".encode())
            for each in running:
                assert each.stdin is not None
                each.stdin.write(f"{wordings}\n")
                each.stdin.flush()
            say(running, "polled")
            assert db.execute("SELECT count(DISTINCT version_id) FROM verdict").fetchall() == [(FEEDS,)]
            assert Counter(row[0] for row in db.execute(TOLD.encode()).fetchall()) == alone[wordings]


RULES = """
version: 1
defaults: {{every: 30s, notify: [desk]}}
feeds:
{feeds}
rules:
  - {{id: any, title: غارات, all: [غارة]}}
channels:
  desk: {{url: "json://127.0.0.1:{port}/desk", language: en}}
"""


def test_six_real_workers_send_one_message_of_one_event_in_eighty_feeds(tmp_path: Path, postgres: Postgres) -> None:
    happened = list[bool]()

    def page(path: str) -> bytes:
        return edition(path, WORDINGS[0], is_out=bool(happened))

    url = postgres.fresh()
    with newsstand(page) as stand, fleet(tmp_path, url) as workers:
        feeds = "\n".join(
            f'  - {{id: f{n}, url: "http://127.0.0.{1 + n % 8}:{stand.port}/f{n}", allow_private: true}}'
            for n in range(FEEDS)
        )
        workers.publish(RULES.format(feeds=feeds, port=stand.port))
        workers.start(WORKERS)
        until(lambda: workers.ask("SELECT count(*) FROM feed_state WHERE baselined = 1") == [(FEEDS,)], seconds=120)
        happened.append(True)
        workers.ask("UPDATE feed_state SET next_poll_us = 0 WHERE lane IS NOT NULL")
        until(lambda: workers.ask("SELECT count(*) FROM verdict") == [(FEEDS,)], seconds=120)
        workers.wait_for("SELECT count(*) > 0 AND bool_and(status = 'sent') FROM delivery")
        assert workers.ask("SELECT count(*) FROM alert") == [(1,)]
        assert [WORDINGS[0] in message.text for message in stand.messages] == [True]
