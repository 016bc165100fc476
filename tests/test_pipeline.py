from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from monitor import pipeline
from monitor.errors import StateError, StateUnwritable
from monitor.language import Escalate
from monitor.loops import LEASE
from monitor.model import DeliveryStatus, FetchFailure, NamedFact, NotSent, Reason, Recipient, Severity
from monitor.store import Reader, open_store
from tests.world import MINUTE, NOW, STRIKE, ScriptedReading, World, feed, item, rss, rule

OTHER = "غارة ثانية على الجسر الكبير فجرا"


@pytest.fixture
def world() -> World:
    """One feed that was read before: its baseline is behind it."""
    world = World()
    world.poll()
    return world


def test_a_matching_entry_is_alerted_and_delivered_once(world):
    assert world.poll(item()) == [STRIKE]
    assert world.deliver() == [STRIKE]
    assert world.poll(item()) == []
    assert world.deliver() == []


def test_the_first_poll_of_a_feed_is_recorded_not_announced():
    world = World()
    assert world.poll(item()) == []
    assert world.reports[-1].verdicts == {Reason.BASELINE: 1}
    assert world.poll(item(), item(OTHER, n=2)) == [OTHER]


def test_without_a_baseline_the_first_poll_is_announced():
    assert World(baseline=False).poll(item()) == [STRIKE]


def test_an_entry_that_does_not_match_is_counted_and_silent(world):
    assert world.poll(item("افتتاح معرض الكتاب")) == []
    assert (world.reports[-1].new, world.reports[-1].verdicts) == (1, {})


def test_an_edited_headline_is_matched_again(world):
    assert world.poll(item("حادث على أطراف البلدة")) == []
    assert world.poll(item("غارة على أطراف البلدة")) == ["غارة على أطراف البلدة"]
    assert world.reports[-1].verdicts == {Reason.FIRST_REPORT: 1}


def test_an_edit_of_an_alerted_entry_is_silent_and_its_reason_is_kept(world):
    world.poll(item())
    assert world.poll(item(STRIKE + " فجرا")) == []
    assert world.reports[-1].verdicts == {Reason.DUPLICATE: 1}


def test_a_cache_that_serves_old_and_new_versions_in_turn_alerts_once(world):
    alerted = [world.poll(item(title)) for title in (STRIKE, STRIKE + " فجرا") * 3]
    assert alerted == [[STRIKE], [], [], [], [], []]


def test_an_edit_of_a_baseline_entry_is_silent_for_the_rule_that_it_matched():
    world = World()
    world.poll(item())
    assert world.poll(item(STRIKE + " فجرا")) == []


def test_marks_and_stretching_do_not_make_another_story(world):
    world.poll(item("غارة جوية على وسط المدينة"))
    assert world.poll(item("غَارَةٌ جوية على وسط المدينـــة", n=2, at=world.clock.now())) == []
    assert world.reports[-1].verdicts == {Reason.DUPLICATE: 1}


def test_a_syndicated_copy_is_silent():
    world = World(feeds=[feed("one"), feed("two")])
    world.poll()
    world.poll(feed_id="two")
    assert world.poll(item()) == [STRIKE]
    assert world.poll(item(n=77), feed_id="two") == []
    assert world.reports[-1].verdicts == {Reason.DUPLICATE: 1}


def test_a_copy_is_no_further_source_when_its_original_is_edited():
    rooms = [feed("one"), feed("two"), feed("three")]
    world = World(rule(min_sources=2), feeds=rooms, baseline=False, reading=ScriptedReading())
    first = "غارة على حي هرابش عند الفجر وأنباء عن إصابات قتل 3"
    edited = "ارتفاع حصيلة ضحايا القصف الجوي إلى قتل 5 في غارة على هرابش"
    again = "مصدر طبي يؤكد أن غارة هرابش أودت بحياة عائلة قتل 6"
    assert world.poll(item(first, at=NOW)) == []
    assert world.poll(item(first, n=2, at=NOW + MINUTE), feed_id="two") == []
    for title in (edited, again):
        assert world.poll(item(title, at=NOW)) == []
        assert world.reports[-1].verdicts == {Reason.TOO_FEW_SOURCES: 1}
    own = "مراسلنا: طائرات حربية تنفذ غارة على هرابش قتل 6"
    assert world.poll(item(own, n=3, at=NOW + 5 * MINUTE), feed_id="three") == [own]
    (alert,) = world.reports[-1].alerts
    assert (alert.sources, alert.reports) == (2, 3)
    assert [(each.name, each.independent) for each in alert.told_by] == [("one", True), ("three", True), ("two", False)]


