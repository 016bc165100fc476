"""Links in messages are signed with one key by all who share a database."""

from __future__ import annotations

import pytest

from monitor.errors import StateDamaged
from monitor.links import key_in
from monitor.store.postgres.link_key import shared_link_key
from monitor.store.postgres.store import open_postgres

from .builders import NOW


@pytest.fixture
def database(postgres_url):
    made = open_postgres(postgres_url, now=NOW)
    yield made.database
    made.close()


def test_two_machines_have_one_key(database, tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    assert shared_link_key(database, one) == shared_link_key(database, other)


def test_links_that_were_sent_before_the_state_moved_stay_good(database, tmp_path):
    before = key_in(tmp_path)
    assert shared_link_key(database, tmp_path) == before
    assert shared_link_key(database, tmp_path / "other") == before


def test_a_key_that_is_there_is_not_replaced_by_that_of_a_later_machine(database, tmp_path):
    first = shared_link_key(database, tmp_path / "without")
    key_in(tmp_path)
    assert shared_link_key(database, tmp_path) == first


def test_a_damaged_key_is_told_and_not_made_anew(database, tmp_path):
    shared_link_key(database, tmp_path)
    with database.write() as db:
        db.execute("UPDATE meta SET value = 'xyz' WHERE name = 'link_key'")
    with pytest.raises(StateDamaged, match="Remove the row 'link_key'"):
        shared_link_key(database, tmp_path)
