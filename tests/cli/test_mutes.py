"""`mute`, `mutes`, `unmute`, beside a monitor that goes on polling."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from monitor.clock import SystemClock
from monitor.model import DeliveryStatus, Hold, Reason
from monitor.store import Reader, open_store
from tests.cli.terminal import monitor, rules_in
from tests.world import STRIKE, World, feed, item, rule

RULES = """\
version: 1
timezone: Asia/Damascus
feeds:
  - {id: one, url: "https://one.example/rss", source: gazette}
rules:
  - id: strikes
    all: [غارة]
  - id: fires
    all: [حريق]
"""

OTHERWISE = "انهيار مبنى سكني بعد غارة ليلية في السوق القديم"  # what an edit makes of the first headline


class Desk:
    """A state directory, a world that polls on it, and a terminal."""

    def __init__(self, folder):
        self.state, self.config = folder / "state", rules_in(folder, RULES)
        self.store = open_store(self.state, now=SystemClock().now())
        self.world = World(
            rule("strikes"), rule("fires", "حريق"), feeds=[feed("one", source="gazette")], store=self.store
        )
        self.world.clock.advance(SystemClock().now() - self.world.clock.now())
        self.begun_at = self.world.clock.now()
        self.world.poll()
        self.reader = Reader(self.store.database)

    def run(self, *arguments):
        result = monitor(arguments[0], *arguments[1:], "-c", self.config, "-s", str(self.state))
        self.world.clock.advance(max(SystemClock().now() - self.world.clock.now(), timedelta()))
        return result

    def poll(self, *titles, first=1):
        self.world.poll(*(item(title, n=n, at=self.begun_at) for n, title in enumerate(titles, first)))

    def statuses(self):
        counts = self.reader.totals().deliveries
        return {status: count for status, count in counts.items() if count}


@pytest.fixture
def desk(tmp_path):
    made = Desk(tmp_path)
    yield made
    made.store.close()


def test_what_is_muted_is_recorded_and_told_to_nobody(desk):
    assert "mute 1: rule strikes, until" in desk.run("mute", "rule:strikes", "2h", "--reason", "أعمال معروفة").stdout
    desk.poll(STRIKE, "حريق في السوق")
    desk.world.deliver()
    assert [told.alert.rule_id for told in desk.world.sender.sent] == ["fires"]
    with desk.store.database.read() as db:
        [(reason, why)] = map(tuple, db.execute("SELECT reason, why FROM verdict WHERE rule_id = 'strikes'"))
    assert reason == Reason.MUTED.name
    assert why.startswith("mute 1 (rule strikes, until ")
    assert why.endswith("UTC): أعمال معروفة")
    assert "rule strikes: muted" in desk.run("why", STRIKE).stdout


def test_after_a_mute_nothing_is_told_of_what_it_swallowed_and_the_next_report_is(desk):
    desk.run("mute", "strikes", "2h")
    desk.poll(STRIKE)
    assert "ended: mute 1" in desk.run("unmute", "1").stdout
    desk.poll(STRIKE)
    desk.world.deliver()
    assert desk.world.sender.sent == []
    desk.poll("غارة ثانية على جسر في مدينة أخرى", first=2)
    desk.world.deliver()
    assert len(desk.world.sender.sent) == 1


def test_a_mute_that_is_over_by_itself_holds_no_more(desk):
    desk.run("mute", "strikes", "2h")
    desk.world.clock.advance(timedelta(hours=2, seconds=1))
    desk.poll(STRIKE)
    assert desk.statuses() == {DeliveryStatus.PENDING: 1}


def test_the_number_of_an_alert_mutes_its_story_as_messages_say_it(desk):
    desk.poll(STRIKE)
    desk.world.deliver()
    assert "mute 1: story 1, of alert 1.1, until" in desk.run("mute", "1.1", "2h").stdout
    desk.poll(OTHERWISE)
    desk.world.deliver()
    assert len(desk.world.sender.sent) == 1


def test_what_waits_when_a_mute_begins_is_ended_and_says_so(desk):
    desk.world.sender.refuse.add("desk")
    desk.poll(STRIKE)
    desk.world.deliver()
    assert "1 delivery that waited will not be sent" in desk.run("mute", "strikes", "2h").stdout
    desk.world.sender.refuse.clear()
    desk.world.clock.advance(timedelta(hours=1))
    desk.world.deliver()
    assert desk.world.sender.sent == []
    assert desk.statuses() == {DeliveryStatus.ENDED: 1}
    [told] = desk.reader.deliveries_of("1.1")
    assert told.last_error.startswith("mute 1 (rule strikes, until ")
    assert "desk: not sent: mute 1 (rule strikes, until" in desk.run("why", "1.1").stdout


def test_what_a_mute_ended_before_anybody_heard_of_it_was_not_told(desk):
    """The next report is then the first that anybody hears of, and no repetition of something unheard."""
    desk.poll(STRIKE)
    desk.run("mute", "strikes", "1h")
    desk.world.clock.advance(timedelta(hours=1, minutes=1))
    desk.poll(STRIKE, "غارة جوية على أطراف البلدة، وسكان يروون ما جرى", first=1)
    desk.world.deliver()
    assert [told.alert.reason for told in desk.world.sender.sent] == [Reason.FIRST_REPORT]


def test_a_delivery_that_fails_while_it_is_muted_is_not_tried_again(desk):
    desk.poll(STRIKE)
    now = desk.world.clock.now()
    [claimed] = desk.store.claim_deliveries(now, limit=1, lease=timedelta(minutes=2))
    desk.run("mute", "strikes", "2h")
    refused = desk.world.sender
    refused.refuse.add("desk")
    desk.world.pipeline.deliver(desk.world.setup, claimed)
    assert desk.statuses() == {DeliveryStatus.ENDED: 1}


def test_mutes_are_listed_with_what_they_swallowed_and_who_wanted_them(desk):
    assert desk.run("mutes").stdout == "nothing is muted\n"
    desk.run("mute", "source:gazette", "يومان", "--by", "سلمى", "--reason", "مصدر غير موثوق")
    desk.poll(STRIKE)
    shown = desk.run("mute").stdout
    assert shown == desk.run("mutes").stdout
    assert "1  source gazette, until " in shown
    assert "by سلمى, " in shown
    assert "; 1 match not told" in shown
    assert "مصدر غير موثوق" in shown
    desk.run("unmute", "1")
    assert desk.run("mutes").stdout == "nothing is muted\n"
    [over] = json.loads(desk.run("mutes", "--all", "--json").stdout)
    assert (over["kind"], over["subject"], over["holds"], over["swallowed"]) == ("source", "gazette", False, 1)
    assert "was over already" in desk.run("unmute", "1").stdout


def test_a_place_takes_with_it_what_lies_within(desk):
    shown = desk.run("mute", "place:بديرالزور", "1h").stdout
    assert "place deir-ez-zor and what lies within it; not place:deir-ez-zor-governorate" in shown
    assert "place mayadin and what lies within it, " in desk.run("mute", "مكان:الميادين", "ساعتان").stdout
    assert "place deir-ez-zor and what lies within it" in desk.run("mute", "place:deir-ez-zor", "1h").stdout


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (("rule:strikez", "2h"), "did you mean 'strikes'?"),
        (("strikez", "2h"), "did you mean 'strikes'?"),
        (("rulle:strikes", "2h"), "did you mean 'rule'?"),
        (("9.1", "2h"), "there is no alert '9.1'"),
        (("1.7", "2h"), "story 1 has 1.1"),
        (("story:9", "2h"), "there is no story '9'"),
        (("source:gazete", "2h"), "did you mean 'gazette'?"),
        (("place:deir-ez-zorr", "2h"), "did you mean place:deir-ez-zor"),
        (("rule:strikes",), "monitor mute rule:strikes 2h"),
        (("rule:strikes", "2"), "until 2026-12-01"),
        (("rule:strikes", "until", "2020-01-01"), "is over already"),
        (("rule:strikes", "until", "2026-13-01"), "neither a time nor a length"),
        (("rule:strikes", "0m"), "no time at all"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, tuple) else "",
)
def test_whoever_mistypes_is_told_what_to_write(desk, written, told):
    desk.poll(STRIKE)
    result = desk.run("mute", *written)
    assert result.exit_code == 2
    assert told in result.stderr
    assert desk.run("mutes").stdout == "nothing is muted\n"


def test_a_broken_rules_file_keeps_nobody_from_muting(desk, tmp_path):
    (tmp_path / "rules.yaml").write_text("rules: [", encoding="utf-8")
    result = desk.run("mute", "strikes", "2h")
    assert (result.exit_code, "mute 1: rule strikes" in result.stdout) == (0, True)
    assert "names are not looked at" in result.stderr


def test_a_mute_that_is_not_there_cannot_be_ended(desk):
    result = desk.run("unmute", "7")
    assert (result.exit_code, "there is no mute 7" in result.stderr) == (2, True)


def test_what_waits_for_the_end_of_a_throttle_is_ended_too(desk):
    desk.poll(STRIKE)
    desk.world.deliver()
    desk.poll(OTHERWISE)
    held = [each for each in desk.reader.deliveries(DeliveryStatus.PENDING, limit=9) if each.hold is Hold.THROTTLE]
    assert len(held) == 1
    desk.run("mute", "1.1", "10m")
    desk.world.clock.advance(timedelta(hours=1))
    desk.world.deliver()
    assert len(desk.world.sender.sent) == 1