def test_a_headline_that_its_newsroom_repeats_is_heard_again_after_the_throttle(world):
    assert world.poll(item()) == [STRIKE]
    world.clock.advance(10 * MINUTE)
    assert world.poll(item(n=2, at=world.clock.now())) == []
    world.clock.advance(30 * MINUTE)
    assert world.poll(item(n=3, at=world.clock.now())) == [STRIKE]


def test_an_entry_older_than_max_age_is_silent(world):
    assert world.poll(item(at=NOW - timedelta(hours=25))) == []
    assert world.reports[-1].verdicts == {Reason.STALE: 1}


def test_a_reused_guid_silences_nothing(world):
    assert set(world.poll(item(guid="same"), item(OTHER, n=2, guid="same"))) == {STRIKE, OTHER}


def test_empty_guids_silence_nothing_and_repeat_nothing(world):
    assert set(world.poll(item(guid=""), item(OTHER, n=2, guid=""))) == {STRIKE, OTHER}
    assert world.poll(item(guid=""), item(OTHER, n=2, guid=""), item("خبر", n=3)) == []


def test_new_guids_for_old_entries_do_not_flood(world):
    entries = [item(f"غارة رقم {n} على البلدة", n=n) for n in range(50)]
    world.poll(*entries)
    moved = [item(f"غارة رقم {n} على البلدة", n=n, guid=f"new-{n}", link=f"https://new.example/{n}") for n in range(50)]
    assert world.poll(*moved) == []


def test_one_entry_can_alert_for_several_rules():
    world = World(rule("strikes"), rule("town", "البلدة"), baseline=False)
    assert world.poll(item()) == [STRIKE, STRIKE]
    assert {alert.id for alert in world.reports[-1].alerts} == {"1.1", "1.2"}


def test_a_rule_that_is_new_looks_at_what_comes_from_then_on(world):
    world.poll(item("اشتباك في الحي القديم"))
    world.use(rule("strikes"), rule("clashes", "اشتباك"), feeds=[feed()])
    assert world.poll(item("اشتباك في الحي القديم")) == []
    assert world.poll(item("اشتباك جديد في السوق", n=2)) == ["اشتباك جديد في السوق"]


def test_the_oldest_report_of_a_poll_begins_the_story(world):
    newest_first = [item("غارة ثانية", n=2, at=NOW), item("غارة أولى", n=1, at=NOW - MINUTE)]
    assert world.poll(*newest_first) == ["غارة أولى", "غارة ثانية"]


def test_what_a_document_held_is_told_to_the_parser_when_the_next_comes(world):
    world.poll(item(), item(OTHER, n=2))
    marks = world.parser.known
    assert world.poll(item(), item(OTHER, n=2), item("غارة على المرفأ", n=3)) == ["غارة على المرفأ"]
    assert marks[-1] is not None
    assert marks[-1] != marks[-2]
    assert world.reports[-1].new == 1


def test_an_identical_document_is_not_read_again(world):
    world.poll(item())
    parsed = list(world.parser.asked)
    world.poll(item())
    assert world.reports[-1].outcome == "unchanged"
    assert world.parser.asked == parsed != []


def test_one_event_in_twenty_feeds_at_once_is_one_alert(tmp_path):
    feeds = [feed(f"f{n}") for n in range(20)]
    store = open_store(tmp_path / "state", now=NOW)
    world = World(feeds=feeds, store=store, baseline=False)
    for n, each in enumerate(feeds):
        world.network.pages[each.id] = rss(item(n=n))
    world.polls.tick(world.setup, every=True)
    assert world.polls.wait(60)
    assert [alert.title for report in world.reports for alert in report.alerts] == [STRIKE]
    assert len(world.reports) == 20
    assert Reader(store.database).totals().stories == 1
    store.close()


