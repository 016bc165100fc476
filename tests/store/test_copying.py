"""A state goes from SQLite to PostgreSQL and back, and nobody could tell."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import StateError, StateLocked, UsageError
from monitor.links import key_in, known_key
from monitor.store import PollLock, SqlStore, open_store, place
from monitor.store.copying import SqliteEnd, copy
from monitor.store.database import connect_in_memory, connect_to_read
from monitor.store.migrate import migrate, shipped
from monitor.store.moving import copy_state, in_passing, where, write_file
from monitor.store.postgres.copying import COUNTED, reading, writing
from monitor.store.postgres.fleet_lock import FleetLock
from monitor.store.postgres.link_key import shared_link_key
from monitor.store.postgres.store import open_postgres
from monitor.store.tables import Table, tables
from tests.postgres import Postgres

from .builders import DAY, MINUTE, NOW, feeds, tell
from .conftest import with_schema
from .rich import rich_state, told_state
from .test_upgrade import old_state

LATER = NOW + MINUTE * 2
TROUBLE = next(table for table in tables() if table.name == "trouble")


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Not to be written to."""
    return rich_state(tmp_path_factory.mktemp("original") / "state")


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    made = postgres.fresh()
    yield made
    postgres.drop(made)


def dump(state: Path) -> list[str]:
    """All that it holds: schema, rows, also the numbers that have no name, and those that are not used twice."""
    file = state / place.DATABASE if state.is_dir() else state
    with contextlib.closing(sqlite3.connect(file.absolute().as_uri() + "?mode=ro", uri=True)) as db:
        unnamed = map(str, db.execute("SELECT rowid, id FROM alert ORDER BY rowid"))
        return [*db.iterdump(), *unnamed, str(db.execute("PRAGMA user_version").fetchone()[0])]


def execute(state: Path, *statements: str) -> None:
    with contextlib.closing(sqlite3.connect(state / place.DATABASE)) as db, db:
        for statement in statements:
            db.execute(statement)


def is_empty(url: str) -> bool:
    with psycopg.connect(url) as db:
        return all(
            db.execute(f"SELECT count(*) FROM {table.name}".encode()).fetchone() == (0,)
            for table in tables()
            if table.name != "meta"
        )


def test_a_state_that_went_to_postgresql_and_back_is_the_same_to_the_byte(
    original: Path, url: str, tmp_path: Path
) -> None:
    there = copy_state(original, url, now=NOW)
    back = copy_state(url, tmp_path / "back", now=NOW)
    assert dump(tmp_path / "back") == dump(original)
    assert there == back
    assert min(there.values()) > 0
    assert place.read_mark(tmp_path / "back") == place.read_mark(original)
    reopened = open_store(tmp_path / "back", now=NOW)
    assert reopened.warnings == ()
    reopened.close()


def test_copies_within_one_kind_are_the_same_too(original: Path, url: str, postgres: Postgres, tmp_path: Path) -> None:
    other = postgres.fresh()
    copy_state(original, tmp_path / "second", now=NOW)
    copy_state(tmp_path / "second", url, now=NOW)
    copy_state(url, other, now=NOW)
    copy_state(other, tmp_path / "back", now=NOW)
    assert dump(tmp_path / "second") == dump(tmp_path / "back") == dump(original)
    postgres.drop(other)


def test_a_state_in_which_nothing_happened_yet_is_the_same_too(url: str, tmp_path: Path) -> None:
    open_store(tmp_path / "new", now=NOW).close()
    copy_state(tmp_path / "new", url, now=NOW)
    copy_state(url, tmp_path / "back", now=NOW)
    assert dump(tmp_path / "back") == dump(tmp_path / "new")


def claims(store: SqlStore) -> list[object]:
    """What a monitor that starts on it sends, with what it is in doubt of, and the feeds it asks."""
    store.take_over(now=LATER)
    deliveries = store.claim_deliveries(LATER + DAY, limit=1000, lease=MINUTE)
    due = store.claim_due_feeds(feeds("local", "field", "new"), LATER, limit=9, lease=MINUTE)
    store.close()
    assert [each.doubts for each in deliveries].count(0) < len(deliveries), "none may have been under way"
    return [*deliveries, *due]


