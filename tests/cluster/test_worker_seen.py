"""A worker as its operator has it, a process of its own: seen while it lives, missed when it was killed, and gone
without a trace when it was told to end."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import urlopen

import psycopg
import pytest

from tests.cli.terminal import RULES
from tests.cluster.made import until
from tests.command import Command


@pytest.fixture
def command(tmp_path, postgres_url) -> Command:
    made = Command(tmp_path, {"MONITOR_DATABASE_URL": postgres_url})
    made.write_rules(RULES.replace("https://one.example/rss", "http://127.0.0.1:9/rss"))
    return made


@contextmanager
def working(command: Command, name: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A worker with a state directory of that name; the process, and where it serves."""
    log = command.folder / f"{name}.log"
    with log.open("w", encoding="utf-8") as told:
        process = subprocess.Popen(
            command.words(("worker", "-s", name, "--listen", "127.0.0.1:0")), cwd=command.folder,
            env=command.environment(), stdin=subprocess.DEVNULL, stdout=told, stderr=told,
        )  # fmt: skip
        try:
            until(lambda: "listen.started" in log.read_text("utf-8"))
            port = re.search(r"listen\.started .*port=(\d+)", log.read_text("utf-8"))
            assert port is not None
            yield process, f"http://127.0.0.1:{port[1]}"
        finally:
            process.kill()
            process.wait(30)


def answered(url: str) -> tuple[int, str]:
    try:
        with urlopen(url, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def fleet(command: Command) -> dict[str, object]:
    told: dict[str, object] = json.loads(command.run("cluster", "status", "--json").stdout)
    return told


def rows(url: str) -> list[int]:
    with psycopg.connect(url) as db:
        return [row[0] for row in db.execute("SELECT pid FROM worker ORDER BY began_us")]


def test_a_worker_is_seen_while_it_lives_and_missed_only_if_it_was_killed(command: Command, postgres_url: str) -> None:
    assert command.run("rules", "publish", "--yes").returncode == 0
    with working(command, "a") as (first, at), working(command, "b") as (second, _):
        until(lambda: answered(f"{at}/readyz")[0] == 200)
        until(lambda: sorted(rows(postgres_url)) == sorted([first.pid, second.pid]))
        until(lambda: fleet(command)["rules"] is not None and fleet(command)["rules"]["followed_by"] == 2)
        assert answered(f"{at}/healthz") == (200, "alive\n")
        assert 'monitor_fleet_workers{stage="working"} 2.0' in answered(f"{at}/metrics")[1]
        for directory in ("a", "b"):
            assert command.run("status", "-s", directory, "--healthcheck").returncode == 0
        shown = command.run("status", "-s", "a").stdout
        assert "running      2 workers" in shown
        assert "cannot be looked at" not in shown
        first.terminate()
        assert first.wait(60) == 0
        assert rows(postgres_url) == [second.pid]
        assert command.run("status", "-s", "a", "--healthcheck").returncode == 1
        second.kill()
        second.wait(30)
        assert rows(postgres_url) == [second.pid]
        with psycopg.connect(postgres_url) as db:  # rather than to wait until it has been silent for long
            db.execute("UPDATE worker SET beat_us = beat_us - 16000000")
        told = command.run("cluster", "status")
        assert told.returncode == 1
        assert "No worker takes on work" in told.stdout
        assert "GONE" in told.stdout


def test_a_worker_without_rules_is_alive_and_says_what_it_lacks(command: Command, postgres_url: str) -> None:
    with working(command, "a") as (_, at):
        assert answered(f"{at}/healthz")[0] == 200
        until(lambda: "no rules yet" in answered(f"{at}/readyz")[1])
        told = command.run("cluster", "status")
        assert told.returncode == 1
        assert "No rules were published" in told.stdout
        password = psycopg.conninfo.conninfo_to_dict(postgres_url)["password"]
        assert str(password) not in (command.folder / "a.log").read_text("utf-8")
