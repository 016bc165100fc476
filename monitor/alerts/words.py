"""What a message says in Arabic and in English: labels, severities, dates and durations."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Literal

from monitor.model import Severity

Language = Literal["ar", "en"]

# U+2068 and U+2069 (UAX #9, explicit directional isolates): what stands between them cannot disorder the line.
FSI, PDI = "\u2068", "\u2069"

TANWIN = "\u064b\u0627"

ICONS: Mapping[Severity, str] = {
    Severity.CRITICAL: "🔴",
    Severity.HIGH: "🟠",
    Severity.MEDIUM: "🟡",
    Severity.LOW: "🔵",
    Severity.INFO: "⚪",
}

SEVERITIES: Mapping[Language, Mapping[Severity, str]] = {
    "ar": {
        Severity.CRITICAL: "حرج",
        Severity.HIGH: "مرتفع",
        Severity.MEDIUM: "متوسط",
        Severity.LOW: "منخفض",
        Severity.INFO: "معلومة",
    },
    "en": {severity: severity.value.upper() for severity in Severity},
}

LABELS: Mapping[Language, Mapping[str, str]] = {
    "ar": {
        "headline": "الخبر",
        "untitled": "خبر بلا عنوان",
        "source": "المصدر",
        "published": "الوقت",
        "seen": "وقت الرصد",
        "why": "لماذا",
        "rule": "القاعدة",
        "alert": "التنبيه",
        "attempt": "المحاولة",
        "repeat": "قد يكون مكررًا",
        "stands_in": "بدلًا من القناة",
        "unacknowledged": "لم يؤكد أحد الاطلاع عليه منذ",
        "place": "المكان",
        "group": "المجموعة",
        "event": "الحدث",
        "facts": "بحسب ما ذُكر",
        "killed": "القتلى",
        "wounded": "الجرحى",
        "actors": "الأطراف",
        "was": "من قبل",
        "earlier_headline": "العنوان السابق",
        "copy": "نقلًا",
        "also": "، منها أيضًا",
        "article": "في نص المقال",
        "commands": "الأوامر",
        "open": "افتح",
        "ack": "أكّد الاطلاع",
        "mute": "اكتم",
        "wrong": "ليس مطابقًا",
        "digest": "موجز",
    },
    "en": {
        "headline": "Headline",
        "untitled": "Untitled report",
        "source": "Reported by",
        "published": "Time",
        "seen": "Seen",
        "why": "Why",
        "rule": "Rule",
        "alert": "Alert",
        "attempt": "attempt",
        "repeat": "May be a repeat",
        "stands_in": "In place of the channel",
        "unacknowledged": "Not acknowledged since",
        "place": "place",
        "group": "group",
        "event": "event",
        "facts": "As reported",
        "killed": "killed",
        "wounded": "wounded",
        "actors": "actors",
        "was": "before",
        "earlier_headline": "Headline before",
        "copy": "copy",
        "also": ", also",
        "article": "in the article",
        "commands": "Commands",
        "open": "Open",
        "ack": "Acknowledge",
        "mute": "Mute",
        "wrong": "Not a match",
        "digest": "Digest",
    },
}

# The Gregorian months as the press of the Levant and Iraq names them.
MONTHS: Mapping[Language, tuple[str, ...]] = {
    "ar": (
        "كانون الثاني",
        "شباط",
        "آذار",
        "نيسان",
        "أيار",
        "حزيران",
        "تموز",
        "آب",
        "أيلول",
        "تشرين الأول",
        "تشرين الثاني",
        "كانون الأول",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}

# Monday first, as `date.weekday` counts.
WEEKDAYS: Mapping[Language, tuple[str, ...]] = {
    "ar": ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}

ZONES: Mapping[str, str] = {
    "Africa/Algiers": "الجزائر",
    "Africa/Cairo": "القاهرة",
    "Africa/Casablanca": "الدار البيضاء",
    "Africa/Khartoum": "الخرطوم",
    "Africa/Tripoli": "طرابلس",
    "Africa/Tunis": "تونس",
    "Asia/Aden": "عدن",
    "Asia/Amman": "عمّان",
    "Asia/Baghdad": "بغداد",
    "Asia/Bahrain": "البحرين",
    "Asia/Beirut": "بيروت",
    "Asia/Damascus": "دمشق",
    "Asia/Dubai": "دبي",
    "Asia/Gaza": "غزة",
    "Asia/Hebron": "الخليل",
    "Asia/Jerusalem": "القدس",
    "Asia/Kuwait": "الكويت",
    "Asia/Muscat": "مسقط",
    "Asia/Qatar": "الدوحة",
    "Asia/Riyadh": "الرياض",
    "Asia/Tehran": "طهران",
    "Europe/Berlin": "برلين",
    "Europe/Istanbul": "إسطنبول",
    "Europe/London": "لندن",
    "Europe/Paris": "باريس",
}

# One, two, a few (3 to 10) and many (11 and more), as Arabic counts.
ARABIC_COUNTS: Mapping[str, tuple[str, str, str, str]] = {
    "minute": ("دقيقة", "دقيقتين", "دقائق", "دقيقة"),
    "hour": ("ساعة", "ساعتين", "ساعات", "ساعة"),
    "day": ("يوم", "يومين", "أيام", "يومًا"),
}


def moment(at: datetime, *, language: Language, zone: tzinfo, now: datetime, short: bool = False) -> str:
    """An instant as its reader counts time, with UTC behind it: 'Sunday 22 November, 14:05 (⁨11:05 UTC⁩)'.

    The year is said where it is not this year's, UTC's date where it differs from the local one. `short` leaves out the
    weekday, and the zone, which then has to be said elsewhere.
    """
    local, utc = at.astimezone(zone), at.astimezone(UTC)
    with_year = local.year != now.astimezone(zone).year
    day = _day(local, language, with_year=with_year, with_weekday=not short)
    shown = f"{day}{'،' if language == 'ar' else ','} {local:%H:%M}"
    if local.utcoffset() == timedelta(0):
        return f"{shown} {FSI}UTC{PDI}"
    utc_shown = f"{utc:%H:%M} UTC" if utc.date() == local.date() else f"{utc:%Y-%m-%d %H:%M} UTC"
    return f"{shown} {'' if short else zone_name(zone, language)} ({FSI}{utc_shown}{PDI})".replace("  ", " ")


def _day(day: date, language: Language, *, with_year: bool, with_weekday: bool) -> str:
    shown = f"{day.day} {MONTHS[language][day.month - 1]}"
    if with_weekday:
        shown = f"{WEEKDAYS[language][day.weekday()]} {shown}"
    return f"{shown} {day.year}" if with_year else shown


def zone_name(zone: tzinfo, language: Language) -> str:
    """'بتوقيت دمشق', 'Damascus time'; '' for a zone without a name."""
    key = str(getattr(zone, "key", ""))
    if not key:
        return ""
    city = key.rpartition("/")[2].replace("_", " ")
    if language == "en":
        return f"{city} time"
    return f"بتوقيت {ZONES.get(key, f'{FSI}{city}{PDI}')}"


def arrived(delay: timedelta, language: Language) -> str:
    """'arrived 6 minutes later', 'وصل بعد 6 دقائق'; '' for less than a minute, and where a feed's clock is ahead."""
    if delay < timedelta(minutes=1):
        return ""
    return f"وصل بعد {length(delay, 'ar')}" if language == "ar" else f"arrived {length(delay, 'en')} later"


