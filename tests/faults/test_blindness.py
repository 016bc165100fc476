"""Each way to go blind, played with the real store, fetcher and sender against services on loopback: the operations
channel hears of it once, once more when it is over, and `monitor status` says it meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType

import pytest

from monitor.app import App
from monitor.clock import SystemClock
from monitor.model import FeedState
from monitor.store import Reader
from tests.cli.terminal import monitor
from tests.command import Command
from tests.receiver import Receiver, receiver
from tests.world import item, rss

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
QUIET = rss(item("خبر أول", n=100))
STRIKE = "غارة على أطراف البلدة"


class MovedClock(SystemClock):
    """Runs as the machine's does, and is ahead of it by as much as a test says."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead

    def monotonic(self) -> float:
        return super().monotonic() + self.ahead.total_seconds()


class Desk:
    """A newsroom: feeds and channels on one service, `/feed-N`, `/desk` and `/ops`."""

    def __init__(self, folder: Path, web: Receiver, *, feeds: int = 1, more: str = "", canary: str = "") -> None:
        self.folder, self.web, self.clock = folder, web, MovedClock()
        self.ids = [f"f{number}" for number in range(feeds)]
        for feed_id in self.ids:
            web.pages[f"/{feed_id}"] = QUIET
        self.write(more, canary)
        self.app = self.begin()

    def write(self, more: str = "", canary: str = "") -> None:
        listed = "\n".join(
            f'  - {{id: {feed_id}, name: Feed {feed_id}, url: "{self.web.url(f"/{feed_id}")}"}}' for feed_id in self.ids
        )
        (self.folder / "rules.yaml").write_text(
            f"version: 1\n{more}\nlanguage: en\ndefaults: {{notify: [desk]}}\nfeeds:\n{listed}\n"
            "rules:\n  - {id: strikes, all: [غارة]}\n  - {id: all, any: [غارة, قصف]}\n"
            f'channels:\n  desk: {{url: "{self.web.hook("/desk")}"{canary}}}\n'
            f'  ops: {{url: "{self.web.hook("/ops")}", for: operations}}\n',
            encoding="utf-8",
        )

    def begin(self) -> App:
        return App(self.folder / "rules.yaml", self.folder / "state", command="test", clock=self.clock, environ={})

    def restart(self) -> None:
        self.app.close()
        self.app = self.begin()

    def __enter__(self) -> Desk:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.app.close()

    def pass_(self, times: int = 1, *, after: timedelta = MINUTE) -> None:
        """So many passes: poll every feed, deliver what is due, look after itself."""
        for _ in range(times):
            self.clock.ahead += after
            self.app.polls.tick(self.app.setup, every=True)
            assert self.app.polls.wait(60)
            self.deliver()
            self.app.look_after_itself()
            self.deliver()

    def deliver(self) -> None:
        while self.app.deliveries.tick(self.app.setup):
            assert self.app.deliveries.wait(60)

    def break_(self, *feed_ids: str) -> None:
        self.web.status.update({f"/{feed_id}": 503 for feed_id in feed_ids})

    def mend(self) -> None:
        self.web.status.clear()

    def strike(self, feed_id: str = "f0", n: int = 1, title: str = STRIKE) -> None:
        self.web.pages[f"/{feed_id}"] = rss(item(title, n=n, at=self.clock.now()), item("خبر أول", n=100))

    def learn(self, feed_id: str = "f0", **learned: object) -> None:
        """As if a poll had taught this."""
        [state] = [each for each in Reader(self.app.store.database).feeds() if each.feed_id == feed_id]
        with self.app.store.ingest() as tx:
            changed: FeedState = replace(state, **learned)  # type: ignore[arg-type]
            tx.feed_state(changed)

    def told(self) -> list[str]:
        """The titles that the operations channel got."""
        return self.web.titles("/ops")

    def status(self) -> dict[str, object]:
        shown = monitor("status", "-s", str(self.folder / "state"), "--json").stdout
        return dict(json.loads(shown))

    def sight(self) -> tuple[str, list[str]]:
        """What `monitor status` says: the sight, and what kinds of trouble last."""
        shown = self.status()
        troubles = shown["troubles"]
        assert isinstance(troubles, list)
        return str(shown["sight"]), [str(trouble["kind"]) for trouble in troubles]


@pytest.fixture
def web() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


# --- feeds


