"""What a message says of reasons, tags, figures and numbers of sources. It reports, and never states as fact."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.alerts.clean import name, within
from monitor.alerts.fit import clip
from monitor.alerts.words import FSI, LABELS, PDI, SEVERITIES, Language, arabic_count
from monitor.model import Alert, Figure, NamedFact, Reason, Severity, Tag

FOLLOWS = "↳"
LONGEST_NAME = 80  # code points
MOST_NAMES = 3  # of places, events or actors in one line
TARGET, CASUALTIES = "target-site", "casualties"  # classes of monitor/lexicon/events

TAGS: Mapping[Language, Mapping[Tag, str]] = {
    "ar": {Tag.DENIED: "نفي", Tag.DRILL: "تدريب", Tag.ANNIVERSARY: "ذكرى", Tag.CORRECTION: "تصحيح"},
    "en": {Tag.DENIED: "denial", Tag.DRILL: "drill", Tag.ANNIVERSARY: "anniversary", Tag.CORRECTION: "correction"},
}

_REASONS: Mapping[Language, Mapping[Reason, str]] = {
    "ar": {
        Reason.UPDATED: "تحديث",
        Reason.ESCALATED: "تصعيد",
        Reason.CORRECTED: TAGS["ar"][Tag.CORRECTION],
        Reason.DENIED: TAGS["ar"][Tag.DENIED],
    },
    "en": {
        Reason.UPDATED: "update",
        Reason.ESCALATED: "escalated",
        Reason.CORRECTED: TAGS["en"][Tag.CORRECTION],
        Reason.DENIED: TAGS["en"][Tag.DENIED],
    },
}

_ORDINALS: Mapping[Language, tuple[str, ...]] = {  # from the second on
    "ar": ("ثانٍ", "ثالث", "رابع", "خامس", "سادس", "سابع", "ثامن", "تاسع", "عاشر"),
    "en": ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"),
}

_SOURCES = ("مصدر مستقل واحد", "مصدران مستقلان", "مصادر مستقلة", "مصدرًا مستقلًا")
_STORIES = ("خبر واحد", "خبران", "أخبار", "خبرًا")
_REPORTS = ("تقرير واحد", "تقريران", "تقارير", "تقريرًا")


def reason(alert: Alert, language: Language) -> str:
    """'↳ تحديث', '↳ مصدر مستقل ثالث يؤكد', '↳ تصعيد: متوسط ← حرج'; '' for a first report."""
    if alert.reason is Reason.CORROBORATED:
        return _corroborated(alert, language)
    word = _REASONS[language].get(alert.reason, "")
    if alert.reason is Reason.ESCALATED and (before := _severity_before(alert)):
        levels = SEVERITIES[language]
        word += f": {changed(levels[before], levels[alert.severity], language)}"
    return f"{FOLLOWS} {word}" if word else ""


def _corroborated(alert: Alert, language: Language) -> str:
    if alert.follows is None:  # the rule waited for so many
        return sources(alert.sources, language)
    ordinals = _ORDINALS[language]
    if not 2 <= alert.sources < 2 + len(ordinals):
        told = "مصادر مستقلة أخرى تؤكد" if language == "ar" else "further independent sources report it"
    elif language == "ar":
        told = f"مصدر مستقل {ordinals[alert.sources - 2]} يؤكد"
    else:
        told = f"a {ordinals[alert.sources - 2]} independent source reports it".replace("a eighth", "an eighth")
    return f"{FOLLOWS} {told}"


def _severity_before(alert: Alert) -> Severity | None:
    written = alert.before.get("severity", "").lower()
    return next((severity for severity in Severity if severity.value == written), None)


def changed(before: str, now: str, language: Language) -> str:
    """What was told and what is, in the order of reading; the arrow points the way that the line runs."""
    return f"{before} {'←' if language == 'ar' else '→'} {now}"


def tags(alert: Alert, language: Language) -> tuple[str, ...]:
    """In the order of `Tag`; without the one that the reason names already."""
    named = _REASONS[language].get(alert.reason)
    shown = (TAGS[language][tag] for tag in Tag if tag in alert.facts.tags)
    return tuple(word for word in shown if word != named)


def sources(count: int, language: Language) -> str:
    """'3 independent sources'."""
    if language == "ar":
        return arabic_count(count, _SOURCES)
    return f"{count} independent source{'' if count == 1 else 's'}"


def reports(count: int, language: Language) -> str:
    if language == "ar":
        return arabic_count(count, _REPORTS)
    return f"{count} report{'' if count == 1 else 's'}"


def stories(count: int, language: Language) -> str:
    if language == "ar":
        return arabic_count(count, _STORIES)
    return f"{count} {'story' if count == 1 else 'stories'}"


def others(count: int, language: Language) -> str:
    """What a list leaves out: '+12 أخرى'."""
    return f"{FSI}+{count}{PDI} أخرى" if language == "ar" else f"+{count} more"


def figure(told: Figure | None, before: str, language: Language) -> str:
    """How many: '5', '5 على الأقل', '3 ← 5' with what was told before; '' for nothing told."""
    if told is None:
        return ""
    before = _short(before)
    return changed(before, _number(told, language), language) if before else _number(told, language)


def _number(told: Figure, language: Language) -> str:
    if told.most == told.least:
        return str(told.least)
    if told.most is None:
        return f"{told.least} على الأقل" if language == "ar" else f"at least {told.least}"
    return f"من {told.least} إلى {told.most}" if language == "ar" else f"{told.least} to {told.most}"


def named(facts: tuple[NamedFact, ...], language: Language) -> str:
    """Their names, each isolated if it has to be; of a place with its P-code, or where it lies on the map."""
    joint = "، " if language == "ar" else ", "
    shown = [_named(fact, language) for fact in facts[:MOST_NAMES]]
    return joint.join([*shown, others(len(facts) - MOST_NAMES, language)] if len(facts) > MOST_NAMES else shown)


def _named(fact: NamedFact, language: Language) -> str:
    name = within(language, name_of(fact, language))
    where = _short(fact.pcode) or _degrees(fact)
    return f"{name} ({FSI}{where}{PDI})" if where else name


def name_of(fact: NamedFact, language: Language) -> str:
    for key in (language, "en", "ar", "", *fact.name):
        if shown := _short(fact.name.get(key, "")):
            return shown
    return _short(fact.id)


def _degrees(fact: NamedFact) -> str:
    return "" if fact.lat is None or fact.lon is None else f"{fact.lat:.4f}, {fact.lon:.4f}"


def _short(text: str) -> str:
    return clip(name(text), LONGEST_NAME)


def happened(alert: Alert) -> tuple[NamedFact, ...]:
    """Classes of event that tell a reader something: not what may be a target, nor that there are casualties where
    their number is told."""
    counted = alert.facts.killed is not None or alert.facts.wounded is not None
    silent = {TARGET, CASUALTIES} if counted else {TARGET}
    return tuple(event for event in alert.events if event.id not in silent)


def facts(alert: Alert, language: Language) -> Iterator[str]:
    """Killed, wounded, place, event, actors, as far as they are told. A place and an event say what they are."""
    label = LABELS[language]
    for kind, told in (("killed", alert.facts.killed), ("wounded", alert.facts.wounded)):
        if number := figure(told, alert.before.get(kind, ""), language):
            yield f"{label[kind]}: {number}"
    if alert.places:
        was = _short(alert.before.get("place", ""))
        suffix = f" ({label['was']}: {within(language, was)})" if was else ""
        yield f"{named(alert.places, language)}{suffix}"
    if events := happened(alert):
        yield named(events, language)
    if alert.actors:
        yield f"{label['actors']}: {named(alert.actors, language)}"
