"""Troubles of monitor itself as messages: what is wrong, since when, what to do; many at once in one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal

from monitor.alerts.answered import in_arabic
from monitor.alerts.clean import direction, one_line, within
from monitor.alerts.fit import clip
from monitor.alerts.trouble_texts import PHRASES, REPORTED, REPORTED_OVER
from monitor.alerts.words import FSI, PDI, Language, arabic_count, length
from monitor.arabic import arabic
from monitor.arabic.feeds import FAILURES
from monitor.trouble import Kind, Trouble, Turn, Word

MOST_LINES = 12  # of one kind in one message; the others are counted
LONGEST = 200  # code points of an error or a name in a message
_QUOTED = " " * 4
_LRI = "\u2066"
_FEED = ("خلاصة واحدة", "خلاصتين", "خلاصات", "خلاصة")
_ALERT = ("تنبيه واحد", "تنبيهان", "تنبيهات", "تنبيهًا")
_TIME = ("مرة واحدة", "مرتين متتاليتين", "مرات متتالية", "مرة متتالية")


@dataclass(frozen=True, slots=True)
class Notice:
    """`title` is one line; `text` may be several, or ''."""

    title: str
    text: str


def notice(words: Sequence[Word], *, language: Literal["ar", "en", "both"], now: datetime) -> Notice:
    """One message for all of these words (at least one)."""
    if language == "both":
        arabic, english = (_notice(words, each, now) for each in ("ar", "en"))
        return Notice(arabic.title, "\n".join([arabic.text, "", english.title, english.text]).strip())
    return _notice(words, language, now)


def _notice(words: Sequence[Word], language: Language, now: datetime) -> Notice:
    if len(words) == 1:
        return _one(words[0], language, now)
    return Notice(_heading(words, language), "\n".join(_lines(words, language, now)))


def _one(word: Word, language: Language, now: datetime) -> Notice:
    trouble = word.trouble
    if word.turn is Turn.ENDED:
        was = _WAS[language].format(what=what(trouble, language, now=trouble.over_at or now))
        return Notice(over(trouble, language), was)
    title = what(trouble, language, now=now)
    if word.turn is Turn.LASTS:
        title = _STILL[language].format(what=title, lasting=_lasting(trouble, language, now))
    return Notice(title, remedy(trouble, language))


_STILL: Mapping[Language, str] = {"en": "Still, for {lasting}: {what}", "ar": "ما زال منذ {lasting}: {what}"}
_WAS: Mapping[Language, str] = {"en": "It was: {what}", "ar": "كان: {what}"}
_MORE: Mapping[Language, str] = {"en": "… and {count} more", "ar": "… وغيرها: {count}"}
_HEADINGS: Mapping[Language, Mapping[Turn, str]] = {
    "en": {Turn.BEGAN: "{count} new troubles", Turn.LASTS: "{count} that last", Turn.ENDED: "{count} mended"},
    "ar": {Turn.BEGAN: "أعطال جديدة: {count}", Turn.LASTS: "أعطال مستمرة: {count}", Turn.ENDED: "أعطال زالت: {count}"},
}


def _heading(words: Sequence[Word], language: Language) -> str:
    """'28 feeds cannot be read' where all is of one kind, else how many began, last and ended."""
    kinds = {(word.turn, word.trouble.finding.kind) for word in words}
    if len(kinds) == 1:
        turn, kind = next(iter(kinds))
        phrases = PHRASES[language].get(kind)
        if turn is Turn.BEGAN and phrases is not None and phrases.many:
            return phrases.many.format(count=len(words))
    counts = [(turn, sum(word.turn is turn for word in words)) for turn in Turn]
    told = [_HEADINGS[language][turn].format(count=count) for turn, count in counts if count]
    return "monitor: " + ("، " if language == "ar" else ", ").join(told)


def _lines(words: Sequence[Word], language: Language, now: datetime) -> Iterator[str]:
    """By kind, each with what to do about it."""
    turns, kinds = list(Turn), list(Kind)
    ordered = sorted(words, key=lambda word: (turns.index(word.turn), kinds.index(word.trouble.finding.kind)))
    for (turn, kind), grouped in groupby(ordered, key=lambda word: (word.turn, word.trouble.finding.kind)):
        group = list(grouped)
        for word in group[:MOST_LINES]:
            yield f"• {over(word.trouble, language) if turn is Turn.ENDED else what(word.trouble, language, now=now)}"
        if len(group) > MOST_LINES:
            yield _MORE[language].format(count=len(group) - MOST_LINES)
        if turn is not Turn.ENDED and kind is not Kind.REPORTED:
            yield remedy(group[0].trouble, language, subject="" if len(group) == 1 else "ID")


# --- one trouble


def what(trouble: Trouble, language: Language, *, now: datetime) -> str:
    """What is wrong, in one line without an end."""
    if trouble.finding.kind is Kind.REPORTED:
        return _reported(trouble, language)
    return PHRASES[language][trouble.finding.kind].what.format_map(spoken(trouble, language, now=now))


def remedy(trouble: Trouble, language: Language, *, subject: str = "") -> str:
    """What to do about it. `subject` stands for the trouble's own where it is said of several."""
    if trouble.finding.kind is Kind.REPORTED:
        text = str(trouble.finding.facts.get("text", ""))
        return text if language == "en" else "\n".join(map(_in_arabic, text.splitlines()))
    return PHRASES[language][trouble.finding.kind].remedy.format(subject=subject or one_line(trouble.finding.subject))