def test_a_feed_that_fails_is_told_once_and_so_is_its_return(web, tmp_path):
    with Desk(tmp_path, web, feeds=5) as desk:
        desk.pass_()
        assert desk.sight() == ("sees", [])
        desk.break_("f0")
        desk.pass_(2)
        assert desk.told() == []
        desk.pass_()
        [told] = desk.told()
        assert told.startswith("Feed 'Feed f0' cannot be read, 3 times in a row: the server refused")
        desk.restart()
        desk.pass_(5)
        assert len(desk.told()) == 1
        assert desk.sight() == ("half blind", ["feed failing"])
        desk.pass_(after=3 * HOUR)
        desk.mend()
        desk.pass_(2)
        assert desk.told()[1:] == ["Feed 'Feed f0' can be read again, after 3 hours"]
        assert desk.sight() == ("sees", [])


def test_status_says_in_words_what_to_do(web, tmp_path):
    with Desk(tmp_path, web, feeds=5) as desk:
        desk.pass_()
        desk.break_("f0")
        desk.pass_(3)
        shown = monitor("status", "-s", str(tmp_path / "state"), "-c", str(tmp_path / "none.yaml")).stdout
        assert shown.startswith("sight        HALF BLIND, 1 thing to mend\n  - Feed 'Feed f0' cannot be read")
        assert "Open its address in a browser" in shown
        of_feeds = monitor("feeds", "status", "-c", str(tmp_path / "rules.yaml"), "-s", str(tmp_path / "state")).stdout
        assert "cannot be read, 3 times in a row" in of_feeds


def test_thirty_feeds_that_fail_at_once_are_one_message_and_one_when_they_are_back(web, tmp_path):
    with Desk(tmp_path, web, feeds=30) as desk:
        desk.pass_()
        desk.break_(*desk.ids[:28])
        desk.pass_(6)
        assert [title.partition(" (")[0] for title in desk.told()] == ["The network seems down: 28 of 30 feeds fail"]
        assert desk.sight()[0] == "blind"
        desk.restart()
        desk.mend()
        desk.pass_(4)
        assert [title.partition(",")[0] for title in desk.told()[1:]] == ["The network is back"]
        assert desk.sight() == ("sees", [])


def test_feeds_that_stay_down_after_the_network_came_back_are_one_message(web, tmp_path):
    with Desk(tmp_path, web, feeds=10) as desk:
        desk.pass_()
        desk.break_(*desk.ids)
        desk.pass_(4)
        desk.mend()
        desk.break_("f0", "f1", "f2")
        desk.pass_(4)
        assert len(desk.told()) == 3
        assert desk.told()[-1] == "3 feeds cannot be read"


def test_a_feed_that_comes_and_goes_all_day_is_no_flood(web, tmp_path):
    with Desk(tmp_path, web, feeds=5) as desk:
        desk.pass_()
        for _ in range(12):
            desk.break_("f0")
            desk.pass_(3)
            desk.mend()
            desk.pass_()
        assert 2 <= len(desk.told()) <= 7


@pytest.mark.parametrize(
    ("learned", "kind", "words"),
    [
        ({"failures": 2, "last_error": "the server refused: f0 answered 410"}, "feed gone", "is gone"),
        ({"window": 0}, "feed empty", "is empty"),
        ({"warnings": ("neither UTF-8 nor labelled; read as cp1252",)}, "feed garbled", "comes damaged"),
        ({"gap_at": datetime.now(UTC)}, "feed overflows", "faster than it is asked"),
        ({"moved_to": "https://new.example/rss", "moved_times": 3}, "feed moved", "moved for good"),
    ],
)
def test_what_a_poll_teaches_of_a_feed_is_told_once_with_its_end(web, tmp_path, learned, kind, words):
    with Desk(tmp_path, web, feeds=5) as desk:
        desk.pass_()
        well = {name: getattr(FeedState(feed_id="f0", next_poll_at=datetime.now(UTC)), name) for name in learned}
        desk.learn(**learned)
        for _ in range(5):
            desk.clock.ahead += 30 * MINUTE
            desk.app.look_after_itself()
        assert [kind in desk.sight()[1], *(words in title for title in desk.told())] == [True, True]
        desk.learn(**well)
        desk.app.look_after_itself()
        assert (len(desk.told()), desk.sight()) == (2, ("sees", []))


def test_a_feed_that_is_silent_against_its_own_habit_is_told(web, tmp_path):
    with Desk(tmp_path, web) as desk:
        for n in range(8):
            desk.strike(n=n, title=f"خبر {n}")
            desk.pass_(after=HOUR)
        desk.pass_(after=22 * HOUR)
        assert desk.told() == []
        desk.pass_(3, after=2 * HOUR)
        [told] = desk.told()
        assert told.startswith("Feed 'Feed f0' is silent: nothing new for")
        assert "usually never for more than 1 hour" in told
        desk.strike(n=9, title="خبر بعد صمت")
        desk.pass_()
        assert desk.told()[1].startswith("Feed 'Feed f0' brings news again")


