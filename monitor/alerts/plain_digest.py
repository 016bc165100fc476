"""Several alerts as one message of plain text: a line a story, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import Final, Literal

from monitor.alerts.clean import one_line, safe_link
from monitor.alerts.fit import Limits, clip, measure
from monitor.alerts.render import Message, plain, rule_title
from monitor.alerts.words import ICONS, Language
from monitor.model import Alert

LONGEST_LINE: Final = 160  # code points of one headline
_TITLES: Final[dict[Language, str]] = {"ar": "موجز: {count}", "en": "Digest: {count}"}
_MORE: Final[dict[Language, str]] = {"ar": "و{count} أخرى: monitor alerts", "en": "and {count} more: monitor alerts"}
_ROOM_FOR_MORE: Final = 60


def render_digest(
    alerts: Sequence[Alert], *, language: Literal["ar", "en", "both"], zone: tzinfo, limits: Limits
) -> Message:
    """The alerts in one message. Those that do not fit are counted in its last line, the oldest first."""
    spoken: Language = "en" if language == "en" else "ar"
    title = _TITLES[spoken].format(count=len(alerts))
    newest = sorted(alerts, key=lambda alert: (alert.decided_at, alert.id), reverse=True)
    room = limits.body - (0 if limits.title else measure(title, limits.unit) + 1)
    lines: list[str] = []
    for number, alert in enumerate(newest):
        line = _line(alert, spoken, zone)
        cost = measure(line, limits.unit) + 1
        if cost > room - (_ROOM_FOR_MORE if number + 1 < len(newest) else 0):
            lines.append(_MORE[spoken].format(count=len(newest) - number))
            break
        lines.append(line)
        room -= cost
    if limits.title:
        return Message(title=clip(title, limits.title, limits), body="\n".join(lines))
    return Message(title="", body="\n".join([title, *lines]))


def _line(alert: Alert, language: Language, zone: tzinfo) -> str:
    headline = clip(
        plain(alert.title) or rule_title(alert.rule_title, language) or one_line(alert.rule_id), LONGEST_LINE
    )
    link = safe_link(alert.link)
    told = f"{ICONS[alert.severity]} {alert.decided_at.astimezone(zone):%H:%M} {headline}"
    return f"{told}\n{link}" if link else told