def test_who_goes_on_from_a_copy_sends_and_asks_what_the_original_would(url: str, tmp_path: Path) -> None:
    original = told_state(tmp_path / "original")
    copy_state(original, url, now=NOW)
    copy_state(url, tmp_path / "back", now=NOW)
    expected = claims(open_store(original, now=NOW))
    assert len(expected) == 12, "deliveries that wait, and feeds"
    assert claims(open_postgres(url, now=NOW)) == expected
    assert claims(open_store(tmp_path / "back", now=NOW)) == expected


def test_no_number_is_used_twice_after_it(original: Path, url: str, tmp_path: Path) -> None:
    """Stories and deliveries go on behind those that are gone; a rowid behind the last that is there, as in SQLite."""
    copy_state(original, url, now=NOW)
    shutil.copytree(original, tmp_path / "state")
    numbers = []
    for store in (open_store(tmp_path / "state", now=NOW), open_postgres(url, now=NOW)):
        told = tell(store, "نبأ جديد")
        with store.database.write() as db:
            db.execute("INSERT INTO mute (kind, subject, until_us, reason, by, begun_us) VALUES ('', '', 1, '', '', 1)")
            found = db.execute(
                "SELECT rowid, entry_id, (SELECT max(id) FROM delivery), (SELECT max(id) FROM mute) FROM alert "
                "WHERE id = ?",
                (told.id,),
            ).fetchone()
        numbers.append((told.story_id, *found))
        store.close()
    assert numbers[0] == numbers[1]
    assert min(numbers[0]) > 5


def test_a_nul_in_a_text_of_an_old_state_becomes_the_sign_that_stands_for_it(url: str, tmp_path: Path) -> None:
    open_store(tmp_path / "old", now=NOW).close()
    execute(tmp_path / "old", "INSERT INTO feed_key (feed_id) VALUES (cast(x'610062' AS TEXT))")
    copy_state(tmp_path / "old", url, now=NOW)
    with psycopg.connect(url) as db:
        assert db.execute("SELECT feed_id FROM feed_key").fetchall() == [("a\ufffdb",)]


SPOILT = {
    "holds a str where a int belongs": "UPDATE story SET begun_us = 'soon'",
    "a text of 'meta' cannot be read": "INSERT INTO meta VALUES ('x', cast(x'ff' AS TEXT))",
    "does not take what was to be copied": "DELETE FROM story",  # foreign keys are not looked at here
}


@pytest.mark.parametrize("said", SPOILT)
@pytest.mark.parametrize("kind", ["postgres", "sqlite"])
def test_what_cannot_be_copied_whole_is_not_copied_at_all(said: str, kind: str, url: str, tmp_path: Path) -> None:
    source, target = tmp_path / "state", url if kind == "postgres" else tmp_path / "copy"
    store = open_store(source, now=NOW)
    tell(store)
    store.close()
    shutil.copytree(source, tmp_path / "sound")
    execute(source, SPOILT[said])
    with pytest.raises(StateError, match=said) as refused:
        copy_state(source, target, now=NOW)
    assert "Nothing was changed" in str(refused.value)
    assert "'monitor db check'" in str(refused.value)
    copy_state(tmp_path / "sound", target, now=NOW)  # for it is as empty as it was


class Careless(SqliteEnd):
    def __init__(self, db: sqlite3.Connection, spoil: Callable[[list[Any]], None]) -> None:
        super().__init__(db, "a careless database")
        self._spoil = spoil

    def fill(self, table: Table, rows: Iterable[Any]) -> None:
        spoilt = [list(row) for row in rows]
        if table.name == "story":
            self._spoil(spoilt)
        super().fill(table, map(tuple, spoilt))


def change(rows: list[Any]) -> None:
    rows[1][1] += 1


