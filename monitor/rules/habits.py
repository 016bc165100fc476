"""What people write instead of a setting of ours."""

from __future__ import annotations

from collections.abc import Mapping

_MEANT: Mapping[str, str] = {
    "throttle": "cooldown repeat",
    "none": "exclude not without بدون لا",
    "all": "and must كل جميع",
    "any": "or keywords words contains اي",
    "severity": "priority level خطورة",
    "notify": "channel notifications alert",
    "every": "interval poll refresh",
    "language": "lang لغة",
    "url": "link address رابط",
    "near": "distance within_words قرب",
    "timezone": "timezone_name tz",
    "quiet_hours": "quiet silent_hours do_not_disturb dnd night",
    "digest": "summary_every batch grouping ملخص موجز",
    "tags": "label labels tag وسوم",
    "owner": "author",
    "expires": "until",
    "enabled": "disabled",
    "terms": "spellings",
    "within": "parent",
    "min_severity": "severity_min minimum",
    "rules": "rule قواعد",
    "include": "includes",
    "exact": "phrase",
    "starts": "startswith prefix",
    "id": "معرف",
    "title": "عنوان",
    "place": "مكان",
    "group": "مجموعة",
    "event": "حدث",
    "channels": "قنوات",
    "feeds": "مصادر",
    "groups": "مجموعات",
    "places": "اماكن",
    "name": "اسم",
    "tests": "اختبارات",
    "version": "اصدار",
    "pin": "pins fingerprint pinned_key",
    "killed": "deaths dead fatalities casualties قتلى",
    "wounded": "injured injuries جرحى",
    "inhibit": "suppress inhibits inhibition",
    "kind": "type",
    "count": "threshold",
    "surge": "spike",
    "full_text": "fulltext full_article fetch_article read_article full_content",
    "allow_private": "private allow_local allow_internal",
}

HABITS: Mapping[str, str] = {word: meant for meant, words in _MEANT.items() for word in words.split()}
"""A word out of other tools' habits, or in Arabic (as `values.plain_words` has it), to the setting it means."""
