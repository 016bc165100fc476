"""Who polls on a shared database: one alone, or many who share it; and what a lost connection means."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import psycopg
import pytest

from monitor.errors import StateError, StateLocked
from monitor.store.postgres.fleet_lock import FleetLock, holders
from monitor.store.right import PollRight
from tests.postgres import Postgres

from . import children
from .builders import NOW

HOLD = """
    from monitor.store.postgres.fleet_lock import FleetLock
    lock = FleetLock.acquire(sys.argv[2], command="monitor run")
    print(os.getpid(), flush=True)
    sys.stdin.readline()
"""


def cut(url: str) -> None:
    """End every session of the database but this one, as a restart or the network does."""
    with psycopg.connect(url, autocommit=True) as db:
        db.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


@pytest.mark.parametrize(
    ("first", "second", "refused"),
    [(False, False, True), (False, True, True), (True, False, True), (True, True, False)],
    ids=["alone and alone", "alone and shared", "shared and alone", "shared and shared"],
)
def test_one_polls_alone_or_many_share(postgres_url: str, first: bool, second: bool, refused: bool) -> None:
    with FleetLock.acquire(postgres_url, shared=first, command="monitor first"):
        if not refused:
            FleetLock.acquire(postgres_url, shared=second, command="monitor second").release()
            return
        with pytest.raises(StateLocked) as told:
            FleetLock.acquire(postgres_url, shared=second, command="monitor second")
    assert f"is in use: monitor first, pid {os.getpid()} on {socket.gethostname()} since 20" in str(told.value)
    FleetLock.acquire(postgres_url, shared=second, command="monitor second").release()


def test_a_killed_holder_holds_nothing(postgres_url: str, tmp_path: Path) -> None:
    with children.start(tmp_path, HOLD, postgres_url) as child:
        pid = int(children.first_line(child))
        assert [(each.command, each.pid, each.host) for each in holders(postgres_url)] == [
            ("monitor run", pid, socket.gethostname())
        ]
        assert holders(postgres_url)[0].started_at is not None
        os.kill(pid, signal.SIGKILL)
        child.wait()
    FleetLock.acquire(postgres_url, command="monitor check").release()
    assert holders(postgres_url) == []


def test_whoever_lost_the_connection_takes_it_again_if_nobody_else_did(postgres_url: str) -> None:
    with FleetLock.acquire(postgres_url, command="monitor run") as lock:
        cut(postgres_url)
        assert holders(postgres_url) == []
        lock.look()
        assert len(holders(postgres_url)) == 1
        lock.look()
        assert len(holders(postgres_url)) == 1, "it is taken once"


def test_whoever_lost_it_to_another_is_told(postgres_url: str) -> None:
    with FleetLock.acquire(postgres_url, command="monitor run") as lock:
        cut(postgres_url)
        with FleetLock.acquire(postgres_url, shared=True, command="monitor worker"):
            for _ in range(2):
                with pytest.raises(StateLocked, match="monitor worker"):
                    lock.look()
        lock.look()
        assert holders(postgres_url)[0].command == "monitor run"


def test_a_server_that_is_away_is_told_and_found_again(own_postgres: Postgres) -> None:
    lock = FleetLock.acquire(own_postgres.url(), command="monitor run")
    own_postgres.stop(immediate=True)
    with pytest.raises(StateError, match="cannot be reached") as told:
        lock.look()
    assert not isinstance(told.value, StateLocked)
    own_postgres.start()
    lock.look()
    assert len(holders(own_postgres.url())) == 1
    lock.release()
    lock.release()


def test_many_holders_are_not_all_named(postgres_url: str) -> None:
    shared = [FleetLock.acquire(postgres_url, shared=True, command=f"monitor worker-{n}") for n in range(5)]
    with pytest.raises(StateLocked, match=r"monitor worker-2, pid .* and 2 more$"):
        FleetLock.acquire(postgres_url, command="monitor run")
    for each in shared:
        each.release()


def test_databases_of_one_server_are_each_their_own(postgres_url: str, postgres: Postgres) -> None:
    with FleetLock.acquire(postgres_url, command="a"), FleetLock.acquire(postgres.url(), command="b"):
        assert len(holders(postgres_url)) == 1


def test_the_right_to_poll_is_of_the_directory_and_of_the_database(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_DATABASE_URL", postgres_url)
    first = PollRight.acquire(tmp_path / "one", command="monitor run", now=NOW)
    for directory, said in (("one", "pid"), ("two", "monitor run, pid")):
        with pytest.raises(StateLocked, match=said):
            PollRight.acquire(tmp_path / directory, command="monitor check", now=NOW)
    first.look()
    first.release()
    PollRight.acquire(tmp_path / "two", command="monitor check", now=NOW).release()
    monkeypatch.delenv("MONITOR_DATABASE_URL")
    with FleetLock.acquire(postgres_url, command="a"):
        PollRight.acquire(tmp_path / "two", command="monitor check", now=NOW).release()
