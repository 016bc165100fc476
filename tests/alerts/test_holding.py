"""When a delivery may go: rhythms, quiet hours, and the clocks that change in between."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.alerts import holding
from monitor.model import Delivery, Hold, QuietHours, Recipient, Rhythm, Severity, Wait
from tests.alerts.made import a_channel, an_alert

BAGHDAD, BERLIN = ZoneInfo("Asia/Baghdad"), ZoneInfo("Europe/Berlin")  # the former without summer time
HOURLY, AT_SEVEN, MONDAYS = Rhythm(), Rhythm(at=time(7)), Rhythm(at=time(7), weekday=0)
NIGHT = QuietHours(begin=time(22), end=time(6))
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)


def at(text: str, zone: ZoneInfo = BAGHDAD, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("rhythm", "since", "expected", "because"),
    [
        (HOURLY, "2026-11-22 13:20:05", "2026-11-22 14:00", "on the hour"),
        (HOURLY, "2026-11-22 13:00", "2026-11-22 13:00", "the hour itself will do"),
        (HOURLY, "2026-11-22 23:59:59", "2026-11-23 00:00", "past midnight"),
        (AT_SEVEN, "2026-11-22 06:59:59", "2026-11-22 07:00", "the same morning"),
        (AT_SEVEN, "2026-11-22 07:00", "2026-11-22 07:00", "the very moment"),
        (AT_SEVEN, "2026-11-22 07:00:01", "2026-11-23 07:00", "the next morning"),
        (AT_SEVEN, "2026-12-31 08:00", "2027-01-01 07:00", "the next year"),
        (MONDAYS, "2026-11-22 23:00", "2026-11-23 07:00", "Sunday night"),
        (MONDAYS, "2026-11-23 07:00:01", "2026-11-30 07:00", "a second too late"),
        (MONDAYS, "2026-11-24 00:00", "2026-11-30 07:00", "Tuesday"),
    ],
)
def test_a_digest_goes_at_the_next_time_of_its_rhythm(rhythm, since, expected, because):
    assert holding.next_time(rhythm, at(since), BAGHDAD) == at(expected), because


@pytest.mark.parametrize(
    ("quiet", "now", "until", "because"),
    [
        (NIGHT, "2026-11-22 22:00", "2026-11-23 06:00", "they begin at once"),
        (NIGHT, "2026-11-22 23:59", "2026-11-23 06:00", "before midnight"),
        (NIGHT, "2026-11-23 00:00", "2026-11-23 06:00", "at midnight"),
        (NIGHT, "2026-11-23 05:59:59", "2026-11-23 06:00", "to the last second"),
        (NIGHT, "2026-11-23 06:00", None, "and no longer"),
        (NIGHT, "2026-11-23 21:59:59", None, "the day"),
        (QuietHours(begin=time(12), end=time(14)), "2026-11-23 13:00", "2026-11-23 14:00", "a rest at noon"),
        (QuietHours(begin=time(12), end=time(14)), "2026-11-23 23:00", None, "that is no night"),
        (QuietHours(begin=time(0), end=time(6)), "2026-11-23 00:00", "2026-11-23 06:00", "from midnight on"),
        (QuietHours(begin=time(22), end=time(0)), "2026-11-23 23:00", "2026-11-24 00:00", "until midnight"),
    ],
)
def test_quiet_hours_end_when_they_say(quiet, now, until, because):
    assert holding.quiet_until(quiet, at(now), BAGHDAD) == at(until or now), because


# On 29 March 2026 Berlin's clocks went from 02:00 to 03:00, on 25 October from 03:00 back to 02:00.
EARLY = QuietHours(begin=time(22), end=time(2, 30))


@pytest.mark.parametrize(
    ("found", "expected", "because"),
    [
        (holding.next_time(Rhythm(at=time(2, 30)), at("2026-03-29 01:00", BERLIN), BERLIN),
         at("2026-03-29 03:30", BERLIN), "a time that is skipped comes an hour later by the clock"),
        (holding.next_time(Rhythm(at=time(2, 30)), at("2026-10-25 01:00", BERLIN), BERLIN),
         at("2026-10-25 02:30", BERLIN), "one that comes twice comes the first time"),
        (holding.next_time(Rhythm(at=time(2, 30)), at("2026-10-25 02:31", BERLIN), BERLIN),
         at("2026-10-26 02:30", BERLIN), "and not again in the hour that comes twice"),
        (holding.next_time(HOURLY, at("2026-03-29 01:30", BERLIN), BERLIN),
         at("2026-03-29 03:00", BERLIN), "the next hour is the one after the gap"),
        (holding.next_time(HOURLY, at("2026-10-25 02:30", BERLIN), BERLIN),
         at("2026-10-25 02:00", BERLIN, fold=1), "the hour that comes twice has two"),
        (holding.quiet_until(EARLY, at("2026-03-29 01:59", BERLIN), BERLIN),
         at("2026-03-29 03:30", BERLIN), "the end lies in the gap"),
        (holding.quiet_until(EARLY, at("2026-03-29 03:10", BERLIN), BERLIN),
         at("2026-03-29 03:30", BERLIN), "who comes behind the gap waits for the same end"),
        (holding.quiet_until(EARLY, at("2026-10-25 02:29", BERLIN), BERLIN),
         at("2026-10-25 02:30", BERLIN), "the first half past two ends them"),
        (holding.quiet_until(EARLY, at("2026-10-25 02:10", BERLIN, fold=1), BERLIN),
         at("2026-10-25 02:10", BERLIN, fold=1), "the hour that comes again is not quiet again"),
        (holding.quiet_until(NIGHT, at("2026-10-24 23:00", BERLIN), BERLIN) - at("2026-10-24 23:00", BERLIN),
         8 * HOUR, "the night is an hour longer"),
    ],
)  # fmt: skip
def test_clocks_that_change_neither_lose_nor_double_anything(found, expected, because):
    assert found == expected, because


@pytest.mark.parametrize(
    ("severity", "channel", "rule_digest", "now", "expected", "because"),
    [
        (Severity.HIGH, {}, None, "2026-11-22 13:20", None, "nothing is said"),
        (Severity.HIGH, {"digest": AT_SEVEN}, None, "2026-11-22 13:20", (Hold.DIGEST, "2026-11-23 07:00"), "a digest"),
        (Severity.LOW, {}, HOURLY, "2026-11-22 13:20", (Hold.DIGEST, "2026-11-22 14:00"), "the rule's digest"),
        (Severity.CRITICAL, {"digest": AT_SEVEN, "quiet_hours": NIGHT}, MONDAYS, "2026-11-22 23:00", None, "critical"),
        (Severity.HIGH, {"quiet_hours": NIGHT}, None, "2026-11-22 23:00",
         (Hold.QUIET_HOURS, "2026-11-23 06:00"), "at night"),
        (Severity.HIGH, {"quiet_hours": replace(NIGHT, let_through=Severity.HIGH)}, None, "2026-11-22 23:00",
         None, "let through"),
        (Severity.MEDIUM, {"quiet_hours": replace(NIGHT, let_through=Severity.HIGH)}, None, "2026-11-22 23:00",
         (Hold.QUIET_HOURS, "2026-11-23 06:00"), "not grave enough to be let through"),
        (Severity.HIGH, {"digest": MONDAYS}, HOURLY, "2026-11-22 13:20",
         (Hold.DIGEST, "2026-11-23 07:00"), "a channel's rhythm has the last word"),
        (Severity.HIGH, {"digest": HOURLY}, MONDAYS, "2026-11-22 13:20",
         (Hold.DIGEST, "2026-11-23 07:00"), "a rule's longer wait counts"),
        (Severity.HIGH, {"digest": Rhythm(at=time(5)), "quiet_hours": NIGHT}, None, "2026-11-22 13:20",
         (Hold.QUIET_HOURS, "2026-11-23 06:00"), "a digest in the night waits for its end"),
        (Severity.HIGH, {"digest": AT_SEVEN, "zone": "Europe/Berlin"}, None, "2026-11-22 13:20",
         (Hold.DIGEST, "2026-11-23 09:00"), "the channel's own zone: seven in Berlin is nine in Baghdad"),
    ],
)  # fmt: skip
def test_what_an_alert_waits_for(severity, channel, rule_digest, now, expected, because):
    now = at(now)
    found = holding.wait(
        severity, a_channel("json://h.example", **channel), rule_digest, since=now, now=now, zone=BAGHDAD
    )
    assert found == (Wait(hold=expected[0], until=at(expected[1])) if expected else None), because


def test_what_waited_for_its_digest_goes_even_if_somebody_looks_later():
    channel, since = a_channel("json://h.example", digest=AT_SEVEN), at("2026-11-22 13:20")
    for looked in ("2026-11-23 07:00", "2026-11-23 07:00:01", "2026-11-25 12:00"):
        assert holding.wait(Severity.LOW, channel, None, since=since, now=at(looked), zone=BAGHDAD) is None


def test_what_became_due_in_the_night_waits_for_its_end():
    channel = a_channel("json://h.example", digest=AT_SEVEN, quiet_hours=NIGHT)
    since, now = at("2026-11-22 13:20"), at("2026-11-23 23:00")  # nobody ran all day
    found = holding.wait(Severity.LOW, channel, None, since=since, now=now, zone=BAGHDAD)
    assert found == Wait(hold=Hold.QUIET_HOURS, until=at("2026-11-24 06:00"))


# --- laws

zones = st.sampled_from([UTC, BAGHDAD, BERLIN, ZoneInfo("Asia/Tehran"), ZoneInfo("Australia/Lord_Howe")])
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
rhythms = (
    st.none() | st.builds(Rhythm, at=st.none()) | st.builds(Rhythm, at=times, weekday=st.none() | st.integers(0, 6))
)
nights = st.none() | st.builds(QuietHours, begin=times, end=times, let_through=st.sampled_from(Severity)).filter(
    lambda quiet: quiet.begin != quiet.end
)
instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@given(st.sampled_from(Severity), rhythms, rhythms, nights, zones, instants, st.timedeltas(timedelta(0), 30 * DAY))
def test_nothing_waits_for_ever_and_what_waited_goes(severity, of_rule, of_channel, night, zone, since, late):
    channel, now = a_channel("json://h.example", digest=of_channel, quiet_hours=night), since + late
    found = holding.wait(severity, channel, of_rule, since=since, now=now, zone=zone)
    if severity is Severity.CRITICAL:
        assert found is None
    if found is not None:
        assert now < found.until <= now + 15 * DAY + 3 * HOUR  # two weeks of rhythms, a night, and the clocks
        again = holding.wait(severity, channel, of_rule, since=since, now=found.until, zone=zone)
        assert again is None, "it waits once"


@given(nights, zones, instants)
def test_quiet_hours_are_over_when_they_end_and_never_longer_than_a_day(night, zone, now):
    if night is not None:
        ends = holding.quiet_until(night, now, zone)
        assert now <= ends <= now + DAY + HOUR
        assert ends == now or holding.quiet_until(night, ends - timedelta(microseconds=1), zone) == ends


@given(rhythms, zones, instants)
def test_a_rhythm_never_lies_behind_and_keeps_its_wall_time(rhythm, zone, since):
    if rhythm is None:
        return
    found = holding.next_time(rhythm, since, zone)
    assert since <= found <= since + 8 * DAY
    assert holding.next_time(rhythm, found, zone) == found
    local = found.astimezone(zone)
    if rhythm.at is not None and rhythm.weekday is not None:
        assert local.weekday() == rhythm.weekday or local.time() < time(2)  # a gap at midnight
    if rhythm.at is not None:
        wall = timedelta(hours=local.hour - rhythm.at.hour, minutes=local.minute - rhythm.at.minute)
        assert wall in (timedelta(0), HOUR, timedelta(minutes=30), HOUR - DAY)  # later only where it was skipped


# --- since when


def held(decided: str, *, created: str | None = None, throttled: str | None = None, due: str | None = None) -> Delivery:
    alert = replace(an_alert(), decided_at=at(decided), held_until=at(throttled) if throttled else None)
    return Delivery(
        id=1, alert=alert, recipient=Recipient(channel_id="desk", key="only"), attempts=0,
        created_at=at(created or decided), due_at=at(due or decided),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("delivery", "since", "because"),
    [
        (held("2026-11-22 13:00", due="2026-11-23 07:00"), "2026-11-22 13:00", "its decision"),
        (held("2026-11-22 13:00", throttled="2026-11-22 13:30", due="2026-11-22 13:30"), "2026-11-22 13:30",
         "a throttle's end"),
        (held("2026-11-22 13:00", created="2026-11-24 09:00", due="2026-11-24 09:00"), "2026-11-22 13:00",
         "sent again by hand, or to a fallback: it waited before"),
        (held("2027-11-22 13:00", due="2026-11-23 07:00"), "2026-11-23 07:00",
         "decided by a clock that was a year ahead: it waited until it was due"),
        (held("2027-11-22 13:00", due="2027-11-23 07:00"), "2026-11-25 12:00", "and never from a time to come"),
    ],
)  # fmt: skip
def test_since_when_an_alert_waits(delivery, since, because):
    assert holding.since(delivery, now=at("2026-11-25 12:00")) == at(since), because


def test_a_daily_test_of_a_channel_has_a_time_of_its_own():
    assert not holding.is_held_at_all(replace(an_alert(), rule_id="monitor:canary"))
    assert holding.is_held_at_all(replace(an_alert(), rule_id="bridge-strikes"))
