"""Whole worker processes, killed, and the server restarted under them."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from monitor.cluster.jobs.schema import install
from tests.cluster.jobs.replicas import Replicas, Told, replicas, wait_for
from tests.postgres.server import Postgres

EVERY = 0.25  # seconds; a slot
TICKS = 60


@dataclass(frozen=True)
class Fleet:
    """What three replicas told, of which one was killed with naps in its hands."""

    ticks: list[Told]
    began: list[Told]
    ended: list[Told]
    killed: int


@pytest.fixture(scope="module")
def fleet(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    url = postgres.fresh(install)
    with replicas(tmp_path_factory.mktemp("fleet"), url, every=EVERY) as made:
        made.start(3)
        first = len(_slots(made))
        wait_for(lambda: len(_slots(made)) > first + TICKS // 3)
        made.nap([2.0] * 6)  # two for each
        wait_for(lambda: len(made.told("began")) == 6)
        victim = made.processes[0]
        victim.send_signal(signal.SIGKILL)
        wait_for(lambda: len({nap.which for nap in made.told("ended")}) == 6 and len(_slots(made)) > first + TICKS)
        yield Fleet(made.told("tick"), made.told("began"), made.told("ended"), victim.pid)
    postgres.drop(url)


def _slots(made: Replicas) -> set[int]:
    return {tick.which for tick in made.told("tick")}


def test_every_slot_comes_once_though_a_replica_is_killed(fleet: Fleet) -> None:
    told = Counter(tick.which for tick in fleet.ticks)
    every = round(EVERY * 1_000_000)
    assert sorted(told) == list(range(min(told), max(told) + every, every))
    last_of_killed = [tick.which for tick in fleet.ticks if tick.pid == fleet.killed][-1:]
    assert {slot for slot, times in told.items() if times > 1} <= set(last_of_killed)  # it may have died with that job


def test_all_replicas_work_on_slots(fleet: Fleet) -> None:
    assert len({tick.pid for tick in fleet.ticks}) == 3


def test_the_jobs_of_a_killed_replica_begin_again_at_others(fleet: Fleet) -> None:
    died = {nap.which for nap in fleet.began if nap.pid == fleet.killed} - {
        nap.which for nap in fleet.ended if nap.pid == fleet.killed
    }
    again = {nap.which for nap in fleet.began if nap.pid != fleet.killed}
    assert died
    assert died <= again
    assert Counter(nap.which for nap in fleet.ended) == dict.fromkeys(range(6), 1)


def test_a_crash_of_the_server_costs_no_job_and_none_is_done_twice(own_postgres: Postgres, tmp_path: Path) -> None:
    url = own_postgres.fresh(install)
    with replicas(tmp_path, url) as made:
        made.start(2)
        made.nap([1.0] * 16)
        wait_for(lambda: len(made.told("ended")) >= 4 and len(made.told("began")) > len(made.told("ended")))
        own_postgres.restart(immediate=True)
        wait_for(lambda: len({nap.which for nap in made.told("ended")}) == 16)
        for process in made.processes:
            process.terminate()
        assert [process.wait(60) for process in made.processes] == [0, 0]
        assert Counter(nap.which for nap in made.told("ended")) == dict.fromkeys(range(16), 1)