@pytest.mark.parametrize("spoil", [list.pop, change, lambda rows: rows.append([999, 1, 1])])
def test_what_does_not_arrive_as_it_went_is_found(original: Path, spoil: Callable[[list[Any]], None]) -> None:
    here, there = connect_to_read(original / place.DATABASE), connect_in_memory()
    with contextlib.closing(here) as db, contextlib.closing(there) as to:
        migrate(to, shipped())
        to.execute("PRAGMA foreign_keys = OFF")
        copy(SqliteEnd(db, "here"), SqliteEnd(to, "there"))
        for table in reversed(tables()):
            to.execute(f"DELETE FROM {table.name}")
        with pytest.raises(StateError, match="does not give back what here holds in 'story'"):
            copy(SqliteEnd(db, "here"), Careless(to, spoil))


def test_a_copy_that_ends_halfway_leaves_nothing(original: Path, url: str, tmp_path: Path) -> None:
    copy_state(original, url, now=NOW)
    with psycopg.connect(url, autocommit=True) as db:
        db.execute("ALTER TABLE channel_turn RENAME COLUMN pace TO paces")
    with pytest.raises((StateError, psycopg.Error)):
        copy_state(url, tmp_path / "copy", now=NOW)
    assert not any('INSERT INTO "story"' in line for line in dump(tmp_path / "copy"))


@pytest.mark.parametrize("kind", ["postgres", "sqlite"])
def test_a_place_with_anything_in_it_takes_no_copy(kind: str, original: Path, url: str, tmp_path: Path) -> None:
    target = url if kind == "postgres" else tmp_path / "full"
    store: SqlStore = open_postgres(url, now=NOW) if kind == "postgres" else open_store(tmp_path / "full", now=NOW)
    store.make_due(["local"], now=NOW)
    store.claim_due_feeds(feeds("local"), NOW, limit=1, lease=MINUTE)
    store.close()
    with pytest.raises(StateError, match="is not empty: there is something in 'feed_state'"):
        copy_state(original, target, now=NOW)


def test_a_state_is_not_copied_onto_itself(original: Path, url: str) -> None:
    copy_state(original, url, now=NOW)
    for same in (original, url):
        with pytest.raises(StateLocked, match="monitor db copy"):
            copy_state(same, same, now=NOW)


@pytest.mark.parametrize("polled", ["source", "target"])
def test_nothing_is_copied_while_somebody_polls(polled: str, original: Path, url: str, tmp_path: Path) -> None:
    copy_state(original, url, now=NOW)
    free, taken = (tmp_path / "free", url) if polled == "source" else (url, tmp_path / "free")
    with contextlib.ExitStack() as held:
        if polled == "source":
            held.enter_context(FleetLock.acquire(url, shared=True, command="monitor worker"))
            with pytest.raises(StateLocked, match="monitor worker, pid"):
                copy_state(taken, free, now=NOW)
        else:
            held.enter_context(PollLock.acquire(taken, command="monitor run", now=NOW))
            with pytest.raises(StateLocked, match="monitor run"):
                copy_state(free, taken, now=NOW)


