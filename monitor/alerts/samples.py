"""Alerts that every template is tried with before it is used: plain, long, hostile, bare and full. Made up by us."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from monitor.model import Alert, Facts, Figure, NamedFact, Reason, Severity, SourceTold, Span, Tag

NOW: Final = datetime(2026, 11, 22, 11, 11, tzinfo=UTC)
LINKS: Final[Mapping[str, str]] = MappingProxyType(
    {kind: f"https://monitor.example/a/41/{kind}?t=a&n=1" for kind in ("open", "ack", "mute", "wrong")}
)
_HERE: Final = Span(field="title", start=0, end=1, clause="killed")


def _alert(
    title: str,
    *found: str,
    reason: Reason = Reason.FIRST_REPORT,
    severity: Severity = Severity.HIGH,
    link: str | None = "https://www.waha.example/news/12345?part=1&lang=ar",
    **more: object,
) -> Alert:
    spans = tuple(
        Span(field="title", start=title.index(word), end=title.index(word) + len(word), clause="event sample")
        for word in found
    )
    values: dict[str, object] = {
        "id": "41.2.bridges", "story_id": 41, "number": 2, "rule_id": "bridges",
        "rule_title": {"ar": "قصف الجسور", "en": "Bridges shelled"}, "feed_id": "waha", "feed_name": "صوت الواحة",
        "summary": "قال سكان إنهم سمعوا الدوي بعد منتصف الليل.", "published_at": NOW - timedelta(minutes=6),
        "decided_at": NOW, "spans": spans,
    }  # fmt: skip
    return Alert(title=title, reason=reason, severity=severity, link=link, **(values | more))  # type: ignore[arg-type]


PLAIN: Final = _alert("قصف وإصابات عند الجسر الشرقي", "قصف", "إصابات")

FULL: Final = _alert(
    "تجدد القصف قرب الجسر الشرقي",
    "قصف",
    reason=Reason.UPDATED,
    severity=Severity.CRITICAL,
    facts=Facts(
        killed=Figure(kind="killed", least=5, most=5, span=_HERE),
        wounded=Figure(kind="wounded", least=12, most=None, span=_HERE),
        tags=frozenset(Tag),
    ),
    places=(NamedFact(id="deir-ez-zor", name={"ar": "دير الزور", "en": "Deir ez-Zor"}, pcode="SY09"),),
    events=(NamedFact(id="shelling", name={"ar": "قصف", "en": "shelling"}),),
    actors=(NamedFact(id="army", name={"ar": "الجيش", "en": "the army"}),),
    sources=3,
    reports=7,
    told_by=(
        SourceTold(name="صوت الواحة", link="https://www.waha.example/1", told_at=NOW - timedelta(minutes=50)),
        SourceTold(name="Oasis Wire", link=None, told_at=NOW - timedelta(minutes=20)),
        SourceTold(name="مرصد النهر", link=None, told_at=NOW - timedelta(minutes=10), independent=False),
    ),
    follows="41.1.bridges",
    before={"killed": "3", "headline": "قصف عند الجسر", "severity": "medium", "place": "الرقة"},
    why="killed: 3 told, 5 now",
)

BARE: Final = _alert(
    "", link=None, summary="", rule_title={}, published_at=None, feed_name="", severity=Severity.INFO, spans=()
)

LONG: Final = _alert("اشتباكات عنيفة " * 570, "عنيفة", summary="تفاصيل كثيرة " * 600, link=None)

HOSTILE: Final = _alert(
    "</b></p><script>alert(1)</script><!channel> <@U123> @everyone @here @room [x](https://evil.example) **y** `z`"
    " {{ 7*7 }} {% include 'x' %} &lt;img src=x onerror=alert(1)&gt; \u202eevil\u202c \x00 \ud83d "
    + "\U0001f525"
    * 200,
    "script",
    summary="<a href='https://evil.example'>x</a>",
    feed_name="<b>@everyone</b> [x](https://evil.example)",
    rule_title={"": "*<!here>* _x_"},
)

SAMPLES: Final[Mapping[str, Alert]] = MappingProxyType(
    {"plain": PLAIN, "full": FULL, "bare": BARE, "long": LONG, "hostile": HOSTILE}
)
