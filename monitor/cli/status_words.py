"""What `monitor status` says, in the language of the rules file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from monitor.alerts.words import Language
from monitor.alerts.words import ago as in_arabic
from monitor.cli.show import ago
from monitor.store.lock import Holder

_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "nothing": "nothing is recorded in {state} yet: run 'monitor check'",
        "running": "running      {who}",
        "workers": "running      {count} workers: 'monitor cluster status' tells how they do",
        "worker": "running      {count} worker: 'monitor cluster status' tells how it does",
        "silent": "running      {count} at work, and none gave a sign of life within a minute: look at its log: {who}",
        "idle": "running      no (monitor run, or monitor check from cron)",
        "idle_shared": "running      no: nobody works on the database (monitor worker, or monitor run for one alone)",
        "rules": "rules        read {when}",
        "refused": "; a later file was REFUSED: 'monitor lint' and 'monitor test' say why",
        "polled": "last poll    {when}",
        "feeds": "feeds        {known} known, {failing} failing",
        "entries": "entries      {count}",
        "day": "last day     {alerts}",
        "quiet": "; not announced: {reasons}",
        "alerts": "{count} alerts",
        "alert": "{count} alert",
        "muted": "muted        {count} mutes hold: 'monitor mutes' lists them",
        "mute": "muted        {count} mute holds: 'monitor mutes' lists them",
        "deliveries": "deliveries   {sent} sent, {waiting} waiting{since}{held}, {dead} given up",
        "since": ", the oldest made {when}",
        "held": ", {count} held",
        "of_held": "             'monitor deliveries' tells what each of those held waits for, and how long",
        "of_dead": "             'monitor deliveries' lists them, --resend-dead sends them again",
    },
    "ar": {
        "nothing": "لم يُسجَّل في {state} شيء بعد: اكتب monitor check",
        "running": "التشغيل: {who}",
        "workers": "التشغيل: العمّال {count}، وحالهم في monitor cluster status",
        "worker": "التشغيل: عامل واحد، وحاله في monitor cluster status",
        "silent": "التشغيل: العاملون {count}، ولم تصل من أيٍّ منهم إشارة حياة خلال دقيقة؛ انظر في السجل: {who}",
        "idle": "التشغيل: لا يعمل شيء (monitor run، أو monitor check من cron)",
        "idle_shared": "التشغيل: لا أحد يعمل على قاعدة البيانات (monitor worker، أو monitor run وحده)",
        "rules": "القواعد: قُرئت {when}",
        "refused": "؛ ثم رُفض ملف أحدث، وسبب رفضه في monitor lint وmonitor test",
        "polled": "آخر قراءة للخلاصات: {when}",
        "feeds": "الخلاصات: {known}، والمتعطّل منها {failing}",
        "entries": "الأخبار: {count}",
        "day": "اليوم الأخير: {alerts}",
        "quiet": "؛ ولم يُبلَّغ عن: {reasons}",
        "alerts": "التنبيهات {count}",
        "alert": "التنبيهات {count}",
        "muted": "الكتم: ما يسري منه {count}، وتجده في monitor mutes",
        "mute": "الكتم: ما يسري منه {count}، وتجده في monitor mutes",
        "deliveries": "الإرسال: أُرسل {sent}، وينتظر {waiting}{since}{held}، وتعذّر إرسال {dead}",
        "since": "، أقدمها {when}",
        "held": "، والمؤجَّل {count}",
        "of_held": "  ما ينتظره كل مؤجَّل، وإلى متى: monitor deliveries",
        "of_dead": "  تجد ما تعذّر إرساله في monitor deliveries، ويعيد إرساله ‎--resend-dead",
    },
}


def word(language: Language, key: str, **told: object) -> str:
    return _WORDS[language][key].format(**told)


def who(holder: Holder, language: Language) -> str:
    if language == "en":
        return str(holder)
    since = f"، منذ {holder.started_at:%Y-%m-%d %H:%M:%S} UTC" if holder.started_at else ""
    return f"{holder.command}، العملية {holder.pid} على {holder.host}{since}"


def past(instant: datetime | None, now: datetime, language: Language) -> str:
    if language == "en":
        return ago(instant, now)
    return (in_arabic(now - instant, "ar") or "الآن") if instant else "لم يحدث بعد"
