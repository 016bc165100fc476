"""Alerts that no single entry brings about, in words: how many stories came, or that none did."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from html import escape

from monitor.alerts import phrases
from monitor.alerts.content import spoken
from monitor.alerts.marks import shown
from monitor.alerts.words import FSI, PDI, Language, length
from monitor.model import Alert, Facts

MOST_HEADLINES = 8
MOST_FEEDS = 5


def of_many(alert: Alert, published: Sequence[str], *, within: timedelta, language: str) -> Alert:
    """An alert of a volume, made of that of the report by which it was reached: it is no report of one story.
    `published` are the headlines of its stories, the newest first."""
    return replace(
        alert,
        title=volume_title(len(published), within, spoken(language)),
        summary=headlines(published),
        link=None,
        published_at=None,
        feed_name="monitor",
        spans=(),
        facts=Facts(),
        places=(),
        events=(),
        actors=(),
        sources=1,
        reports=1,
        told_by=(),
        follows=None,
        before={},
    )


def volume_title(count: int, within: timedelta, languages: Sequence[Language]) -> str:
    """'5 stories within 1 hour'."""
    return _said(languages, lambda language: phrases.stories(count, language) + _during(within, language))


def headlines(published: Sequence[str]) -> str:
    """As a feed would publish them: one after another, in the order given, each without its markup."""
    told = [escape(text, quote=False) for each in published[:MOST_HEADLINES] if (text := shown(each).text)]
    if len(published) > MOST_HEADLINES:
        told.append(f"+{len(published) - MOST_HEADLINES}")
    return " ◆ ".join(told)


def silence_title(feeds: Sequence[str], silent: timedelta, languages: Sequence[Language], *, matching: bool) -> str:
    """'Nothing new from A, B for 6 hours'; `matching`: of what the rule looks for."""

    def say(language: Language) -> str:
        names = _names(feeds, language)
        if language == "ar":
            what = "لا جديد يطابق القاعدة من" if matching else "لا جديد من"
            return f"{what} {names} منذ {length(silent, 'ar')}"
        what = "Nothing new that matches from" if matching else "Nothing new from"
        return f"{what} {names} for {length(silent, 'en')}"

    return _said(languages, say)


def heard_title(feeds: Sequence[str], silent: timedelta, languages: Sequence[Language]) -> str:
    """'A, B: heard again after 7 hours'."""

    def say(language: Language) -> str:
        names = _names(feeds, language)
        if language == "ar":
            return f"عاد الجديد من {names} بعد {length(silent, 'ar')}"
        return f"{names}: heard again after {length(silent, 'en')}"

    return _said(languages, say)


def _during(within: timedelta, language: Language) -> str:
    return f" خلال {length(within, 'ar')}" if language == "ar" else f" within {length(within, 'en')}"


def _names(feeds: Sequence[str], language: Language) -> str:
    joint = "، " if language == "ar" else ", "
    named = [f"{FSI}{escape(name, quote=False)}{PDI}" for name in feeds[:MOST_FEEDS]]
    return joint.join([*named, f"+{len(feeds) - MOST_FEEDS}"] if len(feeds) > MOST_FEEDS else named)


def _said(languages: Sequence[Language], say: Callable[[Language], str]) -> str:
    """In two languages the second follows, isolated."""
    first, *rest = map(say, languages)
    return " · ".join([first, *(f"{FSI}{other}{PDI}" for other in rest)])
