"""The server that tests run on: separate databases, data that outlive it, and nothing left behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.postgres import NoPostgres, Postgres, binaries, server
from tests.support import ROOT

TABLE = "CREATE TABLE told (what TEXT)"
NOTE = "INSERT INTO told VALUES ('غارة')"

ABANDONED = """
import sys
from tests.postgres import Postgres
server = Postgres()
print(server.url(), flush=True)
sys.stdin.read()
"""


def run(url: str, *statements: str) -> None:
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def ask(url: str, question: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(question.encode()).fetchall()


def folder_of(server_url: str) -> Path:
    return Path(ask(server_url, "SHOW data_directory")[0][0]).parent


def eventually(holds: Callable[[], bool], *, seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def is_refused(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.OperationalError as trouble:
        return "refused" in str(trouble)
    return False


# What a shell starts in the background ignores Ctrl-C, and so would all that is started from there.
HEARS_CTRL_C = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"


def started(program: str) -> subprocess.Popen[str]:
    """A user of a server, in a session of its own: as in a terminal, whose Ctrl-C goes to all of a group."""
    return subprocess.Popen(
        [sys.executable, "-c", HEARS_CTRL_C + program],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def test_fresh_databases_are_separate(postgres: Postgres) -> None:
    one, other = postgres.fresh(), postgres.fresh()
    run(one, TABLE, NOTE)
    assert ask(other, "SELECT to_regclass('told')") == [(None,)]
    run(other, TABLE)
    assert (ask(one, "TABLE told"), ask(other, "TABLE told")) == ([("غارة",)], [])


def test_what_fills_a_database_runs_once_for_many(postgres: Postgres) -> None:
    filled: list[str] = []

    def fill(url: str) -> None:
        filled.append(url)
        run(url, TABLE, NOTE)

    one, other = postgres.fresh(fill), postgres.fresh(fill)
    run(one, "DELETE FROM told")
    assert (ask(one, "TABLE told"), ask(other, "TABLE told")) == ([], [("غارة",)])
    assert len(filled) == 1
    assert filled[0] not in (one, other)


def test_a_database_is_dropped_whoever_is_connected(postgres: Postgres) -> None:
    url = postgres.fresh()
    with suppress(psycopg.OperationalError), psycopg.connect(url) as connection:
        postgres.drop(url)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(url)


def test_strings_are_unicode_and_bytes_can_be_compared(postgres_url: str) -> None:
    assert ask(postgres_url, "SHOW server_encoding") == [("UTF8",)]
    sorted_by_bytes = """SELECT x FROM unnest(ARRAY['b', 'B', 'غ', 'a', 'ا']) x ORDER BY x COLLATE "C" """
    assert [row[0] for row in ask(postgres_url, sorted_by_bytes)] == ["B", "a", "b", "ا", "غ"]


def test_nobody_comes_in_without_the_password(postgres: Postgres) -> None:
    scheme, _, rest = postgres.url().partition("://")
    who, _, where = rest.partition("@")
    user = who.partition(":")[0]
    for credentials in (user, f"{user}:wrong"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(f"{scheme}://{credentials}@{where}")


@pytest.mark.parametrize("immediate", [False, True], ids=["in order", "at once"])
def test_what_was_committed_outlives_a_stop(own_postgres: Postgres, immediate: bool) -> None:
    url = own_postgres.fresh()
    run(url, TABLE)
    with suppress(psycopg.OperationalError), psycopg.connect(url) as halfway:
        halfway.execute("INSERT INTO told VALUES ('never committed')")
        run(url, NOTE)
        own_postgres.stop(immediate=immediate)
        assert not own_postgres.is_running
    assert is_refused(url)
    own_postgres.start()
    assert ask(url, "TABLE told") == [("غارة",)]
    has_recovered = "automatic recovery in progress" in own_postgres.last_words()
    assert has_recovered is immediate


def test_it_waits_for_its_port_where_somebody_took_it_meanwhile(own_postgres: Postgres) -> None:
    own_postgres.stop()
    with socket.create_server((server.ADDRESS, own_postgres.port)) as taken, ThreadPoolExecutor(1) as pool:
        tried_in_vain = pool.submit(eventually, lambda: "already in use" in own_postgres.last_words())
        tried_in_vain.add_done_callback(lambda _: taken.close())
        own_postgres.start()
        assert tried_in_vain.result()
    assert ask(own_postgres.url(), "SELECT 1") == [(1,)]


def test_it_is_made_on_another_port_where_the_first_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((server.ADDRESS, 0)) as taken:
        rolled = iter([taken.getsockname()[1], server._free_port()])
        monkeypatch.setattr(server, "_free_port", lambda: next(rolled))
        with Postgres() as made:
            assert ask(made.url(), "SELECT 1") == [(1,)]
        assert list(rolled) == []


def test_a_server_that_is_down_is_told_with_its_last_words(own_postgres: Postgres) -> None:
    own_postgres.stop()
    with pytest.raises(NoPostgres, match=r"does not run(.|\n)*database system is shut down"):
        own_postgres.fresh()


def test_a_setting_that_it_does_not_know_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoPostgres, match="no_such_thing"):
        Postgres(settings={"no_such_thing": "1"})


@pytest.mark.parametrize(("durable", "asked"), [(False, "off"), (True, "on")])
def test_the_disk_is_asked_only_where_that_is_wanted(durable: bool, asked: str) -> None:
    with Postgres(durable=durable, settings={"max_connections": "20"}) as made:
        assert ask(made.url(), "SHOW fsync") == [(asked,)]
        assert ask(made.url(), "SHOW max_connections") == [("20",)]


def test_closed_it_leaves_nothing_behind() -> None:
    with Postgres() as made:
        url, folder = made.url(), folder_of(made.url())
        assert folder.is_dir()
    assert not folder.exists()
    assert is_refused(url)
    made.close()  # once more does no harm


CAREFUL = """
import signal, sys
from tests.postgres import Postgres
with Postgres() as server:
    try:
        print(server.url(), flush=True)
        signal.pause()
    except KeyboardInterrupt:
        server.fresh()
        print("was still there", flush=True)
