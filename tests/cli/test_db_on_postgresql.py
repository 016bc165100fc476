"""`monitor db`, and who may poll, where the state is in PostgreSQL or goes there."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from click.testing import CliRunner, Result

from monitor.cli.group import cli
from monitor.store import PollLock, open_store
from monitor.store.postgres.fleet_lock import FleetLock
from monitor.store.postgres.store import open_postgres
from tests.postgres import Postgres
from tests.store.builders import DAY, MINUTE, feeds, item, tell
from tests.store.conftest import with_schema
from tests.store.test_copying import dump

NOW = datetime.now(UTC)
VARIABLE = "MONITOR_DATABASE_URL"


def monitor(*arguments: object, **environ: str) -> Result:
    return CliRunner(env=environ).invoke(cli, [str(each) for each in arguments])


@pytest.fixture
def state(tmp_path: Path) -> Path:
    store = open_store(tmp_path / "state", now=NOW)
    store.claim_due_feeds(feeds("local"), NOW - DAY, limit=9, lease=MINUTE)
    tell(store, "غارة")
    store.close()
    return tmp_path / "state"


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    made = postgres.fresh()
    yield made
    postgres.drop(made)


@pytest.fixture
def filled(postgres: Postgres) -> Iterator[str]:
    """A database with what `state` has, and an entry that was edited."""
    made = postgres.fresh(with_schema)
    store = open_postgres(made, now=NOW)
    store.claim_due_feeds(feeds("local"), NOW - DAY, limit=9, lease=MINUTE)
    tell(store, "غارة")
    with store.ingest() as tx:
        (known,) = tx.known_entries("local", guids=[], links=[], texts=[item("غارة").fingerprint.text])
        tx.write(item("غارة", summary="نسخة", guid="g", known_id=known.id), seen_at=NOW)
    store.close()
    yield made
    postgres.drop(made)


def test_a_copy_tells_what_it_holds_and_what_is_to_be_done_next(state: Path, url: str, tmp_path: Path) -> None:
    before = dump(state)
    done = monitor("db", "copy", state, "env:THERE", THERE=url)
    assert done.exit_code == 0, done.output
    assert "1 entry, 1 alert" in done.stdout
    assert "1 delivery waited" in done.stdout
    assert "rows of 30 tables were read again there, and are the same" in done.stdout
    assert f"next: set {VARIABLE} to the address of the PostgreSQL database" in done.stdout
    assert f"do not start monitor on {state} again" in done.stdout
    back = monitor("db", "copy", url, tmp_path / "back")
    assert f"next: start monitor with --state {tmp_path / 'back'}" in back.stdout
    assert dump(tmp_path / "back") == before == dump(state)
    password = urlsplit(url).password
    assert password is not None
    assert password not in done.output + back.output


@pytest.mark.parametrize(
    ("source", "target", "said", "code"),
    [
        ("none", "there", "nothing is recorded in none", 2),
        ("env:NOT_SET", "there", "NOT_SET is not set", 2),
        ("state", "mysql://u:hidden-word@h/n", "neither a state directory nor", 2),
        ("state", "postgresql://u:hidden-word@127.0.0.1:9/n", "cannot be reached", 1),
        ("state", "postgresql://u:hidden-word@h:port/n", "cannot be reached|is no address", 1),
        ("state", "rules.yaml", "is a file: name a directory", 2),
        ("state", "state", "monitor db copy", 6),
    ],
)
def test_what_cannot_be_copied_is_told_without_a_password(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, target: str, said: str, code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rules.yaml").touch()
    done = monitor("db", "copy", source, target)
    assert done.exit_code == code, done.output
    assert any(each in done.output for each in said.split("|")), done.output
    assert "hidden-word" not in done.output
    assert not (tmp_path / "there").exists()


def test_a_backup_of_a_database_is_a_file_and_comes_back_into_another_one(
    filled: str, url: str, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    done = monitor("db", "backup", file, **{VARIABLE: filled})
    assert done.exit_code == 0, done.output
    assert f"{file} is a copy of the PostgreSQL database" in done.stdout
    refused = monitor("db", "restore", file, **{VARIABLE: filled})
    assert (refused.exit_code, f"monitor db copy {file} postgresql://" in refused.output) == (2, True)
    assert "1 entry, 1 alert" in monitor("db", "restore", file, "--dry-run", **{VARIABLE: filled}).stdout
    assert monitor("db", "copy", file, url).exit_code == 0
    assert monitor("db", "copy", url, tmp_path / "from the copy").exit_code == 0
    assert dump(tmp_path / "from the copy") == dump(file)
    assert monitor("db", "restore", file, "-s", tmp_path / "restored").exit_code == 0
    assert monitor("db", "check", "-s", tmp_path / "restored").exit_code == 0


def test_where_nothing_is_recorded_there_is_nothing_to_back_up_or_to_check(url: str, tmp_path: Path) -> None:
    for arguments in (["backup", tmp_path / "b.db"], ["check"]):
        done = monitor("db", *arguments, **{VARIABLE: url})
        assert (done.exit_code, "nothing is recorded in the PostgreSQL database" in done.output) == (2, True)


BREAKS = {
    "count as seen, but are not stored": "INSERT INTO sighting VALUES (1, '', 999, 1)",
    "do not count as seen": "DELETE FROM sighting",
    "do not agree with their entry": "UPDATE entry SET story_id = NULL WHERE first_id IS NOT NULL",
    "cannot be found by their address": "UPDATE entry SET guid_hash = 1 WHERE first_id IS NULL",
    "give two alerts one number": "UPDATE story SET last_number = 0",
    "index mute_by_end was not made whole": "UPDATE pg_index SET indisvalid = false "
    "WHERE indexrelid = 'mute_by_end'::regclass",
}


def test_a_check_finds_what_is_wrong_with_a_database(filled: str) -> None:
    sound = monitor("db", "check", **{VARIABLE: filled})
    assert (sound.exit_code, "is sound" in sound.stdout) == (0, True), sound.output
    for said, statement in BREAKS.items():
        with psycopg.connect(filled, autocommit=True) as db:
            db.execute(statement.encode())
        done = monitor("db", "check", **{VARIABLE: filled})
        assert (done.exit_code, said in done.stdout) == (1, True), done.output


RULES = """
version: 1
feeds: [{url: 'http://127.0.0.1:9/rss', id: local}]
rules: [{id: any, title: any, all: [غارة]}]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.yaml"
    path.write_text(RULES, encoding="utf-8")
    return path


