"""The pages through the real commands: beside the daemon, which does not need them, and alone."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.beside import publish, with_old_news
from tests.command import Command
from tests.servers import Site
from tests.test_end_to_end import wait_until

RULES = """
version: 1
language: en
feeds:
  - {{id: one, url: "{feed}"}}
rules:
  - id: fires
    all: [حريق]
    notify: [desk]
channels:
  desk: {{url: "{desk}"}}
"""
LONGEST_STOP = 10.0  # seconds; what a service manager gives


@pytest.fixture
def web() -> Iterator[Site]:
    with with_old_news() as made:
        yield made


@pytest.fixture
def monitor(web: Site, tmp_path: Path) -> Command:
    """The feed was read once before."""
    command = Command(tmp_path)
    command.write_rules(RULES.format(feed=web.url("/one"), desk=web.hook("/desk")))
    command.check("--all")
    return command


@dataclass
class Started:
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def children(self) -> list[int]:
        """Every process of the pages so far."""
        return [int(pid) for pid in re.findall(r"web\.started pid=(\d+)", self.log.read_text(encoding="utf-8"))]

    @property
    def port(self) -> int:
        found = re.search(r"(?:web\.listening .*port=|http://127\.0\.0\.1:)(\d+)", self.log.read_text(encoding="utf-8"))
        return int(found[1]) if found else 0

    def status(self) -> int:
        """Of `/healthz`; 0 while nobody answers."""
        connection = HTTPConnection("127.0.0.1", self.port or 1, timeout=20)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()


@contextmanager
def started(monitor: Command, *arguments: str) -> Iterator[Started]:
    log = monitor.folder / "log.txt"
    with log.open("wb") as file:
        process = subprocess.Popen(
            monitor.words(arguments), cwd=monitor.folder, env={**monitor.environment(), "PYTHONUNBUFFERED": "1"},
            stdin=subprocess.DEVNULL, stdout=file, stderr=file,
        )  # fmt: skip
    run = Started(process, log)
    try:
        wait_until(lambda: run.status() == 200 or process.poll() is not None)
        assert process.poll() is None, log.read_text(encoding="utf-8")
        yield run
    finally:
        process.kill()
        process.wait()


def is_alive(pid: int) -> bool:
    """A process that nobody has waited for yet is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


@contextmanager
def flood(port: int) -> Iterator[list[int]]:
    """Connections that say nothing further, as many as there may be, and pages that are asked for on and on."""
    answers: list[int] = []
    ended = threading.Event()
    held = []
    for _ in range(300):
        with suppress(OSError):
            connection = socket.create_connection(("127.0.0.1", port), timeout=5)
            connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            held.append(connection)

    def ask() -> None:
        while not ended.is_set():
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                connection.sendall(b"GET /no-such-page HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                connection.settimeout(5)
                answers.append(len(connection.recv(100)))

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        yield answers
    finally:
        ended.set()
        for connection in held:
            connection.close()
        for thread in threads:
            thread.join(20)


def test_alerts_go_out_whatever_becomes_of_the_pages(monitor: Command, web: Site) -> None:
    with started(monitor, "run", "--web", "127.0.0.1:0") as run:
        with flood(run.port) as answers:
            wait_until(lambda: len(answers) > 5)
            publish(monitor, web, "حريق في السوق")
            wait_until(lambda: len(web.received) == 1)
            [first] = run.children
            subprocess.run(["kill", "-KILL", str(first)], check=True)
            publish(monitor, web, "حريق في السوق", "حريق في المرفأ القديم")
            wait_until(lambda: len(web.received) == 2)
        wait_until(lambda: len(run.children) == 2 and run.status() == 200)
        last = run.children[-1]
        run.process.send_signal(signal.SIGTERM)
        assert run.process.wait(LONGEST_STOP) == 0
        wait_until(lambda: not is_alive(last) and run.status() == 0)


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT], ids=["killed", "Ctrl-C"])
def test_the_pages_end_with_the_daemon(monitor: Command, end: signal.Signals) -> None:
    with started(monitor, "run", "--web", "127.0.0.1:0") as run:
        [child] = run.children
        run.process.send_signal(end)
        assert run.process.wait(LONGEST_STOP) == (-end if end is signal.SIGKILL else 0)
        wait_until(lambda: not is_alive(child) and run.status() == 0)


def test_pages_alone_are_shown_beside_a_daemon_and_end_when_they_are_told_to(monitor: Command) -> None:
    for end in (signal.SIGTERM, signal.SIGINT):
        with started(monitor, "web", "--listen", "127.0.0.1:0") as run:
            assert monitor.run("check").returncode == 0  # the lock of polling is free
            run.process.send_signal(end)
            assert run.process.wait(LONGEST_STOP) == 0
            assert "Traceback" not in run.log.read_text(encoding="utf-8")


NO_TOKEN = 'web: {token: "${WEB_TOKEN}"}\n'


@pytest.mark.parametrize(("command", "address", "more", "code", "told"), [
    (("web", "--listen"), "taken", "", 2, "cannot listen on 127.0.0.1 port"),
    (("web", "--listen"), "0.0.0.0:0", "", 2, "users, token or trust"),
    (("web", "--listen"), "[::]:0", "web: {url: https://m.example}\n", 2, "users, token or trust"),
    (("web", "--listen"), "127.0.0.1:0", NO_TOKEN, 2, "web.token"),
    (("web", "--listen"), "nonsense", "", 2, "--listen needs"),
    (("web", "--listen"), "127.0.0.1:0", "web: {users: {a: b}}\n", 3, "R209"),
    (("run", "--web"), "taken", "", 2, "choose another port with --web"),
    (("run", "--web"), "0.0.0.0:0", "", 2, "users, token or trust"),
    (("run", "--web"), "nonsense", "", 2, "--web needs"),
])  # fmt: skip
def test_what_cannot_be_opened_is_told_in_one_line(
    tmp_path: Path, command: tuple[str, str], address: str, more: str, code: int, told: str
) -> None:
    monitor = Command(tmp_path)
    monitor.write_rules(RULES.format(feed="http://127.0.0.1:9/", desk="json://127.0.0.1:9/") + more)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = monitor.run(*command, f"127.0.0.1:{port}" if address == "taken" else address)
    assert (done.returncode, told in done.stderr) == (code, True), done.stderr
    assert done.stderr.strip().splitlines()[-1].startswith("monitor: ")
    assert "Traceback" not in done.stderr


def test_a_password_becomes_a_line_that_the_rules_take(monitor: Command) -> None:
    done = monitor.run("web", "--hash", "salma", stdin="a long password\n")
    assert done.returncode == 0, done.stderr
    assert "a long password" not in done.stdout + done.stderr
    monitor.write_rules(
        (monitor.folder / "rules.yaml").read_text(encoding="utf-8") + f"web:\n  users:\n    {done.stdout}"
    )
    with started(monitor, "web", "--listen", "127.0.0.1:0") as run:
        connection = HTTPConnection("127.0.0.1", run.port, timeout=20)
        connection.request("GET", "/", headers={"Accept": "text/html"})
        assert connection.getresponse().getheader("location") == "/login"
        connection.close()


@pytest.mark.parametrize(
    ("user", "password"), [("token", "a long password"), ("a b", "a long password"), ("salma", "short")]
)
def test_a_name_or_a_password_that_is_none_makes_no_line(monitor: Command, user: str, password: str) -> None:
    done = monitor.run("web", "--hash", user, stdin=f"{password}\n")
    assert (done.returncode, done.stdout) == (2, "")