def test_what_is_told_within_the_throttle_waits_for_its_end_and_is_told_once(world):
    assert world.poll(item()) == [STRIKE]
    world.deliver()
    first, second = "نزوح كبير من الحي بعد غارة ليلية", "غارة مدمرة تسوي السوق القديم بالأرض"
    for title in (first, second):
        assert world.poll(item(title)) == [title]
        assert world.reports[-1].verdicts == {Reason.THROTTLED: 1}
        assert world.deliver() == []
    world.clock.advance(27 * MINUTE)
    assert world.deliver() == []
    world.clock.advance(MINUTE)
    assert world.deliver() == [second]
    told = world.sender.sent[-1].alert
    assert (told.reason, told.before, told.follows) == (Reason.UPDATED, {"headline": first}, "1.1")


def test_the_figures_of_what_waits_are_told_by_what_takes_its_place():
    world = World(feeds=[feed("one"), feed("two")], baseline=False, reading=ScriptedReading())
    world.poll(item("غارة على هرابش قتل 3"))
    world.deliver()
    world.poll(item("غارة على هرابش قتل 30"))
    world.poll(item("طائرات حربية تنفذ غارة في حي هرابش", n=2, at=world.clock.now()), feed_id="two")
    world.clock.advance(30 * MINUTE)
    assert world.deliver() == ["طائرات حربية تنفذ غارة في حي هرابش"]
    told = world.sender.sent[-1].alert
    assert (told.reason, told.facts.killed.least, told.before) == (Reason.CORROBORATED, 30, {"killed": "3"})


def test_what_waits_for_the_end_of_a_throttle_outlives_a_restart(tmp_path):
    store = open_store(tmp_path / "state", now=NOW)
    world = World(store=store, baseline=False)
    edited = "نزوح كبير من الحي بعد غارة ليلية"
    world.poll(item())
    world.deliver()
    world.poll(item(edited))
    store.close()
    again = World(store=open_store(tmp_path / "state", now=NOW))
    again.clock.advance(10 * MINUTE)
    again.store.take_over(now=again.clock.now())
    assert again.deliver() == []
    again.clock.advance(30 * MINUTE)
    assert again.deliver() == [edited]
    again.store.close()


class Towns(ScriptedReading):
    """Two towns far apart, by their names."""

    def read(self, document):
        town = "raqqa" if "الرقة" in document.title.clean else "harabish"
        return replace(super().read(document), places=(town,))

    def named(self, facts):
        names = {"raqqa": {"ar": "الرقة", "en": "Raqqa"}, "harabish": {"ar": "هرابش", "en": "Harabish"}}
        return tuple(NamedFact(id=each, name=names[each]) for each in facts.places), (), ()


def test_a_correction_of_the_place_names_the_one_that_was_told():
    world = World(baseline=False, reading=Towns())
    world.poll(item("غارة على هرابش فجر اليوم"))
    world.poll(item("غارة على الرقة فجر اليوم"))
    [told] = world.reports[-1].alerts
    assert (told.reason, told.before) == (Reason.CORRECTED, {"place": "هرابش"})
    assert [place.id for place in told.places] == ["raqqa"]


def test_a_rule_that_has_expired_records_what_it_matches_and_tells_nobody(world):
    world.use(rule(expires=NOW.date() - timedelta(days=1)), feeds=[feed()])
    assert world.poll(item()) == []
    assert world.reports[-1].verdicts == {Reason.EXPIRED: 1}


def test_an_escalation_is_told_to_the_channels_of_its_severity():
    escalate = Escalate(sources=2, within=timedelta(hours=1), to=Severity.CRITICAL)
    feeds = [feed("one"), feed("two")]
    world = World(rule(escalate=escalate), feeds=feeds, baseline=False, reading=ScriptedReading())
    channels = {Severity.HIGH: "desk", Severity.CRITICAL: "phone"}
    world.setup = replace(
        world.setup,
        channels={each: replace(world.setup.channels["desk"], id=each) for each in channels.values()},
        recipients=lambda _rule, severity: (Recipient(channel_id=channels[severity], key="only"),),
    )
    world.poll(item("غارة على هرابش قبل الفجر"))
    world.deliver()
    world.poll(item("طائرات حربية تنفذ غارة في حي هرابش", n=2), feed_id="two")
    world.deliver()
    told = [(each.recipient.channel_id, each.alert.reason, each.alert.severity) for each in world.sender.sent]
    assert told == [("desk", Reason.FIRST_REPORT, Severity.HIGH), ("phone", Reason.ESCALATED, Severity.CRITICAL)]


