"""Reports as the tests of stories tell them: read with the shipped lexicon, as the pipeline reads them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from functools import cache

from monitor.facts.reader import FactReader
from monitor.lexicon.load import load
from monitor.lexicon.tree import around
from monitor.model import Entry, Facts, Kinship, KnownStory, Origin, Report, Sketch
from monitor.stories.kinship import compare
from monitor.stories.sketch import sketch
from monitor.text.document import read

AT = datetime(2026, 3, 11, 9, tzinfo=UTC)  # a Wednesday


@cache
def reader() -> FactReader:
    return FactReader(load())


def within(place_id: str) -> Sequence[str]:
    place = load().places.get(place_id)
    return () if place is None else tuple(outer.id for outer in around(place, load().places))


def report(title: str, summary: str = "", *, after: float = 0.0, facts: Facts | None = None, body: str = "") -> Sketch:
    """`after`: hours after nine in the morning, UTC."""
    at = AT + timedelta(hours=after)
    document = read(Entry(feed_id="f", title=title, summary=summary, body=body, published_at=at))
    return sketch(document, reader().read(document) if facts is None else facts, seen_at=at, within=within)


def kinship(one: Sketch, other: Sketch) -> Kinship:
    return compare(one, other, within=within)


def story(number: int, *sketches: Sketch) -> KnownStory:
    reports = tuple(
        Report(
            entry_id=number * 100 + at, feed_id="f", sketch=each, origin=Origin(newsroom="n", owner="n"),
            seen_at=each.told_at,
        )
        for at, each in enumerate(sketches)
    )  # fmt: skip
    return KnownStory(id=number, begun_at=min(each.told_at for each in sketches), reports=reports, alerts=())
