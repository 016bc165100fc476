"""An alert as a message of plain text, cut to what the service takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from types import MappingProxyType
from typing import Literal

from monitor.alerts.clean import direction, host_of, one_line, safe_link, within
from monitor.alerts.fit import Detail, Limits, clip, fit
from monitor.alerts.words import FSI, ICONS, LABELS, PDI, SEVERITIES, Language, ago, moment
from monitor.model import Alert, Reason, Span
from monitor.text.clean import display

LONGEST_HEADLINE, LONGEST_SUMMARY = 400, 600  # code points
MOST_CLAUSES, MOST_WORDS = 6, 3
BELIEVED_YEARS = range(1900, 2200)  # what a feed dates outside of them is no date, nor has every time zone one for it
LONGEST_WORDS = 60  # code points of one place found, as published

Format = Literal["text", "html", "telegram", "slack", "markdown", "matrix"]
"""html: a mail. telegram: its subset of HTML. slack: mrkdwn. markdown: CommonMark. matrix: its subset of HTML."""

ROOMY = Limits(title=200, body=4000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`title` is one line of plain text, and '' where the service has no title: it then is the body's first line.

    `body` is written in `format`. `text_alternative`: the same as plain text with every address in it; only for mail.
    """

    title: str
    body: str
    format: Format = "text"
    text_alternative: str = ""


Templates = Mapping[str, str]
"""Own templates by format: the source of each."""


def render(
    alert: Alert,
    *,
    language: Literal["ar", "en", "both"],
    zone: tzinfo,
    now: datetime,
    limits: Limits = ROOMY,
    attempt: int = 1,
    repeated: bool = False,
    stands_in_for: str | None = None,
    format: Format = "text",
    links: Mapping[str, str] = MappingProxyType({}),
    templates: Templates = MappingProxyType({}),
) -> Message:
    """The alert in words: what, where to read it, who says so, when, why we tell.

    The bare link stands alone on a line and is never cut; it comes second in the body (third where the title stands
    first). What does not fit is left out, the least needed first. `attempt` counts the tries, this one included, and
    `repeated` says that an earlier one may have arrived: such a message can be told from a new one by both and by the
    alert's id. `stands_in_for` is the channel that refused it.
    """
    del format, links, templates  # plain text is all that is made so far
    languages: tuple[Language, ...] = ("ar", "en") if language == "both" else (language,)
    title = _title(alert, languages)
    link = safe_link(alert.link)
    details = [] if link else _summary(alert)
    for spoken in languages:
        details += _details(alert, spoken, zone=zone, now=now, attempt=attempt)
        details += _delivery(spoken, repeated=repeated, stands_in_for=stands_in_for)
    head = [_headline(alert, languages[0])]
    if limits.title:
        return Message(title=clip(title, limits.title, limits), body=fit(head, link, details, limits))
    return Message(title="", body=fit([title, *head], link, details, limits))


def render_digest(
    alerts: Sequence[Alert],
    *,
    language: Literal["ar", "en", "both"],
    zone: tzinfo,
    now: datetime,
    limits: Limits = ROOMY,
    format: Format = "text",
    links: Mapping[str, Mapping[str, str]] = MappingProxyType({}),
    templates: Templates = MappingProxyType({}),
) -> Message:
    """Several alerts as one message, the newest first. `links`: those of each alert, by its id."""
    del zone, now, format, links, templates  # plain text is all that is made so far
    first: Language = "en" if language == "en" else "ar"
    newest = sorted(alerts, key=lambda alert: alert.decided_at, reverse=True)
    lines = [line for alert in newest for line in (_headline(alert, first), safe_link(alert.link)) if line]
    return notice(f"monitor ({len(newest)})", "\n".join(lines), limits)


def notice(title: str, body: str, limits: Limits) -> Message:
    """A message of the monitor itself, made safe and cut to size; `body` may have several lines."""
    lines = [_own_line(line) for line in body.splitlines()]
    if limits.title:
        return Message(title=clip(_own_line(title), limits.title, limits), body=_whole(lines, limits))
    return Message(title="", body=_whole([_own_line(title), *lines], limits))


def _own_line(text: str) -> str:
    """One safe line, in which the isolates that we put around names and errors stand."""
    kept = {FSI: "\ue000", PDI: "\ue001"}  # private letters, which no text of ours has
    paired = text.count(FSI) == text.count(PDI)  # one alone is none of ours, and would turn what follows
    for isolate, stand_in in kept.items():
        text = text.replace(stand_in, "").replace(isolate, stand_in if paired else "")
    text = one_line(text)
    for isolate, stand_in in kept.items():
        text = text.replace(stand_in, isolate)
    return text


def _whole(lines: Sequence[str], limits: Limits) -> str:
    return clip("\n".join(lines), limits.body, limits)