BEFORE_DAWN, WARPLANES = "غارة على هرابش قبل الفجر", "طائرات حربية تنفذ غارة في حي هرابش"
ESCALATES = Escalate(sources=2, within=timedelta(hours=1), to=Severity.CRITICAL)


def test_of_two_polls_at_once_the_one_that_decides_later_says_so_and_is_told_later():
    rooms = [feed("one"), feed("two")]
    world = World(rule(escalate=ESCALATES), feeds=rooms, baseline=False, reading=ScriptedReading())
    world.poll_overtaken(item(WARPLANES), feed_id="one", by=item(BEFORE_DAWN, n=2), by_feed="two")
    first, escalated = (alert for report in world.reports for alert in report.alerts)
    assert [(each.title, each.reason) for each in (first, escalated)] == [
        (BEFORE_DAWN, Reason.FIRST_REPORT),
        (WARPLANES, Reason.ESCALATED),
    ]
    assert first.decided_at < escalated.decided_at
    assert world.deliver() == [BEFORE_DAWN, WARPLANES]


def test_a_first_report_that_could_not_be_sent_goes_before_its_update_though_that_is_graver():
    world = World(rule(escalate=ESCALATES), feeds=[feed("one"), feed("two")], baseline=False, reading=ScriptedReading())
    world.sender.refuse = {"desk"}
    world.poll(item(BEFORE_DAWN))
    for _ in range(3):  # each time it waits longer
        assert world.deliver() == []
        world.clock.advance(timedelta(hours=1))
    assert world.deliver() == []
    world.poll(item(WARPLANES, n=2, at=world.clock.now()), feed_id="two")
    world.deliver()
    world.sender.refuse = set()
    world.clock.advance(timedelta(hours=1))
    assert world.deliver() == [BEFORE_DAWN, WARPLANES]


# --- feeds that fail


def test_a_failed_feed_is_recorded_and_asked_later(world):
    world.poll_page(FetchFailure.TIMEOUT)
    assert world.reports[-1].outcome == "failed"
    [state] = Reader(world.store.database).feeds()
    assert state.failures == 1
    assert state.next_poll_at > world.clock.now()
    assert "too slow" in state.last_error


def test_a_page_that_is_no_feed_counts_as_a_failure(world):
    world.poll_page(b"<!doctype html><html><title>Just a moment...</title></html>")
    assert world.reports[-1].outcome == "failed"


def test_a_feed_that_recovers_is_heard_of_what_came_meanwhile(world):
    world.poll_page(FetchFailure.CONNECT)
    assert world.poll(item()) == [STRIKE]
    assert Reader(world.store.database).feeds()[0].failures == 0


def test_a_feed_that_breaks_the_pipeline_is_backed_off_and_stops_no_other(world, monkeypatch):
    def breaks(*_args, **_kwargs):
        raise RuntimeError("a bug")

    monkeypatch.setattr("monitor.text.document.read", breaks)
    world.poll(item())
    assert world.reports[-1].outcome == "failed"
    [state] = Reader(world.store.database).feeds()
    assert (state.failures, state.next_poll_at > world.clock.now()) == (1, True)
    monkeypatch.undo()
    assert set(world.poll(item(), item(OTHER, n=2))) == {STRIKE, OTHER}


# --- deliveries


def test_what_cannot_be_delivered_waits_and_arrives_once_the_channel_recovers(world):
    world.sender.refuse.add("desk")
    world.poll(item())
    assert world.deliver() == []
    world.sender.refuse.clear()
    world.clock.advance(timedelta(minutes=16))
    assert world.deliver() == [STRIKE]
    assert world.deliver() == []


def test_a_channel_that_fails_holds_back_no_other():
    world = World(rule("r", notify=["dead", "desk"]), baseline=False)
    world.sender.refuse.add("dead")
    world.poll(item())
    assert world.deliver() == [STRIKE]


