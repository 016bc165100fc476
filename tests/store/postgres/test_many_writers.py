"""Workers that poll the same feeds, send and tidy, while people mute and acknowledge: all at once, on one database."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest

from monitor.errors import LeaseLost
from monitor.loops import LEASE, PollLoop
from monitor.model import MuteKind
from monitor.outbound import DeliverLoop
from monitor.store.housekeeping import Retention, tidy
from monitor.store.mute_rows import Mutes
from monitor.store.postgres.store import PostgresStore, open_postgres
from monitor.store.wish_rows import Wishes
from tests.world import NOW, FakeClock, ScriptedReading, World, feed, item, rss, rule

POLLERS, ROUNDS = 4, 12
FEEDS = ("one", "two", "three")
KEEP = Retention(entries=timedelta(0), keys=timedelta(days=2), mutes=timedelta(0))

_BROKEN = {
    "two entries of a feed have one guid": """
        SELECT feed, guid FROM entry WHERE first_id IS NULL GROUP BY feed, guid HAVING count(*) > 1
    """,
    "the numbers of a story have gaps": """
        SELECT story_id FROM alert JOIN story ON story.id = story_id GROUP BY story_id, last_number
        HAVING count(*) <> max(number) OR min(number) <> 1 OR max(number) <> last_number
    """,
    "an alert has no delivery": "SELECT id FROM alert WHERE id NOT IN (SELECT alert_id FROM delivery)",
    "a delivery is over and claimed": """
        SELECT id FROM delivery WHERE status NOT IN ('pending', 'retrying') AND lease_until_us IS NOT NULL
    """,
    "a delivery is sent and has no time, or the other way round": """
        SELECT id FROM delivery WHERE (status = 'sent') <> (sent_us IS NOT NULL)
    """,
    "what a standing mute covers waits": """
        SELECT delivery.id FROM delivery JOIN alert ON alert.id = alert_id JOIN mute ON subject = rule_id
        WHERE status IN ('pending', 'retrying') AND ended_us IS NULL AND alert.decided_us >= begun_us
    """,
    "a report tells of a story that its entry is not in": """
        SELECT entry_id FROM report JOIN entry ON entry.id = entry_id WHERE entry.story_id <> report.story_id
    """,
}


class Worker:
    def __init__(self, url: str, clock: FakeClock, seed: int) -> None:
        self.rng, self.lost = Random(seed), list[Exception]()
        self.store: PostgresStore = open_postgres(url, now=NOW)
        self.world = World(
            rule("strikes", throttle=timedelta(minutes=30)),
            rule("dead", "قتل"),
            feeds=[feed(each) for each in FEEDS],
            baseline=False,
            store=self.store,  # type: ignore[arg-type]
            reading=ScriptedReading(),
            clock=clock,
        )
        loop = {"pipeline": self.world.pipeline, "store": self.store, "clock": clock, "lost": self.lost.append}
        self.world.polls = PollLoop(fetcher=self.world.network, report=self.world.reports.append, **loop)
        self.world.deliveries = DeliverLoop(report=lambda *_: None, **loop)

    def poll(self) -> None:
        """Each poll shows some of the same entries, now and then in another form, and often its lease runs out."""
        for round_ in range(ROUNDS):
            asked = self.rng.sample(FEEDS, 2)
            for feed_id in asked:
                shown = (self._item(self.rng.randrange(12), round_) for _ in range(4))
                self.world.network.pages[feed_id] = rss(*dict.fromkeys(shown))
            self.world.clock.advance(self.rng.choice([timedelta(minutes=1), 2 * LEASE, timedelta(hours=7)]))
            self.world.polls.tick(self.world.setup, [self.world.setup.feeds[each] for each in asked], every=True)
            assert self.world.polls.wait(60)
            self.world.deliveries.tick(self.world.setup)
            assert self.world.deliveries.wait(60)

    def _item(self, n: int, round_: int) -> str:
        if n < 4:
            return item(f"خبر عادي {n} {round_ % 3}", n=n, at=None)
        town = ("هرابش", "البوكمال", "الميادين")[n % 3]
        return item(f"غارة على {town} و قتل {1 + round_ // 3} في الحي {n}", n=n, at=None)

    def tidy(self) -> None:
        for _ in range(ROUNDS // 2):
            tidy(self.store, now=self.world.clock.now(), keep=KEEP)

    def say(self) -> None:
        mutes, wishes = Mutes(self.store.database), Wishes(self.store.database)
        for round_ in range(ROUNDS):
            now = self.world.clock.now()
            subject, until = self.rng.choice(["strikes", "dead"]), now + timedelta(days=900)
            begun = mutes.begin(MuteKind.RULE, subject, until=until, reason="", by="me", now=now, within=lambda _: ())
            with self.store.database.read() as db:
                alerts = [row[0] for row in db.execute("SELECT id FROM alert ORDER BY decided_us DESC LIMIT 5")]
            for alert_id in alerts:
                wishes.acknowledge_all(alert_id, by="me", now=now)
                wishes.call_wrong(alert_id, "strikes", by="me", now=now)
            if round_ < ROUNDS - 1:
                mutes.end(begun.mute.id, now=now)


def test_many_writers_leave_everything_as_one_alone_would(postgres_url: str, caplog: pytest.LogCaptureFixture) -> None:
    clock = FakeClock()
    workers = [Worker(postgres_url, clock, seed) for seed in range(POLLERS + 2)]
    *pollers, tidier, person = workers
    with ThreadPoolExecutor(len(workers)) as pool, caplog.at_level(logging.WARNING):
        jobs = [pool.submit(each.poll) for each in pollers]
        jobs += [pool.submit(tidier.tidy), pool.submit(person.say)]
        for job in jobs:
            job.result(timeout=120)
    lost = [error for each in workers for error in each.lost]
    assert [error for error in lost if not isinstance(error, LeaseLost)] == []
    reports = [report for each in pollers for report in each.world.reports]
    assert [report for report in reports if report.outcome == "failed"] == []
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []
    told = [alert.id for report in reports for alert in report.alerts]
    with person.store.database.read() as db:
        assert {row[0] for row in db.execute("SELECT id FROM alert")} == set(told), "told, and nothing else"
        found = {what: [tuple(row) for row in db.execute(query)] for what, query in _BROKEN.items()}
    assert {what: rows for what, rows in found.items() if rows} == {}
    assert len(told) == len(set(told)) > len(FEEDS), "each once"
    for each in workers:
        each.store.close()