def test_a_feed_that_was_removed_from_the_rules_is_no_news(web, tmp_path):
    with Desk(tmp_path, web, feeds=5) as desk:
        desk.pass_()
        desk.break_("f4")
        desk.pass_(3)
        desk.ids.remove("f4")
        desk.write()
        desk.restart()
        desk.pass_(2)
        assert (len(desk.told()), desk.sight()) == (1, ("sees", []))


# --- rules


def test_a_rule_whose_usual_feeds_are_down_is_told(web, tmp_path):
    with Desk(tmp_path, web, feeds=6) as desk:
        desk.pass_()
        for number in (1, 2, 3):
            desk.strike("f0", n=number, title=f"غارة رقم {number} على البلدة الجنوبية")
            desk.pass_()
        desk.break_("f0")
        desk.pass_(3)
        assert desk.told() == ["monitor: 3 new troubles"]
        [text] = web.texts("/ops")
        assert "Rule 'strikes' is blind: 1 of its 1 feeds cannot be read (f0)" in text
        assert "Rule 'all' is blind" in text
        assert desk.sight() == ("blind", ["feed failing", "rule blind", "rule blind"])
        desk.mend()
        desk.pass_()
        assert desk.told()[1:] == ["monitor: 3 mended"]


def test_rules_that_would_not_load_are_told_and_so_is_their_mending(web, tmp_path):
    with Desk(tmp_path, web) as desk:
        desk.pass_()
        good = (tmp_path / "rules.yaml").read_text(encoding="utf-8")
        (tmp_path / "rules.yaml").write_text(good.replace("severity", "x") + "  bad\n", encoding="utf-8")
        desk.app.reload_if_changed(asked=True)
        desk.app.look_after_itself()
        (tmp_path / "rules.yaml").write_text(good, encoding="utf-8")
        desk.app.reload_if_changed(asked=True)
        desk.app.look_after_itself()
        refused = "The changed rules were refused; the old ones stay in force"
        assert desk.told() == [refused, "The rules file as it is now is in force"]


# --- channels


def test_a_channel_that_refuses_for_good_is_told_and_so_is_its_mending(web, tmp_path):
    with Desk(tmp_path, web) as desk:
        desk.pass_()
        web.status["/desk"] = 410
        desk.strike()
        desk.pass_()
        [told] = desk.told()
        assert told.startswith("Channel 'desk' refuses: 2 alerts given up")
        assert desk.sight() == ("half blind", ["channel refuses"])
        desk.restart()
        desk.pass_(3)
        assert len(desk.told()) == 1
        desk.mend()
        desk.app.store.resend(now=desk.clock.now())
        desk.pass_()
        assert [title.partition(",")[0] for title in desk.told()[1:]] == ["Channel 'desk' takes alerts again"]
        assert len(web.titles("/desk")) == 2


def test_alerts_that_wait_too_long_are_told(web, tmp_path):
    with Desk(tmp_path, web) as desk:
        desk.pass_()
        web.status["/desk"] = 503
        desk.strike()
        desk.pass_(after=5 * MINUTE)
        assert desk.told() == []
        desk.pass_(3, after=10 * MINUTE)
        [told] = desk.told()
        assert told.startswith("Channel 'desk' is late: 2 alerts waiting")
        desk.mend()
        desk.pass_(3, after=20 * MINUTE)
        assert desk.told()[1].startswith("Channel 'desk' is on time again")


def test_an_operations_channel_that_was_down_hears_of_it_when_it_is_back(web, tmp_path):
    with Desk(tmp_path, web, feeds=5) as desk:
        desk.pass_()
        web.status["/ops"] = 503
        desk.break_("f0")
        desk.pass_(5)
        assert desk.told() == []
        del web.status["/ops"]
        desk.pass_(after=HOUR)
        assert len(desk.told()) == 1


# --- the daily test


def test_the_daily_test_arrives_once_a_day_whatever_is_restarted(web, tmp_path):
    with Desk(tmp_path, web, canary=', canary: "00:00"') as desk:
        desk.pass_(2)
        desk.restart()
        desk.pass_(2)
        assert len(web.titles("/desk")) == 1
        assert "Daily test from monitor: channel 'desk' works" in web.texts("/desk")[0]
        desk.pass_(2, after=DAY)
        assert len(web.titles("/desk")) == 3
        assert desk.told() == []
        assert desk.status()["last_day"] == {}


def test_no_daily_test_comes_before_its_hour(web, tmp_path):
    with Desk(tmp_path, web, canary=', canary: "23:59"') as desk:
        today = desk.clock.now().date()
        desk.pass_()
        assert web.titles("/desk") == [] or desk.clock.now().date() != today
        desk.pass_(after=DAY)
        assert web.titles("/desk") == []


