"""Rules that count, wait, or stand for others, through polls and the store."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from monitor.language import Inhibit, Silence, Volume
from monitor.model import Alert, FetchFailure, MuteKind, Reason, Severity
from monitor.silences import Silences
from monitor.store import Reader
from monitor.store.mute_rows import Mutes
from tests.world import MINUTE, NOW, ScriptedReading, World, feed, item, rss, rule

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TOWNS = ("حلب", "حمص", "حماة", "إدلب", "درعا", "الرقة", "الباب", "منبج", "تدمر", "السلمية", "جرابلس", "اللاذقية")


def strike(town: int) -> str:
    return f"غارة على {TOWNS[town]} صباح اليوم وأضرار في {TOWNS[town]}"


def strikes(*towns: int, at: datetime) -> list[str]:
    return [item(strike(town), n=int(at.timestamp()) + town, at=at) for town in towns]


def counting(count: int | None = 3, **more: object):
    return rule("many", kind=Volume(within=HOUR, count=count, surge=more.pop("surge", None)), **more)


def reasons(world: World, rule_id: str) -> list[Reason]:
    with world.store.database.read() as db:
        rows = db.execute("SELECT reason FROM verdict WHERE rule_id = ? ORDER BY version_id", (rule_id,)).fetchall()
    return [Reason[row[0]] for row in rows]


def whys(world: World, rule_id: str) -> list[str]:
    with world.store.database.read() as db:
        rows = db.execute("SELECT why FROM verdict WHERE rule_id = ? ORDER BY version_id", (rule_id,)).fetchall()
    return [row[0] for row in rows]


def told(world: World) -> list[Alert]:
    return list(reversed(Reader(world.store.database).alerts(limit=50)))


# --- volume


def test_a_volume_is_told_once_when_its_number_is_reached_with_its_newest_headlines_first() -> None:
    world = World(counting(), baseline=False)
    world.poll(*strikes(0, 1, at=NOW))
    assert told(world) == []
    assert reasons(world, "many") == [Reason.COUNTED, Reason.COUNTED]
    world.poll(*strikes(2, 3, at=NOW + MINUTE))
    (alert,) = told(world)
    assert (alert.reason, alert.why, alert.link) == (Reason.FIRST_REPORT, "3 stories within 1 h", None)
    assert "3 stories within 1 hour" in alert.title
    assert "3 أخبار خلال ساعة" in alert.title
    assert alert.summary.index(TOWNS[3]) < alert.summary.index(TOWNS[0])
    assert reasons(world, "many")[2:] == [Reason.FIRST_REPORT, Reason.COUNTED]
    assert "alert 3.1 tells it" in whys(world, "many")[3]


def test_copies_and_edits_of_one_story_are_counted_once() -> None:
    world = World(counting(), feeds=[feed("one"), feed("two"), feed("three")], baseline=False)
    for feed_id in ("one", "two", "three"):
        world.poll(*strikes(0, at=NOW), feed_id=feed_id)
    world.poll(item(strike(0) + " وقتل 3", n=int(NOW.timestamp()), at=NOW), feed_id="one")
    world.poll(*strikes(0, 1, at=NOW), feed_id="two")
    assert told(world) == []
    world.poll(*strikes(2, at=NOW), feed_id="three")
    assert len(told(world)) == 1


def test_what_was_published_over_a_day_is_no_volume_of_an_hour_though_it_is_read_at_once() -> None:
    """As after a night without a network."""
    world = World(counting(), baseline=False)
    world.poll(*(one for town in range(6) for one in strikes(town, at=NOW - town * 45 * MINUTE)))
    assert told(world) == []


def test_the_order_in_which_feeds_are_read_changes_no_number() -> None:
    first, then = strikes(0, 1, at=NOW - 2 * HOUR), strikes(2, at=NOW - 2 * HOUR)
    between = strikes(4, 5, at=NOW - 10 * MINUTE)
    for order in ((first, then, between), (between, first, then), (then, between, first), (first, between, then)):
        world = World(counting(), feeds=[feed("a"), feed("b"), feed("c")], baseline=False)
        for feed_id, entries in zip("abc", order, strict=True):
            world.poll(*entries, feed_id=feed_id)
        assert [alert.why for alert in told(world)] == ["3 stories within 1 h"]


def test_a_volume_is_told_again_when_it_is_reached_anew_and_not_while_it_lasts() -> None:
    world = World(counting(), baseline=False)
    for town in range(5):  # an episode: one every 20 minutes
        world.clock.advance(20 * MINUTE)
        world.poll(*strikes(town, at=world.clock.now()))
    assert len(told(world)) == 1
    world.clock.advance(3 * HOUR)
    world.poll(*strikes(5, 6, at=world.clock.now()))
    assert len(told(world)) == 1
    world.poll(*strikes(5, 6, 7, at=world.clock.now()))
    assert len(told(world)) == 2


def test_a_volume_within_the_throttle_of_the_last_is_held_until_its_end() -> None:
    world = World(counting(throttle=10 * HOUR), baseline=False)
    world.poll(*strikes(0, 1, 2, at=NOW))
    assert len(world.deliver()) == 1
    world.clock.advance(3 * HOUR)
    world.poll(*strikes(3, 4, 5, at=world.clock.now()))
    assert reasons(world, "many")[-1] is Reason.THROTTLED
    assert world.deliver() == []
    world.clock.advance(3 * HOUR)  # once more anew, while one waits
    world.poll(*strikes(6, 7, 8, at=world.clock.now()))
    assert reasons(world, "many")[-1] is Reason.COUNTED
    assert "when its throttle ends" in whys(world, "many")[-1]
    world.clock.advance(4 * HOUR)
    assert len(world.deliver()) == 1
    assert len(told(world)) == 2


def test_a_surge_says_nothing_before_two_weeks_are_known_and_then_compares_with_the_same_hours() -> None:
    world = World(counting(None, surge=3.0, max_age=DAY), baseline=False)
    world.poll(*strikes(4, 5, 6, 7, 8, 9, at=NOW))
    assert told(world) == []
    assert "two weeks" in whys(world, "many")[-1]
    for day in range(20):  # two stories at this hour of each day
        world.clock.advance(DAY - MINUTE)
        world.poll(*strikes(2 * day % 12, 2 * day % 12 + 1, at=world.clock.now()))
    world.clock.advance(DAY - MINUTE)
    at = world.clock.now()
    world.poll(*strikes(4, 5, 6, 7, 8, at=at))
    assert told(world) == []
    world.poll(*strikes(9, at=at + MINUTE))
    (alert,) = told(world)
    assert alert.why == "6 stories within 1 h (usual at these hours: 2.0)"


def test_a_rule_that_looks_for_something_else_now_counts_anew() -> None:
    world = World(counting(), baseline=False)
    world.poll(*strikes(0, 1, at=NOW))
    world.use(rule("many", "غارة", "أضرار", kind=Volume(within=HOUR, count=3)), feeds=[feed()])
    world.poll(*strikes(2, at=NOW))
    assert told(world) == []


def mute(world: World, kind: str, subject: str, until: datetime) -> None:
    with world.store.database.write() as db:
        db.execute(
            "INSERT INTO mute (kind, subject, until_us, reason, by, begun_us) VALUES (?, ?, ?, '', 'me', 0)",
            (kind, subject, int(until.timestamp() * 1_000_000)),
        )


def test_a_muted_volume_goes_on_counting_and_what_a_muted_source_tells_is_not_counted() -> None:
    for kind, subject, alerts in (("rule", "many", 1), ("source", "one", 0)):
        world = World(counting(), baseline=False)
        mute(world, kind, subject, NOW + 2 * MINUTE)
        world.poll(*strikes(0, 1, at=NOW))
        assert set(reasons(world, "many")) == {Reason.MUTED}
        world.clock.advance(5 * MINUTE)
        world.poll(*strikes(2, at=world.clock.now()))
        assert len(told(world)) == alerts


def test_who_mutes_the_alert_of_a_volume_hears_no_more_of_it() -> None:
    world = World(counting(), baseline=False)
    world.poll(*strikes(0, 1, 2, at=NOW))
    (alert,) = told(world)
    mute(world, "story", str(alert.story_id), NOW + DAY)
    world.clock.advance(5 * HOUR)
    world.poll(*strikes(3, 4, 5, at=world.clock.now()))
    assert len(told(world)) == 1
    assert reasons(world, "many")[-1] is Reason.MUTED


# --- inhibition


def test_while_a_story_is_told_the_rules_that_it_stands_for_are_quiet() -> None:
    national = rule("national", "هدنة", inhibit=Inhibit(rules=("tag:truce",), lasts=12 * HOUR), tags=("truce",))
    local = rule("local", "تهدئة", tags=("truce",))
    world = World(national, local, baseline=False)
    assert world.poll(item("تهدئة في بلدة صغيرة شمالا", n=1)) == ["تهدئة في بلدة صغيرة شمالا"]
    assert len(world.poll(item("هدنة شاملة في عموم البلاد", n=2))) == 1
    assert world.poll(item("تهدئة أخرى في قرية بعيدة", n=3)) == []
    assert reasons(world, "local")[-1] is Reason.INHIBITED
    assert "alert 2.1 of rule national" in whys(world, "local")[-1]
    assert "هدنة شاملة" in whys(world, "local")[-1]
    world.clock.advance(12 * HOUR)
    at = world.clock.now()
    assert len(world.poll(item("تهدئة ثالثة في ضاحية الميناء", n=4, at=at))) == 1


def test_one_report_that_both_rules_match_is_told_by_the_one_that_stands_for_the_other() -> None:
    national = rule("national", "هدنة", inhibit=Inhibit(rules=("local",), lasts=HOUR))
    for rules in ((national, rule("local", "بلدة")), (rule("local", "بلدة"), national)):
        world = World(*rules, baseline=False)
        world.poll(item("هدنة في بلدة صغيرة"))
        assert [alert.rule_id for alert in told(world)] == ["national"]


def test_critical_and_what_was_denied_is_kept_quiet_by_no_rule() -> None:
    national = rule("national", "هدنة", inhibit=Inhibit(rules=("local", "loud"), lasts=HOUR))
    loud = rule("loud", "انفجار", severity=Severity.CRITICAL)
    world = World(national, rule("local", "تهدئة"), loud, baseline=False, reading=ScriptedReading())
    world.poll(item("هدنة شاملة في عموم البلاد", n=1))
    assert len(world.poll(item("انفجار كبير وسط السوق", n=2))) == 1
    world.poll(item("نفي: هدنة شاملة في عموم البلاد", n=1, at=NOW + MINUTE))
    assert told(world)[-1].reason is Reason.DENIED
    assert len(world.poll(item("تهدئة أخرى في قرية بعيدة", n=3))) == 1


@pytest.mark.parametrize("title", ["نفي: هدنة شاملة في عموم البلاد", "ذكرى هدنة شاملة في عموم البلاد"])
def test_what_did_not_happen_now_stands_for_nothing(title) -> None:
    national = rule("national", "هدنة", inhibit=Inhibit(rules=("local",), lasts=HOUR))
    world = World(national, rule("local", "تهدئة"), baseline=False, reading=ScriptedReading())
    assert world.poll(item(title, n=1)) == [title]
    assert len(world.poll(item("تهدئة أخرى في قرية بعيدة", n=3))) == 1


def test_what_was_muted_before_anybody_heard_of_it_stands_for_nothing() -> None:
    national = rule("national", "هدنة", inhibit=Inhibit(rules=("local",), lasts=HOUR))
    world = World(national, rule("local", "تهدئة"), baseline=False)
    world.poll(item("هدنة شاملة في عموم البلاد", n=1))
    Mutes(world.store.database).begin(
        MuteKind.RULE, "national", until=NOW + HOUR, reason="", by="desk", now=NOW + MINUTE, within=lambda _: ()
    )
    assert len(world.poll(item("تهدئة أخرى في قرية بعيدة", n=3))) == 1


# --- silence


class Waiting:
    """A world with one rule that waits six hours, looked at after each poll."""

    def __init__(self, *terms: str, feeds=("one",)) -> None:
        self.world = World(rule("strikes"), feeds=[feed(each) for each in feeds], baseline=True)
        waits = rule("quiet", *terms, kind=Silence(lasts=6 * HOUR), feeds=tuple(feeds))
        self.rule = waits if terms else rule("quiet", kind=Silence(lasts=6 * HOUR), feeds=tuple(feeds), all=())
        self.world.use(rule("strikes"), self.rule, feeds=[feed(each) for each in feeds])
        self.feeds, self.n = feeds, 0

    def poll(self, *titles: str, of: str = "") -> list[str]:
        world = self.world
        for feed_id in [of] if of else self.feeds:
            self.n += 1
            entries = [item(title, n=1000 * self.n + n, at=world.clock.now()) for n, title in enumerate(titles)]
            world.poll_page(rss(*entries, item("خبر قديم", n=self.n, at=None)), feed_id=feed_id)
        return self.look()

    def nothing_new(self) -> list[str]:
        for feed_id in self.feeds:
            self.world.poll_page(self.world.network.pages[feed_id], feed_id=feed_id)
        return self.look()

    def look(self) -> list[str]:
        silences = Silences(store=self.world.store, clock=self.world.clock)  # anew each time, as after a restart
        return [alert.title for alert in silences.look(self.world.setup, ["quiet"])]


def test_a_silence_is_told_once_and_once_more_when_it_ends() -> None:
    waiting = Waiting()
    assert waiting.poll("أول خبر") == []
    for hours in range(1, 6):
        waiting.world.clock.advance(HOUR)
        assert (hours, waiting.nothing_new()) == (hours, [])
    waiting.world.clock.advance(HOUR)
    (title,) = waiting.nothing_new()
    assert "Nothing new from \u2068one\u2069 for 6 hours" in title
    assert "لا جديد من" in title
    waiting.world.clock.advance(HOUR)
    assert waiting.nothing_new() == []
    (title,) = waiting.poll("خبر جديد")
    assert "heard again after 7 hours" in title
    silent, heard = told(waiting.world)
    assert (silent.reason, heard.reason) == (Reason.FIRST_REPORT, Reason.UPDATED)
    assert (heard.story_id, heard.follows) == (silent.story_id, silent.id)
    assert len(waiting.world.deliver()) == 2
    assert waiting.nothing_new() == []


def test_a_feed_that_fails_or_was_not_asked_is_not_silent() -> None:
    waiting = Waiting(feeds=("one", "two"))
    waiting.poll("أول خبر")
    waiting.world.clock.advance(20 * HOUR)
    assert waiting.look() == []  # monitor was off meanwhile
    waiting.world.poll_page(FetchFailure.CONNECT, feed_id="two")
    waiting.world.poll_page(waiting.world.network.pages["one"], feed_id="one")
    assert waiting.look() == []
    waiting.world.network.pages["two"] = rss(item("خبر قديم", n=2, at=None))
    assert len(waiting.nothing_new()) == 1


def test_a_feed_that_was_never_read_is_not_silent() -> None:
    waiting = Waiting(feeds=("one", "two"))
    waiting.poll("أول خبر", of="one")
    waiting.world.clock.advance(7 * HOUR)
    waiting.world.poll_page(waiting.world.network.pages["one"], feed_id="one")
    assert waiting.look() == []


def test_a_silence_with_terms_ends_by_what_matches_alone() -> None:
    waiting = Waiting("نشرة")
    waiting.poll("أول خبر")
    waiting.world.clock.advance(3 * HOUR)
    assert waiting.poll("نشرة الصباح") == []
    waiting.world.clock.advance(4 * HOUR)
    assert waiting.poll("خبر آخر تماما") == []
    waiting.world.clock.advance(2 * HOUR)
    assert len(waiting.poll("خبر ثالث مختلف")) == 1
    assert waiting.poll("خبر رابع") == []
    (title,) = waiting.poll("نشرة المساء")
    assert "heard again" in title
    assert set(reasons(waiting.world, "quiet")) == {Reason.COUNTED, Reason.FIRST_REPORT, Reason.UPDATED}


def test_an_edit_is_nothing_new_to_a_rule_that_waits() -> None:
    waiting = Waiting("نشرة")
    world = waiting.world
    waiting.poll("أول خبر")
    world.poll(item("نشرة الصباح من العاصمة", n=5, at=world.clock.now()))
    world.clock.advance(5 * HOUR)
    world.poll(item("نشرة الصباح من العاصمة دمشق", n=5, at=world.clock.now()))
    assert reasons(world, "quiet") == [Reason.COUNTED, Reason.COUNTED]
    world.clock.advance(2 * HOUR)
    assert len(waiting.nothing_new()) == 1


def test_a_rule_that_no_longer_waits_is_forgotten() -> None:
    waiting = Waiting()
    waiting.poll("أول خبر")
    waiting.world.clock.advance(7 * HOUR)
    assert len(waiting.nothing_new()) == 1
    silences = Silences(store=waiting.world.store, clock=waiting.world.clock)
    assert silences.look(waiting.world.setup, []) == []
    assert waiting.poll("خبر جديد") == []


def test_what_a_mute_swallows_is_not_told_when_it_ends() -> None:
    waiting = Waiting()
    waiting.poll("أول خبر")
    mute(waiting.world, "rule", "quiet", waiting.world.clock.now() + 8 * HOUR)
    waiting.world.clock.advance(7 * HOUR)
    assert waiting.nothing_new() == []
    waiting.world.clock.advance(3 * HOUR)
    assert waiting.nothing_new() == []
    assert waiting.poll("خبر جديد") == []
    assert reasons(waiting.world, "quiet") == [Reason.MUTED]