def clock(at: datetime, zone: tzinfo) -> str:
    """The time of day, isolated."""
    return f"{FSI}{at.astimezone(zone):%H:%M}{PDI}"


def ago(age: timedelta, language: Language) -> str:
    """'6 minutes ago', 'قبل دقيقتين'; '' for less than a minute, and for what lies ahead (a feed's clock is wrong)."""
    minutes = int(age.total_seconds() // 60)
    if minutes < 1:
        return ""
    count, unit = _largest(minutes)
    if language == "ar":
        return f"قبل {_counted(count, unit)}"
    return f"{count} {unit}{'' if count == 1 else 's'} ago"


def length(time: timedelta, language: Language) -> str:
    """'3 hours', 'ساعتين': in Arabic as it stands after a preposition. Less than a minute is a minute."""
    count, unit = _largest(max(1, int(time.total_seconds() // 60)))
    if language == "ar":
        return _counted(count, unit)
    return f"{count} {unit}{'' if count == 1 else 's'}"


def _largest(minutes: int) -> tuple[int, str]:
    if minutes < 60:
        return minutes, "minute"
    return (minutes // 60, "hour") if minutes < 48 * 60 else (minutes // (24 * 60), "day")


def _counted(count: int, unit: str) -> str:
    return arabic_count(count, ARABIC_COUNTS[unit])


def arabic_count(count: int, forms: tuple[str, str, str, str]) -> str:
    """A number with its noun, of which the forms are given as in `ARABIC_COUNTS`."""
    one, two, few, many = forms
    if 1 <= count <= 2:
        return one if count == 1 else two
    # From 100 on the last two digits decide: 103 takes the few, 111 the many; 100 to 102 the many without tanwin.
    last = count % 100
    return f"{count} {few if 3 <= last <= 10 else many.replace(TANWIN, '') if last <= 2 and count else many}"
