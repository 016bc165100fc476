"""What a search found, as rows for spreadsheets and scripts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final

from monitor.alerts.clean import safe_link
from monitor.exports.columns import BETWEEN
from monitor.exports.sheet import Cell, Column, Sheet
from monitor.text.clean import display

if TYPE_CHECKING:
    from monitor.search.page import Found

TITLES: Final[Mapping[str, Mapping[str, str]]] = {
    "ar": {
        "sheet": "نتائج البحث",
        "id": "الخبر",
        "feed": "معرّف الخلاصة",
        "published": "وقت النشر (UTC)",
        "seen": "وقت الرصد (UTC)",
        "title": "العنوان",
        "summary": "الملخص",
        "url": "الرابط",
        "edited_since": "عُدّل بعدها",
        "story": "القصة",
        "rules": "القواعد",
        "alerts": "التنبيهات",
    },
    "en": {
        "sheet": "Search",
        "id": "Entry",
        "feed": "Feed id",
        "published": "Published (UTC)",
        "seen": "Seen (UTC)",
        "title": "Title",
        "summary": "Summary",
        "url": "Link",
        "edited_since": "Edited since",
        "story": "Story",
        "rules": "Rules",
        "alerts": "Alerts",
    },
}
_TELL: Final[Mapping[str, Callable[[Found], Cell]]] = {
    "id": lambda found: found.entry_id,
    "feed": lambda found: found.feed_id,
    "published": lambda found: found.published_at,
    "seen": lambda found: found.seen_at,
    "title": lambda found: display(found.title),
    "summary": lambda found: display(found.summary),
    "url": lambda found: safe_link(found.link) or None,
    "edited_since": lambda found: found.is_edited_since,
    "story": lambda found: found.story_id,
    "rules": lambda found: BETWEEN.join(found.rules),
    "alerts": lambda found: BETWEEN.join(found.alerts),
}


def sheet_of(entries: Iterable[Found], language: str, as_json: Callable[[Found], Mapping[str, Any]]) -> Sheet[Found]:
    """Columns have the names that `--json` has."""
    titles = TITLES[language]
    columns = (Column(name, tell, titles[name], name in ("title", "summary")) for name, tell in _TELL.items())
    return Sheet(
        title=titles["sheet"], columns=tuple(columns), rows=entries, as_json=as_json, right_to_left=language == "ar"
    )
