"""What stories are compared by and what alerts say of them, to columns and back: what comes out equals what went in."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from monitor.model import Alert, Facts, Figure, Kinship, KinshipKind, NamedFact, Sketch, SourceTold, Span, Tag, Version
from monitor.store.codec import clean, clean_or_none, dump, instant, instant_or_none, microseconds, microseconds_or_none

_FORM = b"\x01"  # of a packed sketch
_LENGTH = 4  # bytes before each part
_LOADED = 512  # reports: what a poll brings is compared with the same ones again and again


def dump_facts(facts: Facts) -> str:
    return dump(facts_to_json(facts))


@lru_cache(maxsize=_LOADED)
def load_facts(stored: str) -> Facts:
    return facts_from_json(json.loads(stored))


def facts_to_json(facts: Facts) -> dict[str, object]:
    """Without what there is none of."""
    told = {
        "killed": facts.killed and _figure(facts.killed),
        "wounded": facts.wounded and _figure(facts.wounded),
        "places": [clean(each) for each in facts.places],
        "events": [clean(each) for each in facts.events],
        "actors": [clean(each) for each in facts.actors],
        "tags": sorted(tag.value for tag in facts.tags),
        "spans": [_span(each) for each in facts.spans],
    }
    return _without_nothing(told)


def facts_from_json(told: Mapping[str, Any]) -> Facts:
    return Facts(
        killed=_figure_from("killed", told.get("killed")),
        wounded=_figure_from("wounded", told.get("wounded")),
        places=tuple(told.get("places", ())),
        events=tuple(told.get("events", ())),
        actors=tuple(told.get("actors", ())),
        tags=frozenset(map(Tag, told.get("tags", ()))),
        spans=tuple(map(_span_from, told.get("spans", ()))),
    )


def _figure(figure: Figure) -> list[object]:
    return [figure.least, figure.most, *_span(figure.span)]


def _figure_from(kind: Any, told: list[Any] | None) -> Figure | None:
    if told is None:
        return None
    least, most, *span = told
    return Figure(kind=kind, least=least, most=most, span=_span_from(span))


def _span(span: Span) -> list[object]:
    return [span.field, span.start, span.end, clean(span.clause)]


def _span_from(told: list[Any]) -> Span:
    field, start, end, clause = told
    return Span(field=field, start=start, end=end, clause=clause)


def dump_kinship(kinship: Kinship) -> str:
    return dump(_without_nothing({
        "kind": kinship.kind.value, "score": kinship.score, "why": [clean(each) for each in kinship.why],
    }))  # fmt: skip


def load_kinship(stored: str) -> Kinship:
    told = json.loads(stored)
    return Kinship(kind=KinshipKind(told["kind"]), score=told.get("score", 0.0), why=tuple(told.get("why", ())))


# --- sketches


def dump_sketch(sketch: Sketch) -> bytes:
    """Without its facts, its time and its newsroom, which are stored beside it."""
    parts = (
        sketch.text,
        sketch.headline,
        clean(sketch.language).encode(),
        sketch.title.to_bytes(_LENGTH, "little"),
        _numbers(sorted(sketch.grams)),
        _numbers(sketch.words),
        _numbers(sorted(sketch.spots)),
        _numbers(sorted(sketch.names)),
        "\n".join(sorted(map(clean, sketch.marks))).encode(),
        _numbers(sketch.keys, "q"),
    )
    return _packed(parts)


def load_sketch(stored: bytes, facts: Facts, told_at: datetime, newsroom: str) -> Sketch:
    return Sketch(facts=facts, told_at=told_at, newsroom=newsroom, **_unpacked(stored))


@lru_cache(maxsize=_LOADED)
def _unpacked(stored: bytes) -> dict[str, Any]:
    """As arguments of `Sketch`; not to be changed."""
    text, headline, language, title, grams, words, spots, names, marks, keys = _parts(stored)
    return {
        "text": text,
        "headline": headline,
        "language": language.decode(),
        "title": int.from_bytes(title, "little"),
        "grams": frozenset(_numbers_from(grams)),
        "words": tuple(_numbers_from(words)),
        "spots": frozenset(_numbers_from(spots)),
        "names": frozenset(_numbers_from(names)),
        "marks": frozenset(marks.decode().split("\n")) if marks else frozenset(),
        "keys": tuple(_numbers_from(keys, "q")),
    }


def dump_earlier(versions: Sequence[Version]) -> bytes | None:
    """None for none. Without the times they were told and their newsroom, which are the report's."""
    parts: list[bytes] = []
    for each in versions:
        facts = dump_facts(replace(each.sketch.facts, spans=())).encode()
        parts += dump_sketch(each.sketch), facts, _numbers([microseconds(each.seen_at)], "q")
    return _packed(parts) if parts else None


