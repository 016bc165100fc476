"""Why a message comes now, in its language. A decision is kept in English (`Verdict.why`), for it is asked by
`monitor why` and by machines; what is said here in Arabic is each of its sentences that an alert can have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

from monitor.alerts import phrases
from monitor.alerts.words import FSI, PDI, Language, length
from monitor.model import Reason

_HELD: Final = re.compile(
    rf"(?:(?:{'|'.join(re.escape(reason.value) for reason in Reason)}) \((?P<inner>.*)\)|(?P<plain>.*))"
    r", told when the throttle ends at [^,]*"
)
"""Of what waited: when a reader sees it, it has been told."""

_SAME: Final[Mapping[str, str]] = {
    "it denies the event": "ينفي وقوع الحدث",
    "it tells the event, of which only a denial was told": "يروي الحدث، ولم يُبلَّغ من قبل إلا عن نفيه",
    "it is published as a correction": "نُشر على أنه تصحيح",
    "a materially new headline": "تغيّر مضمون العنوان",
    "its newsroom published the headline anew": "أعاد ناشره نشر العنوان",
}
_FIGURES: Final = {"killed": "القتلى", "wounded": "الجرحى"}
_CHANGED: Final = {"place": "المكان", "class of event": "نوع الحدث"}


def case(why: str, language: Language) -> str:
    """'' for nothing. A sentence that nobody has translated stays as it is."""
    held = _HELD.fullmatch(why)
    told = (held["inner"] or held["plain"]) if held else why
    return told if language == "en" else "؛ ".join(_arabic(part) for part in told.split("; "))


def _arabic(part: str) -> str:
    if part in _SAME:
        return _SAME[part]
    for pattern, say in _SENTENCES:
        if found := pattern.fullmatch(part):
            return say(found)
    return part


def _figure(found: re.Match[str]) -> str:
    before = f"وكان ما أُبلغ عنه {found[3]}" if found[3] != "none" else "ولم يُبلَّغ من قبل عن عدد"
    alone = "، ولم تقله إلا غرفة أخبار واحدة" if found[4] else ""
    return f"{_FIGURES[found[1]]}: {found[2]}، {before}{alone}"


def _another(found: re.Match[str]) -> str:
    return f"{_CHANGED[found[1]]} تغيّر: {_latin(found[2])}، وكان {_latin(found[3])}"


def _more(found: re.Match[str]) -> str:
    return f"{_CHANGED[found[1]]}: جديد فيه {_latin(found[2])}"


def _wanted(found: re.Match[str]) -> str:
    return f"{_sources(found[1])}، وهو ما تطلبه القاعدة"


def _second(found: re.Match[str]) -> str:
    return f"{_sources(found[1])}، وكان ما أُبلغ عنه من مصدر واحد"


def _escalated(found: re.Match[str]) -> str:
    return f"{_sources(found[1])}، والقاعدة ترفع الأهمية عند {found[2]} خلال {_length(found[3], found[4])}"


def _many(found: re.Match[str]) -> str:
    usual = f" (المعتاد في هذه الساعات: {found[4]})" if found[4] else ""
    return f"{phrases.stories(int(found[1]), 'ar')} خلال {_length(found[2], found[3])}{usual}"


def _silent(found: re.Match[str]) -> str:
    return f"لا جديد منذ {_latin(found[1])}"


def _sources(written: str) -> str:
    return phrases.sources(1 if written == "one" else int(written), "ar")


def _length(hours: str | None, minutes: str | None) -> str:
    parts = [timedelta(hours=int(hours or 0)), timedelta(minutes=int(minutes or 0))]
    return " و".join(length(part, "ar") for part in parts if part)


def _latin(text: str) -> str:
    return f"{FSI}{text}{PDI}"


_MANY: Final = r"(one|\d+) independent sources?"
_SPAN: Final = r"(?:(\d+) h ?)?(?:(\d+) min)?"
_SENTENCES: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...]] = (
    (re.compile(r"(killed|wounded): (\d+), told before: (\d+|none)(, which one newsroom alone says)?"), _figure),
    (re.compile(r"another (place|class of event): (.+), before: (.+)"), _another),
    (re.compile(r"a new (place|class of event): (.+)"), _more),
    (re.compile(rf"{_MANY}: the rule wants \d+"), _wanted),
    (re.compile(rf"{_MANY}, told before: one"), _second),
    (re.compile(rf"{_MANY}, (\d+) within {_SPAN}"), _escalated),
    (re.compile(rf"(\d+) stor(?:y|ies) within {_SPAN}(?: \(usual at these hours: ([\d.]+)\))?"), _many),
    (re.compile(r"silent since (.+), for .+"), _silent),
)