def test_after_72_hours_a_delivery_is_given_up_and_stays_listed(world):
    world.sender.refuse.add("desk")
    world.poll(item())
    for _ in range(400):
        world.deliver()
        world.clock.advance(timedelta(minutes=15))
    [dead] = Reader(world.store.database).deliveries(DeliveryStatus.DEAD, limit=10)
    assert dead.alert.title == STRIKE
    world.sender.refuse.clear()
    assert world.store.resend(None, now=world.clock.now()) == 1
    assert world.deliver() == [STRIKE]


def test_a_delivery_for_a_channel_that_is_not_configured_waits_for_it():
    world = World(rule("r", notify=["desk"]), baseline=False)
    world.poll(item())
    configured = world.setup
    world.setup = replace(configured, channels={})
    assert world.deliver() == []
    world.setup = configured
    world.clock.advance(timedelta(minutes=16))
    assert world.deliver() == [STRIKE]


def with_fallbacks(world, **fallbacks):
    channels = world.setup.channels
    world.setup = replace(
        world.setup,
        channels={**channels, **{id: replace(channels["desk"], id=id, fallback=to) for id, to in fallbacks.items()}},
    )


def refusing(world, **failures):
    """The world's sender, which these channels answer so."""
    deliver = world.sender.send

    def send(channel, delivery):
        if channel.id in failures:
            return NotSent(detail="HTTP 401", failed_at=world.clock.now(), **failures[channel.id])
        return deliver(channel, delivery)

    world.sender.send = send


def test_a_channel_that_refuses_has_its_alerts_told_to_its_fallback_at_once():
    world = World(baseline=False)
    with_fallbacks(world, desk="spare", spare=None)
    refusing(world, desk={"refused": True})
    world.poll(item())
    assert world.deliver() == [STRIKE]
    [sent] = world.sender.sent
    assert (sent.recipient.channel_id, sent.stands_in_for) == ("spare", "desk")
    [dead] = Reader(world.store.database).deliveries(DeliveryStatus.DEAD, limit=9)
    assert dead.last_error == "HTTP 401; told to the channel 'spare' instead"


def test_a_fallback_that_refuses_too_passes_on_to_its_own_and_the_last_one_gives_up():
    world = World(baseline=False)
    attempts = {}
    world.deliveries._report = lambda delivery, attempt: attempts.update({delivery.recipient.channel_id: attempt})
    with_fallbacks(world, desk="spare", spare="last", last=None)
    refusing(world, **{id: {"permanent": True, "refused": True} for id in ("desk", "spare", "last")})
    world.poll(item())
    assert world.deliver() == []
    assert [(id, attempt.passed_to, attempt.dead) for id, attempt in attempts.items()] == [
        ("desk", "spare", False), ("spare", "last", False), ("last", None, True),
    ]  # fmt: skip


def test_a_refusal_without_a_fallback_is_tried_until_somebody_mends_it():
    world = World(baseline=False)
    world.setup = replace(world.setup, channels={"desk": replace(world.setup.channels["desk"], fallback="left-out")})
    deliver = world.sender.send
    refusing(world, desk={"refused": True})
    world.poll(item())
    assert world.deliver() == []
    world.sender.send = deliver
    world.clock.advance(timedelta(minutes=16))
    assert world.deliver() == [STRIKE]


def test_what_may_have_arrived_is_repeated_once_and_then_told_to_the_fallback():
    world = World(baseline=False)
    with_fallbacks(world, desk="spare", spare=None)
    refusing(world, desk={"ambiguous": True})
    world.poll(item())
    assert world.deliver() == []
    world.clock.advance(timedelta(seconds=19))
    assert world.deliver() == []
    world.clock.advance(timedelta(seconds=1))
    assert world.deliver() == [STRIKE]
    assert world.sender.sent[0].recipient.channel_id == "spare"


def test_nothing_is_stored_of_a_poll_whose_transaction_fails(world, monkeypatch):
    def fails(*_args, **_kwargs):
        raise RuntimeError("the disk is gone")

    monkeypatch.setattr("monitor.store.ingest.SqlIngest.alert", fails)
    world.poll(item())
    assert world.reports[-1].outcome == "failed"
    assert Reader(world.store.database).totals().entries == 0
    monkeypatch.undo()
    assert world.poll(item(), item("خبر", n=5)) == [STRIKE]


