"""`monitor evidence`, over a state that a few polls made."""

from __future__ import annotations

import zipfile

import pytest

from monitor.store import open_store
from tests.cli.terminal import monitor
from tests.world import NOW, World, item


@pytest.fixture
def place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = open_store(tmp_path / "state", now=NOW)
    world = World(store=store)
    world.poll(item("هدوء في وسط المدينة", n=9))
    world.poll(item(n=1))
    store.close()
    return tmp_path


def test_a_storys_evidence_is_written_and_verified(place):
    done = monitor("evidence", "1")
    assert done.exit_code == 0
    assert "evidence-1.zip: 1 report" in done.output
    assert zipfile.is_zipfile(place / "evidence-1.zip")
    checked = monitor("evidence", "--verify", "evidence-1.zip")
    assert checked.exit_code == 0
    assert "every digest is as recorded" in checked.output
    digest = done.output.split("SHA-256 ")[1].split()[0]
    assert f"SHA-256 of the bundle: {digest}" in checked.output


def test_an_alert_names_its_story(place):
    assert monitor("evidence", "1.1", "-o", "strike.zip").exit_code == 0
    assert (place / "strike.zip").exists()


def test_a_bundle_that_was_changed_is_told_and_exits_1(place):
    monitor("evidence", "1")
    with zipfile.ZipFile(place / "evidence-1.zip", "a") as archive:
        archive.writestr("more.txt", "x")
    done = monitor("evidence", "--verify", "evidence-1.zip")
    assert done.exit_code == 1
    assert "more.txt: the manifest does not name it" in done.output


@pytest.mark.parametrize("asked", ["77", "1.9", "nonsense", "1.", "٣"])
def test_what_is_not_there_is_told(place, asked):
    done = monitor("evidence", asked)
    assert done.exit_code == 1
    assert "there is no story or alert" in done.output
    assert not list(place.glob("*.zip"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "name a story or an alert"),
        (("1", "--verify", "x.zip"), "goes alone"),
        (("--verify", "none.zip"), "cannot be read"),
        (("1", "-s", "elsewhere"), "nothing is recorded"),
    ],
)
def test_a_mistake_in_asking_is_told_with_the_remedy(place, arguments, told):
    done = monitor("evidence", *arguments)
    assert done.exit_code == 2
    assert told in done.output
