from __future__ import annotations

import time
from datetime import timedelta

from monitor.clock import SystemClock
from monitor.errors import StateError
from monitor.model import Channel, NotSent, Secret
from monitor.operations import Operations
from monitor.store import SqliteStore
from monitor.store.trouble_rows import TroubleRows
from monitor.trouble import Finding, Kind
from tests.world import NOW, FakeClock, FakeSender

DESK = Channel(id="desk", url=Secret("json://x"), language="en")
OPS = Channel(id="ops", url=Secret("json://x"), language="en", operations=True)
OPS2 = Channel(id="ops2", url=Secret("json://x"), language="ar", operations=True)
HOUR = timedelta(hours=1)


class Refusing(FakeSender):
    """Takes no notice on the channels of `refuse`."""

    def tell(self, channel, title, body):
        super().tell(channel, title, body)
        if channel.id in self.refuse:
            return NotSent(detail="HTTP 500 from ops.example", failed_at=NOW)
        return super().tell(Channel(id=f"{channel.id} took", url=None, language="en"), title, body)


def failing(feed_id: str = "one", **facts) -> Finding:
    told = {"name": feed_id, "failures": 3, "error": "too slow", **facts}
    return Finding(kind=Kind.FEED_FAILING, subject=feed_id, facts=told)


def operations(*channels: Channel, sender: FakeSender | None = None, clock=None, **more) -> tuple:
    clock = clock or FakeClock()
    sender = sender or FakeSender(clock)
    made = Operations(sender, clock=clock, **more)
    made.use(channels or [DESK, OPS])
    return made, sender, clock


def until(wanted) -> None:
    end = time.monotonic() + 30
    while not wanted() and time.monotonic() < end:
        time.sleep(0.01)
    assert wanted()


def test_only_channels_for_operations_hear_of_trouble_and_only_once():
    made, sender, _ = operations()
    for _ in range(3):
        made.tell("rules", "refused", "why")
        made.settle()
    made.tell("other", "another trouble", "why")
    made.settle()
    made.close()
    assert sender.told == [("ops", "refused"), ("ops", "another trouble")]


def test_what_is_reported_is_told_in_the_background_without_anybody_waiting():
    made, sender, _ = operations()
    made.tell("rules", "refused", "why")
    until(lambda: sender.told == [("ops", "refused")])
    made.close()


def test_trouble_that_ended_and_came_again_is_told_again_and_its_end_too():
    made, sender, _ = operations()
    for step in (lambda: made.tell("rules", "refused", "why"), lambda: made.over("rules")) * 2:
        step()
        made.settle()
    made.close()
    assert [title for _, title in sender.told] == ["refused", "The rules file as it is now is in force"] * 2


def test_another_mistake_of_the_same_kind_is_told():
    made, sender, _ = operations()
    for text in ("line 3", "line 3", "line 9"):
        made.tell("rules", "refused", text)
        made.settle()
    made.close()
    assert len(sender.told) == 2


def test_a_notice_that_nobody_took_is_logged_and_said_again(caplog):
    sender = Refusing(FakeClock())
    sender.refuse.add("ops")
    made, sender, _ = operations(sender=sender, clock=SystemClock(), retry_after=[0.01, 0.01])
    made.tell("rules", "refused", "why")
    until(lambda: len(sender.told) >= 3)
    sender.refuse.clear()
    until(lambda: ("ops took", "refused") in sender.told)
    made.close()
    assert "operations.not_sent" in caplog.messages


def test_a_channel_that_missed_what_another_took_is_told_later():
    sender = Refusing(FakeClock())
    sender.refuse.add("ops")
    made, sender, _ = operations(OPS, OPS2, sender=sender, clock=SystemClock(), retry_after=[0.05, 0.05, 0.05, 0.05])
    made.found([failing()])
    sender.refuse.clear()
    until(lambda: any(channel == "ops took" for channel, _ in sender.told))
    assert sum(channel == "ops2 took" for channel, _ in sender.told) == 1
    made.close()


def test_many_at_once_are_one_message():
    made, sender, _ = operations()
    made.found([failing(f"feed-{n}") for n in range(28)])
    made.found([])
    made.close()
    assert [title for _, title in sender.told] == ["28 feeds cannot be read", "monitor: 28 mended"]


def test_what_was_told_is_not_told_again_after_a_restart_and_its_end_is():
    store, clock = SqliteStore.in_memory(now=NOW), FakeClock()
    first, sender, _ = operations(clock=clock, memory=TroubleRows(store.database))
    first.found([failing()])
    first.close()
    second, _, _ = operations(clock=clock, sender=sender, memory=TroubleRows(store.database))
    second.found([failing(failures=9)])
    second.close()
    assert len(sender.told) == 1
    clock.advance(3 * HOUR)
    third, _, _ = operations(clock=clock, sender=sender, memory=TroubleRows(store.database))
    third.found([])
    third.close()
    assert sender.told[-1] == ("ops", "Feed 'one' can be read again, after 3 hours")


def test_what_was_reported_before_a_restart_lasts_until_a_look_that_does_not_find_it():
    store, clock = SqliteStore.in_memory(now=NOW), FakeClock()
    first, sender, _ = operations(clock=clock, memory=TroubleRows(store.database))
    first.tell("rules", "refused", "why")
    first.settle()
    first.close()
    second, _, _ = operations(clock=clock, sender=sender, memory=TroubleRows(store.database))
    second.tell("tests", "tests fail", "why")
    second.settle()
    assert [title for _, title in sender.told] == ["refused", "tests fail"]
    second.found([])
    second.close()
    assert sender.told[-1] == ("ops", "The rules file as it is now is in force")


def test_what_happened_once_is_told_and_its_end_is_no_news():
    made, sender, clock = operations()
    made.tell("clock", "The clock was set", "by an hour", passes=True)
    for _ in range(50):
        clock.advance(HOUR)
        made.found([])
    made.close()
    assert [title for _, title in sender.told] == ["The clock was set"]


def test_what_is_no_news_ends_without_a_word():
    made, sender, _ = operations()
    made.found([failing()])
    made.found([], moot=[failing().key])
    made.close()
    assert len(sender.told) == 1


def test_a_state_that_cannot_be_written_costs_no_word():
    class Full(TroubleRows):
        def save(self, changed, gone):
            raise StateError("the disk is full")

    made, sender, _ = operations(memory=Full(SqliteStore.in_memory(now=NOW).database))
    made.found([failing()])
    made.close()
    assert len(sender.told) == 1


def test_without_a_channel_for_operations_the_log_has_it_once(caplog):
    made, sender, _ = operations(DESK)
    for _ in range(3):
        made.found([failing()])
    made.close()
    assert (sender.told, caplog.messages.count("operations")) == ([], 1)
