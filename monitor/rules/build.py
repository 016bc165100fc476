"""What was written, as the values the rest of monitor works with. Everything here has been found sound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal, cast

from monitor.language import (
    Acknowledge,
    Escalate,
    Group,
    Inhibit,
    KnownPlace,
    Location,
    Newsroom,
    Rule,
    RuleTest,
    Silence,
    Volume,
)
from monitor.lexicon.announced import announced
from monitor.lexicon.newsrooms import Hosts
from monitor.model import FIELDS, Access, Beacon, Channel, Feed, FieldName, QuietHours, Secret, Severity
from monitor.rules.addresses import derived_id, derived_source, host_of
from monitor.rules.items import WrittenItem, plain_values_of, values_of, weights_of
from monitor.rules.nodes import Scalar
from monitor.rules.written import Defaults
from monitor.rules.written_parts import (
    WrittenChannel,
    WrittenFeed,
    WrittenHeartbeat,
    WrittenPlace,
    WrittenQuietHours,
    WrittenSource,
    WrittenTemplates,
)
from monitor.rules.written_rule import (
    Sample,
    WrittenAcknowledge,
    WrittenEscalate,
    WrittenInhibit,
    WrittenRule,
    WrittenTest,
)
from monitor.rules.written_web import WrittenWeb

Language = Literal["ar", "en", "both"]
Shared = Literal["country", "place", "event"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """What rules and feeds have that say nothing else. `every` None is `auto`."""

    every: timedelta | None = timedelta(minutes=5)
    severity: Severity = Severity.MEDIUM
    search_in: tuple[FieldName, ...] = ("title", "summary")
    max_age: timedelta = timedelta(hours=24)
    throttle: timedelta = timedelta(minutes=30)
    notify: tuple[str, ...] = ()

    def changed_by(self, written: Defaults | None) -> Standard:
        """With what a file's `defaults` say; what they do not mention stays."""
        if written is None:
            return self
        said = {name: getattr(written, name) for name in written.model_fields_set}
        said |= {name: tuple(map(str, said[name])) for name in ("search_in", "notify") if name in said}
        return replace(self, **said)


AUTO_START = timedelta(minutes=15)  # where a feed's own rhythm begins to be learned


def feed(written: WrittenFeed, standard: Standard, newsrooms: Mapping[str, Newsroom], hosts: Hosts) -> Feed:
    """With the newsroom's id as its source where anybody is known by that id or host, else what is written, else its
    host."""
    address = written.url.written
    every = written.every if "every" in written.model_fields_set else standard.every
    return Feed(
        id=str(written.id or derived_id(address)),
        url=Secret(str(written.url)),
        address=address,
        name=str(written.name or host_of(address) or derived_id(address)),
        source=_source(str(written.source or ""), address, newsrooms, hosts),
        every=every or AUTO_START,
        auto=every is None,
        tags=frozenset(map(str, written.tags)),
        languages=tuple(written.language),
        headers=tuple((name, Secret(str(value))) for name, value in written.headers.items()),
        proxy=Secret(str(written.proxy)) if written.proxy is not None else None,
        allow_private=written.allow_private,
        pins=tuple(map(str, written.pin)),
        full_text=written.full_text,
    )


def _source(written: str, address: str, newsrooms: Mapping[str, Newsroom], hosts: Hosts) -> str:
    if written:
        return written if written in newsrooms else hosts.newsroom(written) or written
    return hosts.newsroom(host_of(address).removeprefix("www.")) or derived_source(address)


def newsroom(name: str, written: WrittenSource, shipped: Newsroom | None, at: Location) -> Newsroom:
    """A newsroom of the file. Of a shipped one with the same id, what is not written stays."""
    known = shipped or Newsroom(id=name, name={"ar": name, "en": name}, owner=name)
    names = _names(written.name)
    first = names.get("ar") or names.get("en") or next(iter(names.values()), "")
    return Newsroom(
        id=name,
        name={"ar": first, "en": first} | names if names else known.name,
        owner=str(written.owner or known.owner),
        agency=known.agency if written.agency is None else written.agency,
        hosts=_texts(written.hosts) or known.hosts,
        credits=_texts(written.credits) or known.credits,
        at=at,
    )


def channel(name: str, written: WrittenChannel, language: Language) -> Channel:
    return Channel(
        id=name,
        url=Secret(str(written.url)) if written.url is not None else None,
        language=cast(Language, written.language or language),
        min_severity=written.min_severity,
        operations=written.purpose == "operations",
        canary=written.canary,
        rate=written.rate,
        fallback=str(written.fallback) if written.fallback is not None else None,
        zone=written.timezone.key if written.timezone is not None else None,
        quiet_hours=_quiet_hours(written.quiet_hours),
        digest=written.digest,
        secret=Secret(str(written.secret)) if written.secret is not None else None,
    )


def _quiet_hours(written: WrittenQuietHours | None) -> QuietHours | None:
    if written is None:
        return None
    return QuietHours(begin=written.begin, end=written.end, let_through=written.let_through)


def templates(written: WrittenTemplates) -> tuple[tuple[str, Scalar], ...]:
    named = ((format, getattr(written, format)) for format in WrittenTemplates.model_fields)
    return tuple((format, file) for format, file in named if file is not None)


def beacon(written: WrittenHeartbeat) -> Beacon:
    return Beacon(url=Secret(str(written.url)), every=written.every)


def web(written: WrittenWeb) -> str | None:
    return str(written.url).rstrip("/") if written.url is not None else None


