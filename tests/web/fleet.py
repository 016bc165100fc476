"""A fleet in a real database, for pages: one worker works, one ends its work, one is gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

import psycopg

from monitor.cluster.enrol import sync
from monitor.cluster.jobs.schema import install
from monitor.cluster.plan import plan
from monitor.model.rules_versions import RulesFiles
from monitor.store.postgres.now import server_now
from monitor.store.postgres.store import open_postgres
from monitor.store.rules_rows import RulesVersions
from monitor.store.turn_rows import TurnRows
from monitor.store.worker_rows import Workers
from tests.cluster.fleet import worker
from tests.cluster.made import at_one_host
from tests.store.builders import DESK, FIELD, NOW, tell

HOSTILE: Final = "<b>غرفة</b>\u202e"  # what a host may call itself


def make(url: str) -> None:
    """In a database that has the schema."""
    store = open_postgres(url, now=NOW)
    try:
        files = RulesFiles(main="rules.yaml", texts={"rules.yaml": "version: 1"})
        RulesVersions(store.database).publish(files, by="sara@alpha", note="أول نشر", now=NOW)
        workers = Workers(store.database, server_now)
        workers.beat(worker("a-1", rules_number=1))
        refused = "rules version 2 cannot be used:\nrules.yaml:3:1: error R201: unknown setting 'nearr'"
        workers.beat(worker("b-2", host=HOSTILE, stage="draining", rules_number=None, rules_trouble=refused))
        workers.beat(replace(worker("c-3", rules_number=1), version="0.8"))
        with store.database.write() as db:
            db.execute("UPDATE worker SET beat_us = beat_us - 600000000 WHERE id = 'c-3'")
        for title, recipient in (("غارة", DESK), ("قصف", FIELD)):
            tell(store, title, recipient)
        TurnRows(store.database, server_now, lease=timedelta(minutes=10)).take("desk", "a-1")
    finally:
        store.close()
    install(url)
    with psycopg.connect(url, autocommit=True) as db:
        sync(db, 1, at_one_host(40))
        plan(db, limit=500, lease=timedelta(minutes=10), worker="a-1")
        db.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, args, status) "
            "VALUES ('poll', 'poll', 0, NULL, '{}', 'todo')"
        )


def one_more(url: str, worker_id: str) -> None:
    store = open_postgres(url, now=NOW)
    try:
        Workers(store.database, server_now).beat(worker(worker_id, rules_number=1))
    finally:
        store.close()
