from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

from monitor.late import LateParser, LateSender
from monitor.model import ParseFailed


class Made:
    def __init__(self, zone=None):
        self.zone, self.closed = zone, False

    def parse(self, feed_id, page, *, known=None):
        return ParseFailed(detail="closed" if self.closed else "open")

    def problem(self, channel):
        return str(self.zone)

    def close(self):
        self.closed = True


def test_what_nobody_asks_is_not_made():
    made = []
    late = LateParser(lambda: made.append(1))
    late.close()
    assert made == []


def test_it_is_made_once():
    made = []
    late = LateParser(lambda: made.append(Made()) or made[-1])
    assert [late.parse("f", None), late.parse("f", None)] == [ParseFailed(detail="open")] * 2
    late.close()
    assert [each.closed for each in made] == [True]


def test_what_is_asked_for_after_the_end_is_closed_from_its_beginning():
    late = LateParser(Made)
    late.close()
    assert late.parse("f", None) == ParseFailed(detail="closed")


def test_a_sender_tells_times_in_the_zone_of_now():
    late = LateSender(Made, UTC)
    assert late.problem(None) == "UTC"
    late.zone = ZoneInfo("Asia/Beirut")
    assert late.problem(None) == "Asia/Beirut"
