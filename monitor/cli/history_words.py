"""What the table of `monitor history` says beside what feeds wrote, in the language of the rules file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

import click

from monitor.alerts.phrases import figure
from monitor.alerts.words import SEVERITIES, Language
from monitor.cli.show import COLOURS, counted, loud
from monitor.exports.row import Row
from monitor.model import DeliveryStatus, Figure, Reason, Severity
from monitor.text.clean import tidy
from monitor.web.words import text

_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "sent": "sent {count}",
        "dead": "not sent {count}",
        "seen": "seen by {by}",
        "unseen": "not seen",
        "match": "called right",
        "not a match": "called wrong",
        "both": "called right and wrong",
        "sources": "(+{count} independent)",
        "killed": "killed {count}",
        "wounded": "wounded {count}",
        "none": "no alert fits",
        "more": "… the newest {count}: --limit shows more, --until further back",
    },
    "ar": {
        "sent": "أُرسل {count}",
        "dead": "تعذّر إرساله {count}",
        "seen": "اطّلع عليه {by}",
        "unseen": "لم يؤكد أحد الاطلاع عليه",
        "match": "قيل إنه مطابق",
        "not a match": "قيل إنه ليس مطابقًا",
        "both": "قيل إنه مطابق وإنه ليس مطابقًا",
        "sources": "(+{count} مستقل)",
        "killed": "القتلى: {count}",
        "wounded": "الجرحى: {count}",
        "none": "لا تنبيه يناسب ما طُلب",
        "more": "… أحدث {count} من التنبيهات: --limit يعرض المزيد، و--until ما هو أقدم",
    },
}


def word(language: Language, key: str, **told: object) -> str:
    return _WORDS[language][key].format(**told)


def joined(parts: list[str], language: Language) -> str:
    return ("، " if language == "ar" else ", ").join(parts)


def severity(of: Severity, language: Language) -> str:
    """In its colour."""
    return loud(of) if language == "en" else click.style(SEVERITIES["ar"][of], fg=COLOURS[of.value], bold=True)


def reason(of: Reason, language: Language) -> str:
    """In Arabic as the pages have it."""
    return text("ar", f"story.reason.{of.name}") if language == "ar" else of.value


def state(row: Row, language: Language) -> str:
    dead = row.deliveries.get(DeliveryStatus.DEAD, 0)
    parts = [word(language, "sent", count=row.deliveries.get(DeliveryStatus.SENT, 0))]
    parts += [word(language, "dead", count=dead)] if dead else []
    seen = row.acknowledged_by
    parts += [word(language, "seen", by=tidy(seen)) if seen else word(language, "unseen")]
    parts += [word(language, row.opinion)] if row.opinion else []
    return joined(parts, language)


def figures(row: Row, language: Language) -> Iterator[str]:
    for told in (row.killed, row.wounded):
        if told is not None:
            yield word(language, told.kind, count=_figure(told) if language == "en" else figure(told, "", "ar"))


def _figure(told: Figure) -> str:
    if told.most is None:
        return f"{told.least} or more"
    return str(told.least) if told.least == told.most else f"{told.least} to {told.most}"


def more(shown: int, language: Language) -> str:
    return word(language, "more", count=counted(shown, "alert", "alerts") if language == "en" else shown)
