"""What stands around every page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AR: Final[Mapping[str, str]] = {
    "product": "مرصد الأخبار",
    "skip": "إلى المحتوى",
    "navigation": "الصفحات",
    "language.other": "English",
    "nothing": "لا شيء هنا بعد.",
    "error.404": "لا توجد صفحة بهذا العنوان.",
    "error.500": "تعذّر إعداد هذه الصفحة؛ السبب مسجّل.",
    "error.state": "لا يمكن قراءة الحالة المخزنة.",
    "back": "رجوع",
    "refused": "ملف القواعد فيه خطأ، والقواعد السابقة ما زالت سارية.",
}
EN: Final[Mapping[str, str]] = {
    "product": "monitor",
    "skip": "Skip to content",
    "navigation": "Pages",
    "language.other": "العربية",
    "nothing": "Nothing here yet.",
    "error.404": "There is no page at this address.",
    "error.500": "This page could not be made; the reason is in the log.",
    "error.state": "The recorded state cannot be read.",
    "back": "Back",
    "refused": "The rules file has a mistake; the rules from before it are still in force.",
}
