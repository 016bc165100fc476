"""Reading single values: lengths of time, severities, distances, dates, ids. Each takes what was written and answers
with a value, or raises `Refused` saying what could stand there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from monitor.language import Bound, Comparison, Near
from monitor.model import Rate, Rhythm, Severity
from monitor.rules.nodes import Scalar
from monitor.rules.problems import Refused, did_you_mean, shown

SHORTEST_EVERY = timedelta(seconds=30)
SHORTEST_ANSWER = timedelta(minutes=1)
CANARY_AT = time(8)
LONGEST = timedelta(days=3650)
MAX_NEAR = 1000
MAX_ID = 80
MAX_WEIGHT = 100


def plain_words(text: str) -> str:
    """Reduced to what matters in a keyword: no marks, hamza carriers folded, ASCII digits, single spaces."""
    letters = (char for char in unicodedata.normalize("NFKD", text) if unicodedata.category(char) not in ("Mn", "Cf"))
    digits = (str(unicodedata.decimal(char)) if char.isdecimal() else char for char in letters if char != "\u0640")
    return " ".join("".join(digits).casefold().split())


def _typed(text: str) -> str:
    """As `plain_words`, and as many type it: a ه at a word's end for ة, a ى for ي."""
    return re.sub(r"ى\b", "ي", re.sub(r"ة\b", "ه", plain_words(text)))


_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_ID_REMEDY = "use Latin letters, digits, '-' and '_', e.g. dez-airport-clashes"

_UNITS: Mapping[str, tuple[str, ...]] = {
    "seconds": ("s", "sec", "second", "seconds", "ثانية", "ثوان", "ثواني"),
    "minutes": ("m", "min", "minute", "minutes", "دقيقة", "دقائق"),
    "hours": ("h", "hour", "hours", "ساعة", "ساعات"),
    "days": ("d", "day", "days", "يوم", "يوما", "أيام"),
    "weeks": ("w", "week", "weeks", "أسبوع", "أسبوعا", "أسابيع"),
}
_UNIT = {_typed(name): unit for unit, names in _UNITS.items() for name in names}
_DUALS = {
    "ثانيتان": timedelta(seconds=2), "ثانيتين": timedelta(seconds=2),
    "دقيقتان": timedelta(minutes=2), "دقيقتين": timedelta(minutes=2),
    "ساعتان": timedelta(hours=2), "ساعتين": timedelta(hours=2),
    "يومان": timedelta(days=2), "يومين": timedelta(days=2),
    "أسبوعان": timedelta(weeks=2), "أسبوعين": timedelta(weeks=2),
    "نصف ساعة": timedelta(minutes=30), "ربع ساعة": timedelta(minutes=15),
}  # fmt: skip
_DUAL = {_typed(name): length for name, length in _DUALS.items()}
_ARABIC_ONES = {name: unit for name, unit in _UNIT.items() if not name.isascii()}
_DURATION = re.compile(r"(\d{1,7})\s*(\D+)")
_DURATION_REMEDY = "write 30s, 15m, 2h or 10d (or '30 دقيقة')"

_RATE = re.compile(r"(\d{1,5}) ?/ ?(\D+)")
_RATE_REMEDY = "write 1/s, 20/min or 100/h (or 20/دقيقة)"

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
_RHYTHM = re.compile(r"(\S+|كل (?:يوم|اسبوع)) (?:(?:on |يوم )?([^\d\s]+) )?(?:at |الساعه )?(\d{1,2}:\d{2})")
_HOURLY = frozenset(map(_typed, ("hourly", "every hour", "كل ساعة", "ساعي")))
_DAILY = frozenset(map(_typed, ("daily", "يومي", "يوميا", "كل يوم")))
_WEEKLY = frozenset(map(_typed, ("weekly", "أسبوعي", "أسبوعيا", "كل أسبوع")))
_WEEKDAYS: Sequence[tuple[str, ...]] = (  # the first is Monday
    ("mon", "monday", "الاثنين", "اثنين"), ("tue", "tuesday", "الثلاثاء", "ثلاثاء"),
    ("wed", "wednesday", "الأربعاء", "أربعاء"), ("thu", "thursday", "الخميس", "خميس"),
    ("fri", "friday", "الجمعة", "جمعة"), ("sat", "saturday", "السبت", "سبت"), ("sun", "sunday", "الأحد", "أحد"),
)  # fmt: skip
_WEEKDAY = {_typed(name): day for day, names in enumerate(_WEEKDAYS) for name in names}

