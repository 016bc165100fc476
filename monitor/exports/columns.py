"""The columns of an alert, and the alert as a JSON object."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from monitor.exports.row import Row, in_words, named
from monitor.exports.sheet import Cell, Column, Sheet, stamp
from monitor.model import DeliveryStatus, Figure, NamedFact

BETWEEN: Final = "; "  # of several in one cell
_WIDE: Final = ("headline", "summary", "why")
_WAITS: Final = (DeliveryStatus.PENDING, DeliveryStatus.RETRYING)

TITLES: Final[Mapping[str, Mapping[str, str]]] = {
    "ar": {
        "sheet": "التنبيهات",
        "alert": "التنبيه",
        "story": "القصة",
        "decided_at": "وقت التنبيه (UTC)",
        "published_at": "وقت النشر (UTC)",
        "severity": "الأهمية",
        "rule": "معرّف القاعدة",
        "rule_title": "القاعدة",
        "reason": "السبب",
        "why": "التفصيل",
        "headline": "العنوان",
        "summary": "الملخص",
        "link": "الرابط",
        "feed": "معرّف الخلاصة",
        "feed_name": "الخلاصة",
        "newsroom": "غرفة الأخبار",
        "sources": "مصادر مستقلة",
        "reports": "تقارير",
        "told_by": "رواه",
        "killed_least": "القتلى (الأدنى)",
        "killed_most": "القتلى (الأعلى)",
        "wounded_least": "الجرحى (الأدنى)",
        "wounded_most": "الجرحى (الأعلى)",
        "places": "الأماكن",
        "place_ids": "معرّفات الأماكن",
        "pcodes": "رموز P",
        "latitude": "خط العرض",
        "longitude": "خط الطول",
        "events": "الأحداث",
        "actors": "الأطراف",
        "tags": "وسوم",
        "acknowledged_at": "وقت الاطلاع (UTC)",
        "acknowledged_by": "اطّلع عليه",
        "opinion": "رأي القراء",
        "sent": "أُرسل",
        "failed": "تعذّر إرساله",
        "waiting": "ينتظر",
    },
    "en": {
        "sheet": "Alerts",
        "alert": "Alert",
        "story": "Story",
        "decided_at": "Alerted (UTC)",
        "published_at": "Published (UTC)",
        "severity": "Severity",
        "rule": "Rule id",
        "rule_title": "Rule",
        "reason": "Reason",
        "why": "Why",
        "headline": "Headline",
        "summary": "Summary",
        "link": "Link",
        "feed": "Feed id",
        "feed_name": "Feed",
        "newsroom": "Newsroom",
        "sources": "Independent sources",
        "reports": "Reports",
        "told_by": "Told by",
        "killed_least": "Killed (least)",
        "killed_most": "Killed (most)",
        "wounded_least": "Wounded (least)",
        "wounded_most": "Wounded (most)",
        "places": "Places",
        "place_ids": "Place ids",
        "pcodes": "P-codes",
        "latitude": "Latitude",
        "longitude": "Longitude",
        "events": "Events",
        "actors": "Actors",
        "tags": "Tags",
        "acknowledged_at": "Acknowledged (UTC)",
        "acknowledged_by": "Acknowledged by",
        "opinion": "Readers say",
        "sent": "Sent",
        "failed": "Not sent",
        "waiting": "Waiting",
    },
}


def alerts(rows: Iterable[Row], language: str) -> Sheet[Row]:
    """`language`: of names and titles."""
    return Sheet(
        title=TITLES[language]["sheet"],
        columns=columns(language),
        rows=rows,
        as_json=as_json,
        right_to_left=language == "ar",
    )


def columns(language: str) -> tuple[Column[Row], ...]:
    def names(facts: tuple[NamedFact, ...]) -> str:
        return BETWEEN.join(named(fact, language) for fact in facts)

    titles = TITLES[language]
    tell: dict[str, Any] = {
        "alert": lambda row: row.alert_id,
        "story": lambda row: row.story_id,
        "decided_at": lambda row: row.decided_at,
        "published_at": lambda row: row.published_at,
        "severity": lambda row: row.severity.value,
        "rule": lambda row: row.rule_id,
        "rule_title": lambda row: in_words(row.rule_title, language, row.rule_id),
        "reason": lambda row: row.reason.value,
        "why": lambda row: row.why,
        "headline": lambda row: row.headline,
        "summary": lambda row: row.summary,
        "link": lambda row: row.link,
        "feed": lambda row: row.feed_id,
        "feed_name": lambda row: row.feed_name,
        "newsroom": lambda row: row.newsroom,
        "sources": lambda row: row.sources,
        "reports": lambda row: row.reports,
        "told_by": lambda row: BETWEEN.join(row.told_by),
        "killed_least": lambda row: _least(row.killed),
        "killed_most": lambda row: _most(row.killed),
        "wounded_least": lambda row: _least(row.wounded),
        "wounded_most": lambda row: _most(row.wounded),
        "places": lambda row: names(row.places),
        "place_ids": lambda row: BETWEEN.join(place.id for place in row.places),
        "pcodes": lambda row: BETWEEN.join(place.pcode for place in row.places if place.pcode),
        "latitude": lambda row: _first_point(row)[0],
        "longitude": lambda row: _first_point(row)[1],
        "events": lambda row: names(row.events),
        "actors": lambda row: names(row.actors),
        "tags": lambda row: BETWEEN.join(row.tags),
        "acknowledged_at": lambda row: row.acknowledged_at,
        "acknowledged_by": lambda row: row.acknowledged_by,
        "opinion": lambda row: row.opinion,
        "sent": lambda row: row.deliveries.get(DeliveryStatus.SENT, 0),
        "failed": lambda row: row.deliveries.get(DeliveryStatus.DEAD, 0),
        "waiting": lambda row: sum(row.deliveries.get(status, 0) for status in _WAITS),
    }
    return tuple(Column(name, each, titles[name], name in _WIDE) for name, each in tell.items())


def _least(figure: Figure | None) -> int | None:
    return figure.least if figure else None


def _most(figure: Figure | None) -> int | None:
    return figure.most if figure else None


def points(row: Row) -> list[tuple[NamedFact, float, float]]:
    """Its places of which we know where they lie, with latitude and longitude."""
    return [(place, place.lat, place.lon) for place in row.places if place.lat is not None and place.lon is not None]


def _first_point(row: Row) -> tuple[Cell, Cell]:
    found = points(row)
    return (found[0][1], found[0][2]) if found else (None, None)


def as_json(row: Row) -> dict[str, Any]:
    return {
        "alert": row.alert_id,
        "story": row.story_id,
        "decided_at": stamp(row.decided_at),
        "published_at": stamp(row.published_at) if row.published_at else None,
        "severity": row.severity.value,
        "rule": row.rule_id,
        "rule_title": dict(row.rule_title),
        "reason": row.reason.value,
        "why": row.why,
        "headline": row.headline,
        "summary": row.summary,
        "link": row.link,
        "feed": row.feed_id,
        "feed_name": row.feed_name,
        "newsroom": row.newsroom,
        "sources": row.sources,
        "reports": row.reports,
        "told_by": list(row.told_by),
        "killed": _figure(row.killed),
        "wounded": _figure(row.wounded),
        "places": [_place(place) for place in row.places],
        "events": [_named(event) for event in row.events],
        "actors": [_named(actor) for actor in row.actors],
        "tags": list(row.tags),
        "acknowledged_at": stamp(row.acknowledged_at) if row.acknowledged_at else None,
        "acknowledged_by": row.acknowledged_by,
        "opinion": row.opinion,
        "deliveries": {status.value: number for status, number in row.deliveries.items()},
    }


def _figure(figure: Figure | None) -> dict[str, int | None] | None:
    return {"least": figure.least, "most": figure.most} if figure else None


def _named(fact: NamedFact) -> dict[str, Any]:
    return {"id": fact.id, "name": dict(fact.name)}


def _place(place: NamedFact) -> dict[str, Any]:
    return {**_named(place), "pcode": place.pcode, "latitude": place.lat, "longitude": place.lon}
