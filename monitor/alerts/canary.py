"""The daily test of a channel: an alert that says what it is, and goes the way of every other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from monitor.alerts.words import FSI, PDI
from monitor.model import Alert, Channel, Entry, Reason, Severity

# No id that a person can give a rule or a feed has a colon.
RULE = "monitor:canary"
FEED = "monitor:canary"

_TITLES: Mapping[str, str] = {
    "ar": "اختبار يومي من monitor: القناة «{channel}» تعمل. لا يلزم فعل أي شيء.",
    "en": "Daily test from monitor: channel '{channel}' works. Nothing needs to be done.",
}
_RULE_TITLES: Mapping[str, str] = {"ar": "اختبار القناة", "en": "Channel test"}


def entry(channel: Channel, day: date) -> Entry:
    """What stands in for a feed's entry; one a channel and day, by its guid."""
    return Entry(feed_id=FEED, guid=f"{channel.id} {day.isoformat()}", title=_title(channel))


def alert(channel: Channel, day: date, *, story_id: int, number: int, now: datetime) -> Alert:
    """Of no severity, no rule and no feed of anybody's."""
    return Alert(
        id=f"{story_id}.{number}",
        story_id=story_id,
        number=number,
        rule_id=RULE,
        rule_title=_RULE_TITLES,
        severity=Severity.INFO,
        reason=Reason.FIRST_REPORT,
        feed_id=FEED,
        feed_name="monitor",
        title=entry(channel, day).title,
        summary="",
        link=None,
        published_at=None,
        decided_at=now,
        spans=(),
    )


def _title(channel: Channel) -> str:
    languages = ("ar", "en") if channel.language == "both" else (channel.language,)
    first, *rest = (_TITLES[language].format(channel=channel.id) for language in languages)
    return " · ".join([first, *(f"{FSI}{other}{PDI}" for other in rest)])
