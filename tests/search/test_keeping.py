"""The index follows the state: step by step, whoever else writes, whatever becomes of its file."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import replace

import pytest

from monitor.search import index_file, keeping
from monitor.search.gazetteer import PlaceReader
from monitor.search.index_file import IndexFile
from monitor.search.keeping import bring_up, kept_up, open_index, step
from monitor.search.words import words_of
from monitor.store.views import search as views
from tests.rules.made import EASTERN
from tests.search.world import an_archive

READER = PlaceReader(EASTERN.places)


@pytest.fixture
def archive(tmp_path):
    with an_archive(tmp_path) as made:
        yield made


def test_a_step_takes_in_no_more_than_it_may(archive):
    for number in range(5):
        archive.write(f"غارة {number}")
    with archive.index() as index:
        assert [step(archive.reader, index, at_most=2) for _ in range(4)] == [2, 2, 1, 0]
        assert index.about().versions == 5


def test_a_version_is_taken_in_once_though_two_are_at_it(archive):
    archive.write("غارة")
    with archive.index() as one, archive.index() as other:
        before = one.about()
        texts = [(text.id, words_of(text, READER)) for text in views.to_index(archive.reader, above=0, limit=9)]
        assert one.add(texts, behind=before, mark=b"m")
        assert not other.add(texts, behind=before, mark=b"m")
        assert other.about().versions == 1


def test_what_one_writes_another_reads_at_once(archive):
    archive.write("غارة")
    with archive.index() as one, archive.index() as other:
        bring_up(archive.reader, one)
        assert other.ids('"x" OR "' + "غارة" + '"', below=99, limit=9) == []
        assert other.about() == one.about()
        assert len(other.vocabularies(body=True)) == 2


def test_parts_of_the_vocabulary_are_merged_and_no_word_is_lost(archive, monkeypatch):
    for number in range(40):
        archive.write(f"كلمة{number} غارة", body=f"نص{number}")
    with archive.index() as index:
        while step(archive.reader, index, at_most=1):
            pass
        assert len(index._kept or index.vocabularies(body=True)) <= 2 * 3 * index_file._TOGETHER
        parts = index._db.execute("SELECT zone, level, count(*) FROM part GROUP BY zone, level").fetchall()
        assert all(count < index_file._TOGETHER for _, _, count in parts)
    for number in (0, 17, 39):
        assert archive.titles(f"كلمة{number}") == [f"كلمة{number} غارة"]


def test_a_damaged_file_is_thrown_away_and_made_anew(archive):
    archive.write("غارة")
    archive.index_all()
    (archive.folder / "search.db").write_bytes(b"nonsense " * 1000)
    archive.index_all()
    assert archive.titles("غارة") == ["غارة"]


def test_an_index_of_another_form_is_made_anew(archive, monkeypatch):
    archive.write("غارة")
    archive.index_all()
    monkeypatch.setattr(index_file, "form", lambda: b"another")
    with archive.index() as index:
        assert index.about().reached == 0
        bring_up(archive.reader, index)
        assert index.about().versions == 1
    assert archive.titles("غارة") == ["غارة"]


def test_another_state_in_the_place_of_the_old_is_indexed_anew(tmp_path):
    with an_archive(tmp_path / "old") as old:
        old.write("غارة")
        old.index_all()
    with an_archive(tmp_path / "new") as new:
        new.write("قصف")
        (tmp_path / "old" / "search.db").rename(tmp_path / "new" / "search.db")
        assert new.titles("غارة") == []
        assert new.titles("قصف") == ["قصف"]
        new.index_all()
        assert new.titles("قصف") == ["قصف"]
        assert new.page("قصف").unindexed == 0


def test_an_index_of_mostly_gone_entries_is_made_anew(archive, monkeypatch):
    monkeypatch.setattr(keeping, "_MOSTLY_GONE", 4)
    gone = [archive.write(f"غارة {number}") for number in range(4)]
    archive.write("غارة تبقى")
    archive.index_all()
    with archive.store.database.write() as db:
        for entry_id in gone:
            db.execute("DELETE FROM sighting WHERE entry_id = ?", (entry_id,))
            db.execute("DELETE FROM entry WHERE id = ?", (entry_id,))
    archive.index_all()
    with archive.index() as index:
        assert index.about().versions == 1


def test_where_no_index_can_be_there_is_none(archive):
    (archive.folder / "search.db").mkdir()
    assert open_index(archive.folder) is None


def test_an_sqlite_without_fts5_has_no_index(archive, monkeypatch):
    schema = [each.replace("fts5", "no_such_module") for each in index_file._SCHEMA]
    monkeypatch.setattr(index_file, "_SCHEMA", schema)
    assert open_index(archive.folder) is None


def test_the_file_is_for_its_user_alone(archive):
    with archive.index():
        assert (archive.folder / "search.db").stat().st_mode & 0o777 == 0o600


def test_a_thread_beside_the_pages_takes_in_what_comes(archive):
    with kept_up(archive.folder, every=0.01):
        for number in range(2 * keeping.LEAST + 1):
            archive.write(f"غارة {number}")
        deadline = time.monotonic() + 20
        reached = 0
        while reached < keeping.LEAST and time.monotonic() < deadline:
            with archive.index() as index:
                reached = index.about().reached
    assert reached >= keeping.LEAST


def test_a_state_that_is_not_there_breaks_no_thread(tmp_path):
    with kept_up(tmp_path / "nowhere", every=0.01):
        pass
    assert not (tmp_path / "nowhere").exists()


def test_an_index_that_is_held_too_long_is_left_for_later(archive, monkeypatch):
    monkeypatch.setattr(index_file, "_PATIENCE", 0.01)
    archive.write("غارة")
    with archive.index() as index:
        holder = sqlite3.connect(archive.folder / "search.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        assert step(archive.reader, index) == 0
        holder.execute("ROLLBACK")
        holder.close()
        assert step(archive.reader, index) == 1


def test_the_mark_of_an_index_is_that_of_its_last_version(archive):
    last = archive.write("غارة")
    archive.index_all()
    with archive.index() as index:
        about = index.about()
        assert about == replace(about, reached=last, mark=views.mark_of(archive.reader, last))
        assert isinstance(index, IndexFile)
