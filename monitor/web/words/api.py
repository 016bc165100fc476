"""The list of what programs may ask for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AR: Final[Mapping[str, str]] = {
    "api.title": "واجهة البرامج",
    "api.what": "كل ما تعرضه الصفحات متاح للبرامج بصيغة JSON تحت العنوان ‎/api/v1‎: التنبيهات والقصص والقواعد والخلاصات.",
    "api.who": "من يحق له فتح الصفحات يحق له استعمال الواجهة. يرسل البرنامج رمز الدخول المذكور في web.token.",
    "api.example": "مثال",
    "api.document": "وصف الواجهة (OpenAPI 3.1)",
    "api.english": "الأسماء والشروح المفصلة بالإنكليزية، كما في وصف الواجهة.",
    "api.query": "ما يُطلب في العنوان",
    "api.body": "ما يُرسل",
    "api.required": "لا بد منه",
    "api.nothing": "لا يُطلب معه شيء.",
    "api.tag.alerts": "التنبيهات",
    "api.tag.stories": "القصص",
    "api.tag.search": "البحث",
    "api.tag.rules": "القواعد",
    "api.tag.trials": "تجربة القواعد على الماضي",
    "api.tag.feeds": "الخلاصات",
    "api.tag.mutes": "الكتم",
    "api.tag.deliveries": "الرسائل",
    "api.tag.operations": "التشغيل",
}
EN: Final[Mapping[str, str]] = {
    "api.title": "For programs",
    "api.what": "All that the pages show is there for programs, as JSON below /api/v1: alerts, stories, rules, feeds.",
    "api.who": "Whoever may open the pages may ask here. A program sends the token that web.token in the rules names.",
    "api.example": "An example",
    "api.document": "Description of the interface (OpenAPI 3.1)",
    "api.english": "Names and details are in English, as they stand in the description.",
    "api.query": "Asked for in the address",
    "api.body": "Sent",
    "api.required": "required",
    "api.nothing": "Nothing else is asked for.",
    "api.tag.alerts": "Alerts",
    "api.tag.stories": "Stories",
    "api.tag.search": "Search",
    "api.tag.rules": "Rules",
    "api.tag.trials": "Rules on the past",
    "api.tag.feeds": "Feeds",
    "api.tag.mutes": "Mutes",
    "api.tag.deliveries": "Messages",
    "api.tag.operations": "Operations",
}
