"""One alert as a page to read: what was told, by whom, why, and where it was sent. It changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from monitor.alerts.cases import case
from monitor.alerts.clause import is_toll
from monitor.alerts.clean import host_of, safe_link
from monitor.alerts.content import rule_title
from monitor.alerts.phrases import happened
from monitor.alerts.words import ICONS, SEVERITIES, Language, moment
from monitor.model import Alert, DeliveryStatus, Figure, NamedFact
from monitor.serve import Page
from monitor.store.read import DeliveryRecord
from monitor.web.links.document import Html, command, document, foreign, joined, listed, shown, tag
from monitor.web.links.words import CHANGED, HOLDS, REASONS, STATUSES, TAGS, TEXTS

_MOST_CLAUSES, _MOST_WORDS, _LONGEST_WORD = 40, 3, 80
_BELIEVED_YEARS = range(1900, 2200)  # as in messages: what a feed dates outside of them is no date


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """In which language and time zone a page is read, and when."""

    language: Language
    zone: tzinfo
    now: datetime

    def text(self, key: str) -> str:
        return TEXTS[self.language][key]

    @property
    def comma(self) -> str:
        return "، " if self.language == "ar" else ", "

    def at(self, instant: datetime) -> Html:
        shown_at = moment(instant, language=self.language, zone=self.zone, now=self.now)
        return tag("time", shown_at, datetime=instant.isoformat(timespec="seconds"))


def heading(alert: Alert, reading: Reading) -> Html:
    """The alert in three lines; above what is done with it, too."""
    language = reading.language
    line = joined(
        f"{ICONS[alert.severity]} {SEVERITIES[language][alert.severity]} · ",
        foreign(title_of(alert, language)),
        *(f" · {TAGS[language][each]}" for each in sorted(alert.facts.tags, key=lambda each: each.value)),
    )
    headline = shown(alert.title) or shown(alert.summary) or reading.text("untitled")
    said_by = joined(reading.text("reported_by"), " ", foreign(alert.feed_name or alert.feed_id))
    return joined(tag("p", line), tag("h1", headline, dir="auto"), tag("p", said_by, class_="faint"))


def title_of(alert: Alert, language: Language) -> str:
    """Of its rule, in this language if it has one; else its id."""
    return rule_title(alert.rule_title, language) or alert.rule_id


def alert_page(alert: Alert, deliveries: Sequence[DeliveryRecord], switch: Html, reading: Reading) -> Page:
    """`switch` leads to the same in another language."""
    return document(
        title_of(alert, reading.language),
        heading(alert, reading),
        *_article(alert, reading),
        *_section(reading.text("facts"), list(_facts(alert, reading))),
        *_section(reading.text("sources"), list(_sources(alert, reading))),
        *_section(reading.text("why"), list(_why(alert, reading))),
        *_section(reading.text("deliveries"), [_delivery(each, reading) for each in deliveries])
        or (tag("p", reading.text("no_deliveries")),),
        *_section(
            reading.text("commands"),
            [command("monitor", name, alert.id) for name in ("why", "ack", "mute", "feedback")],
        ),
        tag("p", switch, class_="faint"),
        language=reading.language,
    )


def _section(title: str, items: Sequence[str]) -> tuple[Html, ...]:
    return (tag("h2", title), listed(items)) if items else ()


def _article(alert: Alert, reading: Reading) -> Iterator[Html]:
    if shown(alert.title) and shown(alert.summary):
        yield tag("p", shown(alert.summary), dir="auto")
    if link := safe_link(alert.link):
        there = tag("a", reading.text("read"), href=link, rel="noopener noreferrer nofollow")
        yield tag("p", there, " (", foreign(host_of(link)), ")")
    if alert.published_at and alert.published_at.year in _BELIEVED_YEARS:
        yield tag("p", reading.text("published"), ": ", reading.at(alert.published_at), class_="faint")
    yield tag("p", reading.text("seen"), ": ", reading.at(alert.decided_at), class_="faint")


def _facts(alert: Alert, reading: Reading) -> Iterator[Html]:
    for kind, figure in (("killed", alert.facts.killed), ("wounded", alert.facts.wounded)):
        if figure:
            yield joined(reading.text(kind), ": ", _figure(figure, reading), *_before(alert, kind, reading))
    for kind, found in (("place", alert.places), ("event", happened(alert)), ("actor", alert.actors)):
        if found:
            yield joined(reading.text(kind), ": ", *_between([_named(each, reading) for each in found], reading.comma))
    for kind in ("headline", "place", "severity"):
        if told := alert.before.get(kind):
            called = CHANGED[reading.language].get(kind) or reading.text(kind)
            yield joined(called, reading.comma, reading.text("before"), ": ", foreign(told))


def _figure(figure: Figure, reading: Reading) -> str:
    if figure.most is None:
        return f"{reading.text('at_least')} {figure.least}"
    return str(figure.least) if figure.least == figure.most else f"{figure.least}–{figure.most}"


def _before(alert: Alert, kind: str, reading: Reading) -> tuple[str, ...]:
    told = alert.before.get(kind)
    return (f" ({reading.text('before')}: ", foreign(told), ")") if told else ()


def _named(fact: NamedFact, reading: Reading) -> Html:
    name = foreign(fact.name.get(reading.language) or next(iter(fact.name.values()), fact.id))
    where = fact.pcode or (f"{fact.lat:.4f}, {fact.lon:.4f}" if fact.lat is not None and fact.lon is not None else "")
    return joined(name, " (", foreign(where), ")") if where else name


def _between(items: Sequence[Html], separator: str) -> Iterator[str]:
    for number, item in enumerate(items):
        yield separator if number else ""
        yield item


def _sources(alert: Alert, reading: Reading) -> Iterator[Html]:
    yield joined(f"{reading.text('independent')}: {alert.sources} ({reading.text('reports')}: {alert.reports})")
    for source in alert.told_by:
        link = safe_link(source.link)
        name = tag("a", foreign(source.name), href=link, rel="noopener noreferrer nofollow") if link else None
        copied = "" if source.independent else f" · {reading.text('copy')}"
        yield joined(name or foreign(source.name), " · ", reading.at(source.told_at), copied)


def _why(alert: Alert, reading: Reading) -> Iterator[Html]:
    reason = REASONS[reading.language].get(alert.reason, alert.reason.value)
    more = (": ", foreign(case(alert.why, reading.language))) if alert.why else ()
    yield joined(f"{reading.text('reason')}: {reason}", *more)
    yield joined(reading.text("rule"), ": ", foreign(title_of(alert, reading.language)), " ", command(alert.rule_id))
    yield joined(
        reading.text("alert"), " ", command(alert.id), f" · {reading.text('story')} ", command(str(alert.story_id))
    )
    for clause, words in list(_clauses(alert).items())[:_MOST_CLAUSES]:
        quoted = _between([joined("«", foreign(word), "»") for word in words], reading.comma)
        yield joined(_called(clause, reading), ": ", *quoted) if words else _called(clause, reading)


def _called(clause: str, reading: Reading) -> Html:
    """'place deir-ez-zor' in the reader's language; any other clause is the words that were looked for."""
    kind, _, name = clause.partition(" ")
    if (kind in ("place", "event", "group", "actor") and name) or is_toll(clause):
        return joined(reading.text(kind), " ", command(shown(name)))
    return joined(reading.text("word"), " ", foreign(clause))


def _clauses(alert: Alert) -> dict[str, list[str]]:
    """What held, with the words as published; none where we do not hold the field."""
    found: dict[str, list[str]] = {}
    for span in alert.spans:
        words = found.setdefault(span.clause, [])
        text = {"title": alert.title, "summary": alert.summary}.get(span.field, "")
        word = shown(text[span.start : span.end])[:_LONGEST_WORD]
        if word and word not in words and len(words) < _MOST_WORDS:
            words.append(word)
    return found


def _delivery(record: DeliveryRecord, reading: Reading) -> Html:
    """Which channel, and how it stands; neither to whom behind it nor what the service said."""
    at = record.sent_at if record.status is DeliveryStatus.SENT else record.next_try_at
    status = STATUSES[reading.language][record.status]
    hold = getattr(record, "hold", None)
    held = f" ({HOLDS[reading.language][hold]})" if hold and record.status is DeliveryStatus.PENDING else ""
    when = (" · ", reading.at(at)) if at else ()
    return joined(foreign(record.recipient.channel_id), f": {status}{held}", *when)