def test_a_document_is_read_in_full_however_it_ends(world):
    cut = rss(item(), item(OTHER, n=2))[:-40]
    assert STRIKE in world.poll_page(cut)


def test_a_delivery_that_breaks_us_backs_off_and_holds_back_no_other(world):
    deliver = world.sender.send

    def breaks(channel, delivery):
        if "رقم 0" in delivery.alert.title:
            raise OSError("no more processes")
        return deliver(channel, delivery)

    world.sender.send = breaks
    world.poll(*(item(f"غارة رقم {n} على البلدة", n=n) for n in range(12)))
    for _ in range(20):
        world.deliver()
        world.clock.advance(timedelta(minutes=16))
    assert len(world.sender.sent) == 11


def test_trouble_with_the_state_is_not_blamed_on_the_feed(world, monkeypatch):
    def full(*_args, **_kwargs):
        raise StateError("the disk is full")

    monkeypatch.setattr("monitor.store.ingest.SqlIngest.write", full)
    world.network.pages["one"] = rss(item())
    world.polls.tick(world.setup, every=True)
    assert world.polls.wait(30)
    assert isinstance(world.polls.trouble, StateError)
    assert Reader(world.store.database).feeds()[0].failures == 0


def test_half_a_document_is_no_baseline():
    world = World()
    whole = rss(*(item(f"غارة رقم {n} على البلدة", n=n) for n in range(10)))
    assert world.poll_page(whole[: len(whole) // 2]) == []
    assert world.poll_page(whole) == []
    assert world.poll(item("غارة جديدة على الجسر", n=50)) == ["غارة جديدة على الجسر"]


# --- a store that takes nothing for a while


@pytest.fixture
def pauses(monkeypatch) -> list[float]:
    """How long was waited between tries; nobody waits for it."""
    waited: list[float] = []
    monkeypatch.setattr(pipeline, "time", SimpleNamespace(sleep=waited.append))
    return waited


def refuse(world: World, monkeypatch, *, times: int) -> None:
    """So many transactions, each after a second."""
    ingest, left = world.store.ingest, iter(range(times))

    @contextmanager
    def refusing():
        with ingest() as tx:
            yield tx
            if next(left, None) is not None:
                world.clock.advance(timedelta(seconds=1))
                raise StateUnwritable("it is away")

    monkeypatch.setattr(world.store, "ingest", refusing)


POLLS = {"news": rss(item()), "nothing new": rss(), "a failure": FetchFailure.CONNECT}


@pytest.mark.parametrize("page", POLLS.values(), ids=POLLS.keys())
def test_a_poll_that_the_store_did_not_take_is_written_again_after_ever_longer_pauses(world, monkeypatch, pauses, page):
    refuse(world, monkeypatch, times=7)
    told = world.poll_page(page)
    assert pauses == [0.05, 0.1, 0.2, 0.4, 0.8, 1.0, 1.0]
    assert world.deliver() == told == [STRIKE] * (page == POLLS["news"])
    assert world.polls.trouble is None


@pytest.mark.parametrize("page", POLLS.values(), ids=POLLS.keys())
def test_a_store_that_takes_nothing_for_long_is_no_fault_of_the_feed_s_and_is_left_alone(
    world, monkeypatch, pauses, page
):
    refuse(world, monkeypatch, times=1000)
    world.poll_page(page)
    assert len(pauses) == pipeline.PATIENCE.total_seconds() + 1
    assert type(world.polls.trouble) is StateError
    assert "It was tried for 30 seconds." in str(world.polls.trouble)
    monkeypatch.undo()
    [state] = Reader(world.store.database).feeds()
    assert state.failures == 0
    world.clock.advance(LEASE)
    assert world.poll(item()) == [STRIKE]


def test_what_took_long_before_it_was_refused_is_tried_once_more_all_the_same(world, monkeypatch, pauses):
    """A disk that refused it has given up its reserve for it."""
    refuse(world, monkeypatch, times=1)
    write = world.store.database.write

    @contextmanager
    def slow():
        world.clock.advance(2 * pipeline.PATIENCE)
        with write() as db:
            yield db

    monkeypatch.setattr(world.store.database, "write", slow)
    assert world.poll(item()) == [STRIKE]
    assert len(pauses) == 1
