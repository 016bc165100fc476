"""Which rules version a worker works by."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from monitor.cluster import published
from monitor.cluster.rules_watch import LOOK_EVERY, TRY_AGAIN, InForce, RulesWatch
from monitor.config import Config
from monitor.errors import StateError
from monitor.model.rules_versions import PublishedRules, RulesFiles, RulesVersion
from monitor.prepared import compile_setup
from monitor.setup import Setup
from monitor.store import SqliteStore
from monitor.store.rules_rows import RulesVersions
from monitor.store.sql import Database
from tests.world import NOW, FakeClock, FakeSender

GOOD = """\
version: 1
feeds:
  - {id: one, url: "https://one.example/rss"}
  - {id: two, url: "https://two.example/rss?key=${KEY}"}
rules:
  - {id: strikes, title: غارات, all: [غارة], tests: [{match: غارة على البلدة}]}
"""
BETTER = GOOD.replace("one.example", "new.example")
MISTAKEN = GOOD.replace("title:", "titel:")
FAILING = GOOD.replace("match: غارة على البلدة", "match: هدوء")
FEEDLESS = GOOD[: GOOD.index("feeds:")] + GOOD[GOOD.index("rules:") :]


class Desk:
    """A database, whoever publishes there, and a worker that looks."""

    def __init__(self, folder: Path, database: Database) -> None:
        self.clock = FakeClock()
        self.environ = {"KEY": "k3y"}
        self.versions = Versions(database)
        self.compiled: list[Config] = []
        self.before_compiling: Callable[[], None] = lambda: None
        self.folder, self.others_have_all = folder, False
        self.watch = self.worker()

    def worker(self, *, done: Callable[[], object] = lambda: None) -> RulesWatch:
        load = partial(published.load_whole, directory=self.folder / "rules", environ=self.environ)
        return RulesWatch(
            self.versions,
            load=load,
            load_in_need=self.load_in_need,
            compile_=self.compile_,
            clock=self.clock,
            done=done,
        )

    def load_in_need(self, version: PublishedRules) -> Config:
        if self.others_have_all:
            raise StateError("another worker has all that it needs")
        return published.load(version, self.folder / "rules", environ=self.environ)

    def compile_(self, config: Config) -> Setup:
        self.before_compiling()
        self.compiled.append(config)
        return compile_setup(config, FakeSender(self.clock))

    def publish(self, text: str) -> int:
        files = RulesFiles(main="rules.yaml", texts={"rules.yaml": text})
        done = self.versions.publish(files, by="desk@host", note="", now=self.clock.now())
        assert isinstance(done, RulesVersion)
        return done.number

    def wait(self, seconds: float = LOOK_EVERY.total_seconds()) -> None:
        self.clock.advance(timedelta(seconds=seconds))

    def look(self, *, wanted: int | None = None) -> InForce | None:
        """What comes of a look, once all that it began is through."""
        told = self.watch.look(wanted=wanted)
        assert self.watch.close(within=60)
        return told or self.watch.look()


class Versions(RulesVersions):
    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.asked, self.read, self.away = 0, list[int](), False

    def newest(self) -> RulesVersion | None:
        self.asked += 1
        if self.away:
            raise StateError("the database is away")
        return super().newest()

    def get(self, number: int) -> PublishedRules | None:
        self.read.append(number)
        if self.away:
            raise StateError("the database is away")
        return super().get(number)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    store = SqliteStore.in_memory(now=NOW)
    yield Desk(tmp_path, store.database)
    store.close()


def test_a_worker_that_comes_before_the_first_version_waits_for_it(desk: Desk) -> None:
    assert desk.look() is None
    assert (desk.watch.number, desk.watch.trouble) == (
        None,
        "no rules were published yet: 'monitor rules publish' does it",
    )
    desk.publish(GOOD)
    desk.wait()
    taken = desk.look()
    assert taken is not None
    assert (taken.number, list(taken.setup.feeds), list(taken.setup.rules)) == (1, ["one", "two"], ["strikes"])
    assert (desk.watch.number, desk.watch.trouble) == (1, "")


def test_a_new_version_is_told_once_with_the_feeds_that_are_asked_anew(desk: Desk) -> None:
    desk.publish(GOOD)
    desk.look()
    desk.publish(BETTER)
    desk.wait()
    taken = desk.look()
    assert taken is not None
    assert (taken.number, taken.asked_anew) == (2, ("one",))
    desk.wait()
    assert desk.look() is None
    assert desk.watch.number == 2


def test_the_database_is_asked_twice_a_second_and_the_files_are_read_once(desk: Desk) -> None:
    desk.publish(GOOD)
    for _ in range(10):
        desk.look()
        desk.wait(LOOK_EVERY.total_seconds() / 2)
    assert desk.versions.asked == 5
    assert desk.versions.read == [1]


def test_a_batch_of_another_version_has_the_database_asked_at_once(desk: Desk) -> None:
    desk.publish(GOOD)
    desk.look()
    desk.publish(BETTER)
    assert desk.look(wanted=1) is None
    taken = desk.look(wanted=2)
    assert taken is not None
    assert taken.number == 2


def test_whoever_is_to_take_a_version_over_is_called_once_it_is_there_or_refused(desk: Desk) -> None:
    told = list[InForce | None]()
    desk.watch = desk.worker(done=lambda: told.append(desk.watch.look()))
    for text in (GOOD, MISTAKEN):
        desk.publish(text)
        desk.wait()
        assert desk.watch.look() is None
        assert desk.watch.close(within=60)
    assert [each and each.number for each in told] == [1, None]
    assert "rules version 2 cannot be used" in desk.watch.trouble


def test_a_look_waits_for_nothing_that_is_compiled(desk: Desk) -> None:
    go_on, begun = threading.Event(), threading.Event()

    def hang() -> None:
        begun.set()
        assert go_on.wait(60)

    desk.publish(GOOD)
    desk.before_compiling = hang
    assert desk.watch.look() is None
    assert begun.wait(60)
    desk.wait()
    assert desk.watch.look() is None  # and begins no second one
    assert not desk.watch.close(within=0)
    go_on.set()
    assert desk.watch.close(within=60)
    assert desk.watch.look() is not None
    assert len(desk.compiled) == 1


BAD = {
    "a mistake": (MISTAKEN, "rules version 2: rules.yaml:6:"),
    "a test that fails": (FAILING, "rules version 2: rules.yaml:6:"),
    "no feeds": (FEEDLESS, "has no feeds any more"),
}


def refuses(desk: Desk, text: str) -> None:
    desk.publish(GOOD)
    desk.look()
    desk.publish(text)
    desk.wait()
    assert desk.look() is None
    assert desk.watch.number == 1


@pytest.mark.parametrize(("text", "why"), BAD.values(), ids=BAD.keys())
def test_a_version_that_cannot_be_used_leaves_the_last_good_one_in_force(desk: Desk, text: str, why: str) -> None:
    refuses(desk, text)
    assert why in desk.watch.trouble
    assert desk.watch.trouble.startswith("rules version 2 cannot be used:\n")
    assert desk.watch.trouble.endswith("\nVersion 1 stays in force here.")
    assert str(desk.folder / "rules" / "2-") not in desk.watch.trouble
    desk.publish(BETTER)
    desk.wait()
    taken = desk.look()
    assert taken is not None
    assert (taken.number, desk.watch.trouble) == (3, "")


def test_a_version_that_breaks_the_compiler_is_told_without_its_insides(desk: Desk) -> None:
    desk.publish(GOOD)
    desk.look()
    desk.publish(BETTER)
    desk.wait()

    def breaks() -> None:
        raise ZeroDivisionError("s3cret")

    desk.before_compiling = breaks
    assert desk.look() is None
    assert "They cannot be compiled (ZeroDivisionError)" in desk.watch.trouble
    assert "s3cret" not in desk.watch.trouble


def test_a_damaged_version_is_told_and_not_read_again_and_again(desk: Desk) -> None:
    desk.publish(GOOD)
    desk.look()
    desk.publish(BETTER)
    with desk.versions._database.write() as db:
        db.execute("UPDATE rules_version SET files = '[]' WHERE number = 2")
    for _ in range(5):
        desk.wait()
        assert desk.look() is None
    assert "rules version 2 is damaged" in desk.watch.trouble
    assert desk.versions.read == [1, 2]


def test_what_could_be_mended_outside_is_tried_again_each_minute(desk: Desk) -> None:
    secret = desk.folder / "secret"
    secret.write_bytes(b"\xff")
    desk.publish(GOOD.replace("${KEY}", f"${{file:{secret}}}"))
    desk.look()
    assert "it is not a text in UTF-8" in desk.watch.trouble
    secret.write_text("k3y")
    desk.wait((TRY_AGAIN - LOOK_EVERY).total_seconds())
    assert desk.look() is None
    assert desk.watch.trouble
    desk.wait()
    taken = desk.look()
    assert taken is not None
    assert (taken.number, desk.watch.trouble) == (1, "")


def test_a_worker_that_starts_while_the_newest_is_bad_takes_the_last_good_one(desk: Desk) -> None:
    for text in (GOOD, BETTER, MISTAKEN, MISTAKEN + "# once more\n"):
        desk.publish(text)
    taken = desk.look()
    assert taken is not None
    assert (taken.number, desk.watch.number) == (2, 2)
    assert desk.watch.trouble.startswith("rules version 4 cannot be used:\n")
    assert desk.watch.trouble.endswith("\nVersion 2 is in force here.")


def test_a_worker_for_which_no_version_is_good_says_that_it_has_none(desk: Desk) -> None:
    desk.publish(MISTAKEN)
    assert desk.look() is None
    assert desk.watch.number is None
    assert desk.watch.trouble.endswith("\nNo rules are in force here.")


def test_a_start_rather_works_by_rules_that_fail_a_test_than_by_none(desk: Desk) -> None:
    desk.publish(FAILING)
    taken = desk.look()
    assert taken is not None
    assert (taken.number, desk.watch.trouble) == (1, "")


def test_a_version_is_loaded_again_when_a_signal_asks_for_it(desk: Desk) -> None:
    desk.publish(GOOD)
    desk.look()
    desk.environ["KEY"] = "other"
    desk.watch.load_again()
    taken = desk.look()
    assert taken is not None
    assert (taken.number, taken.asked_anew) == (1, ("two",))
    desk.wait()
    assert desk.look() is None


def test_a_signal_may_come_while_a_look_is_under_way(desk: Desk) -> None:
    with desk.watch._lock:
        desk.watch.load_again()


def test_a_database_that_was_brought_back_may_have_other_rules_under_the_number(desk: Desk) -> None:
    desk.publish(GOOD)
    desk.look()
    with desk.versions._database.write() as db:
        db.execute("DELETE FROM rules_version")
    desk.wait()
    desk.publish(BETTER)
    taken = desk.look()
    assert taken is not None
    assert (taken.number, taken.setup.feeds["one"].address) == (1, "https://new.example/rss")


def test_while_the_database_is_away_the_rules_stay_and_no_version_is_missed(desk: Desk) -> None:
    desk.publish(GOOD)
    desk.look()
    desk.publish(BETTER)
    desk.wait()
    desk.versions.away = True
    with pytest.raises(StateError):
        desk.watch.look()
    assert (desk.watch.number, desk.watch.trouble) == (1, "")
    desk.versions.away = False
    taken = desk.look()
    assert taken is not None
    assert taken.number == 2


def test_a_database_that_goes_away_while_a_version_is_read_is_no_trouble_of_the_rules(desk: Desk) -> None:
    desk.publish(GOOD)
    desk.look()
    desk.publish(BETTER)
    desk.wait()
    held = desk.versions.get

    def gone(number: int) -> PublishedRules | None:
        raise StateError("the database is away")

    desk.versions.get = gone  # type: ignore[method-assign]
    assert desk.look() is None
    assert (desk.watch.number, desk.watch.trouble) == (1, "")
    desk.versions.get = held  # type: ignore[method-assign]
    desk.wait()
    taken = desk.look()
    assert taken is not None
    assert taken.number == 2


def test_of_many_that_look_at_once_one_is_told(desk: Desk) -> None:
    desk.publish(GOOD)
    told: list[InForce] = []
    enough, found = threading.Event(), threading.Event()

    def look() -> None:
        while not enough.is_set():
            taken = desk.watch.look()
            if taken is not None:
                told.append(taken)
                found.set()

    threads = [threading.Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    assert found.wait(60)
    enough.set()
    for thread in threads:
        thread.join()
    assert [each.number for each in told] == [1]


WITHOUT_A_VALUE = {
    "a feed": GOOD.replace("${KEY}", "${NOWHERE}"),
    "a channel": GOOD + 'channels: {desk: {url: "${NOWHERE}"}}\n',
    "the heartbeat": GOOD + 'heartbeat: {url: "${NOWHERE}"}\n',
}


@pytest.mark.parametrize("text", WITHOUT_A_VALUE.values(), ids=WITHOUT_A_VALUE)
def test_a_worker_that_lacks_what_a_version_needs_stays_with_what_it_has_and_says_so(desk: Desk, text: str) -> None:
    """Else what it polls would be told to some channels only, though the other workers reach all."""
    refuses(desk, text)
    assert "${NOWHERE} has no value" in desk.watch.trouble
    assert desk.watch.trouble.endswith("Version 1 stays in force here.")
    desk.environ["NOWHERE"] = "https://two.example/of-this-machine"
    desk.wait(TRY_AGAIN.total_seconds())
    assert (taken := desk.look()) is not None
    assert taken.number == 2


def test_who_may_look_at_the_pages_is_nothing_to_a_worker(desk: Desk) -> None:
    desk.publish(GOOD + 'web: {token: "${NOWHERE}"}\n')
    assert (taken := desk.look()) is not None
    assert taken.number == 1
    assert taken.config.warnings == (), "workers would differ in it"


def test_a_worker_without_any_rules_that_lacks_a_value_watches_what_it_can_once_nobody_else_does_better(
    desk: Desk,
) -> None:
    """A channel that is not told is bad; that nobody watches, and no channel hears of it, is worse."""
    desk.publish(WITHOUT_A_VALUE["a channel"])
    desk.others_have_all = True
    assert desk.look() is None
    desk.wait(TRY_AGAIN.total_seconds())
    assert desk.look() is None
    assert desk.watch.trouble.endswith("No rules are in force here.")
    desk.others_have_all = False
    desk.wait(TRY_AGAIN.total_seconds())
    assert (taken := desk.look()) is not None
    assert (taken.number, [each.id for each in taken.config.channels]) == (1, ["console"])
    for _ in range(2):
        assert "${NOWHERE} has no value" in desk.watch.trouble
        assert desk.watch.trouble.endswith("no worker had all that it needs, and nothing would be watched.")
        desk.wait(TRY_AGAIN.total_seconds())
        assert desk.look() is None
    desk.environ["NOWHERE"] = "json://receiver.example"
    desk.wait(TRY_AGAIN.total_seconds())
    assert (taken := desk.look()) is not None
    assert (taken.number, [each.id for each in taken.config.channels]) == (1, ["console", "desk"])
    assert desk.watch.trouble == ""


def test_who_has_just_begun_gives_others_time_to_have_all(desk: Desk) -> None:
    desk.publish(WITHOUT_A_VALUE["a channel"])
    assert desk.look() is None
    assert desk.watch.trouble.endswith("No rules are in force here.")