def load_earlier(stored: bytes | None, told_at: datetime, newsroom: str) -> tuple[Version, ...]:
    parts = _parts(stored) if stored is not None else []
    return tuple(
        Version(
            sketch=load_sketch(sketch, load_facts(facts.decode()), told_at, newsroom),
            seen_at=instant(_numbers_from(seen, "q")[0]),
        )
        for sketch, facts, seen in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    )


def _packed(parts: Iterable[bytes]) -> bytes:
    return _FORM + b"".join(len(part).to_bytes(_LENGTH, "little") + part for part in parts)


def _parts(stored: bytes) -> list[bytes]:
    parts, at = [], len(_FORM)
    while at < len(stored):
        end = at + _LENGTH + int.from_bytes(stored[at : at + _LENGTH], "little")
        parts.append(stored[at + _LENGTH : end])
        at = end
    return parts


def _numbers(numbers: Iterable[int], of: Literal["I", "q"] = "I") -> bytes:
    """Unsigned 32 or signed 64 bits each, the least byte first."""
    return _in_order(array(of, numbers)).tobytes()


def _numbers_from(packed: bytes, of: Literal["I", "q"] = "I") -> array[int]:
    numbers = array(of)
    numbers.frombytes(packed)
    return _in_order(numbers)


def _in_order(numbers: array[int]) -> array[int]:
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers


# --- what an alert says of its story


def dump_told(alert: Alert) -> str:
    told = {
        "facts": facts_to_json(alert.facts),
        "places": [_named(each) for each in alert.places],
        "events": [_named(each) for each in alert.events],
        "actors": [_named(each) for each in alert.actors],
        "sources": alert.sources if alert.sources != 1 else None,
        "reports": alert.reports if alert.reports != 1 else None,
        "told_by": [_source(each) for each in alert.told_by],
        "follows": clean_or_none(alert.follows),
        "before": {clean(name): clean(text) for name, text in alert.before.items()},
        "why": clean(alert.why),
        "held_until": microseconds_or_none(alert.held_until),
        "article": {clean(clause): [clean(each) for each in words] for clause, words in alert.article.items()},
    }
    return dump(_without_nothing(told))


def load_told(stored: str) -> dict[str, Any]:
    """As arguments of `Alert`."""
    told = json.loads(stored)
    return {
        "facts": facts_from_json(told.get("facts", {})),
        "places": tuple(map(_named_from, told.get("places", ()))),
        "events": tuple(map(_named_from, told.get("events", ()))),
        "actors": tuple(map(_named_from, told.get("actors", ()))),
        "sources": told.get("sources", 1),
        "reports": told.get("reports", 1),
        "told_by": tuple(map(_source_from, told.get("told_by", ()))),
        "follows": told.get("follows"),
        "before": told.get("before", {}),
        "why": told.get("why", ""),
        "held_until": instant_or_none(told.get("held_until")),
        "article": {clause: tuple(words) for clause, words in told.get("article", {}).items()},
    }


def _named(fact: NamedFact) -> dict[str, object]:
    return _without_nothing({
        "id": clean(fact.id),
        "name": {clean(language): clean(text) for language, text in fact.name.items()},
        "pcode": clean(fact.pcode),
        "lat": fact.lat,
        "lon": fact.lon,
    })  # fmt: skip


def _named_from(told: Mapping[str, Any]) -> NamedFact:
    return NamedFact(
        id=told["id"], name=told.get("name", {}), pcode=told.get("pcode", ""), lat=told.get("lat"), lon=told.get("lon")
    )


def _source(source: SourceTold) -> list[object]:
    return [clean(source.name), clean_or_none(source.link), microseconds(source.told_at), int(source.independent)]


def _source_from(told: list[Any]) -> SourceTold:
    name, link, told_us, independent = told
    return SourceTold(name=name, link=link, told_at=instant(told_us), independent=bool(independent))


def _without_nothing(told: Mapping[str, object]) -> dict[str, object]:
    """0.0 degrees and an id that is empty are something."""
    return {name: value for name, value in told.items() if name == "id" or value not in (None, "", [], {}, ())}