def test_a_check_is_refused_while_others_poll_on_the_database(filled: str, rules: Path, tmp_path: Path) -> None:
    arguments = ("check", "-c", rules, "-s", tmp_path / "mine")
    with FleetLock.acquire(filled, shared=True, command="monitor worker"):
        refused = monitor(*arguments, **{VARIABLE: filled})
        assert refused.exit_code == 6, refused.output
        assert "is in use: monitor worker, pid" in refused.output
        with PollLock.acquire(tmp_path / "mine", command="another", now=NOW):
            """What it took of the directory it has given back."""
    assert monitor(*arguments, **{VARIABLE: filled}).exit_code != 6


def test_a_dry_run_reads_a_copy_and_holds_nobody_up(filled: str, rules: Path, tmp_path: Path) -> None:
    with FleetLock.acquire(filled, shared=True, command="monitor worker"), psycopg.connect(filled) as db:
        before = db.execute("SELECT * FROM feed_state").fetchall()
        done = monitor("check", "--dry-run", "-c", rules, "-s", tmp_path / "mine", **{VARIABLE: filled})
        assert done.exit_code == 4, done.output  # the feed cannot be read
        assert db.execute("SELECT * FROM feed_state").fetchall() == before
    with contextlib.suppress(FileNotFoundError):
        assert not (tmp_path / "mine" / "monitor.db").exists()


# --- who is at work, asked from a machine where nobody is

AT_WORK = {
    "one alone": ("monitor run", False, r"pid \d+ \(monitor run\) since 20"),
    "a worker that shows no sign of life": (
        "monitor worker",
        True,
        r"1 at work, and none gave a sign of life.*pid \d+",
    ),
}


@pytest.mark.parametrize(("command", "shared", "told"), AT_WORK.values(), ids=AT_WORK)
def test_status_tells_who_works_on_the_database_wherever_that_is(
    filled: str, tmp_path: Path, command: str, shared: bool, told: str
) -> None:
    with FleetLock.acquire(filled, shared=shared, command=command):
        shown = monitor("status", "-c", "none", "-s", tmp_path / "elsewhere", **{VARIABLE: filled}).stdout
    assert re.search(rf"^running      {told}", shown, flags=re.MULTILINE)
    assert "no sign of life: look at its log, and start it again" not in shown, "its sign of life is on its machine"


def test_status_of_a_database_that_nobody_works_on_names_the_command_for_many(
    postgres: Postgres, tmp_path: Path
) -> None:
    url = postgres.fresh(with_schema)
    shown = monitor("status", "-c", "none", "-s", tmp_path / "elsewhere", **{VARIABLE: url}).stdout
    assert "no feed was ever read: start 'monitor worker'\n" in shown
    assert "running      no: nobody works on the database (monitor worker, or monitor run for one alone)" in shown
    postgres.drop(url)


def test_who_lacks_a_value_here_hears_of_those_who_work_elsewhere(filled: str, tmp_path: Path) -> None:
    config = tmp_path / "rules.yaml"
    config.write_text(f'{RULES}channels: {{desk: {{url: "${{NOT_HERE}}"}}}}\n', encoding="utf-8")
    with (
        FleetLock.acquire(filled, shared=True, command="monitor worker"),
        FleetLock.acquire(filled, shared=True, command="monitor worker"),
    ):
        told = monitor("notify", "test", "desk", "-c", config, "-s", tmp_path / "none", **{VARIABLE: filled}).stderr
    assert re.search(r"another matter \(pid \d+ \(monitor worker\) since [^;]*, and 1 more\)", told)