def test_a_daily_test_that_does_not_arrive_is_told(web, tmp_path):
    with Desk(tmp_path, web, canary=", canary: '00:00'") as desk:
        web.status["/desk"] = 503
        desk.pass_(2)
        assert desk.told() == []
        desk.pass_(2, after=10 * MINUTE)
        [told] = desk.told()
        assert told.startswith("The daily test of channel 'desk' has not arrived")
        desk.mend()
        desk.pass_(3, after=20 * MINUTE)
        assert desk.told()[1:] == ["The daily test of channel 'desk' arrives again"]


# --- the sign of life


def beats(web: Receiver) -> list[tuple[str, str]]:
    return [(path, body) for _, path, body in web.got if path.startswith("/beat")]


def test_the_heartbeat_says_well_or_why_not(web, tmp_path):
    with Desk(tmp_path, web, feeds=4, more=f'heartbeat: "{web.url("/beat")}"') as desk:
        desk.pass_()
        desk.app.say_alive()
        desk.app.say_alive()
        assert beats(web) == [("/beat", "")], "once in `every`"
        desk.clock.ahead += MINUTE
        desk.break_("f0", "f1", "f2")
        desk.pass_()
        desk.app.say_alive()
        desk.mend()
        desk.pass_()
        desk.app.say_alive(ticking="no tick for 12 seconds")
        assert beats(web)[1:] == [
            ("/beat/fail", "3 of 4 feeds asked lately do not answer"),
            ("/beat/fail", "no tick for 12 seconds"),
        ]


def test_the_heartbeat_says_that_alerts_wait(web, tmp_path):
    with Desk(tmp_path, web, more=f'heartbeat: "{web.url("/beat")}"') as desk:
        desk.pass_()
        web.status["/desk"] = 503
        desk.strike()
        desk.pass_(after=5 * MINUTE)
        desk.app.say_alive()
        desk.clock.ahead += 20 * MINUTE
        desk.app.say_alive()
        assert [path for path, _ in beats(web)] == ["/beat", "/beat/fail"]
        assert "an alert has waited for" in beats(web)[1][1]


def test_a_heartbeat_that_does_not_arrive_is_told_once_and_names_no_address(web, tmp_path, caplog):
    with Desk(tmp_path, web, more=f'heartbeat: "{web.url("/beat/5f3a")}"') as desk:
        desk.pass_()
        web.status["/beat/5f3a"] = 500
        told = []
        for _ in range(6):
            desk.clock.ahead += MINUTE
            desk.app.say_alive()
            desk.app.look_after_itself()
            told.append(len(desk.told()))
        assert told[:3] == [0, 0, 0], "one beat that is lost is weather"
        assert desk.told() == ["The heartbeat address does not answer: its service will raise the alarm"]
        desk.mend()
        desk.clock.ahead += MINUTE
        desk.app.say_alive()
        desk.app.look_after_itself()
        assert len(desk.told()) == 2
        assert "5f3a" not in caplog.text + "".join(web.texts("/ops")) + json.dumps(desk.status())


# --- from cron


def test_checks_from_cron_tell_the_same_as_the_daemon(web, tmp_path):
    web.pages.update({"/f0": QUIET, "/f1": QUIET, "/f2": QUIET})
    with Desk(tmp_path, web, feeds=3, more=f'heartbeat: "{web.url("/beat")}"'):
        pass
    command = Command(tmp_path)
    assert command.run("check", "--all").returncode == 0
    web.status["/f0"] = 503
    for _ in range(4):
        assert command.run("check", "--all").returncode == 4
    assert [title.partition(",")[0] for title in web.titles("/ops")] == ["Feed 'Feed f0' cannot be read"]
    web.status.clear()
    assert command.run("check", "--all").returncode == 0
    assert len(web.titles("/ops")) == 2
    assert [path for path, _ in beats(web)] == ["/beat"] * 6


def test_a_dry_run_tells_nobody(web, tmp_path):
    with Desk(tmp_path, web, feeds=5, more=f'heartbeat: "{web.url("/beat")}"') as desk:
        desk.pass_()
        desk.break_("f0")
        for _ in range(2):
            desk.pass_()
    assert Command(tmp_path).run("check", "--all", "--dry-run").returncode == 4
    dry = App(tmp_path / "rules.yaml", tmp_path / "state", command="test", environ={}, dry_run=True)
    dry.operations.tell("rule strikes", "Rule strikes may have missed something", "made up")
    dry.operations.settle()
    dry.close()
    assert (web.titles("/ops"), beats(web)) == ([], [])
