"""What `monitor status` says of our sight: sees, half blind or blind; what is wrong, since when, and what to do."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import assert_never

from monitor.alerts.troubles import remedy, what
from monitor.alerts.words import Language, length
from monitor.arabic import arabic
from monitor.cli.show import counted, span
from monitor.status import Account
from monitor.store.which import database_url
from monitor.trouble import Sight, Trouble

_PLAIN = str.maketrans("", "", "\u2068\u2069")  # isolates are for messages; a terminal may show them as boxes


def _nobody_looks(found: Account) -> str:
    match found.nobody_looks:
        case None:
            return ""
        case "hangs":
            return "the daemon shows no sign of life: look at its log, and start it again"
        case "never":
            return "no feed was ever read: " + _start("'monitor check' from cron")
        case "unread":
            return f"no feed was read for {span(found.unread_for)}: {_start('look at cron')}"
        case other:
            assert_never(other)


def _start(other: str) -> str:
    return f"start 'monitor run', or {other}" if database_url() is None else "start 'monitor worker'"


def _start_in_arabic(other: str) -> str:
    return f"شغّل monitor run، أو {other}" if database_url() is None else "شغّل monitor worker"


def told(found: Account, now: datetime, language: Language = "en") -> Iterator[str]:
    yield _sight(found) if language == "en" else _sight_in_arabic(found)
    if found.not_kept:
        yield f"  - {found.not_kept if language == 'en' else _plain(arabic(found.not_kept)) or found.not_kept}"
    for trouble in found.troubles:
        since = "since" if language == "en" else "منذ"
        joint = ";" if language == "en" else "؛"
        yield f"  - {plain_words(trouble, now, language)}{joint} {since} {trouble.begun_at:%Y-%m-%d %H:%M}Z"
        for line in _plain(remedy(trouble, language)).splitlines():
            yield f"    {line}"


def _sight(found: Account) -> str:
    number = counted(len(found.troubles) + bool(found.not_kept), "thing to mend", "things to mend")
    shown = f"{found.sight.value.upper() if found.sight is not Sight.SEES else found.sight.value}"
    if found.nobody_looks:
        return f"sight        {shown}: {_nobody_looks(found)}"
    return f"sight        {shown}{f', {number}' if found.troubles or found.not_kept else ', nothing is wrong'}"


def _sight_in_arabic(found: Account) -> str:
    from monitor.web.words import text

    shown, number = text("ar", f"operations.sight.{found.sight.value}"), len(found.troubles) + bool(found.not_kept)
    match found.nobody_looks:
        case None if number:
            return f"{shown}، وما ينبغي إصلاحه: {number}"
        case None:
            return f"{shown}، ولا شيء يحتاج إلى إصلاح"
        case "hangs":
            return f"{shown}: المراقبة بلا إشارة حياة؛ انظر في سجلها ثم أعد تشغيلها"
        case "never":
            return f"{shown}: لم تُقرأ خلاصة قط؛ {_start_in_arabic('monitor check من cron')}"
        case "unread":
            unread = length(found.unread_for, "ar")
            return f"{shown}: لم تُقرأ خلاصة منذ {unread}؛ {_start_in_arabic('انظر في cron')}"
        case other:
            assert_never(other)


def as_json(found: Account, now: datetime) -> dict[str, object]:
    return {
        "sight": found.sight.value,
        "nobody_looks": _nobody_looks(found) or None,
        "not_kept": found.not_kept or None,
        "troubles": [_as_json(trouble, now) for trouble in found.troubles],
    }


def _as_json(trouble: Trouble, now: datetime) -> dict[str, object]:
    return {
        "kind": trouble.finding.kind.value,
        "subject": trouble.finding.subject or None,
        "since": trouble.begun_at.isoformat(),
        "told_at": trouble.said_at.isoformat() if trouble.told and trouble.said_at else None,
        "what": plain_words(trouble, now),
        "remedy": _plain(remedy(trouble, "en")),
    }


def plain_words(trouble: Trouble, now: datetime, language: Language = "en") -> str:
    """What is wrong, in one line for a terminal."""
    return _plain(what(trouble, language, now=now))


def _plain(text: str) -> str:
    return text.translate(_PLAIN)
