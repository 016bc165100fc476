from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import portions as module
from monitor.errors import StateUnwritable
from monitor.feeds.parse import parse
from monitor.intake import judge
from monitor.portions import MOST, portions
from monitor.store import Reader
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
