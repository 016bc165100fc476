from __future__ import annotations

import time

from monitor.model import Channel, NotSent, Secret
from monitor.operations import Operations
from tests.world import NOW, FakeClock, FakeSender

DESK = Channel(id="desk", url=Secret("json://x"), language="en")
OPS = Channel(id="ops", url=Secret("json://x"), language="en", operations=True)


def told(operations: Operations, sender: FakeSender, wanted: int) -> list[tuple[str, str]]:
    end = time.monotonic() + 30
    while len(sender.told) < wanted and time.monotonic() < end:
        time.sleep(0.01)
    operations.close()
    return sender.told


def test_only_channels_for_operations_hear_of_trouble_and_only_once():
    sender = FakeSender(FakeClock())
    operations = Operations(sender)
    operations.use([DESK, OPS])
    for _ in range(3):
        operations.tell("rules", "refused", "why")
    operations.tell("other", "another trouble", "why")
    assert told(operations, sender, 2) == [("ops", "refused"), ("ops", "another trouble")]


def test_trouble_that_ended_and_came_again_is_told_again():
    sender = FakeSender(FakeClock())
    operations = Operations(sender)
    operations.use([OPS])
    operations.tell("rules", "refused", "why")
    operations.over("rules")
    operations.tell("rules", "refused", "why")
    assert len(told(operations, sender, 2)) == 2


def test_a_notice_that_cannot_be_sent_is_logged_and_tried_again(caplog):
    class Refusing(FakeSender):
        def tell(self, channel, title, body):
            super().tell(channel, title, body)
            return NotSent(detail="HTTP 500 from ops.example", failed_at=NOW)

    sender = Refusing(FakeClock())
    operations = Operations(sender, retry_after=[0.01, 0.01])
    operations.use([OPS])
    operations.tell("rules", "refused", "why")
    assert len(told(operations, sender, 3)) == 3
    assert "operations.not_sent" in caplog.messages


def test_another_mistake_of_the_same_kind_is_told():
    sender = FakeSender(FakeClock())
    operations = Operations(sender)
    operations.use([OPS])
    operations.tell("rules", "refused", "line 3")
    operations.tell("rules", "refused", "line 3")
    operations.tell("rules", "refused", "line 9")
    assert len(told(operations, sender, 2)) == 2
