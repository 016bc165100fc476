"""A PostgreSQL server that is made, started, stopped, and gone without a trace."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import count
from pathlib import Path
from random import SystemRandom
from typing import Any, Self

from .binaries import NoPostgres, for_the_account, server_account, server_binaries, temporary_folder
from .guard import Guard

ADDRESS = "127.0.0.1"
USER = "monitor"
PATIENCE = 60  # seconds; a start takes a fifth of one, a recovery on a busy machine may take some
# Below the ports that Linux gives to outgoing connections: while the server is down nobody gets its port by chance.
PORTS = (10_000, 32_000)

# Kept by the kernel, what was committed outlives any end of the server, though not the machine's.
NOT_DURABLE = {"fsync": "off", "full_page_writes": "off"}
SETTINGS = {
    "listen_addresses": f"'{ADDRESS}'",
    "unix_socket_directories": "''",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "jit": "off",
}


class Postgres:
    """A running server with data of its own, on a port of loopback that is free, behind a password.

    As root it is run by `postgres` or `nobody`. Making one starts it; `close`, or the end of a `with` block, ends it,
    and so does the end of this process. What was committed survives `stop(immediate=True)`; only `durable` asks the
    disk, which costs what it costs in production.

    Where the server has ICU (Debian's has) text is sorted as people would, not by its bytes: who needs bytes says so.
    """

    def __init__(self, *, durable: bool = False, settings: Mapping[str, str] | None = None) -> None:
        binaries, self._account = server_binaries(), server_account()
        self._folder = temporary_folder(self._account)
        self._guard = Guard(self._folder)
        self._password = secrets.token_hex(12)
        self._numbers = count(1)
        self._templates: dict[Callable[[str], object], str] = {}
        self._process: subprocess.Popen[bytes] | None = None
        try:
            self._binaries = for_the_account(binaries, self._account, self._folder)
            self._make({**SETTINGS, **({} if durable else NOT_DURABLE), **(settings or {})})
            self._start_anywhere()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def url(self, name: str = "postgres") -> str:
        """Of the database of this name, whether there is one or not."""
        return f"postgresql://{USER}:{self._password}@{ADDRESS}:{self.port}/{name}"

    def fresh(self, fill: Callable[[str], object] | None = None) -> str:
        """The URL of a new database: empty, or as `fill`, given the URL of an empty one, leaves it.

        `fill` is called once; further databases are copies of what it made. It must leave no connection open.
        """
        name = f"fresh_{next(self._numbers)}"
        template = "template1" if fill is None else self._templates.get(fill) or self._filled(fill)
        self.administer(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Remove the database, whoever is connected to it."""
        self.administer(f"DROP DATABASE IF EXISTS {url.rpartition('/')[2]} WITH (FORCE)")

    def administer(self, statement: str) -> None:
        """Run a statement outside of any transaction, as the superuser that everybody is here."""
        import psycopg

        try:
            with psycopg.connect(self.url(), autocommit=True, connect_timeout=PATIENCE) as connection:
                connection.execute(statement.encode())
        except psycopg.OperationalError as trouble:
            if self.is_running:
                raise
            raise NoPostgres(f"The server does not run; its last words:\n{self.last_words()}") from trouble

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """On the port that it had, so that clients find it again. Returns when it takes connections."""
        until = time.monotonic() + PATIENCE
        while not self._started(until):
            if time.monotonic() > until:
                raise NoPostgres(f"Port {self.port} was taken while the server was down:\n{self.last_words()}")
            time.sleep(0.1)

    def stop(self, *, immediate: bool = False) -> None:
        """End its sessions and stop it; `immediate`: as by a crash, so that the next start must recover."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGQUIT if immediate else signal.SIGINT)
        self._process.wait(PATIENCE)
        self._process = None

    def restart(self, *, immediate: bool = False) -> None:
        self.stop(immediate=immediate)
        self.start()

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """It stands still in the block, as where its disk or its machine does: the kernel goes on to take connections
        and what is sent, and nobody answers."""
        assert self._process is not None
        stopped: list[int] = []
        try:
            self._process.send_signal(signal.SIGSTOP)  # first: it alone starts others
            stopped.append(self._process.pid)
            for child in Path(f"/proc/{self._process.pid}/task/{self._process.pid}/children").read_text().split():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(child), signal.SIGSTOP)
                    stopped.append(int(child))
            yield
        finally:
            for pid in stopped:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)

    def close(self) -> None:
        """Stop it and remove all that it had."""
        try:
            self.stop(immediate=True)
        finally:
            self._guard.release()

    def last_words(self) -> str:
        """The end of its log."""
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-20:]) if self._log.exists() else ""

    @property
    def _log(self) -> Path:
        return self._folder / "log"

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _make(self, settings: Mapping[str, str]) -> None:
        secret = self._folder / "password"
        secret.touch(0o600)
        secret.write_text(self._password)
        if self._account:
            self._account.own(self._folder)
        options = ["-D", str(self._data), "-U", USER, f"--pwfile={secret}", "--auth=scram-sha-256", "--encoding=UTF8"]
        as_people_sort = ["--locale=C", "--locale-provider=icu", "--icu-locale=und"]
        told = self._ask("initdb", *options, *as_people_sort)
        if "ICU is not supported" in told.stdout:
            told = self._ask("initdb", *options, "--locale=C")
        if told.returncode != 0:
            raise NoPostgres(f"{self._binaries / 'initdb'} made no database:\n{told.stdout}")
        with (self._data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in settings.items())

    def _ask(self, program: str, *options: str) -> subprocess.CompletedProcess[str]:
        command = [str(self._binaries / program), "--no-sync", "--no-instructions", *options]
        return subprocess.run(
            command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False, **self._surroundings()
        )

    def _start_anywhere(self) -> None:
        until = time.monotonic() + PATIENCE
        while True:
            self.port = _free_port()
            if self._started(until):
                return

    def _started(self, until: float) -> bool:
        """Whether it has started; not so if the port is another's. Raises where it cannot start at all."""
        assert not self.is_running, "it runs"
        with self._log.open("wb") as log:
            self._process = process = subprocess.Popen(
                [self._binaries / "postgres", "-D", self._data, "-p", str(self.port)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C in a terminal is for who started it
                **self._surroundings(),
            )
        while not self._is_ready(process.pid):
            if process.poll() is not None:
                self._process = None
                if "Address already in use" in self.last_words():
                    return False
                raise NoPostgres(f"The server did not start; its last words:\n{self.last_words()}")
            if time.monotonic() > until:
                raise NoPostgres(f"The server takes no connections after {PATIENCE} s:\n{self.last_words()}")
            time.sleep(0.01)
        return True

    def _is_ready(self, pid: int) -> bool:
        """As pg_ctl knows it: by the eighth line of the file that the server writes."""
        try:
            lines = (self._data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(pid) and lines[7].strip() == "ready"

    def _surroundings(self) -> dict[str, Any]:
        """Nothing of the caller's: PGDATA, PGPORT or a locale of theirs must not change what is tested."""
        surroundings: dict[str, Any] = {"cwd": self._folder, "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C"}}
        return surroundings | (self._account.to_run_as() if self._account else {})

    def _filled(self, fill: Callable[[str], object]) -> str:
        name = f"filled_{next(self._numbers)}"
        self.administer(f"CREATE DATABASE {name}")
        fill(self.url(name))
        self._templates[fill] = name
        return name


def _free_port() -> int:
    dice = SystemRandom()  # tests seed the common one, and two of them at once would get the same port
    while True:
        port = dice.randint(*PORTS)
        with socket.socket() as tried:
            try:
                tried.bind((ADDRESS, port))
            except OSError:
                continue
        return port
