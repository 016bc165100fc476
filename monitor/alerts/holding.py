"""When a delivery may go: at the next time of a digest, and not within its channel's quiet hours.

Wall times are those of the channel's zone. One that the clocks skip comes as much later as they were put forward; one
that comes twice is meant the first time. Days and quiet hours are compared as instants, so that no night is lost or
doubled when clocks change.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from monitor.model import Alert, Channel, Delivery, Hold, QuietHours, Rhythm, Severity, Wait

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def zone_of(channel: Channel | None, default: tzinfo) -> tzinfo:
    """The channel's own zone, or that of the rules file."""
    return default if channel is None or channel.zone is None else _zone(channel.zone)


def wait(
    severity: Severity,
    channel: Channel,
    rule_digest: Rhythm | None,
    *,
    since: datetime,
    now: datetime,
    zone: tzinfo,
) -> Wait | None:
    """What an alert that could be told `since` then waits for; None where it may go now.

    The rule's digest comes first, then the channel's: what goes to a channel with a rhythm goes in that rhythm. Its
    quiet hours have the last word. `zone` is that of channels without one. Never more than 8 days after a change of
    both, for each is a week at most and a night a day.
    """
    if severity is Severity.CRITICAL:
        return None
    here = zone_of(channel, zone)
    told_at = since
    for rhythm in (rule_digest, channel.digest):
        told_at = next_time(rhythm, told_at, here) if rhythm is not None else told_at
    begins = max(told_at, now)
    ends = begins
    quiet = channel.quiet_hours
    if quiet is not None and severity.rank < quiet.let_through.rank:
        ends = quiet_until(quiet, begins, here)
    if ends <= now:
        return None
    return Wait(hold=Hold.QUIET_HOURS if ends > begins else Hold.DIGEST, until=ends)


def since(delivery: Delivery, *, now: datetime) -> datetime:
    """From when on a delivery's alert could be told, whatever it was held for since then.

    What waited for a time has that time behind it: also where the alert was decided by a clock that was wrong, nothing
    waits for the same thing twice.
    """
    told_at = min(delivery.alert.decided_at, delivery.created_at)
    if delivery.alert.held_until is not None:
        told_at = max(told_at, delivery.alert.held_until)
    return min(told_at, delivery.due_at or now, now)


def is_held_at_all(alert: Alert) -> bool:
    """A channel's daily test has a time of its own; no id that a person can give a rule has a colon."""
    return ":" not in alert.rule_id


# --- rhythms and hours ------------------------------------------------------------------------------


def next_time(rhythm: Rhythm, since: datetime, zone: tzinfo) -> datetime:
    """The first time of the rhythm that is not before `since`."""
    if rhythm.at is None:
        return _next_hour(since, zone)
    day = since.astimezone(zone).date() - DAY
    while True:
        at = _instant(day, rhythm.at, zone)
        if at >= since and rhythm.weekday in (None, day.weekday()):
            return at
        day += DAY


def quiet_until(quiet: QuietHours, now: datetime, zone: tzinfo) -> datetime:
    """The end of the quiet hours that `now` is in; `now` itself outside of them."""
    today = now.astimezone(zone).date()
    for day in (today - DAY, today):
        begins = _instant(day, quiet.begin, zone)
        ends = _instant(day if quiet.begin < quiet.end else day + DAY, quiet.end, zone)
        if begins <= now < ends:
            return ends
    return now


def _next_hour(since: datetime, zone: tzinfo) -> datetime:
    local = since.astimezone(zone)
    past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return since + HOUR - past if past else since


def _instant(day: date, at: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, at, zone).astimezone(UTC)


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
