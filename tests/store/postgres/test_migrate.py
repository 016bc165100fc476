"""A database is brought to this version's schema once, whoever comes first."""

from __future__ import annotations

import threading

import psycopg
import pytest

from monitor.errors import StateError, StateTooNew
from monitor.store.postgres.migrate import shipped
from monitor.store.postgres.store import open_postgres, open_postgres_reader

from ..builders import NOW


def number_of(url: str) -> int:
    with psycopg.connect(url) as db:
        row = db.execute("SELECT number FROM schema_version").fetchone()
    assert row is not None
    return int(row[0])


def test_many_who_begin_at_once_make_one_schema_and_one_state(postgres_url):
    generations: list[str] = []
    errors: list[BaseException] = []

    def begin() -> None:
        try:
            store = open_postgres(postgres_url, now=NOW)
            generations.append(store.generation)
            store.close()
        except BaseException as error:  # noqa: BLE001 - told below
            errors.append(error)

    threads = [threading.Thread(target=begin) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    assert len(generations) == 5
    assert len(set(generations)) == 1
    assert number_of(postgres_url) == shipped()[-1].number


def test_who_only_reads_makes_nothing(postgres_url):
    assert open_postgres_reader(postgres_url) is None
    with psycopg.connect(postgres_url) as db:
        assert db.execute("SELECT to_regclass('meta')").fetchone() == (None,)


@pytest.mark.parametrize(("ahead", "works"), [(1, True), (2, False)])
def test_a_schema_one_version_ahead_is_worked_with_and_no_further(postgres_url, ahead, works):
    """So that workers can be replaced one by one."""
    open_postgres(postgres_url, now=NOW).close()
    with psycopg.connect(postgres_url) as db:
        db.execute("UPDATE schema_version SET number = %s", (shipped()[-1].number + ahead,))
    if works:
        open_postgres(postgres_url, now=NOW).close()
        assert number_of(postgres_url) == shipped()[-1].number + ahead
    else:
        with pytest.raises(StateTooNew, match="newer version of monitor"):
            open_postgres(postgres_url, now=NOW)


def test_the_database_of_another_program_is_left_alone(postgres_url):
    with psycopg.connect(postgres_url) as db:
        db.execute("CREATE TABLE entry (id bigint)")
    with pytest.raises(StateError, match="another program"):
        open_postgres(postgres_url, now=NOW)


def test_numbers_are_those_of_the_other_database_and_none_is_used_twice():
    from monitor.store.migrate import shipped as of_sqlite

    numbers = [each.number for each in shipped()]
    assert numbers == sorted(set(numbers))
    assert numbers == [each.number for each in of_sqlite() if each.number >= numbers[0]]
