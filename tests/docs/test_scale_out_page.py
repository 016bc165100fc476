"""The way from one machine to many is one that can be gone, and the page's figures are the code's."""

from __future__ import annotations

import json
import signal
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from monitor.cluster import parts, plan, polling, troubles, turns, worker
from monitor.cluster.jobs import backoff, connection, reaper
from monitor.cluster.lanes import GAP
from monitor.cluster.rules_watch import FALL_BACK, TRY_AGAIN
from monitor.feeds import fetch
from monitor.store.postgres.database import PATIENCE
from monitor.store.which import VARIABLE
from tests.command import Command
from tests.docs.commandline import command_lines
from tests.docs.markdown import blocks, read
from tests.servers import Site, site
from tests.world import item, rss

PAGE = "docs/howto/scale-out.md"
EACH = worker.CONNECTIONS + connection.POOL + 1 + 1
PATIENT = 60.0  # seconds


@pytest.mark.parametrize(
    "claim",
    [
        f"A worker takes {EACH} at most: {worker.CONNECTIONS} for its work, {connection.POOL} and a listener",
        f"{EACH} for each worker, at most",
        f"| {parts.FETCHES} fetches at once of one worker |",
        f"{parts.FETCHES} fetches at once in each",
        f"| {fetch.PARALLEL} fetches at once of `monitor run` |",
        f"within {worker.DRAIN:.0f} seconds",
        f"sends to {turns.CHANNELS} channels at a time",
        f"its channels after {turns.LEASE.seconds}",
        f"tries for {PATIENCE.seconds} seconds",
        f"every {backoff.LONGEST:.0f} seconds at least",
        f"off by more than {troubles.CLOCK_OFF.seconds} seconds",
        f"warns at {troubles.FULL:.0%}".replace("%", " %"),
        f"within {polling.LEASE.seconds // 60} minutes",
        "asks a host once a second" if GAP.seconds == 1 else "?",
        "tries again each minute" if TRY_AGAIN.seconds == 60 else "?",
        "newest of the last fifty" if FALL_BACK == 50 else "?",
        "A job that five workers died of" if reaper.STARTS == 5 else "?",
        "100 connections of PostgreSQL",
    ],
)
def test_the_figures_of_the_page_are_those_of_the_code(claim: str) -> None:
    assert claim in " ".join(read(PAGE).split())


def test_connections_of_the_sizing_table_are_those_of_its_workers() -> None:
    rows = {
        cells[0].strip("* "): [int(cell.replace(",", "")) for cell in cells[1:4]]
        for line in read(PAGE).splitlines()
        if (cells := [cell.strip() for cell in line.strip("|").split("|")])[0].strip("* ")
        in ("worker processes, busiest hour", "connections")
    }
    assert rows["connections"] == [EACH * number for number in rows["worker processes, busiest hour"]]


def test_no_slot_lies_so_far_ahead_that_a_lease_could_end_before_it() -> None:
    """What the page says of the loss of a worker supposes it."""
    assert plan.HORIZON < polling.LEASE


def test_one_machine_becomes_a_fleet_as_the_page_says(tmp_path: Path, postgres_url: str) -> None:
    """Every `monitor` line of the steps, in their order; and nothing that was told is told again."""
    steps = [
        line
        for block in blocks(PAGE)
        if block.info == "sh" and block.line in _lines_of("## From one machine to many", "## With systemd")
        for line in command_lines(block.text)
    ]
    copy, publish, start, look = steps
    with site() as web:
        monitor = _one_machine(tmp_path, web)
        monitor.environ[VARIABLE] = postgres_url
        assert _told(monitor, *copy)
        assert _told(monitor, *publish, "--yes")
        running = monitor.start(*start)
        try:
            _until(lambda: _asked(postgres_url, "SELECT count(*) FROM worker WHERE rules_number = 1") == 1)
            assert [each["stage"] for each in json.loads(_told(monitor, *look, "--json"))["workers"]] == ["working"]
            web.pages["/feed"] = rss(*_entries("إغلاق المطار", "تفجير قرب المطار"))
            _due(postgres_url)
            _until(lambda: len(web.received) == 2)
            assert monitor.run("status", "--healthcheck", "--state", start[-1]).returncode == 0
            refused = monitor.run("check")
            assert (refused.returncode, "monitor worker" in refused.stderr) == (6, True)
            running.send_signal(signal.SIGTERM)
            out, err = running.communicate(timeout=PATIENT)
            assert running.returncode == 0, out + err
        finally:
            running.kill()
            running.communicate()
        assert ["إغلاق" in str(message) for message in web.received] == [True, False]


def _lines_of(first: str, last: str) -> range:
    lines = read(PAGE).splitlines()
    return range(lines.index(first) + 1, lines.index(last) + 1)


def _one_machine(folder: Path, web: Site) -> Command:
    monitor = Command(folder)
    web.pages["/feed"] = rss(*_entries("إغلاق المطار"))
    monitor.write_rules(
        f"""
version: 1
feeds: [{{url: '{web.url("/feed")}', id: one}}]
channels: {{desk: {{url: '{web.hook()}'}}}}
rules: [{{id: any, title: any, all: [مطار], notify: [desk]}}]
"""
    )
    assert monitor.check("--no-baseline")["deliveries"]["sent"] == 1
    return monitor


def _entries(*titles: str) -> list[str]:
    return [item(title, n=n, at=datetime.now(UTC)) for n, title in enumerate(titles)]


def _told(monitor: Command, *line: str) -> str:
    done = monitor.run(*line)
    assert done.returncode == 0, done.stderr or done.stdout
    return done.stdout


def _asked(url: str, query: str) -> int:
    with psycopg.connect(url) as db:
        return int(db.execute(query.encode()).fetchall()[0][0])


def _due(url: str) -> None:
    """The feed's next poll is minutes away."""
    with psycopg.connect(url) as db:
        db.execute("UPDATE feed_state SET next_poll_us = 0 WHERE leased_by IS NULL")


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENT
    while not true():
        assert time.monotonic() < end
        time.sleep(0.2)
