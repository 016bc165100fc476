"""Why work that a page asked for has no result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AR: Final[Mapping[str, str]] = {
    "workshop.busy": "طلب آخر قيد التنفيذ الآن. أعد المحاولة بعد قليل.",
    "workshop.slow": "استغرق الأمر أطول من المسموح به فأُوقف. قصّر النص، أو ابحث عن تعبير نمطي بطيء في القاعدة.",
    "workshop.broke": "توقفت العملية التي تنفّذ الطلب. أعد المحاولة.",
    "workshop.failed": "تعذّر تنفيذ الطلب:",
    "workshop.stopped": "أُوقف بطلب منك.",
}
EN: Final[Mapping[str, str]] = {
    "workshop.busy": "Another request is being worked on. Try again in a moment.",
    "workshop.slow": (
        "It took longer than it may, and was ended. "
        "Shorten the text, or look for a slow regular expression in the rule."
    ),
    "workshop.broke": "The process that worked on it has ended. Try again.",
    "workshop.failed": "It could not be done:",
    "workshop.stopped": "Stopped, as you asked.",
}
