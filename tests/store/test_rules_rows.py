"""Rules versions in the database: numbered, whole, never lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest

from monitor.errors import StateDamaged
from monitor.model.rules_versions import NotPublished, RulesFiles, RulesVersion
from monitor.store import open_store
from monitor.store.postgres.store import open_postgres
from monitor.store.rules_rows import RulesVersions
from monitor.store.sql import Database

from .builders import NOW

FILES = RulesFiles(main="rules.yaml", texts={"rules.yaml": "version: 1\r\n# غارة \x00 \u200f", "packs/a.yaml": ""})
OTHER = RulesFiles(main="rules.yaml", texts={"rules.yaml": "version: 1\n"})


Opens = Callable[[], Database]


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def opens(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opens]:
    """Each time a connection of its own to the same database."""
    url = request.getfixturevalue("postgres").fresh() if request.param == "postgres" else ""
    state = tmp_path_factory.mktemp("state")
    with ExitStack() as stack:

        def open_() -> Database:
            store = open_postgres(url, now=NOW) if url else open_store(state, now=NOW, check=False)
            stack.callback(store.close)
            return store.database

        yield open_


@pytest.fixture(scope="module")
def shared(opens: Opens) -> Database:
    return opens()


@pytest.fixture
def database(shared: Database) -> Database:
    """With nothing published."""
    with shared.write() as db:
        db.execute("DELETE FROM rules_version")
    return shared


@pytest.fixture
def versions(database: Database) -> RulesVersions:
    return RulesVersions(database)


def publish(versions: RulesVersions, files: RulesFiles, after: int | None = None) -> RulesVersion | NotPublished:
    return versions.publish(files, by="desk@host", note="why", now=NOW, after=after)


def test_nothing_is_in_force_before_the_first_version(versions: RulesVersions) -> None:
    assert versions.newest() is None
    assert versions.get(1) is None
    assert versions.listed(5) == ()


def test_a_version_comes_back_as_it_was_published(versions: RulesVersions) -> None:
    done = publish(versions, FILES)
    assert done == RulesVersion(number=1, published_at=NOW, published_by="desk@host", note="why")
    found = versions.get(1)
    assert found is not None
    assert (found.version, found.files) == (done, FILES)
    assert list(found.files.texts) == sorted(FILES.texts)


def test_the_newest_is_in_force_and_the_older_remain(versions: RulesVersions) -> None:
    publish(versions, FILES)
    publish(versions, OTHER)
    publish(versions, FILES)
    newest = versions.newest()
    assert newest is not None
    assert newest.number == 3
    assert [each.number for each in versions.listed(2)] == [3, 2]
    assert versions.get(2).files == OTHER  # type: ignore[union-attr]


def test_what_the_version_in_force_says_is_not_published_again(versions: RulesVersions) -> None:
    publish(versions, FILES)
    again = publish(versions, RulesFiles(main=FILES.main, texts=dict(reversed(FILES.texts.items()))))
    assert isinstance(again, NotPublished)
    assert (again.why, again.in_force.number) == ("same", 1)


@pytest.mark.parametrize(
    "changed",
    [
        RulesFiles(main="packs/a.yaml", texts=FILES.texts),
        RulesFiles(main="rules.yaml", texts={**FILES.texts, "packs/b.yaml": ""}),
        RulesFiles(main="rules.yaml", texts={**FILES.texts, "packs/a.yaml": "\n"}),
    ],
    ids=["another main file", "one file more", "another end of a line"],
)
def test_any_other_text_is_another_version(versions: RulesVersions, changed: RulesFiles) -> None:
    publish(versions, FILES)
    assert publish(versions, changed) == RulesVersion(number=2, published_at=NOW, published_by="desk@host", note="why")


def test_who_was_overtaken_is_told_by_whom(versions: RulesVersions) -> None:
    assert isinstance(publish(versions, FILES, after=0), RulesVersion)
    overtaken = publish(versions, OTHER, after=0)
    assert isinstance(overtaken, NotPublished)
    assert (overtaken.why, overtaken.in_force.number) == ("overtaken", 1)
    assert isinstance(publish(versions, OTHER, after=1), RulesVersion)


def test_names_and_notes_of_any_kind_can_be_kept(versions: RulesVersions) -> None:
    versions.publish(FILES, by="a\x00b", note="\ud800", now=NOW)
    newest = versions.newest()
    assert newest is not None
    assert (newest.published_by, newest.note) == ("a\ufffdb", "\ufffd")


@pytest.mark.parametrize("damaged", ["", "[]", '{"rules.yaml": 1}', '{"rules.yaml": "'])
def test_what_is_no_version_is_told_with_its_number(versions: RulesVersions, database: Database, damaged: str) -> None:
    publish(versions, FILES)
    with database.write() as db:
        db.execute("UPDATE rules_version SET files = ?", (damaged,))
    with pytest.raises(StateDamaged, match="rules version 1 is damaged"):
        versions.get(1)
    assert isinstance(publish(versions, FILES), RulesVersion)  # which mends it


def test_who_publish_at_once_get_different_numbers_and_none_is_lost(opens: Opens, database: Database) -> None:
    several = [RulesVersions(database), *(RulesVersions(opens()) for _ in range(3))]
    each, got, together = 5, list[tuple[int, str]](), threading.Barrier(len(several))

    def publish_some(name: str, versions: RulesVersions) -> None:
        together.wait()
        for number in range(each):
            text = f"{name} {number}"
            files = RulesFiles(main="rules.yaml", texts={"rules.yaml": text})
            done = versions.publish(files, by=name, note="", now=NOW + timedelta(seconds=number))
            assert isinstance(done, RulesVersion)
            got.append((done.number, text))

    threads = [
        threading.Thread(target=publish_some, args=(str(name), versions)) for name, versions in enumerate(several)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(number for number, _ in got) == list(range(1, each * len(several) + 1))
    for number, text in got:
        found = several[0].get(number)
        assert found is not None
        assert found.files.texts["rules.yaml"] == text
