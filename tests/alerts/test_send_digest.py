from __future__ import annotations

from datetime import timedelta

from monitor.model import NotSent, Sent
from tests.alerts.made import NOW, a_channel, a_delivery
from tests.alerts.servers import status, webhook


def _deliveries(count: int):
    return [
        a_delivery(
            id=f"{number}.1.r",
            story_id=number,
            title=f"خبر رقم {number}",
            spans=(),
            link=f"https://www.furat.example/{number}",
            decided_at=NOW + timedelta(minutes=number),
        )
        for number in range(1, count + 1)
    ]


def test_several_deliveries_are_one_message_with_the_newest_first(sender):
    with webhook() as hook:
        result = sender.send_digest(a_channel(hook.url()), _deliveries(3))
    assert isinstance(result, Sent)
    [got] = hook.got
    told = got["message"]
    assert told.index("خبر رقم 3") < told.index("خبر رقم 2") < told.index("خبر رقم 1")
    assert all(f"https://www.furat.example/{number}" in told.splitlines() for number in (1, 2, 3))


def test_what_a_digest_has_no_room_for_is_counted(sender):
    with webhook() as hook:
        sender.send_digest(a_channel(hook.url()), _deliveries(200))
    told = hook.got[0]["message"]
    assert len(told) <= 4000
    shown = sum(line.startswith("https://") for line in told.splitlines())
    assert 10 < shown < 200
    assert str(200 - shown) in told.splitlines()[-1]


def test_a_digest_that_is_refused_says_so_for_all_of_it(sender):
    with webhook(status(503)) as hook:
        result = sender.send_digest(a_channel(hook.url()), _deliveries(2))
    assert isinstance(result, NotSent)
    assert result.detail == "HTTP 503: the service is in trouble"
