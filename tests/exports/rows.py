"""Rows to export: one with everything, and any row at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as some

from monitor.exports.options import Options
from monitor.exports.row import Row
from monitor.model import DeliveryStatus, Figure, NamedFact, Reason, Severity, Span

NOW = datetime(2026, 11, 22, 14, 5, 6, tzinfo=UTC)
NOWHERE = Span(field="title", start=0, end=0, clause="")
OPTIONS = Options(language="ar", now=NOW)

DEZ = NamedFact(id="deir-ez-zor", name={"ar": "دير الزور", "en": "Deir ez-Zor"}, pcode="SY09", lat=35.3359, lon=40.1408)
RIVER = NamedFact(id="the-river", name={"ar": "النهر", "en": "The river"}, lat=0.0, lon=-0.5)
UNKNOWN = NamedFact(id="somewhere", name={"ar": "مكان ما", "en": "Somewhere"})
WHOLE = Row(
    alert_id="12.3",
    story_id=12,
    rule_id="strikes",
    rule_title={"ar": "غارات", "en": "Air strikes"},
    severity=Severity.CRITICAL,
    reason=Reason.ESCALATED,
    why="high to critical",
    decided_at=NOW,
    published_at=NOW - timedelta(minutes=7),
    headline="غارة على جسر قرب دير الزور: 5 قتلى",
    summary="قال شهود إن الغارة وقعت فجرًا؛ وأُصيب آخرون.",
    link="https://news.example/a?b=1&c=2",
    feed_id="wire",
    feed_name="وكالة <الفرات> & شركاؤها",
    newsroom="furat",
    sources=2,
    reports=4,
    told_by=("furat", "tigris"),
    killed=Figure(kind="killed", least=5, most=5, span=NOWHERE),
    wounded=Figure(kind="wounded", least=10, most=None, span=NOWHERE),
    places=(DEZ, RIVER, UNKNOWN),
    events=(NamedFact(id="air-strike", name={"ar": "غارة جوية", "en": "Air strike"}),),
    actors=(NamedFact(id="army", name={"ar": "الجيش", "en": "The army"}),),
    tags=("correction",),
    acknowledged_by="سلمى",
    acknowledged_at=NOW + timedelta(hours=1),
    opinion="match",
    deliveries={DeliveryStatus.SENT: 2, DeliveryStatus.DEAD: 1, DeliveryStatus.RETRYING: 3},
)
BARE = Row(
    alert_id="13.1",
    story_id=13,
    rule_id="strikes",
    rule_title={},
    severity=Severity.INFO,
    reason=Reason.FIRST_REPORT,
    decided_at=NOW - timedelta(days=1),
    headline="",
    feed_id="wire",
    feed_name="",
)

# What somebody might publish to command the program that opens an export.
HOSTILE = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "\u202e=1"),
    *("＝1+1", "＋1", "－1", "＠x", "﹦1", "⁼1", "'=1", "''=1", "'", "''", "' =1", "\t", "\r\n", "a\t=1", "a\r=1"),
    *('=HYPERLINK("https://evil.example","x")', "=cmd|' /C calc'!A0", 'a;=1+1', 'a";=1', "a;\u200b=1", "a\n- b\n- c"),
    *("a;'=1", ";;=1", "a\n\n=1", "<script>alert(1)</script>", "]]>&amp;<!--", '"', '""', ",", 'a,"b",c', "\\", "\x00"),
    *("a\x00b", "\x1b[31mred", "\x07\x08\x0b\x0c\x7f\x85", "\ud800", "a\udfff", "\ufffe\uffff", "\u2028\u2029"),
    *("_x0041_", "\u202eabc\u202c", "\u2067عربي", "عربي (English) 5-3", "🇸🇾👨‍👩‍👧", "{{7*7}}", "${HOME}"),
    *("%0a", "NULL", "TRUE", "1e5", "007"),
    *("x" * 32_767, "x" * 32_768, "🛑" * 16_384, "ع" * 1_000_000),
]  # fmt: skip


def hostile(text: str) -> Row:
    """Wherever something of others may stand."""
    return replace(
        WHOLE, alert_id="12.9", headline=text, summary=text, feed_name=text, newsroom=text, told_by=(text, text),
        acknowledged_by=text, why=text, rule_title={"": text}, places=(replace(DEZ, name={"ar": text}), RIVER),
        events=(NamedFact(id="air-strike", name={"": text}),),
    )  # fmt: skip


def ids() -> Any:
    return some.text("abcxyz019-.", min_size=1, max_size=12)


def any_text() -> Any:
    """Also with what no file can hold, more often than chance has it."""
    alphabet = some.one_of(some.characters(), some.sampled_from("=+-@'\t\r\n;,\" \u200b\ufeff＝\x00\ud800عربي"))
    return some.text(alphabet, max_size=12)


def any_row() -> Any:
    instants = some.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1), timezones=some.just(UTC))
    degrees = some.one_of(some.none(), some.floats(-90, 90))
    places = some.builds(
        NamedFact, id=ids(), name=some.dictionaries(some.sampled_from(["ar", "en", ""]), any_text()),
        pcode=any_text(), lat=degrees, lon=degrees,
    )  # fmt: skip
    figures = some.one_of(
        some.none(),
        some.builds(
            Figure, kind=some.just("killed"), least=some.integers(0, 10**6),
            most=some.one_of(some.none(), some.integers(0, 10**6)), span=some.just(NOWHERE),
        ),
    )  # fmt: skip
    return some.builds(
        Row, alert_id=ids(), story_id=some.integers(1, 2**53), rule_id=ids(),
        rule_title=some.dictionaries(some.sampled_from(["ar", "en", ""]), any_text()),
        severity=some.sampled_from(Severity), reason=some.sampled_from(Reason), decided_at=instants,
        published_at=some.one_of(some.none(), instants), headline=any_text(), summary=any_text(),
        link=some.sampled_from([None, "https://news.example/1"]), feed_id=ids(), feed_name=any_text(),
        why=any_text(), newsroom=any_text(), sources=some.integers(0, 99), reports=some.integers(0, 99),
        told_by=some.lists(any_text(), max_size=3).map(tuple), killed=figures, wounded=figures,
        places=some.lists(places, max_size=3).map(tuple), events=some.lists(places, max_size=2).map(tuple),
        acknowledged_by=any_text(), acknowledged_at=some.one_of(some.none(), instants),
        deliveries=some.dictionaries(some.sampled_from(DeliveryStatus), some.integers(1, 9)),
    )  # fmt: skip