_SEVERITIES: Mapping[str, Severity] = {
    "info": Severity.INFO, "معلومة": Severity.INFO, "معلومات": Severity.INFO,
    "low": Severity.LOW, "منخفض": Severity.LOW, "منخفضة": Severity.LOW,
    "medium": Severity.MEDIUM, "متوسط": Severity.MEDIUM, "متوسطة": Severity.MEDIUM,
    "high": Severity.HIGH, "مرتفع": Severity.HIGH, "مرتفعة": Severity.HIGH,
    "critical": Severity.CRITICAL, "حرج": Severity.CRITICAL, "حرجة": Severity.CRITICAL,
}  # fmt: skip
_SEVERITY = {_typed(name): level for name, level in _SEVERITIES.items()}
_SEVERITY_REMEDY = "use info, low, medium, high or critical (or معلومة، منخفض، متوسط، مرتفع، حرج)"
_HABITS_OF_SEVERITY: Mapping[tuple[str, ...], str] = {  # what people write instead, by what they may mean
    ("critical",): "urgent|severe|emergency|عاجل|عاجلة|طارئ|قصوى",
    (
        "high",
        "critical",
    ): "very-high|very_high|خطير|خطيرة|خطر|شديد|شديدة|مرتفع جدا|مرتفعة جدا|عالي جدا|عالية جدا|مهم جدا",
    ("high",): "important|elevated|مهم|مهمة|هام|هامة|عال|عالي|عالية|كبير|كبيرة",
    ("medium",): "warning|normal|moderate|average|عادي|عادية|وسط|معتدل|معتدلة",
    ("low",): "minor|small|منخفض جدا|منخفضة جدا|قليل|قليلة|بسيط|بسيطة|ضعيف|ضعيفة|متدن|متدنية",
    ("info",): "notice|informational|information|إعلام|للعلم|خبر",
}
_SEVERITY_HABITS = {_typed(word): levels for levels, words in _HABITS_OF_SEVERITY.items() for word in words.split("|")}
_IN_ARABIC = {level.value: name for name, level in reversed([*_SEVERITIES.items()]) if not name.isascii()}

_NEAR = re.compile(r"(\d{1,6}) ?(?:words?|كلمه|كلمات|كلمتان|كلمتين)")
_NEAR_NAMES: Mapping[str, Near] = {"sentence": "sentence", "جمله": "sentence", "title": "title", "عنوان": "title"}
_NEAR_REMEDY = "write '15 words', 'sentence' or 'title'"


def duration(written: str) -> timedelta:
    """`30s`, `15m`, `2h`, `10d`, `30 دقيقة`, `ساعتان`; zero is a length too."""
    words = _typed(written)
    if words in _DUAL:
        return _DUAL[words]
    if words in _ARABIC_ONES:
        return timedelta(**{_ARABIC_ONES[words]: 1})
    found = _DURATION.fullmatch(words)
    unit = _UNIT.get(found[2].strip()) if found else None
    if not found or not unit:
        raise Refused("R204", f"'{shown(written)}' is not a length of time", _unit_hint(written) or _DURATION_REMEDY)
    length = int(found[1]) * timedelta(**{unit: 1})
    if length > LONGEST:
        raise Refused("R204", f"'{shown(written)}' is too long", f"at most {LONGEST.days} days")
    return length


def _unit_hint(written: str) -> str:
    words = _typed(getattr(written, "written", written))
    return f"which unit? e.g. {words}m for minutes, {words}h for hours" if re.fullmatch(r"\d{1,7}", words) else ""


_BOUND = re.compile(r"(>=|=>|>|==?|<=|=<|<|≥|≤)?\s*(\d{1,6})")
_COMPARISONS: Mapping[str, Comparison] = {
    "": ">=", ">=": ">=", "=>": ">=", "≥": ">=", ">": ">", "=": "=", "==": "=",
    "<=": "<=", "=<": "<=", "≤": "<=", "<": "<",
}  # fmt: skip


def bound(written: str) -> Bound:
    """`>=5`, `<3`, `=0`; a number alone is the least."""
    found = _BOUND.fullmatch(_typed(written))
    if not found:
        remedy = 'write ">=5" in quotes, or >, =, < or <= and a number'
        raise Refused("R209", f"'{shown(written)}' is not a number of people", remedy)
    comparison, number = _COMPARISONS[found[1] or ""], int(found[2])
    if (comparison, number) in ((">=", 0), ("<", 0)):
        never = "nothing is less than none" if comparison == "<" else "every number is at least none"
        raise Refused("R209", f"'{shown(written)}' asks nothing: {never}", 'write ">=1", or "=0" for none')
    return Bound(comparison=comparison, number=number)


