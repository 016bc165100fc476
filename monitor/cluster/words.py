"""What is wrong with a fleet and what to do about it, in words, for the command and for the page."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from monitor.alerts.words import FSI, PDI, Language, length
from monitor.cluster.troubles import FleetTrouble, Found
from monitor.text.clean import display

# What is wrong, and the remedy.
_WORDS: Final[Mapping[Language, Mapping[FleetTrouble, tuple[str, str]]]] = {
    "en": {
        FleetTrouble.NO_WORKER: (
            "No worker takes on work: nobody reads feeds, and nothing is sent",
            "start 'monitor worker' on any machine; its log says why it ended, if it did",
        ),
        FleetTrouble.STANDBY: (
            "The database cannot be written: it is a standby, or set to be read only",
            "name the primary in MONITOR_DATABASE_URL; or ALTER DATABASE … RESET default_transaction_read_only",
        ),
        FleetTrouble.RULES_REFUSED: (
            "Worker '{subject}' does not work by the newest rules",
            "publish rules that can be used with 'monitor rules publish', or mend what this worker lacks",
        ),
        FleetTrouble.NO_RULES: (
            "No rules were published: workers have nothing to go by",
            "publish them with 'monitor rules publish'",
        ),
        FleetTrouble.LATE: (
            "Feeds are due that nobody asks: {count}, the first of them for {lasts}",
            "start more workers, or give the database more room; hosts that many feeds wait for are named below",
        ),
        FleetTrouble.UNDELIVERED: (
            "Deliveries to channel '{subject}' were given up: {count}",
            "'monitor deliveries' tells why, and with --resend-dead sends them again",
        ),
        FleetTrouble.CONNECTIONS: (
            "The connections of the database are nearly used up: {count} of {most}",
            "raise its max_connections, or run fewer workers",
        ),
        FleetTrouble.STALLED: (
            "Jobs are in the hands of workers that give no sign of life: {count}",
            "others begin them again within seconds; if it lasts, see the logs of the workers",
        ),
        FleetTrouble.GONE: (
            "Worker '{subject}' has given no sign of life for {lasts}",
            "others do its work; if nobody stopped it, see its log. It is forgotten after a day",
        ),
        FleetTrouble.CLOCK: (
            "The clock of worker '{subject}' differs from that of the database by {lasts}",
            "keep the clocks of all machines right (NTP)",
        ),
    },
    "ar": {
        FleetTrouble.NO_WORKER: (
            "لا عامل يتولى العمل: لا أحد يقرأ الخلاصات، ولا شيء يُرسل",
            "شغّل \u2068monitor worker\u2069 على أي جهاز؛ وإن كان قد توقف ففي سجله السبب",
        ),
        FleetTrouble.STANDBY: (
            "لا يمكن الكتابة في قاعدة البيانات: هي نسخة احتياطية تنتظر، أو ضُبطت للقراءة فقط",
            "ضع عنوان الخادم الرئيسي في \u2068MONITOR_DATABASE_URL\u2069؛ أو نفّذ "
            "\u2068ALTER DATABASE … RESET default_transaction_read_only\u2069",
        ),
        FleetTrouble.RULES_REFUSED: (
            "العامل «{subject}» لا يعمل بأحدث القواعد",
            "انشر قواعد سليمة بالأمر \u2068monitor rules publish\u2069، أو وفّر لهذا العامل ما ينقصه",
        ),
        FleetTrouble.NO_RULES: (
            "لم تُنشر قواعد بعد، فليس لدى العمّال ما يعملون به",
            "انشرها بالأمر \u2068monitor rules publish\u2069",
        ),
        FleetTrouble.LATE: (
            "خلاصات حان موعدها ولم يقرأها أحد: {count}، وأولها متأخرة منذ {lasts}",
            "شغّل عمّالًا آخرين، أو وسّع لقاعدة البيانات؛ والمواقع التي تنتظرها خلاصات كثيرة مذكورة أدناه",
        ),
        FleetTrouble.UNDELIVERED: (
            "رسائل إلى القناة «{subject}» تعذّر إرسالها: {count}",
            "السبب في \u2068monitor deliveries\u2069، ويعيد إرسالها الخيار \u2068--resend-dead\u2069",
        ),
        FleetTrouble.CONNECTIONS: (
            "اتصالات قاعدة البيانات تكاد تنفد: {count} من {most}",
            "ارفع \u2068max_connections\u2069 فيها، أو قلّل العمّال",
        ),
        FleetTrouble.STALLED: (
            "مهام في يد عمّال انقطعت إشارة حياتهم: {count}",
            "يبدؤها غيرهم من جديد خلال ثوانٍ؛ وإن استمر ذلك فانظر في سجلات العمّال",
        ),
        FleetTrouble.GONE: (
            "العامل «{subject}» بلا إشارة حياة منذ {lasts}",
            "غيره يقوم بعمله؛ وإن لم يوقفه أحد فانظر في سجله. ويُنسى بعد يوم",
        ),
        FleetTrouble.CLOCK: (
            "ساعة العامل «{subject}» تختلف عن ساعة قاعدة البيانات بمقدار {lasts}",
            "اضبط ساعات الأجهزة كلها (\u2068NTP\u2069)",
        ),
    },
}


def what(found: Found, language: Language) -> str:
    """In one line, without a full stop. A subject is foreign text, set apart from ours."""
    subject = f"{FSI}{display(found.subject)}{PDI}"
    return _WORDS[language][found.kind][0].format(
        subject=subject, count=f"{found.count:,}", most=f"{found.most:,}", lasts=lasting(abs(found.lasts), language)
    )


def remedy(found: Found, language: Language) -> str:
    return _WORDS[language][found.kind][1]


def lasting(time: timedelta, language: Language) -> str:
    """Seconds up to two minutes, then the largest unit alone; in Arabic as it stands after a preposition."""
    seconds = int(time.total_seconds())
    if seconds >= 120:
        return length(time, language)
    return f"{seconds} s" if language == "en" else f"{seconds} ث"
