"""Downloads and feeds of the alerts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AR: Final[Mapping[str, str]] = {
    "exports.title": "تنزيل ومتابعة",
    "exports.filters": "التنبيهات المعروضة بالتصفية الحالية، الأحدث أولًا، وأقصاها 50,000.",
    "exports.downloads": "صيغ التنزيل",
    "exports.feeds": "خلاصات يُشترك فيها",
    "exports.feed": "التنبيهات",
    "exports.as.xlsx": "جدول (XLSX)",
    "exports.as.csv": "جدول (CSV)",
    "exports.as.json": "JSON",
    "exports.as.ndjson": "JSON، سطر لكل تنبيه",
    "exports.as.geojson": "خريطة (GeoJSON)",
    "exports.as.stix": "STIX 2.1",
    "exports.as.misp": "MISP",
    "exports.as.atom": "خلاصة Atom",
    "exports.as.jsonfeed": "خلاصة JSON Feed",
    "exports.busy": "تُكتب الآن ملفات أخرى للتنزيل.",
    "exports.busy.remedy": "أعد المحاولة بعد نصف دقيقة.",
    "exports.unknown": "لا تُعرف هذه الصيغة.",
    "exports.unknown.remedy": "اختر واحدة من الصيغ المذكورة.",
    "exports.not_installed": "تحتاج هذه الصيغة إلى مكتبة لم تُثبَّت.",
    "exports.not_installed.remedy": "ثبّتها بهذا الأمر ثم أعد تشغيل الصفحات.",
    "exports.columns": (
        "أسماء الأعمدة في CSV إنكليزية ثابتة لا تتغير، لتقرأها البرامج؛ أما جدول XLSX فأعمدته بلغة هذه الصفحة."
    ),
}
EN: Final[Mapping[str, str]] = {
    "exports.title": "Download and follow",
    "exports.filters": "The alerts as they are filtered now, the newest first, 50,000 at most.",
    "exports.downloads": "Formats to download",
    "exports.feeds": "Feeds to subscribe to",
    "exports.feed": "Alerts",
    "exports.as.xlsx": "Spreadsheet (XLSX)",
    "exports.as.csv": "Table (CSV)",
    "exports.as.json": "JSON",
    "exports.as.ndjson": "JSON, an alert a line",
    "exports.as.geojson": "Map (GeoJSON)",
    "exports.as.stix": "STIX 2.1",
    "exports.as.misp": "MISP",
    "exports.as.atom": "Atom feed",
    "exports.as.jsonfeed": "JSON Feed",
    "exports.busy": "Other downloads are being written just now.",
    "exports.busy.remedy": "Try again in half a minute.",
    "exports.unknown": "This format is not known.",
    "exports.unknown.remedy": "Choose one of those named here.",
    "exports.not_installed": "This format needs a library that is not installed.",
    "exports.not_installed.remedy": "Install it by this command, then start the pages again.",
    "exports.columns": (
        "The columns of CSV have fixed English names, for programs; those of XLSX are in the language of this page."
    ),
}
