from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import portions as module
from monitor.errors import StateUnwritable
from monitor.feeds.parse import parse
from monitor.intake import judge
from monitor.portions import MOST, portions
from monitor.store import Reader
from monitor.store.postgres.store import open_postgres
from tests.world import NOW, World, feed, item, rss

WORLD = World()
NEWS = [f"غارة على البلدة رقم {n}" for n in range(10)]
OTHERS = [f"معرض الكتاب رقم {n}" for n in range(5)]


@pytest.fixture
def few(monkeypatch) -> int:
    monkeypatch.setattr(module, "MOST", 3)
    return 3


@pytest.fixture
def world() -> World:
    made = World()
    made.poll()
    return made


def items() -> list[str]:
    """Newest first, and each third of another kind."""
    titles = [title for pair in zip(NEWS[::2], NEWS[1::2], OTHERS, strict=True) for title in pair]
    return [item(title, n=n, at=NOW - timedelta(minutes=n)) for n, title in enumerate(titles)]


def transactions(world: World, monkeypatch, *, breaks_at: int | None = None, by: type[Exception] = RuntimeError):
    """Counted; the one of this number, from 1, is broken off when all was written."""
    begun: list[int] = []
    ingest = world.store.ingest

    @contextmanager
    def counted():
        begun.append(len(begun) + 1)
        number = begun[-1]
        with ingest() as tx:
            yield tx
            if number == breaks_at:
                raise by("broken off")

    monkeypatch.setattr(world.store, "ingest", counted)
    return begun


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 50)), max_size=3 * MOST))
def test_portions_are_the_entries_oldest_first_with_few_enough_that_match(told):
    shown = [
        item(f"{'غارة' if matches else 'معرض'} رقم {n}", n=n, at=NOW - timedelta(minutes=age))
        for n, (matches, age) in enumerate(told)
    ]
    page = parse("one", rss(*shown), "application/rss+xml", base_url="http://one.example/", fetched_at=NOW)
    judged = [judge(WORLD.setup, feed("one"), entry, now=NOW) for entry in page.entries]
    made = list(portions(judged))
    together = [each for portion in made for each in portion]
    assert sorted(each.entry.position for each in together) == list(range(len(told)))
    assert [each.entry.published_at for each in together] == sorted(each.entry.published_at for each in judged)
    matched = [sum(bool(each.matches.matches) for each in portion) for portion in made]
    assert len(made) == max(-(-sum(matches for matches, _ in told) // MOST), 1)
    assert all(count == MOST for count in matched[:-1])


def test_a_poll_that_brings_very_much_gives_others_a_turn_and_tells_the_same(world, monkeypatch, few):
    begun = transactions(world, monkeypatch)
    alerted = world.poll(*items())
    assert begun == [1, 2, 3, 4]
    monkeypatch.undo()
    whole = World()
    whole.poll()
    assert alerted == whole.poll(*items())
    assert sorted(alerted) == NEWS
    assert world.reports[-1] == whole.reports[-1]
    assert Reader(world.store.database).feeds() == Reader(whole.store.database).feeds()


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_what_is_broken_off_between_portions_is_told_by_the_next_poll_and_nothing_twice(
    world, monkeypatch, few, number
):
    transactions(world, monkeypatch, breaks_at=number)
    world.poll(*items())
    assert world.reports[-1].outcome == "failed"
    assert Reader(world.store.database).totals().alerts == few * (number - 1)
    monkeypatch.undo()
    world.poll(*items(), item("خبر", n=50))
    assert Reader(world.store.database).totals().alerts == len(NEWS)
    while world.deliver():
        pass
    told = [delivery.alert.title for delivery in world.sender.sent]
    assert sorted(told) == NEWS


def test_a_portion_that_the_disk_refused_is_written_again_and_reported_once(world, monkeypatch, few):
    begun = transactions(world, monkeypatch, breaks_at=2, by=StateUnwritable)
    assert sorted(world.poll(*items())) == NEWS
    assert begun == [1, 2, 3, 4, 5]
    assert world.reports[-1].new == len(NEWS) + len(OTHERS)


# --- a server that ends connections while a poll of a feed with articles has its turn

FULL_TEXT = feed(full_text=True)


@pytest.fixture
def on_postgres(postgres_url) -> Iterator[World]:
    store = open_postgres(postgres_url, now=NOW)
    made = World(feeds=[FULL_TEXT], store=store)
    made.poll()
    yield made
    store.close()


def end_all_connections(url: str) -> None:
    """As a restart of the server, and a failover, does. Waits until they are gone."""
    with psycopg.connect(url, autocommit=True) as beside:
        beside.execute(
            "SELECT pg_terminate_backend(pid, 30000) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def break_off(world: World, monkeypatch, step: str, number: int) -> None:
    """End all connections before this step of a poll, or after it, as often as it was begun before."""
    name, _, when = step.partition(" ")
    done, times = getattr(world.store, name), iter(range(1, 100))

    @contextmanager
    def transaction():
        is_now = next(times) == number
        with done() as tx:
            if is_now and when == "within":
                end_all_connections(world.store.database.url)
            yield tx
        if is_now and when == "committed":  # and the answer was lost
            end_all_connections(world.store.database.url)
            raise StateUnwritable("the connection was lost")

    def read(*told):
        if next(times) == number:
            end_all_connections(world.store.database.url)
        return done(*told)

    monkeypatch.setattr(world.store, name, transaction if name == "ingest" else read)


@pytest.mark.parametrize(
    ("step", "number"),
    [("known_raw", 1), ("article_bodies", 1), *(("ingest within", number) for number in (1, 2, 3, 4))],
)
def test_a_poll_whose_turn_was_lost_with_its_connection_begins_anew_and_tells_the_same(
    on_postgres, monkeypatch, few, step, number
):
    break_off(on_postgres, monkeypatch, step, number)
    alerted = on_postgres.poll(*items())
    assert sorted(alerted) == NEWS
    monkeypatch.undo()
    monkeypatch.setattr(module, "MOST", few)
    whole = World(feeds=[FULL_TEXT])
    whole.poll()
    assert alerted == whole.poll(*items())
    assert on_postgres.reports[-1] == whole.reports[-1]
    assert Reader(on_postgres.store.database).feeds() == Reader(whole.store.database).feeds()
    while on_postgres.deliver():
        pass
    assert sorted(delivery.alert.title for delivery in on_postgres.sender.sent) == NEWS


@pytest.mark.parametrize("number", [2, 4])
def test_a_portion_that_was_stored_though_nobody_heard_of_it_is_told_once(on_postgres, monkeypatch, few, number):
    break_off(on_postgres, monkeypatch, "ingest committed", number)
    on_postgres.poll(*items())
    assert on_postgres.polls.trouble is None
    totals = Reader(on_postgres.store.database).totals()
    assert (totals.entries, totals.alerts) == (len(NEWS) + len(OTHERS), len(NEWS))
    while on_postgres.deliver():
        pass
    assert sorted(delivery.alert.title for delivery in on_postgres.sender.sent) == NEWS
    assert on_postgres.poll(*items(), item("خبر", n=50)) == []
