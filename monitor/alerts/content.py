"""From an alert to what its template is given: what is said, in which words. How it is written is the template's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from monitor.alerts import phrases
from monitor.alerts.clean import direction, host_of, name, one_line, safe_link, within
from monitor.alerts.fit import LEAST_TEXT, Limits, clip, measure
from monitor.alerts.lines import (
    LONGEST_HEADLINE,
    LONGEST_LINE,
    LONGEST_SUMMARY,
    LONGEST_WORDS,
    Ranked,
    believed,
    details,
    feed_name,
    short,
)
from monitor.alerts.marks import Marked, shown
from monitor.alerts.view import Action, AlertView, Direction, Line, Story, Teller
from monitor.alerts.words import FSI, ICONS, LABELS, PDI, SEVERITIES, Language, clock
from monitor.model import Alert

ACTIONS = ("open", "ack", "mute", "wrong")


@dataclass(frozen=True, slots=True)
class Content:
    """An alert for a template, all of it. `ranks` tell how much each of its lines is needed, 0 the most; `actions`
    are needed as much as `ACTIONS_RANK` says."""

    view: AlertView
    ranks: tuple[int, ...]

    def kept(self, most: int, headline: int) -> AlertView:
        """With the so many lines and actions that are needed most, and a headline of at most so many code points."""
        order = sorted(range(len(self.ranks)), key=lambda index: (self.ranks[index], index))[:most]
        lines = len(self.view.lines)
        kept = sorted(order)
        return replace(
            self.view,
            lines=tuple(self.view.lines[index] for index in kept if index < lines),
            actions=tuple(self.view.actions[index - lines] for index in kept if index >= lines),
            headline=self.view.headline.cut(headline),
        )


ACTIONS_RANK = 2


def spoken(language: str) -> tuple[Language, ...]:
    """The languages of a message, the one that comes first first."""
    return ("ar", "en") if language == "both" else ("en",) if language == "en" else ("ar",)


def runs(language: Language) -> Direction:
    return "rtl" if language == "ar" else "ltr"


def content(
    alert: Alert,
    languages: Sequence[Language],
    *,
    zone: tzinfo,
    now: datetime,
    limits: Limits,
    attempt: int,
    repeated: bool,
    stands_in_for: str | None,
    unacknowledged_since: datetime | None,
    links: Mapping[str, str],
) -> Content:
    first = languages[0]
    link = _link(alert, limits)
    actions = tuple(_actions(links, languages))
    ranked: list[Ranked] = [] if safe_link(alert.link) else list(_summary(alert, first))
    for language in languages:
        ranked += details(
            alert, language, zone=zone, now=now, attempt=attempt, repeated=repeated,
            stands_in_for=stands_in_for, unacknowledged_since=unacknowledged_since, is_first=language == first,
            named_commands=not actions,
        )  # fmt: skip
    view = AlertView(
        id=short(alert.id),
        rule=short(alert.rule_id),
        severity=alert.severity.value,
        severity_word=SEVERITIES[first][alert.severity],
        icon=ICONS[alert.severity],
        language=first,
        dir=runs(first),
        heading=_heading_within(alert, languages, limits, link),
        subject=_joined(alert, languages, plainly=True),
        titled=bool(limits.title),
        reason=phrases.reason(alert, first),
        tags=phrases.tags(alert, first),
        headline=headline(alert, first),
        summary=_summary_text(alert),
        link=link,
        host=host_of(alert.link or ""),
        source=feed_name(alert),
        published_at=believed(alert.published_at),
        decided_at=alert.decided_at,
        killed=phrases.figure(alert.facts.killed, alert.before.get("killed", ""), first),
        wounded=phrases.figure(alert.facts.wounded, alert.before.get("wounded", ""), first),
        places=tuple(phrases.name_of(fact, first) for fact in alert.places),
        events=tuple(phrases.name_of(fact, first) for fact in phrases.happened(alert)),
        actors=tuple(phrases.name_of(fact, first) for fact in alert.actors),
        independent=alert.sources,
        reports=alert.reports,
        sources=tuple(
            Teller(
                name=clip(name(told.name), LONGEST_LINE),
                link=safe_link(told.link),
                told_at=told.told_at,
                independent=told.independent,
            )
            for told in alert.told_by
        ),
        follow_up=alert.follows is not None,
        repeated=repeated,
        attempt=attempt,
        lines=tuple(line for _, line in ranked),
        actions=actions,
    )
    return Content(view, (*(rank for rank, _ in ranked), *(ACTIONS_RANK for _ in actions)))


def _heading_within(alert: Alert, languages: Sequence[Language], limits: Limits, link: str) -> str:
    """Where it is the first line, it takes a third of what the link leaves at most: the rest is the headline's."""
    whole = heading(alert, languages)
    return whole if limits.title else clip(whole, (limits.body - measure(link, limits.unit)) // 3, limits)


def _link(alert: Alert, limits: Limits) -> str:
    link = safe_link(alert.link)
    return link if limits.body - measure(link, limits.unit) - 1 >= LEAST_TEXT else ""


def _actions(links: Mapping[str, str], languages: Sequence[Language]) -> Iterator[Action]:
    for kind in ACTIONS:
        if url := safe_link(links.get(kind)):
            first, *rest = (LABELS[language][kind] for language in languages)
            yield Action(kind=kind, label=" · ".join([first, *(f"{FSI}{other}{PDI}" for other in rest)]), url=url)


# --- the first lines


def heading(alert: Alert, languages: Sequence[Language]) -> str:
    """'🔴 حرج · ↳ تحديث · اشتباكات قرب المطار'; in two languages the second follows, isolated."""
    return _joined(alert, languages, plainly=False)


def _joined(alert: Alert, languages: Sequence[Language], *, plainly: bool) -> str:
    """`plainly`: without reason and tags, so that what follows up has the same subject."""
    first, *rest = (_heading_in(alert, language, plainly=plainly) for language in languages)
    return " · ".join([f"{ICONS[alert.severity]} {first}", *(f"{FSI}{other}{PDI}" for other in rest)])


def _heading_in(alert: Alert, language: Language, *, plainly: bool) -> str:
    title = clip(rule_title(alert.rule_title, language) or one_line(alert.rule_id), LONGEST_LINE)
    marks = () if plainly else (phrases.reason(alert, language), *phrases.tags(alert, language))
    parts = [SEVERITIES[language][alert.severity], *filter(None, marks), within(language, title)]
    return " · ".join(parts)


def rule_title(titles: Mapping[str, str], language: Language) -> str:
    """The title in this language, else in no stated one, else in any; '' if there is none."""
    for key in (language, "", *titles):
        if title := one_line(titles.get(key, "")):
            return title
    return ""


def headline(alert: Alert, language: Language) -> Marked:
    """The title as published, without markup. An Arabic one that begins in another script gets an Arabic word first."""
    for field, text in (("title", alert.title), ("summary", alert.summary)):
        told = shown(text, (span for span in alert.spans if span.field == field))
        if told:
            break
    told = (told or Marked(LABELS[language]["untitled"])).cut(LONGEST_HEADLINE)
    if direction(told.text) == "en" and any(direction(char) == "ar" for char in told.text):
        return told.after(f"{LABELS['ar']['headline']}: ")
    return told


def _summary_text(alert: Alert) -> str:
    """The headline has it already where there is no title."""
    return clip(shown(alert.summary).text, LONGEST_SUMMARY) if shown(alert.title) else ""


def _summary(alert: Alert, language: Language) -> Iterator[Ranked]:
    """Where it is all there is to read."""
    if text := _summary_text(alert):
        spoken_in = direction(text) or language
        yield 0, Line(kind="summary", language=spoken_in, label="", text=text)


# --- in a digest


def story(alert: Alert, languages: Sequence[Language], *, zone: tzinfo, now: datetime, link: str) -> Story:
    """`link` leads to the alert, '' where nothing does."""
    first = languages[0]
    local, today = alert.decided_at.astimezone(zone), now.astimezone(zone)
    at = clock(alert.decided_at, zone)
    told = headline(alert, first)
    if local.date() != today.date():
        at = f"{FSI}{local:%d/%m}{PDI} {at}"
    return Story(
        icon=ICONS[alert.severity],
        severity=alert.severity.value,
        severity_word=SEVERITIES[first][alert.severity],
        time=at,
        reason=" · ".join(filter(None, (phrases.reason(alert, first), *phrases.tags(alert, first)))),
        headline=told if direction(told.text) == first else told.isolated(),
        source=within(first, clip(feed_name(alert), LONGEST_WORDS)),
        link=safe_link(alert.link),
        open=safe_link(link),
        opens=LABELS[first]["open"],
        language=first,
        dir=runs(first),
    )