_STORIES = re.compile(r"(\d{1,6})(?: (?:story|stories|news|خبر|خبرا|اخبار|قصه|قصص|حدث|حدثا|احداث))?")
_SURGE = re.compile(r"(\d{1,3}(?:[.,٫]\d)?) ?(?:x|×|\*|times|مره|مرات|اضعاف|ضعفا|ضعف)?")


def stories(written: str) -> int:
    """`5 stories`, `5`, `5 أخبار`: two at least, for each story is told by the rules of the usual kind."""
    found = _STORIES.fullmatch(_typed(written))
    if not found or int(found[1]) < 2:
        raise Refused("R209", f"'{shown(written)}' is no number of stories", "write 5 stories; 2 is the least")
    return int(found[1])


def surge(written: str) -> float:
    """`3x`, `2.5x`: more than once what is usual."""
    found = _SURGE.fullmatch(_typed(written))
    times = float(re.sub("[,٫]", ".", found[1])) if found else 0.0
    if times <= 1:
        raise Refused("R209", f"'{shown(written)}' is no surge", "write 3x: three times what is usual at these hours")
    return times


def rate(written: str) -> Rate:
    """`1/s`, `20/min`, `100/h`, `20/دقيقة`."""
    found = _RATE.fullmatch(_typed(written))
    unit = _UNIT.get(found[2]) if found else None
    if not found or not unit:
        raise Refused("R209", f"'{shown(written)}' is not a rate", _RATE_REMEDY)
    if not int(found[1]):
        raise Refused("R209", "a rate of zero would send nothing", "write a number above zero, or remove the channel")
    return Rate(count=int(found[1]), per=timedelta(**{unit: 1}))


def some_duration(written: str) -> timedelta:
    """A length that is not zero."""
    length = duration(written)
    if not length:
        raise Refused("R204", f"'{shown(written)}' is no time at all here", "write a length above zero, e.g. 24h")
    return length


def time_to_answer(written: str) -> timedelta:
    """How long a person has to say that they saw something."""
    length = duration(written)
    if length < SHORTEST_ANSWER:
        what = f"'{shown(written)}' is too short: a message takes a moment to arrive, and a person to read it"
        raise Refused("R204", what, "write 1m or more; 10m to 30m are usual")
    return length


def every(written: str) -> timedelta | None:
    """How often a feed is asked; None is `auto`."""
    if _typed(written) in ("auto", "تلقائي"):
        return None
    try:
        length = duration(written)
    except Refused as error:
        raise Refused(error.code, error.what, f"{error.remedy}, or 'auto'") from None
    if length < SHORTEST_EVERY:
        what = f"'{shown(written)}' is too often: a feed is asked every 30 seconds at most"
        raise Refused("R204", what, "write 30s or more; 5m is usual, and kind to the sites")
    return length


def severity(written: str) -> Severity:
    words = _typed(written)
    if words in _SEVERITY:
        return _SEVERITY[words]
    meant = _meant_severity(words) or did_you_mean(written.strip(), _SEVERITIES)
    remedy = f"{meant} {_SEVERITY_REMEDY}".strip()
    raise Refused("R203", f"severity '{shown(written)}' is not known", remedy)


def _meant_severity(words: str) -> str:
    """To who writes Arabic, in Arabic, with the name that the rest of the world has for it."""
    levels = _SEVERITY_HABITS.get(words, ())
    names = [f"'{level}'" if words.isascii() else f"'{_IN_ARABIC[level]}' ({level})" for level in levels]
    return f"did you mean {' or '.join(names)}?" if names else ""


def near(written: str) -> Near:
    words = _typed(written)
    if words in _NEAR_NAMES:
        return _NEAR_NAMES[words]
    found = _NEAR.fullmatch(words)
    if not found:
        remedy = f"write '{words} words'" if words.isdecimal() and len(words) < 5 else _NEAR_REMEDY
        raise Refused("R209", f"'{shown(written)}' is not a distance", remedy)
    if int(found[1]) > MAX_NEAR:
        raise Refused("R209", f"'{shown(written)}' is too far", f"at most {MAX_NEAR} words; 10 to 20 are usual")
    return int(found[1])


def day(written: str) -> date:
    words = _typed(written)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", words):
            return date.fromisoformat(words)
    except ValueError:
        pass
    raise Refused("R209", f"'{shown(written)}' is not a day", "write year-month-day, e.g. 2027-03-31")


def identifier(written: str) -> str:
    if not _ID.fullmatch(written):
        raise Refused("R205", f"'{shown(written)}' cannot be an id", _ID_REMEDY)
    if len(written) > MAX_ID:
        raise Refused("R205", f"the id '{shown(written)}' is too long", f"at most {MAX_ID} characters")
    return written


