"""The lines under an alert's link: who reports it, when, how many, what, why we tell, and how much each is needed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, tzinfo

from monitor.alerts import phrases
from monitor.alerts.clause import is_toll
from monitor.alerts.clean import host_of, name, one_line, within
from monitor.alerts.fit import clip
from monitor.alerts.marks import shown
from monitor.alerts.view import Line
from monitor.alerts.words import FSI, LABELS, PDI, Language, ago, arrived, clock, moment
from monitor.model import Alert, SourceTold, Span

Ranked = tuple[int, Line]  # rank 0 is the last to be left out

MOST_CLAUSES, MOST_WORDS, MOST_SOURCES = 6, 3, 6
BELIEVED_YEARS = range(1900, 2200)  # what a feed dates outside of them is no date, nor has every time zone one for it
LONGEST_WORDS = 60  # code points of one place found, as published
LONGEST_HEADLINE = 400
LONGEST_SUMMARY = 600
LONGEST_LINE = 200
MUTE_FOR = "2h"  # what is proposed, by messages and by pages


def details(
    alert: Alert,
    language: Language,
    *,
    zone: tzinfo,
    now: datetime,
    attempt: int,
    repeated: bool,
    stands_in_for: str | None,
    unacknowledged_since: datetime | None,
    is_first: bool,
    named_commands: bool,
) -> Iterator[Ranked]:
    """In the order of reading. `is_first`: of the message's languages. `named_commands`: how to answer is said by
    naming commands, for want of links.

    `alert.why` is in English, for `monitor why`; a message says it by its reason, figures and headline before.
    """
    say = _Speaker(language)
    yield 1, say("source", _source(alert, language))
    yield 0, _time(alert, say, zone=zone, now=now)
    if told := " · ".join(phrases.facts(alert, language)):
        yield 1, say("facts", told)
    if alert.reports > 1 or alert.sources > 1:
        yield 2, _sources(alert, say, zone)
    if before := shown(alert.before.get("headline", "")).text:
        yield 2, say("earlier_headline", within(language, clip(before, LONGEST_HEADLINE)))
    if why := _why(alert, language):
        yield 3, say("why", why)
    if is_first:  # ids are the same in every language
        yield 4, _reference(alert, say, attempt)
    if is_first and named_commands:
        yield 5, say("commands", _commands(alert))
    if stands_in_for:
        yield 1, say("stands_in", within(language, short(stands_in_for)))
    if unacknowledged_since is not None:
        at = moment(unacknowledged_since, language=language, zone=zone, now=now)
        yield 0, say("unacknowledged", at)
    if repeated:
        yield 1, say("", LABELS[language]["repeat"], kind="repeat")


class _Speaker:
    def __init__(self, language: Language) -> None:
        self.language = language

    def __call__(self, label: str, text: str, *, kind: str = "") -> Line:
        said = LABELS[self.language][label] if label else ""
        return Line(kind=kind or label, language=self.language, label=said, text=text)


def _source(alert: Alert, language: Language) -> str:
    name = within(language, feed_name(alert))
    host = host_of(alert.link or "")
    return f"{name} ({FSI}{host}{PDI})" if host else name


def feed_name(alert: Alert) -> str:
    return clip(name(alert.feed_name), LONGEST_LINE) or short(alert.feed_id)


def short(text: str) -> str:
    """One harmless line of an id; what is longer than any is cut."""
    return clip(one_line(text), LONGEST_LINE)


def believed(at: datetime | None) -> datetime | None:
    return at if at and at.year in BELIEVED_YEARS else None


def _time(alert: Alert, say: _Speaker, *, zone: tzinfo, now: datetime) -> Line:
    published = believed(alert.published_at)
    at = published or alert.decided_at
    late = arrived(now - at, say.language) if published else ago(now - at, say.language)
    at_shown = moment(at, language=say.language, zone=zone, now=now)
    return say("published" if published else "seen", f"{at_shown} · {late}" if late else at_shown, kind="time")


def _sources(alert: Alert, say: _Speaker, zone: tzinfo) -> Line:
    """'3 مصادر مستقلة (7 تقارير)، منها أيضًا: …', the number of the reports only where there are more of them. Who tells
    the report that the message is about stands above already."""
    many = phrases.sources(alert.sources, say.language)
    if alert.reports > alert.sources:
        many += f" ({phrases.reports(alert.reports, say.language)})"
    others = [told for told in alert.told_by if not told.link or told.link != alert.link]
    if others and len(others) < len(alert.told_by):
        many += LABELS[say.language]["also"]
    tellers = [_teller(told, say.language, zone) for told in others[:MOST_SOURCES]]
    if len(others) > MOST_SOURCES:
        tellers.append(phrases.others(len(others) - MOST_SOURCES, say.language))
    return Line(
        kind="sources",
        language=say.language,
        label=many,
        text=("، " if say.language == "ar" else ", ").join(tellers),
    )


def _teller(told: SourceTold, language: Language, zone: tzinfo) -> str:
    at = f" {clock(told.told_at, zone)}" if believed(told.told_at) else ""
    copy = "" if told.independent else f" ({LABELS[language]['copy']})"
    return f"{within(language, clip(name(told.name), LONGEST_WORDS))}{at}{copy}"


def _reference(alert: Alert, say: _Speaker, attempt: int) -> Line:
    label, rule, alert_id = LABELS[say.language], short(alert.rule_id), short(alert.id)
    parts = [within(say.language, rule), f"{label['alert']}: {within(say.language, alert_id)}"]
    if attempt > 1:
        parts.append(f"{label['attempt']} {attempt}")
    return say("rule", " · ".join(parts))


def _commands(alert: Alert) -> str:
    known = short(alert.id)
    named = (f"monitor ack {known}", f"monitor mute {known} {MUTE_FOR}", f"monitor feedback {known} wrong")
    return " · ".join(f"{FSI}{command}{PDI}" for command in named)


# --- why


def _why(alert: Alert, language: Language) -> str:
    """The clauses that held, with the words found as published, each once; '' where the match names no clause."""
    quoted: set[str] = set()
    told = []
    for clause, words in list(found(alert).items())[:MOST_CLAUSES]:
        new = [word for word in words if word not in quoted]
        quoted.update(new)
        if new or not words:
            told.append(_clause(clause, new, language) + _where(alert, clause, language))
    return " + ".join(told)


def _where(alert: Alert, clause: str, language: Language) -> str:
    """' (in the article)' where only that has what was found: its words stand nowhere in the message."""
    return f" ({LABELS[language]['article']})" if is_in_article_alone(alert, clause) else ""


def is_in_article_alone(alert: Alert, clause: str) -> bool:
    shown_here = any(span.clause == clause and span.field != "body" for span in alert.spans)
    return clause in alert.article and not shown_here


def found(alert: Alert) -> Mapping[str, list[str]]:
    """Per clause, in the order found, the different words that it was found by, those of the article last."""
    held: dict[str, list[str]] = {}
    for span in alert.spans:
        _quote(held.setdefault(span.clause, []), _published(alert, span))
    for clause, quoted in alert.article.items():
        for words in quoted:
            _quote(held.setdefault(clause, []), words)
    return held


def _quote(words: list[str], published: str) -> None:
    told = clip(shown(published).text, LONGEST_WORDS)
    if told and told not in words and len(words) < MOST_WORDS:
        words.append(told)


def _published(alert: Alert, span: Span) -> str:
    """'' for the body, which an alert does not hold."""
    return {"title": alert.title, "summary": alert.summary}.get(span.field, "")[span.start : span.end]


def _clause(clause: str, words: Iterable[str], language: Language) -> str:
    """Words of a group, and words looked for as they are, say themselves what they are."""
    kind, _, name = clause.partition(" ")
    toll = is_toll(clause)
    if not (kind in ("place", "group", "event") and name) and not toll:
        kind, name = "", clause
    quoted = [f"«{within(language, word)}»" for word in words]
    said = LABELS[language][kind] if kind in ("place", "event") or toll or (kind and not quoted) else ""
    quoted = quoted or [within(language, clip(one_line(name), LONGEST_WORDS))]
    return f"{said} {('، ' if language == 'ar' else ', ').join(quoted)}".lstrip()