"""


def test_ctrl_c_is_for_who_started_it_and_not_for_the_server() -> None:
    """Who is interrupted has yet to tidy up, and needs the server for it."""
    with started(CAREFUL) as user:
        assert user.stdout
        folder = folder_of(user.stdout.readline().strip())
        _press_ctrl_c(user)
        assert user.stdout.read() == "was still there\n"
    assert not folder.exists()


def _kill(process: subprocess.Popen[str]) -> None:
    process.kill()


def _press_ctrl_c(process: subprocess.Popen[str]) -> None:
    os.killpg(process.pid, signal.SIGINT)


def _let_it_end(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.close()


@pytest.mark.parametrize("end", [_kill, _press_ctrl_c, _let_it_end])
def test_however_its_user_ends_nothing_is_left_behind(end: Callable[[subprocess.Popen[str]], None]) -> None:
    with started(ABANDONED) as user:
        assert user.stdout
        url = user.stdout.readline().strip()
        folder = folder_of(url)
        end(user)
    assert eventually(lambda: not folder.exists())
    assert is_refused(url)


def test_root_s_own_server_is_copied_for_who_runs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The account of the server cannot come into `tmp_path`; nor could it into root's home."""
    spec = find_spec(binaries.EMBEDDED)
    assert spec
    assert spec.origin
    package = Path(spec.origin).parent
    for part in (Path(package.name, "pginstall"), Path(f"{package.name}.libs")):
        shutil.copytree(package.parent / part, tmp_path / part)
    tmp_path.chmod(0o700)
    monkeypatch.setenv(binaries.NAMED_BY, str(tmp_path / package.name / "pginstall" / "bin"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Postgres() as made:
        assert ask(made.fresh(), "SELECT 1") == [(1,)]


SUITE = """
urls = []

def test_one(postgres_url):
    urls.append(postgres_url)

def test_another(postgres, postgres_url):
    import psycopg, pytest
    assert postgres_url != urls[0]
    psycopg.connect(postgres_url).close()
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(urls[0])
"""


def _pytest(suite: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    suite.write_text(SUITE)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-c",
        "/dev/null",
        "-p",
        "tests.postgres.fixtures",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run(
        [*command, "--rootdir", suite.parent, suite],
        cwd=ROOT,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **environ},
        capture_output=True,
        text=True,
        check=False,
    )


def test_each_test_has_a_database_for_as_long_as_it_runs(tmp_path: Path) -> None:
    done = _pytest(tmp_path / "test_suite.py")
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout


def test_without_a_server_tests_fail_and_say_what_to_do(tmp_path: Path) -> None:
    done = _pytest(tmp_path / "test_suite.py", **{binaries.NAMED_BY: str(tmp_path / "nowhere")})
    assert done.returncode == 1
    assert re.search(r"^=* 2 errors in ", done.stdout, flags=re.MULTILINE), done.stdout
    assert f"{tmp_path}/nowhere has no initdb and no postgres" in done.stdout
    assert "pip install -e '.[test]'" in done.stdout


def test_without_the_embedded_server_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(binaries.NAMED_BY, raising=False)
    monkeypatch.setattr(binaries, "EMBEDDED", "no_such_package")
    with pytest.raises(NoPostgres, match=r"no_such_package is not installed.*pip install"):
        binaries.server_binaries()