def timezone(written: str) -> ZoneInfo:
    try:
        return ZoneInfo(written)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    guess = did_you_mean(written.replace(" ", "_"), available_timezones())
    raise Refused("R209", f"'{shown(written)}' is not a time zone", guess or "write one like Asia/Damascus or UTC")


def language_code(written: str) -> str:
    """A code of two or three letters, as in ISO 639; regional endings are dropped."""
    code = _typed(written).split("-")[0]
    if re.fullmatch(r"[a-z]{2,3}", code):
        return code
    raise Refused("R209", f"'{shown(written)}' is not a language", "write its code: ar, en, fa, ckb, tr, he, ru …")


def boolean(written: str) -> bool:
    """`true` or `false`, unquoted. `yes`, `no`, `on`, `off` are texts in YAML 1.2."""
    if getattr(written, "plain", True) and written.lower() in ("true", "false"):
        return written.lower() == "true"
    meant = {"yes": "true", "on": "true", "نعم": "true", "no": "false", "off": "false", "لا": "false"}.get(
        written.lower()
    )
    raise Refused(
        "R207", f"'{shown(written)}' is neither true nor false", f"write {meant or 'true or false'}, without quotes"
    )


def canary(written: str) -> time | None:
    """When a daily test is sent: `08:00`, `true` for that hour, `false` for never (None)."""
    words = _typed(written)
    if words in ("true", "false"):
        return CANARY_AT if words == "true" else None
    at = _time_of_day(words)
    if at is None:
        raise Refused("R209", f"'{shown(written)}' is no time of the day", 'write one like "08:00", or true')
    return at


def time_of_day(written: str) -> time:
    """`22:00`, `٢٢:٠٠`."""
    at = _time_of_day(_typed(written))
    if at is None:
        raise Refused("R209", f"'{shown(written)}' is no time of the day", 'write one like "22:00" or "06:30"')
    return at


def rhythm(written: str) -> Rhythm:
    """`hourly`, `daily 07:00`, `weekly mon 07:00`, `كل ساعة`, `يومي 07:00`, `أسبوعي الاثنين 07:00`."""
    words = _typed(written)
    found = _RHYTHM.fullmatch(words)
    if words in _HOURLY:
        return Rhythm()
    at = _time_of_day(found[3]) if found else None
    weekday = _WEEKDAY.get(found[2]) if found and found[2] else None
    if found and at and found[1] in _DAILY and not found[2]:
        return Rhythm(at=at)
    if found and at and found[1] in _WEEKLY and weekday is not None:
        return Rhythm(at=at, weekday=weekday)
    raise Refused("R209", f"'{shown(written)}' does not say when a digest goes out", _rhythm_remedy(words))


def _rhythm_remedy(words: str) -> str:
    """With what was meant, as far as that can be told."""
    first, *rest = words.split() or [""]
    clock = next((word for word in rest if _time_of_day(word)), "07:00")
    day = next((word for word in rest if word in _WEEKDAY), "mon")
    if first in _DAILY:
        return f"write 'daily {clock}', with the hour first: daily 07:00"
    if first in _WEEKLY:
        return f"write 'weekly {day} {clock}': the day (mon to sun, or الاثنين), then the time"
    return "write hourly, daily 07:00 or weekly mon 07:00 (or كل ساعة، يومي 07:00، أسبوعي الاثنين 07:00)"


def _time_of_day(words: str) -> time | None:
    found = _TIME.fullmatch(words)
    return time(int(found[1]), int(found[2])) if found else None


def whole_number(written: str, least: int = 1) -> int:
    if getattr(written, "plain", True) and re.fullmatch(r"[0-9]{1,6}", written) and int(written) >= least:
        return int(written)
    remedy = f"write {least} or more, in digits and without quotes"
    raise Refused("R207", f"'{shown(written)}' is not a whole number of {least} or more", remedy)


def weight(written: str) -> int:
    number = whole_number(written)
    if number > MAX_WEIGHT:
        raise Refused("R209", f"the weight {shown(written)} is too high", f"1 to {MAX_WEIGHT}; 1 is what others have")
    return number


def text(written: object) -> Scalar:
    """A text with something in it."""
    if not isinstance(written, Scalar):
        kind = "a list" if isinstance(written, list) else "a block of settings"
        raise Refused(
            "R207", f"one text is expected here, not {kind}", "write a single text, in quotes if it has ': ' in it"
        )
    if written.nothing or not written.strip():
        raise Refused(
            "R210", "nothing is written here", "write a value, or remove the line; a text with '#' needs quotes"
        )
    return written
