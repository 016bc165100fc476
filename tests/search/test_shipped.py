"""What reads the shipped places: made once, kept on the shelf, and there before anybody searches."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest

from monitor.compiled import Shelf
from monitor.model import Entry
from monitor.search import shipped
from monitor.search.gazetteer import PlaceReader
from monitor.search.keeping import kept_up
from monitor.text.document import read
from tests.rules.made import EASTERN
from tests.search.world import an_archive

TEXT = read(Entry(feed_id="f", title="حريق في هرابش", body="وفي الميادين"))


@pytest.fixture(autouse=True)
def nothing_made(monkeypatch):
    monkeypatch.setattr(shipped, "_made", [])
    monkeypatch.setattr(shipped, "lexicon", SimpleNamespace(load=lambda: EASTERN))


def refuse():
    raise AssertionError("it is made anew")


def test_it_is_made_once_and_taken_from_the_shelf_by_the_next_process(tmp_path, monkeypatch):
    words = shipped.reader(tmp_path).read(TEXT)
    assert words
    monkeypatch.setattr(shipped.lexicon, "load", refuse)
    assert shipped.reader(tmp_path) is shipped.reader_in_memory()
    monkeypatch.setattr(shipped, "_made", [])
    assert shipped.reader_in_memory() is None
    assert shipped.reader(tmp_path).read(TEXT) == words


def test_something_else_on_the_shelf_is_made_anew(tmp_path):
    shipped.reader(tmp_path)
    file = tmp_path / "cache" / shipped.NAME
    file.write_bytes(file.read_bytes()[:-9])
    assert isinstance(shipped._taken(Shelf(tmp_path)), PlaceReader)


def test_it_is_there_before_anything_comes(tmp_path):
    with an_archive(tmp_path) as archive, kept_up(archive.folder, every=0.01):
        deadline = time.monotonic() + 20
        while shipped.reader_in_memory() is None and time.monotonic() < deadline:
            pass
    assert shipped.reader_in_memory() is not None