def _in_arabic(line: str) -> str:
    """A line of a report; as it is written, isolated, where nobody has translated it. What is quoted of a file stands
    indented, as in every report of problems, and runs from left to right whatever is in it."""
    if line.startswith(_QUOTED):
        return f"{_LRI}{line}{PDI}"
    return arabic(line.strip()) or f"{FSI}{line}{PDI}"


def over(trouble: Trouble, language: Language) -> str:
    """That it is over, in one line."""
    end = trouble.over_at or trouble.begun_at
    if trouble.finding.kind is Kind.REPORTED:
        mended = REPORTED_OVER.get(trouble.finding.subject, {}).get(language)
        return mended or f"{'Over' if language == 'en' else 'زال'}: {_reported(trouble, language)}"
    return PHRASES[language][trouble.finding.kind].over.format_map(spoken(trouble, language, now=end))


def _reported(trouble: Trouble, language: Language) -> str:
    title = one_line(str(trouble.finding.facts.get("title", "")))
    if language == "en":
        return title
    part, _, subject = trouble.finding.subject.partition(" ")
    heading = REPORTED.get(part, REPORTED[""])
    return f"{heading}: {FSI}{one_line(subject)}{PDI}" if subject else heading


def spoken(trouble: Trouble, language: Language, *, now: datetime) -> dict[str, str]:
    """The facts of a finding as words of a language, made safe and isolated."""
    facts = trouble.finding.facts
    shown = {name: _shown(str(value), language) for name, value in facts.items()}
    lasted = _lasting(trouble, language, now)
    shown |= {"subject": _quoted(trouble.finding.subject, language), "lasted": lasted, "lasting": lasted}
    shown["name"] = _quoted(str(facts.get("name") or trouble.finding.subject), language)
    shown["error"] = why(str(facts.get("error", "")), language)
    shown["usual"] = _usual(int(facts.get("usual_seconds", 0)), language)
    shown["ahead"] = length(timedelta(seconds=int(facts.get("ahead_seconds", 0))), language)
    for fact in ("waiting", "given_up"):
        count = int(facts.get(fact, 0))
        shown[fact] = _alerts(count) if language == "en" else arabic_count(count, _ALERT)
    if language == "ar":
        shown["feeds"] = arabic_count(int(facts.get("feeds", 0)), _FEED)
        shown["failures"] = arabic_count(int(facts.get("failures", 0)), _TIME)
    return shown


def _alerts(count: int) -> str:
    return f"{count} alert{'' if count == 1 else 's'}"


def _lasting(trouble: Trouble, language: Language, now: datetime) -> str:
    return length(max(now - trouble.begun_at, timedelta(0)), language)


def _usual(seconds: int, language: Language) -> str:
    if not seconds:
        return ""
    usual = length(timedelta(seconds=seconds), language)
    return f"، ولا تصمت عادةً أكثر من {usual}" if language == "ar" else f", and usually never for more than {usual}"


def why(error: str, language: Language) -> str:
    """An error as it is recorded, in words of a language as far as there are any; safe and isolated."""
    if not error:
        return "no reason is known" if language == "en" else "لا يُعرف السبب"
    failure, colon, detail = error.partition(": ")
    if language == "ar" and failure in FAILURES:
        told = in_arabic(detail) or arabic(one_line(detail)) or _shown(detail, language)
        return f"{FAILURES[failure]}: {told}" if colon else FAILURES[failure]
    if language == "ar" and (told := in_arabic(one_line(error)) or arabic(one_line(error))):
        return told
    return _shown(error, language)


def _quoted(name: str, language: Language) -> str:
    return f"«{_shown(name, language)}»" if language == "ar" else f"'{_shown(name, language)}'"


def _shown(text: str, language: Language) -> str:
    cleaned = clip(one_line(text), LONGEST)
    return within(language, cleaned) if direction(cleaned) else cleaned
