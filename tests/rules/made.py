"""Rules and documents with defaults, so that a test names only what it is about."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from monitor.language import EventClass, Exact, Group, Item, KnownPlace, Lexicon, Name, Rule, Term, Word
from monitor.model import Entry, Feed, Secret, Severity
from monitor.rules.matcher import Matcher, Matches
from monitor.text.document import Document, read

TODAY = date(2026, 11, 22)


def a_rule(rule_id: str = "r", **said: Any) -> Rule:
    return Rule(**{"id": rule_id, "title": {"": rule_id}, "severity": Severity.HIGH, **said})


def a_feed(**said: Any) -> Feed:
    every = timedelta(minutes=5)
    address = "https://feed.example/rss"
    given = {"id": "f", "url": Secret(address), "address": address, "name": "F", "source": "f", "every": every}
    return Feed(**{**given, **said})


def a_document(title: str = "", summary: str = "", body: str = "") -> Document:
    return read(Entry(feed_id="f", title=title, summary=summary, body=body))


def a_place(place_id: str, *terms: str, within: str | None = None, inflected: tuple[str, ...] = ()) -> KnownPlace:
    return KnownPlace(
        id=place_id, name={"ar": terms[0], "en": place_id}, terms=terms, within=within, inflected=inflected
    )


def a_lexicon(*, places: tuple[KnownPlace, ...] = (), **classes: tuple[Item, ...]) -> Lexicon:
    """Keywords that begin with `event_` are event classes, the others groups."""
    events = {key[6:]: items for key, items in classes.items() if key.startswith("event_")}
    groups = {key: items for key, items in classes.items() if not key.startswith("event_")}
    return Lexicon(
        places={place.id: place for place in places},
        groups={key: Group(id=key, items=items) for key, items in groups.items()},
        events={key: EventClass(id=key, title={"en": key}, items=items) for key, items in events.items()},
    )


EASTERN = a_lexicon(
    places=(
        a_place("deir-ez-zor-governorate", "دير الزور", "محافظة دير الزور"),
        a_place("deir-ez-zor", "دير الزور", "Deir ez-Zor", within="deir-ez-zor-governorate"),
        a_place("harabish", "هرابش", within="deir-ez-zor"),
        a_place("mayadin", "الميادين", within="deir-ez-zor-governorate"),
        a_place("idlib", "إدلب", "Idlib"),
    ),
    airport=(Term(text="مطار"), Term(text="قاعدة جوية"), Exact(text="airport")),
    retrospective=(Term(text="ذكرى"), Term(text="مسلسل")),
    event_clash=(Term(text="اشتباك"), Word(text="معركة", plural=("معارك",))),
)


def matched(rule: Rule, *, lexicon: Lexicon = EASTERN, **fields: str) -> Matches:
    return Matcher([rule], lexicon).match(a_document(**fields), feed=None, today=TODAY)


def shown(rule: Rule, *, lexicon: Lexicon = EASTERN, **fields: str) -> list[tuple[str, str, str]] | None:
    """(field, clause, words as published) of every span; None if the rule does not match."""
    matches = matched(rule, lexicon=lexicon, **fields)
    assert not matches.problems
    if not matches.matches:
        return None
    return [(span.field, span.clause, fields[span.field][span.start : span.end]) for span in matches.matches[0].spans]


__all__ = ["EASTERN", "TODAY", "Name", "a_document", "a_feed", "a_lexicon", "a_place", "a_rule", "matched", "shown"]