def access(written: WrittenWeb) -> Access:
    token = written.token
    return Access(
        users=tuple((name, str(value)) for name, value in written.users.items()),
        token=Secret(str(token)) if token is not None and not token.unset else None,
        proxy=str(written.trust.proxy) if written.trust else "",
        header=str(written.trust.header) if written.trust else "",
        hosts=tuple(map(str, written.hosts)),
        lacks_token=token is not None and token.unset,
    )


def place(name: str, written: WrittenPlace, shipped: KnownPlace | None, at: Location) -> KnownPlace:
    """A place of the file. Of a shipped one with the same id, what is not written stays."""
    known = shipped or KnownPlace(id=name, name={}, terms=())
    names = _names(written.name) or dict(known.name)
    # A shipped name that is no spelling is an ordinary word as well: the gazetteer keeps it out on purpose.
    named = names.values() if written.name else [spelling for spelling in names.values() if spelling in known.terms]
    spellings = _once([*named, *map(str, written.terms or known.terms)])
    inflected = _texts(written.inflected) or known.inflected
    guarded = _texts(written.guarded) or known.guarded
    if written.context and not guarded:
        guarded = _once([*spellings, *inflected])
    first = names.get("ar") or names.get("en") or next(iter(names.values()), None) or next(iter(spellings), name)
    return KnownPlace(
        id=name,
        name={"ar": first, "en": first} | names,
        terms=tuple(term for term in spellings if term not in guarded),
        inflected=inflected,
        guarded=guarded,
        announced=known.announced if guarded == known.guarded else tuple(announced(guarded)),
        context=plain_values_of(written.context) if written.context else known.context,
        ban=_texts(written.ban) or known.ban,
        within=str(written.within) if written.within is not None else known.within,
        kind=known.kind,
        lat=known.lat,
        lon=known.lon,
        pcode=known.pcode,
        at=at,
    )


def _names(written: Mapping[str, Scalar]) -> dict[str, str]:
    """By language; a name in no stated language is one in each."""
    plain = str(written[""]) if "" in written else None
    return {"ar": plain, "en": plain} if plain else {language: str(name) for language, name in written.items()}


def _once(terms: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(terms))


def group(name: str, written: Sequence[WrittenItem], at: Location) -> Group:
    return Group(id=name, items=values_of(written), at=at)


def rule(written: WrittenRule, standard: Standard) -> Rule:
    return Rule(
        id=str(written.id),
        title={language: str(text) for language, text in written.title.items()} or {"": str(written.id)},
        severity=written.severity or standard.severity,
        all=values_of(written.all or ()),
        any=values_of(written.any or ()),
        none=values_of(written.none or ()),
        at_least=written.at_least,
        min_score=written.min_score,
        weights=weights_of(written.any or (), written.min_score),
        near=written.near,
        query=written.query.item() if written.query is not None else None,
        search_in=_in_order(written.search_in or standard.search_in),
        feeds=_texts(written.feeds),
        languages=tuple(written.languages or ()),
        max_age=standard.max_age if written.max_age is None else written.max_age,
        throttle=standard.throttle if written.throttle is None else written.throttle,
        expires=written.expires,
        min_sources=written.min_sources,
        escalate=_escalate(written.escalate),
        acknowledge=_acknowledge(written.acknowledge),
        digest=written.digest,
        killed=written.killed,
        wounded=written.wounded,
        inhibit=_inhibit(written.inhibit),
        kind=_kind(written),
        enabled=written.enabled,
        notify=_once(_texts(written.notify)) or standard.notify,
        tests=tuple(map(_test, written.tests or ())),
        owner=str(written.owner or ""),
        tags=_texts(written.tags),
        description=str(written.description or ""),
        false_positives=_texts(written.false_positives),
        at=written.at,
    )


def _escalate(written: WrittenEscalate | None) -> Escalate | None:
    return Escalate(sources=written.sources, within=written.within, to=written.to) if written is not None else None


def _acknowledge(written: WrittenAcknowledge | None) -> Acknowledge | None:
    return Acknowledge(within=written.within, then=_texts(written.then)) if written is not None else None


def _inhibit(written: WrittenInhibit | None) -> Inhibit | None:
    if written is None:
        return None
    return Inhibit(rules=_once(_texts(written.rules)), lasts=written.lasts, same=cast("Shared | None", written.same))


def _kind(written: WrittenRule) -> Volume | Silence | None:
    """What a kind needs is there: see `kinds`."""
    if written.kind == "volume" and written.within is not None:
        return Volume(within=written.within, count=written.count, surge=written.surge)
    return Silence(lasts=written.lasts) if written.kind == "silence" and written.lasts is not None else None


def _texts(written: Sequence[Scalar] | None) -> tuple[str, ...]:
    return tuple(map(str, written or ()))


def _in_order(fields: Sequence[FieldName]) -> tuple[FieldName, ...]:
    return tuple(field for field in FIELDS if field in fields)


def _test(written: WrittenTest) -> RuleTest:
    sample = written.match or written.no_match
    assert sample is not None, "the model lets no such test through"
    return RuleTest(
        matches=written.match is not None, fields=_fields(sample), because=str(written.because or ""), at=written.at
    )


def _fields(sample: Sample) -> dict[FieldName, str]:
    texts = {"title": sample.title, "summary": sample.summary, "body": sample.body}
    return {field: str(texts[field]) for field in FIELDS if texts[field] is not None}
