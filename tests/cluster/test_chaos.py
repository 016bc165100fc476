"""Two workers, killed again and again while feeds publish and channels listen, and their database with them: what was
sent is what was due. `bench/fleet_chaos.py` is the long form."""

from __future__ import annotations

from pathlib import Path

from tests.cluster.chaos import Plan, rage
from tests.cluster.newsstand import Message
from tests.cluster.timetable import Account, timetable
from tests.postgres import Postgres

PLAN = Plan(feeds=200, seconds=20, a_second=5, kills=3, restarts=1)


def test_what_two_workers_send_is_what_was_due_however_they_end(tmp_path: Path, own_postgres: Postgres) -> None:
    done = rage(tmp_path, own_postgres, PLAN)
    assert done.expected >= 40, "too little was published for this to show anything"
    assert done.account.lost == []
    assert done.account.unasked == []
    assert done.account.repeats <= PLAN.kills
    assert max(done.account.alerts.values()) == 1
    assert done.in_database == 0
    assert done.failed == 0, "a feed is held to have failed"
    assert (done.died, done.ends) == (0, [0, 0])
    assert not [log for log in done.logs if "Traceback" in log]


def test_the_account_tells_what_is_missing_what_came_again_and_what_nobody_asked_for() -> None:
    paper = timetable(5, seconds=4, a_second=5, seed=1)
    (first, desk), (second, other), *_ = paper.expected.items()
    lines = [(desk, first, "1.1"), (desk, first, "1.1"), (desk, first, "7.1"), (desk, second, "2.1")]
    assert desk != other
    account = Account.of(
        paper.expected, [Message(to, headline, f"Alert: {alert} · x", 0.0) for to, headline, alert in lines]
    )
    assert account.lost == sorted(paper.expected.keys() - {first, second})
    assert account.repeats == 2
    assert account.alerts[first] == 2
    assert len(account.unasked) == 1