def _title(alert: Alert, languages: Sequence[Language]) -> str:
    """'🔴 حرج · اشتباكات قرب المطار'; in two languages the second follows, isolated."""
    spoken = [_title_in(alert, language) for language in languages]
    first, *rest = spoken
    return " · ".join([f"{ICONS[alert.severity]} {first}", *(f"{FSI}{other}{PDI}" for other in rest)])


def _title_in(alert: Alert, language: Language) -> str:
    parts = [SEVERITIES[language][alert.severity]]
    if alert.reason is Reason.UPDATED:
        parts.append(LABELS[language]["update"])
    parts.append(within(language, rule_title(alert.rule_title, language) or one_line(alert.rule_id)))
    return " · ".join(parts)


def rule_title(titles: Mapping[str, str], language: Language) -> str:
    """The title in this language, else in no stated one, else in any; '' if there is none."""
    for key in (language, "", *titles):
        if shown := one_line(titles.get(key, "")):
            return shown
    return ""


def _headline(alert: Alert, language: Language) -> str:
    """The title as published, without markup. An Arabic one that begins in another script gets an Arabic word first."""
    shown = plain(alert.title) or plain(alert.summary) or LABELS[language]["untitled"]
    shown = clip(shown, LONGEST_HEADLINE)
    if direction(shown) == "en" and any(direction(char) == "ar" for char in shown):
        return f"{LABELS['ar']['headline']}: {shown}"
    return shown


def _summary(alert: Alert) -> list[Detail]:
    """The summary where it is all there is to read; the headline has it already where there is no title."""
    shown = clip(plain(alert.summary), LONGEST_SUMMARY) if plain(alert.title) else ""
    return [(0, shown)] if shown else []


def _details(alert: Alert, language: Language, *, zone: tzinfo, now: datetime, attempt: int) -> Iterator[Detail]:
    """Lines with their rank: 0 is the last to be left out."""
    yield 1, _source(alert, language)
    yield 0, _time(alert, language, zone=zone, now=now)
    if why := _why(alert, language):
        yield 2, why
    yield 3, _reference(alert, language, attempt)


def _delivery(language: Language, *, repeated: bool, stands_in_for: str | None) -> Iterator[Detail]:
    """What is unusual about how the message comes."""
    if stands_in_for:
        yield 1, _labelled(language, "stands_in", within(language, one_line(stands_in_for)))
    if repeated:
        yield 1, LABELS[language]["repeat"]


def _source(alert: Alert, language: Language) -> str:
    name = within(language, one_line(alert.feed_name) or one_line(alert.feed_id))
    host = host_of(alert.link or "")
    return _labelled(language, "source", f"{name} ({FSI}{host}{PDI})" if host else name)


def _time(alert: Alert, language: Language, *, zone: tzinfo, now: datetime) -> str:
    published = alert.published_at if alert.published_at and alert.published_at.year in BELIEVED_YEARS else None
    at, label = (published, "published") if published else (alert.decided_at, "seen")
    shown = _labelled(language, label, moment(at, language=language, zone=zone, now=now))
    age = ago(now - at, language)
    return f"{shown} · {age}" if age else shown


def _reference(alert: Alert, language: Language, attempt: int) -> str:
    parts = [
        _labelled(language, "rule", within(language, one_line(alert.rule_id))),
        _labelled(language, "alert", within(language, one_line(alert.id))),
    ]
    if attempt > 1:
        parts.append(f"{LABELS[language]['attempt']} {attempt}")
    return " · ".join(parts)


def _labelled(language: Language, label: str, shown: str) -> str:
    return f"{LABELS[language][label]}: {shown}"


# --- why


def _why(alert: Alert, language: Language) -> str:
    """The clauses that held, with the words found as published; '' where the match names no clause."""
    found = list(_found(alert).items())[:MOST_CLAUSES]
    if not found:
        return ""
    return _labelled(language, "why", " + ".join(_clause(clause, words, language) for clause, words in found))


def _found(alert: Alert) -> dict[str, list[str]]:
    """Per clause, in the order found, the different words that it was found by; none for a field we do not hold."""
    found: dict[str, list[str]] = {}
    for span in alert.spans:
        words = found.setdefault(span.clause, [])
        shown = _published(alert, span)
        if shown and shown not in words and len(words) < MOST_WORDS:
            words.append(shown)
    return found


def _published(alert: Alert, span: Span) -> str:
    text = {"title": alert.title, "summary": alert.summary}.get(span.field, "")
    return clip(plain(text[span.start : span.end]), LONGEST_WORDS)


def _clause(clause: str, words: Iterable[str], language: Language) -> str:
    kind, _, name = clause.partition(" ")
    if kind not in ("place", "group", "event") or not name:
        kind, name = "word", clause
    quoted = [f"«{within(language, word)}»" for word in words] or [within(language, one_line(name))]
    return f"{LABELS[language][kind]} {('، ' if language == 'ar' else ', ').join(quoted)}"


def plain(published: str) -> str:
    """Text as published, without markup and escapes, as one safe line."""
    return one_line(display(published))
