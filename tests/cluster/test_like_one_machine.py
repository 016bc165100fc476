"""What holds for all that is told holds for the fleet: two workers, that take turns, tell what one machine tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import time, timedelta

import psycopg
import pytest

from monitor.cluster.overview import overview
from monitor.language import Inhibit, Rule, Volume
from monitor.model import Channel, MuteKind, QuietHours, Rhythm, Secret
from monitor.model.workers import Told, WorkerSeen
from monitor.store import tidy
from monitor.store.mute_rows import Mutes
from monitor.store.postgres.now import server_now
from monitor.store.tables import tables
from monitor.store.worker_rows import Workers
from tests.cluster.like_one import Desk, Messages, one_machine, workers
from tests.postgres import Postgres
from tests.store.conftest import with_schema
from tests.world import MINUTE, NOW, World, item, rule

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SEEN = WorkerSeen(id="w", host="h", pid=1, began_at=NOW, version="1", stage="working", rules_number=1, told=Told())
STRIKE = "غارة على حي هرابش"
Case = Callable[[Desk], None]


@pytest.fixture
def url(postgres: Postgres) -> Iterator[str]:
    made = postgres.fresh(with_schema)
    yield made
    postgres.drop(made)


def channel(**settings: object) -> Callable[[World], None]:
    desk = Channel(**{"id": "desk", "url": Secret("json://x"), "language": "ar", **settings})

    def configure(world: World) -> None:
        world.setup = replace(world.setup, channels={**world.setup.channels, "desk": desk})

    return configure


def strikes(*numbers: int) -> list[str]:
    return [item(f"غارة رقم {n} على البلدة", n=n, at=None) for n in numbers]


def copies(desk: Desk) -> None:
    desk.one(item(STRIKE, n=1))
    desk.two(item(STRIKE, n=2))
    desk.one(item(STRIKE, n=1), item(f"عاجل: {STRIKE}", n=3))
    desk.deliver()


def more_dead(desk: Desk) -> None:
    for number, killed in enumerate((1, 5, 5, 12)):
        (desk.one if number % 2 else desk.two)(item(f"{STRIKE} قتل {killed}", n=number))
        desk.deliver()
        desk.passes(20 * MINUTE)
    desk.passes(HOUR)
    desk.deliver()


def witnesses(desk: Desk) -> None:
    desk.one(item("غارة على حي هرابش عند الفجر وأنباء عن إصابات قتل 3", n=1))
    desk.deliver()
    assert desk.messages == []
    desk.two(item("مصدر طبي يؤكد أن غارة هرابش أودت بحياة عائلة قتل 3", n=2))
    desk.deliver()
    desk.one(item("طائرات تشن غارة على هرابش ومقتل مدنيين قتل 3", n=3))
    desk.deliver()


def denied(desk: Desk) -> None:
    desk.one(item(STRIKE, n=1))
    desk.deliver()
    desk.two(item(f"نفي: {STRIKE}", n=2))
    desk.passes(HOUR)
    desk.deliver()


def digest(desk: Desk) -> None:
    desk.change(channel(digest=Rhythm()))
    desk.one(*strikes(1))
    desk.two(*strikes(2))
    desk.deliver()
    assert desk.messages == []
    desk.passes(HOUR)
    desk.two(*strikes(2, 3))
    desk.deliver()
    desk.passes(HOUR)
    desk.deliver()


def night(desk: Desk) -> None:
    desk.change(channel(quiet_hours=QuietHours(begin=time(11), end=time(14))))
    desk.one(*strikes(1))
    desk.two(*strikes(2))
    desk.deliver()
    assert desk.messages == []
    desk.passes(3 * HOUR)
    desk.deliver()


def mute(desk: Desk) -> None:
    desk.one(*strikes(1))
    desk.deliver()
    _mute(desk, MuteKind.RULE, "strikes")
    desk.two(*strikes(2))
    desk.one(*strikes(1, 3))
    desk.deliver()
    desk.passes(2 * HOUR)
    desk.two(*strikes(2, 4))
    desk.deliver()


def mute_of_a_story(desk: Desk) -> None:
    desk.one(item(STRIKE, n=1))
    desk.deliver()
    _mute(desk, MuteKind.STORY, "1")
    desk.two(item(f"{STRIKE} قتل 40", n=2), *strikes(7))
    desk.deliver()


def count(desk: Desk) -> None:
    for number in range(8):
        (desk.one if number % 2 else desk.two)(*strikes(number))
        desk.deliver()
    desk.passes(3 * HOUR)
    desk.one(*strikes(20, 21))
    desk.two(*strikes(22, 23))
    desk.deliver()


def burst(desk: Desk) -> None:
    desk.one(*strikes(*range(11)))
    desk.deliver()
    desk.passes(-MINUTE)
    desk.two(*strikes(*range(11, 23)))
    for _ in range(5):
        desk.deliver()
        desk.passes(20 * MINUTE / 60)


def pace(desk: Desk) -> None:
    telegram = Secret("tgram://123456789:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA/42")
    desk.change(channel(url=telegram))
    desk.one(*strikes(*range(3)))
    desk.two(*strikes(*range(3, 5)))
    for _ in range(10):
        desk.deliver()
        desk.passes(timedelta(seconds=0.5))


def stands_for(desk: Desk) -> None:
    desk.one(item("غارة كبرى على حي هرابش", n=1))
    desk.two(item(f"{STRIKE} قتل 3", n=2))
    desk.deliver()


def _mute(desk: Desk, kind: MuteKind, target: str) -> None:
    now = desk.clock.now()
    Mutes(desk.here().store.database).begin(
        kind, target, until=now + HOUR, reason="", by="desk", now=now, within=lambda _: ()
    )


CASES: dict[str, tuple[Case, tuple[Rule, ...]]] = {
    "one event, told by both, once more by one": (copies, (rule(),)),
    "a story that grows, not more often than its throttle": (more_dead, (rule(throttle=HOUR),)),
    "a rule that wants two sources": (witnesses, (rule(min_sources=2),)),
    "what one tells the other denies": (denied, (rule(throttle=timedelta(0)),)),
    "a channel's digest": (digest, (rule(),)),
    "quiet hours": (night, (rule(),)),
    "a rule is muted for an hour": (mute, (rule(),)),
    "a story is muted": (mute_of_a_story, (rule(),)),
    "a rule that counts": (count, (rule(kind=Volume(within=HOUR, count=3, surge=None)),)),
    "many at once": (burst, (rule(),)),
    "a channel that takes one a second": (pace, (rule(),)),
    "a rule that stands for another": (
        stands_for,
        (rule("grave", "كبرى", inhibit=Inhibit(rules=("strikes",), lasts=HOUR)), rule()),
    ),
}


@pytest.mark.parametrize(("case", "rules"), CASES.values(), ids=CASES.keys())
def test_two_workers_send_what_one_machine_sends(case: Case, rules: tuple[Rule, ...], url: str) -> None:
    alone = one_machine(*rules)
    case(alone)
    with workers(2, url, *rules) as desk:
        case(desk)
    assert alone.messages, "the case shows nothing"
    assert shape(desk.messages) == shape(alone.messages)


def with_what_the_next_version_adds(url: str) -> None:
    """To every table; a version takes nothing away ("Upgrade" in docs/howto/scale-out.md)."""
    with_schema(url)
    with psycopg.connect(url) as db:
        for table in tables():
            db.execute(f"ALTER TABLE {table.name} ADD COLUMN of_the_next bigint NOT NULL DEFAULT 7".encode())
            db.execute(f"CREATE INDEX {table.name}_by_the_next ON {table.name} (of_the_next)".encode())
        db.execute("CREATE TABLE of_the_next (id bigint PRIMARY KEY)")
        db.execute("UPDATE schema_version SET number = number + 1")


@pytest.mark.parametrize(("case", "rules"), CASES.values(), ids=CASES.keys())
def test_workers_send_the_same_beside_those_of_the_next_version(
    case: Case, rules: tuple[Rule, ...], postgres: Postgres
) -> None:
    url = postgres.fresh(with_what_the_next_version_adds)
    alone = one_machine(*rules)
    case(alone)
    with workers(2, url, *rules) as desk:
        case(desk)
        tidy(desk.here().store, now=desk.clock.now() + 500 * DAY)
        Workers(desk.here().store.database, server_now).beat(SEEN)
        assert [each.worker for each in overview(desk.here().store.database).workers] == [SEEN]
    postgres.drop(url)
    assert shape(desk.messages) == shape(alone.messages)


def shape(messages: Messages) -> list[list[str]]:
    """In the order in which they came; who of several was first within a message is of no account."""
    return [sorted(each) for each in messages]
