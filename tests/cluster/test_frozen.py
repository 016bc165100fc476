"""The database stands still, with its connections open: workers say so, wait, and go on by themselves."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cluster.chaos_fleet import Fleet, fleet
from tests.cluster.made import edition, until
from tests.cluster.newsstand import newsstand
from tests.cluster.test_drain import BASELINED, SOON, rules
from tests.cluster.test_worker_seen import answered
from tests.postgres import Postgres

FEEDS = 12
SHORT = """
from monitor.store.postgres import bounded
bounded.ANSWER = 2.0
from monitor.cluster.jobs import connection
connection.ANSWER = connection.Answering.answers_within = 2.0
from monitor.store.postgres import fleet_lock
fleet_lock._ANSWER = 2.0
"""
SILENT = "has not answered for 2 seconds"


def served(workers: Fleet, number: int) -> str:
    port = re.search(r"listen\.started .*port=(\d+)", workers.log(number))
    return f"http://127.0.0.1:{port[1]}" if port else ""


def are_ready(workers: Fleet, status: int) -> bool:
    return all(answered(f"{served(workers, number)}/readyz")[0] == status for number in (0, 1))


def test_while_the_database_stands_still_workers_live_and_when_it_goes_on_so_do_they(
    tmp_path: Path, own_postgres: Postgres
) -> None:
    url, happened = own_postgres.fresh(), list[bool]()

    def page(path: str) -> bytes:
        return edition(path, "غارة على البلدة رقم {}", is_out=bool(happened))

    listen = ("--listen", "127.0.0.1:0")
    with newsstand(page) as stand, fleet(tmp_path, url, options=listen, before=SHORT) as workers:
        workers.publish(rules(stand.port, FEEDS))
        workers.start(2)
        until(lambda: workers.ask(BASELINED) == [(FEEDS,)] and are_ready(workers, 200), seconds=SOON)
        happened.append(True)
        workers.ask("UPDATE feed_state SET next_poll_us = 0 WHERE lane IS NOT NULL")
        with own_postgres.frozen():
            until(lambda: are_ready(workers, 503), seconds=SOON)
            assert [answered(f"{served(workers, number)}/healthz")[0] for number in (0, 1)] == [200, 200]
            until(lambda: all(SILENT in workers.log(number) for number in (0, 1)), seconds=SOON)
        until(lambda: are_ready(workers, 200), seconds=SOON)
        told = "SELECT count(*) = %s AND bool_and(status = 'sent') FROM delivery"
        until(lambda: workers.ask(told, (FEEDS,)) == [(True,)], seconds=SOON)
        assert workers.ask("SELECT count(*), count(DISTINCT (feed, guid)) FROM entry") == [(2 * FEEDS, 2 * FEEDS)]
        assert workers.died == 0
        assert "Traceback" not in workers.log(0) + workers.log(1)
