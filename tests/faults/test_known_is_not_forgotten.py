"""An entry that is not read again is still there: it must not be taken for gone, and told again when it is."""

from __future__ import annotations

from datetime import timedelta

from monitor.store.housekeeping import Retention, tidy
from tests.world import STRIKE, World, item, rss

KEEP = Retention(entries=timedelta(days=3), alerts=timedelta(days=3))


def test_an_entry_that_stands_for_longer_than_entries_are_kept_is_told_once() -> None:
    world = World()
    world.poll()
    told: list[str] = []
    spared = 0
    for poll in range(40):  # ten days
        world.clock.advance(timedelta(hours=6))
        told += world.poll(item(STRIKE, n=1), item(f"افتتاح معرض {poll}", n=poll + 2))
        world.deliver()  # an alert that waits would keep its entry
        spared += world.parser.known[-1] is not None
        tidy(world.store, now=world.clock.now(), keep=KEEP)
    told += world.poll_page(rss(item(STRIKE, n=1)).replace(b"<title>t<", b"<title>u<"))  # elsewhere: all is read
    assert told == [STRIKE]
    assert world.reports[-1].new == 0
    assert spared == 40