def test_nothing_is_copied_from_where_nothing_is(url: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is recorded"):
        copy_state(tmp_path / "none", url, now=NOW)
    with pytest.raises(StateError, match="nothing is recorded"):
        copy_state(url, tmp_path / "copy", now=NOW)
    assert not (tmp_path / "none").exists()


def test_what_an_older_version_wrote_is_converted_on_the_way(url: str, tmp_path: Path) -> None:
    old_state(tmp_path / "old")
    before = dump(tmp_path / "old")
    copied = copy_state(tmp_path / "old", url, now=NOW)
    assert (copied["alert"], copied["delivery"], copied["feed_key"]) == (1, 1, 2)
    assert dump(tmp_path / "old") == before


def test_what_comes_meanwhile_is_not_in_the_copy(original: Path, url: str, tmp_path: Path) -> None:
    copy_state(original, url, now=NOW)
    copy_state(url, tmp_path / "before", now=NOW)
    store = open_postgres(url, now=NOW)
    with reading(url) as taken:
        first, *_ = tables()
        list(taken.rows(first))
        tell(store, "جديد")
        ids = [row[0] for table in tables() if table.name == "story" for row in taken.rows(table)]
    store.close()
    with contextlib.closing(sqlite3.connect(tmp_path / "before" / place.DATABASE)) as db:
        assert ids == [row[0] for row in db.execute("SELECT id FROM story ORDER BY id")]


def test_a_backup_of_a_database_is_one_file_of_sqlite_and_a_dry_run_works_on_such_a_copy(
    original: Path, url: str, tmp_path: Path
) -> None:
    copy_state(original, url, now=NOW)
    with FleetLock.acquire(url, shared=True, command="monitor worker"):  # also while others poll
        write_file(url, tmp_path / "backup.db")
        scratch = in_passing(url, now=NOW)
    tell(scratch, "محاولة")
    scratch.close()
    assert dump(tmp_path / "backup.db") == dump(original)
    copy_state(url, tmp_path / "back", now=NOW)
    assert dump(tmp_path / "back") == dump(original), "the trial changed nothing"
    copy_state(tmp_path / "backup.db", tmp_path / "brought back", now=NOW)
    assert dump(tmp_path / "brought back") == dump(original)


def test_a_trial_on_a_database_without_a_state_begins_with_nothing(url: str) -> None:
    scratch = in_passing(url, now=NOW)
    tell(scratch)
    scratch.close()
    with psycopg.connect(url) as db:
        assert db.execute("SELECT to_regclass('story')").fetchone() == (None,)


def test_the_note_of_the_order_of_numbers_stays_in_postgresql(original: Path, url: str, tmp_path: Path) -> None:
    copy_state(original, url, now=NOW)
    copy_state(url, tmp_path / "back", now=NOW)
    with psycopg.connect(url) as db:
        assert db.execute("SELECT count(*) FROM meta WHERE name = %s", (COUNTED,)).fetchone() == (1,)
    assert not any(f"'{COUNTED}'" in line for line in dump(tmp_path / "back"))


def test_the_key_of_links_goes_along_and_is_in_no_copy_of_the_rows(url: str, tmp_path: Path) -> None:
    open_store(tmp_path / "state", now=NOW).close()
    key = key_in(tmp_path / "state")
    copy_state(tmp_path / "state", url, now=NOW)
    copy_state(url, tmp_path / "back", now=NOW)
    store = open_postgres(url, now=NOW)
    assert shared_link_key(store.database, tmp_path / "another machine") == key
    store.close()
    assert known_key(tmp_path / "back") == key
    write_file(url, tmp_path / "backup.db")
    assert key.hex() not in "".join(dump(tmp_path / "backup.db") + dump(tmp_path / "back"))


TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
NUMBERS = st.integers(-(2**63), 2**63 - 1)


@pytest.fixture(scope="module")
def shared_url(postgres: Postgres) -> str:
    return postgres.fresh(with_schema)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS, NUMBERS | st.none()), unique_by=lambda row: row[0], max_size=5))
def test_any_row_comes_back_as_it_went_and_in_the_order_of_its_bytes(
    shared_url: str, rows: list[tuple[str, str, int | None]]
) -> None:
    whole = [(key, text, "", number, text, 0, 1, 2, number, 3, 4, number) for key, text, number in rows]
    assert len(TROUBLE.columns) == 12
    with contextlib.suppress(ZeroDivisionError), writing(shared_url) as target:
        target.fill(TROUBLE, whole)
        came = list(target.rows(TROUBLE))
        raise ZeroDivisionError  # so that nothing of it stays
    assert came == sorted(whole, key=lambda row: row[0].encode())
    assert is_empty(shared_url)


def test_places_are_told_apart_and_an_address_is_quoted_nowhere() -> None:
    environ = {"THERE": "postgresql://u:secret@h/n", "ODD": "mysql://u:secret@h/n"}
    assert where("state", environ) == Path("state")
    assert where("env:THERE", environ) == environ["THERE"]
    assert where("postgres://h/n", environ) == "postgres://h/n"
    for told, said in (("env:NONE", "NONE is not set"), ("env:ODD", "neither"), ("mysql://u:secret@h/n", "neither")):
        with pytest.raises(UsageError, match=said) as refused:
            where(told, environ)
        assert "secret" not in str(refused.value)
