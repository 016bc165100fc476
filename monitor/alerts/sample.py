"""Alerts to try a channel with: each says that it is a test, and has everything that a real one has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Literal

from monitor.model import Alert, Facts, Figure, NamedFact, Reason, Severity, SourceTold, Span

Kind = Literal["first", "update", "digest", "hostile", "notice"]

_TITLE: Final = "رسالة تجريبية من monitor: هكذا سيصل التنبيه · Test message: this is how an alert will arrive"
_FOUND: Final = "رسالة تجريبية"
_UPDATE: Final = "رسالة تجريبية من monitor: هكذا يصل تحديث لخبر سابق · Test message: this is how an update will arrive"
_LINK: Final = "https://example.org/channel-test"
_RULE_TITLE: Final[Mapping[str, str]] = {"ar": "تجربة القناة", "en": "Channel test"}
DIGEST: Final = 5  # alerts in a sample of a digest

# What a hostile feed might write: none of it may ping, link, hide, reverse or run in the service.
_HOSTILE: Final = (
    "رسالة تجريبية معادية · Hostile test message <b>bold</b> <script>x</script> @everyone @here @channel @room "
    "<!channel> <@U000> <at>all</at> [text](https://example.org/hidden) *star* _line_ `code` ||spoiler|| "
    "\u202eesrever\u202c \u2067isolate \u200f{{ 7*7 }} &lt;i&gt; 🛑🛑🛑"
)


def sample_alert(now: datetime) -> Alert:
    """The first report of a made-up story."""
    return Alert(
        id=f"test-{now:%Y%m%dT%H%M%S}",
        story_id=0,
        number=1,
        rule_id="notify-test",
        rule_title=_RULE_TITLE,
        severity=Severity.INFO,
        reason=Reason.FIRST_REPORT,
        feed_id="notify-test",
        feed_name="monitor notify test",
        title=_TITLE,
        summary="",
        link=_LINK,
        published_at=now,
        decided_at=now,
        spans=(Span(field="title", start=0, end=len(_FOUND), clause=_FOUND),),
    )


def sample_update(now: datetime) -> Alert:
    """What follows the first report: more sources, and figures that rose."""
    first = sample_alert(now)
    span = Span(field="title", start=0, end=len(_FOUND), clause="killed")
    return replace(
        first,
        id=f"{first.id}-2",
        number=2,
        reason=Reason.UPDATED,
        title=_UPDATE,
        link=f"{_LINK}/update",
        follows=first.id,
        before={"killed": "3"},
        facts=Facts(killed=Figure(kind="killed", least=5, most=5, span=span)),
        places=(NamedFact(id="test", name={"ar": "مكان تجريبي", "en": "test place"}),),
        sources=2,
        reports=3,
        told_by=(
            SourceTold(name="monitor", link=_LINK, told_at=now - timedelta(minutes=20)),
            SourceTold(name="notify test", link=f"{_LINK}/update", told_at=now),
        ),
    )


def sample_digest(now: datetime) -> tuple[Alert, ...]:
    """Several stories of different severity."""
    severities = tuple(Severity)
    return tuple(
        replace(
            sample_alert(now),
            id=f"test-{now:%Y%m%dT%H%M%S}-{number}",
            story_id=-number,  # stories of their own
            severity=severities[number % len(severities)],
            decided_at=now - timedelta(minutes=7 * number),
            link=f"{_LINK}/{number}",
        )
        for number in range(DIGEST)
    )


def sample_hostile(now: datetime) -> Alert:
    return replace(sample_alert(now), id=f"test-{now:%Y%m%dT%H%M%S}-hostile", title=_HOSTILE, summary=_HOSTILE)


NOTICE: Final = (
    "رسالة تجريبية من monitor · Test message from monitor",
    "هكذا تصل ملاحظات التشغيل: تغذية صامتة، قناة معطلة، قواعد مرفوضة.\n"
    "This is how notices of operation arrive: a silent feed, a broken channel, rules that were refused.",
)
