"""The environment variables that docs/reference/files.md lists do what it says."""

from __future__ import annotations

import re
import socket
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

import pytest

from monitor.cluster.jobs import connection
from monitor.store import Reader
from monitor.store.postgres.store import open_postgres
from tests.command import Command
from tests.docs.markdown import read

LISTED = set(re.findall(r"^\| `([A-Z_]+)` \|", read("docs/reference/files.md"), flags=re.MULTILINE))
RULES = "version: 1\nfeeds: [{{url: '{feed}', id: one}}]\nrules: [{{id: any, title: any, all: [مطار]}}]\n"


@pytest.fixture
def monitor(tmp_path: Path) -> Command:
    command = Command(tmp_path)
    command.write_rules(RULES.format(feed="http://127.0.0.1:9/"))
    return command


def test_these_variables_are_listed() -> None:
    ours = {"CONFIG", "STATE", "CONTACT", "DATABASE_URL", "LISTEN"}
    assert {*(f"MONITOR_{name}" for name in ours), "SSL_CERT_FILE"} == LISTED


def test_config_and_state_can_be_named_in_the_environment(monitor: Command) -> None:
    (monitor.folder / "rules.yaml").rename(monitor.folder / "mine.yaml")
    monitor.environ.update(MONITOR_CONFIG="mine.yaml", MONITOR_STATE="memory")
    assert monitor.check(expect=4)["feeds"]["failed"] == 1
    assert (monitor.folder / "memory" / "monitor.db").exists()


def test_the_contact_stands_in_every_request(monitor: Command) -> None:
    monitor.environ["MONITOR_CONTACT"] = "https://example.org/who"
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked: list[bytes] = []
        Thread(target=_take_one, args=(server, asked), daemon=True).start()
        monitor.write_rules(RULES.format(feed=f"http://127.0.0.1:{server.getsockname()[1]}/"))
        monitor.check(expect=4)
    assert re.search(rb"^User-Agent: monitor/\S+ \(\+https://example\.org/who\)\r$", asked[0], flags=re.MULTILINE)


def test_the_state_is_in_the_database_that_is_named(monitor: Command, postgres_url: str) -> None:
    monitor.environ["MONITOR_DATABASE_URL"] = postgres_url
    assert monitor.check(expect=4)["feeds"]["failed"] == 1
    assert not (monitor.folder / "state" / "monitor.db").exists()
    with closing(open_postgres(postgres_url, now=datetime.now(UTC))) as store:
        assert Reader(store.database).feeds()[0].failures == 1


def test_a_database_that_does_not_answer_is_told_without_its_password(monitor: Command) -> None:
    monitor.environ["MONITOR_DATABASE_URL"] = "postgresql://me:a-word-that-is-secret@127.0.0.1:9/name"
    told = monitor.run("check")
    assert told.returncode == 1
    assert re.search(r"on 127\.0\.0\.1:9:? (it )?cannot be reached", told.stderr)
    assert "a-word-that-is-secret" not in told.stdout + told.stderr


@pytest.mark.parametrize(("value", "listens"), [("off", False), ("on", True)])
def test_whether_workers_listen_can_be_told(value: str, listens: bool) -> None:
    assert connection.listens({"MONITOR_LISTEN": value}) is listens


def test_certificates_that_cannot_be_read_are_told(monitor: Command) -> None:
    monitor.environ["SSL_CERT_FILE"] = "nowhere.pem"
    told = monitor.run("check")
    assert told.returncode == 3
    assert "SSL_CERT_FILE" in told.stderr


def _take_one(server: socket.socket, asked: list[bytes]) -> None:
    connection, _ = server.accept()
    with connection:
        asked.append(connection.recv(65536))
        connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
