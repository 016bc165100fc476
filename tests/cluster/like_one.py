"""A few workers on one database, that take turns in one process; and one machine, that does all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from random import Random

from monitor.cluster.turns import CHANNELS, FleetTurns
from monitor.language import Rule
from monitor.outbound import DeliverLoop
from monitor.pipeline import Pipeline
from monitor.store.postgres.store import open_postgres
from tests.turning import turn_rows
from tests.world import NOW, FakeClock, FakeSender, PlainParser, ScriptedReading, World, feed

Messages = list[list[str]]  # titles, of several alerts in a digest
FEEDS = ("one", "two")


class Desk:
    """`worlds`: workers, on the same clock, with one service for all; each step is the next one's."""

    def __init__(self, worlds: Sequence[World]) -> None:
        self.worlds, self._next = worlds, 0
        self.clock, self.sender = worlds[0].clock, worlds[0].sender
        self.messages: Messages = []

    def one(self, *items: str) -> None:
        self._turn().poll(*items, feed_id="one")

    def two(self, *items: str) -> None:
        self._turn().poll(*items, feed_id="two")

    def passes(self, time: timedelta) -> None:
        self.clock.advance(time)

    def deliver(self) -> None:
        """Each of them, the next one first."""
        alone, together = len(self.sender.sent), len(self.sender.digests)
        for _ in self.worlds:
            self._turn().deliver()
        self.messages += [[each.alert.title for each in many] for many in self.sender.digests[together:]]
        self.messages += [[each.alert.title] for each in self.sender.sent[alone:]]

    def here(self) -> World:
        """Who has the next turn: for what an operator does there."""
        return self._turn()

    def change(self, work: Callable[[World], None]) -> None:
        """What all of them learn, as by new rules."""
        for world in self.worlds:
            work(world)

    def _turn(self) -> World:
        self._next += 1
        return self.worlds[self._next % len(self.worlds)]


def one_machine(*rules: Rule) -> Desk:
    return Desk([World(*rules, feeds=[*map(feed, FEEDS)], baseline=False, reading=ScriptedReading())])


@contextmanager
def workers(count: int, url: str, *rules: Rule) -> Iterator[Desk]:
    clock = FakeClock()
    made, turns = list[World](), list[FleetTurns]()
    sender: FakeSender | None = None
    for number in range(count):
        world = World(
            *rules, feeds=[*map(feed, FEEDS)], baseline=False, reading=ScriptedReading(), clock=clock,
            store=open_postgres(url, now=NOW),
        )  # fmt: skip
        sender = sender or world.sender
        world.sender = sender
        turns.append(FleetTurns(turn_rows(world.store, clock), f"w{number}", clock, sign_every=3600))
        pipeline = Pipeline(store=world.store, parser=PlainParser(), sender=sender, clock=clock, rng=Random(1))
        world.deliveries = DeliverLoop(
            pipeline=pipeline, store=world.store, clock=clock, report=lambda *_: None, channels=CHANNELS,
            turns=turns[-1],
        )  # fmt: skip
        made.append(world)
    try:
        yield Desk(made)
    finally:
        for each in turns:
            each.close()
        for world in made:
            world.polls.stop()
            world.deliveries.stop()
            world.store.close()
