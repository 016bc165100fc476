"""An alert as a page shows it, in the reader's language: what is said and which words of it are marked. How that looks
is the template's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final

from monitor.alerts import phrases
from monitor.alerts.cases import case
from monitor.alerts.clause import is_toll
from monitor.alerts.clean import flat, host_of, safe_link
from monitor.alerts.content import rule_title
from monitor.alerts.fit import clip
from monitor.alerts.lines import believed, found, is_in_article_alone
from monitor.alerts.marks import Marked, plainly
from monitor.alerts.passages import quoted
from monitor.alerts.words import MONTHS, SEVERITIES, WEEKDAYS, Language, arrived
from monitor.model import Alert, Mute, NamedFact, Severity
from monitor.store.feedback_rows import Opinion
from monitor.store.views.history import Said, Told
from monitor.web.links.words import REASONS

READ: Final = 8000  # code points of a field as published; what stands behind them is not looked at
LONGEST_SUMMARY: Final = 400  # code points
LONGEST_HEADLINE: Final = 600
MOST_CLAUSES: Final = 20
Piece = tuple[str, bool]  # a text, and whether it is marked


@dataclass(frozen=True, slots=True)
class Clock:
    """An instant within its day: '14:05' here, '11:05 UTC' ('' where that is the same), and for programs."""

    local: str
    utc: str
    stamp: str


@dataclass(frozen=True, slots=True)
class Clause:
    """`kind`: 'place', 'event', 'group', 'killed', 'wounded', '' for words. `name`: of what was looked for.
    `in_article`: its words stand nowhere else."""

    kind: str
    name: str
    words: tuple[str, ...]
    in_article: bool = False


@dataclass(frozen=True, slots=True)
class Teller:
    name: str
    link: str
    host: str
    at: Clock
    independent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """`told` is the alert and what became of it; `earlier` those that it follows, the newest first. `reason`: why it
    is told again, '' for a first report. `article`: passages of it, with what was found there. `late`: how long after
    it was published we saw it. `said_wrong`: by this reader."""

    told: Told
    headline: tuple[Piece, ...]
    summary: tuple[Piece, ...]
    article: tuple[tuple[Piece, ...], ...]
    language: str
    link: str
    host: str
    rule: str
    reason: str
    because: str
    why: str
    clauses: tuple[Clause, ...]
    tags: tuple[str, ...]
    seen_at: Clock
    published_at: Clock | None
    late: str
    killed: str
    wounded: str
    places: tuple[NamedFact, ...]
    events: tuple[NamedFact, ...]
    actors: tuple[NamedFact, ...]
    before: Mapping[str, str]
    tellers: tuple[Teller, ...]
    mutes: tuple[Mute, ...] = ()
    said_wrong: Said | None = None
    earlier: tuple[Card, ...] = ()

    @property
    def alert(self) -> Alert:
        return self.told.alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Eye:
    """Who reads, and what is known beside the alerts: languages of feeds by id, mutes that hold, what lies around
    places."""

    language: Language
    zone: tzinfo
    now: datetime
    by: str
    languages: Mapping[str, str]
    mutes: Sequence[Mute] = ()
    around: Callable[[str], Sequence[str]]

    def clock(self, at: datetime) -> Clock:
        local, utc = at.astimezone(self.zone), at.astimezone(UTC)
        shown = "" if not local.utcoffset() else f"{utc:%H:%M} UTC" if local.date() == utc.date() else _dated(utc)
        return Clock(f"{local:%H:%M}", shown, at.isoformat(timespec="seconds"))

    def day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


def _dated(utc: datetime) -> str:
    return f"{utc:%Y-%m-%d %H:%M} UTC"


def day_name(day: date, eye: Eye, today: str, yesterday: str) -> str:
    """'Today, Thursday 26 November'; the year where it is another."""
    name = f"{WEEKDAYS[eye.language][day.weekday()]} {day.day} {MONTHS[eye.language][day.month - 1]}"
    now = eye.day(eye.now)
    if day.year != now.year:
        return f"{name} {day.year}"
    near = {now: today, now - timedelta(days=1): yesterday}.get(day)
    return f"{near}{'،' if eye.language == 'ar' else ','} {name}" if near else name


def by_day(cards: Sequence[Card], eye: Eye) -> Iterator[tuple[date, list[Card]]]:
    """In the order given."""
    days: dict[date, list[Card]] = {}
    for card in cards:
        days.setdefault(eye.day(card.alert.decided_at), []).append(card)
    yield from days.items()


def folded(cards: Sequence[Card]) -> list[Card]:
    """Follow-ups of one story under one rule stand under the newest of them: it says what is known now, and what was
    known before is its history. What another rule found in the story stands by itself: who judges a rule, or mutes it,
    means that one alone."""
    newest: dict[tuple[int, str], list[Card]] = {}
    for card in cards:
        newest.setdefault((card.alert.story_id, card.alert.rule_id), []).append(card)
    # Two that came at once may have been decided in the other order than they were told.
    ordered = (sorted(each, key=lambda card: card.alert.number, reverse=True) for each in newest.values())
    return [replace(first, earlier=tuple(rest)) for first, *rest in ordered]


def card(told: Told, eye: Eye) -> Card:
    alert, language = told.alert, eye.language
    published = believed(alert.published_at)
    head, rest = _texts(alert)
    link = safe_link(alert.link)
    return Card(
        told=told,
        headline=tuple(head.cut(LONGEST_HEADLINE).pieces()),
        summary=tuple(rest.cut(LONGEST_SUMMARY).pieces()),
        article=tuple(tuple(line.pieces()) for line in map(quoted, told.passages) if line),
        language=eye.languages.get(alert.feed_id, ""),
        link=link,
        host=host_of(link) if link else "",
        rule=rule_title(alert.rule_title, language) or alert.rule_id,
        reason=phrases.reason(alert, language),
        because=REASONS[language].get(alert.reason, alert.reason.value),
        why=case(alert.why, language),
        clauses=tuple(_clauses(alert)),
        tags=phrases.tags(alert, language),
        seen_at=eye.clock(alert.decided_at),
        published_at=eye.clock(published) if published else None,
        late=arrived(alert.decided_at - published, language) if published else "",
        killed=phrases.figure(alert.facts.killed, alert.before.get("killed", ""), language),
        wounded=phrases.figure(alert.facts.wounded, alert.before.get("wounded", ""), language),
        places=alert.places,
        events=phrases.happened(alert),
        actors=alert.actors,
        before=_before(alert, language),
        tellers=tuple(_teller(each.name, each.link, each.told_at, eye, each.independent) for each in alert.told_by),
        mutes=tuple(mute for mute in eye.mutes if covers(mute, told, eye)),
        said_wrong=next((each for each in told.said if (each.opinion, each.by) == (Opinion.WRONG, eye.by)), None),
    )


def covers(mute: Mute, told: Told, eye: Eye) -> bool:
    alert = told.alert
    return mute.covers(
        rule_id=alert.rule_id,
        story_id=alert.story_id,
        sources=(told.newsroom or "", alert.feed_id),
        places=alert.facts.places,
        within=eye.around,
    )


def _texts(alert: Alert) -> tuple[Marked, Marked]:
    """Headline and what stands below it; where there is no title, the summary is the headline."""
    title = plainly(alert.title[:READ], (span for span in alert.spans if span.field == "title"))
    summary = plainly(alert.summary[:READ], (span for span in alert.spans if span.field == "summary"))
    return (title, summary) if title else (summary, Marked(""))


def _clauses(alert: Alert) -> Iterator[Clause]:
    """What held, each with the words as published; words that were looked for as they are need no name, and stand
    together at the end."""
    looked_for: dict[bool, list[str]] = {False: [], True: []}
    for clause, words in list(found(alert).items())[:MOST_CLAUSES]:
        kind, _, name = clause.partition(" ")
        plain, in_article = [flat(plainly(word).text) for word in words], is_in_article_alone(alert, clause)
        if (kind in ("place", "event", "group") and name) or is_toll(clause):
            yield Clause(kind, name, tuple(dict.fromkeys(plain)), in_article)
        else:
            looked_for[in_article] += plain or [flat(clause)]
    for in_article, plain in looked_for.items():
        if plain:
            yield Clause("", "", tuple(dict.fromkeys(plain)), in_article)


def _before(alert: Alert, language: Language) -> Mapping[str, str]:
    """What was told last, of what is not told with its figure."""
    told = {
        kind: plainly(text).text for kind, text in alert.before.items() if kind in ("headline", "place", "severity")
    }
    written = told.get("severity", "").lower()
    words = {each.value: SEVERITIES[language][each] for each in Severity}
    return {**told, **({"severity": words.get(written, written)} if written else {})}


def _teller(name: str, link: str | None, at: datetime, eye: Eye, independent: bool) -> Teller:
    return Teller(clip(name, 120), safe_link(link), host_of(link or ""), eye.clock(at), independent)
