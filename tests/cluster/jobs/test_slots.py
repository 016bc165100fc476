from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from procrastinate.manager import JobManager
from procrastinate.sql import queries

from monitor.cluster.jobs.slots import LATEST, Slots, Taken, defer_come, defer_slot

SECOND = 1_000_000
Db = psycopg.Connection[tuple[Any, ...]]
Asked = Callable[[psycopg.AsyncConnection[Any]], Coroutine[Any, Any, Any]]


def ask(url: str, work: Asked) -> Any:
    async def run() -> Any:
        async with await psycopg.AsyncConnection.connect(url) as connection:
            return await work(connection)

    return asyncio.run(run())


def come(url: str, *, every: int = SECOND, since: int | None = None, one_waits: bool = False) -> Slots | Taken:
    return ask(  # type: ignore[no-any-return]
        url, lambda db: defer_come(db, "plan", "q", every_us=every, since_us=since, one_waits=one_waits)
    )


def one(url: str, slot: int) -> int | Taken:
    return ask(url, lambda db: defer_slot(db, "plan", "q", slot))  # type: ignore[no-any-return]


def slots(db: Db) -> list[int]:
    rows = db.execute("SELECT (args->>'slot_us')::bigint FROM procrastinate_jobs ORDER BY 1")
    return [slot for (slot,) in rows]


def now() -> int:
    return time.time_ns() // 1000


def test_what_procrastinates_own_deferrer_calls_is_still_there() -> None:
    """The function of the database is called here, and it is this method's."""
    assert inspect.iscoroutinefunction(JobManager.defer_periodic_job)
    assert "procrastinate_defer_periodic_job_v2(" in queries["defer_periodic_job"]


def test_a_slot_is_deferred_once_by_however_many(url: str, db: Db) -> None:
    slot = now()
    with ThreadPoolExecutor(8) as replicas:
        told = list(replicas.map(lambda _: one(url, slot), range(8)))
    assert told.count(Taken.BY_ANOTHER) == 7
    assert slots(db) == [slot]


def test_a_replica_that_is_late_by_a_slot_does_not_fire_it_again(url: str, db: Db) -> None:
    slot = now()
    assert isinstance(one(url, slot), int)
    assert isinstance(one(url, slot + SECOND), int)
    assert one(url, slot) is Taken.BY_ANOTHER
    assert slots(db) == [slot, slot + SECOND]


def test_a_slot_long_gone_or_far_ahead_is_nobodys(url: str, db: Db) -> None:
    assert one(url, now() - LATEST - SECOND) is Taken.LATE
    assert one(url, now() + LATEST + 60 * SECOND) is Taken.LATE
    assert slots(db) == []


def test_a_tick_defers_the_slot_that_the_database_has_come_to(url: str, db: Db) -> None:
    before = now()
    told = come(url, every=100_000)
    assert isinstance(told, Slots)
    assert told.newest_us in slots(db)
    assert before - 100_000 <= told.newest_us <= now()
    assert all(slot % 100_000 == 0 for slot in slots(db))


def test_a_tick_that_comes_late_brings_what_it_missed(url: str, db: Db) -> None:
    newest = now() // SECOND * SECOND
    told = come(url, since=newest - 4 * SECOND)
    assert isinstance(told, Slots)
    assert told.deferred == len(slots(db)) == (told.newest_us - newest) // SECOND + 4


def test_but_not_all_of_a_long_absence(url: str, db: Db) -> None:
    told = come(url, since=now() // SECOND * SECOND - 3600 * SECOND)
    assert isinstance(told, Slots)
    assert slots(db) == [told.newest_us - n * SECOND for n in range(9, -1, -1)]


def test_ticks_of_all_replicas_together_defer_each_slot_once(url: str, db: Db) -> None:
    since = now() // 10_000 * 10_000 - 200_000
    with ThreadPoolExecutor(6) as replicas:
        told = list(replicas.map(lambda _: come(url, every=10_000, since=since), range(12)))
    newest = max(each.newest_us for each in told if isinstance(each, Slots))
    assert slots(db) == list(range(since + 10_000, newest + 10_000, 10_000))


def test_where_one_job_waits_another_is_not_put_beside_it(url: str, db: Db) -> None:
    since = now() // SECOND * SECOND - 5 * SECOND
    assert isinstance(come(url, since=since, one_waits=True), Slots)
    (waits,) = slots(db)
    assert come(url, since=since, every=10_000, one_waits=True) is Taken.WAITS
    db.execute("UPDATE procrastinate_jobs SET status = 'doing'")
    again = come(url, since=since, every=10_000, one_waits=True)
    assert isinstance(again, Slots)
    assert slots(db) == [waits, again.newest_us]


def test_slots_of_the_future_come_again_after_the_clock_was_set_back(url: str, db: Db) -> None:
    hour = 3600 * SECOND
    db.execute(
        "INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp) VALUES ('plan', 'x', %s)",
        (now() + hour,),
    )
    told = come(url, since=now() + hour)
    assert isinstance(told, Slots)
    assert slots(db) == [told.newest_us]
    row = db.execute("SELECT count(*) FROM procrastinate_periodic_defers WHERE periodic_id = 'x'").fetchone()
    assert row == (0,)
