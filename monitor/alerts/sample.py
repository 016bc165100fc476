"""An alert to try a channel with."""

from __future__ import annotations

from datetime import datetime

from monitor.model import Alert, Reason, Severity, Span

_TITLE = "رسالة تجريبية من monitor: هكذا سيصل التنبيه · Test message: this is how an alert will arrive"
_FOUND = "رسالة تجريبية"


def sample_alert(now: datetime) -> Alert:
    """A made-up alert that says so, with everything that a real one has."""
    return Alert(
        id=f"test-{now:%Y%m%dT%H%M%S}",
        story_id=0,
        number=1,
        rule_id="notify-test",
        rule_title={"ar": "تجربة القناة", "en": "Channel test"},
        severity=Severity.INFO,
        reason=Reason.FIRST_REPORT,
        feed_id="notify-test",
        feed_name="monitor notify test",
        title=_TITLE,
        summary="",
        link="https://example.org/channel-test",
        published_at=now,
        decided_at=now,
        spans=(Span(field="title", start=0, end=len(_FOUND), clause=_FOUND),),
    )
