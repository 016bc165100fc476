"""The map."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AR: Final[Mapping[str, str]] = {
    "map.title": "الخريطة",
    "map.period": "المدة",
    "map.days.1": "آخر يوم",
    "map.days.7": "آخر أسبوع",
    "map.days.30": "آخر 30 يومًا",
    "map.country": "البلد",
    "map.everywhere": "كل الأماكن",
    "map.drawing": "خريطة الأماكن",
    "map.legend": "كلما كبرت الدائرة زادت القصص، ولونها أشدّ درجات الأهمية بينها. الجدول أدناه يقول الشيء نفسه.",
    "map.credit": "الحدود والأنهار من {source}، وهي ملك عام، ولا تحكم لأحد على أحد.",
    "map.not_installed": "رسم الخريطة إضافة لم تُثبَّت بعد. ثبّتها بهذا الأمر ثم أعد تشغيل الصفحات:",
    "map.table": "الأماكن التي ذكرتها التنبيهات",
    "map.place": "المكان",
    "map.within": "في",
    "map.stories": "القصص",
    "map.alerts": "تنبيهات",
    "map.worst": "أشدها",
    "map.last": "آخرها",
    "map.none": "لم يذكر أي تنبيه مكانًا في هذه المدة.",
    "map.no_spot": "لا نعرف إحداثياته، فليس على الخريطة",
    "map.left_out": "وأماكن أخرى عددها {count}. اختر مدة أقصر أو بلدًا.",
}
EN: Final[Mapping[str, str]] = {
    "map.title": "Map",
    "map.period": "Period",
    "map.days.1": "Last day",
    "map.days.7": "Last week",
    "map.days.30": "Last 30 days",
    "map.country": "Country",
    "map.everywhere": "Everywhere",
    "map.drawing": "Map of the places",
    "map.legend": "The larger the circle, the more stories; its colour is the worst severity. The table says the same.",
    "map.credit": "Borders and rivers: {source}, public domain. They judge nobody's claim.",
    "map.not_installed": "The drawing is an extra. Install it like this, then start the pages again:",
    "map.table": "Places that alerts name",
    "map.place": "Place",
    "map.within": "In",
    "map.stories": "Stories",
    "map.alerts": "Alerts",
    "map.worst": "Worst",
    "map.last": "Last",
    "map.none": "No alert named a place in this time.",
    "map.no_spot": "not on the map: its coordinates are unknown",
    "map.left_out": "And {count} more places. Choose a shorter time, or a country.",
}
