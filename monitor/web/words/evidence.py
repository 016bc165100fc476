"""Evidence of a story."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AR: Final[Mapping[str, str]] = {
    "evidence.title": "الأدلة",
    "evidence.of_story": "أدلة القصة {id}",
    "evidence.about": "ما قدّمته كل خلاصة كما استُلم، مع بصمته (SHA-256) ووقت جلبه ونص القواعد حينها.",
    "evidence.download": "تنزيل الأدلة (ZIP)",
    "evidence.look": "عرض ما حُفظ",
    "evidence.back": "العودة إلى القصة",
    "evidence.none": "لا توجد في هذه القصة تقارير طابقتها قاعدة.",
    "evidence.most": (
        "لا نسخة تُعرض.|تُعرض النسخة الأولى.|تُعرض أول نسختين."
        "|تُعرض أول {count} نسخ.|تُعرض أول {count} نسخة.|تُعرض أول {count} نسخة."
    ),
    "evidence.version": "الخبر {entry}، النسخة {number}",
    "evidence.feed": "الخلاصة",
    "evidence.seen": "رُصد",
    "evidence.fetched": "جُلب",
    "evidence.item": "بصمة الخبر",
    "evidence.document": "بصمة المستند كله",
    "evidence.address": "العنوان النهائي",
    "evidence.peer": "الجهاز الذي أجاب",
    "evidence.proxied": "عبر خادم وكيل",
    "evidence.plain": "اتصال غير مشفّر",
    "evidence.secure": "اتصال مشفّر تُحقّق من هويته",
    "evidence.rules": "القواعد كما كانت",
    "evidence.versions": "إصدار المرصد، إصدار الصيغة الموحّدة",
    "evidence.bytes": "{size} بايت، {encoding}",
    "evidence.whole": "تعذّر اقتطاع الخبر من المستند، فحُفظ المستند كله",
    "evidence.article": "قُرئ النص من صفحة المقال الذي يشير إليه الخبر.",
    "evidence.article_unkept": "لم تُحفظ الصفحة نفسها لكبرها أو لأنها تكرّر سرًّا للخلاصة، وبصمتها محفوظة.",
    "evidence.cut": "لم تُحفظ إلا بدايته لطوله",
    "evidence.secret": "لم تُحفظ بايتاته لأنها تكرّر سرًّا من أسرار الخلاصة، وبصمتها محفوظة",
    "evidence.older": "لم يُحفظ شيء: طابقه إصدار أقدم من المرصد",
    "evidence.headers": "ترويسات الجواب (الحالة {status})",
    "evidence.header": "الترويسة",
    "evidence.value": "القيمة",
}
EN: Final[Mapping[str, str]] = {
    "evidence.title": "Evidence",
    "evidence.of_story": "Evidence of story {id}",
    "evidence.about": "What each feed served, as it was received, with its digests (SHA-256), the time and the rules "
    "as they read then.",
    "evidence.download": "Download the evidence (ZIP)",
    "evidence.look": "Look at what is kept",
    "evidence.back": "Back to the story",
    "evidence.none": "No report of this story was matched by a rule.",
    "evidence.most": "The first version is shown.|The first {count} versions are shown.",
    "evidence.version": "Entry {entry}, version {number}",
    "evidence.feed": "Feed",
    "evidence.seen": "Seen",
    "evidence.fetched": "Fetched",
    "evidence.item": "Digest of the entry",
    "evidence.document": "Digest of the whole document",
    "evidence.address": "Final address",
    "evidence.peer": "Answered by",
    "evidence.proxied": "a proxy",
    "evidence.plain": "not encrypted",
    "evidence.secure": "encrypted, and its owner verified",
    "evidence.rules": "Rules as they read",
    "evidence.versions": "Versions of monitor and of its normal form",
    "evidence.bytes": "{size} bytes, {encoding}",
    "evidence.whole": "The entry could not be cut out of the document, which is kept whole",
    "evidence.article": "The text was read from the page of the article that the entry links to.",
    "evidence.article_unkept": "The page itself is not kept, for it is too large or repeats a secret; its digest is.",
    "evidence.cut": "Too long: only its beginning is kept",
    "evidence.secret": "Its bytes are not kept, for they repeat a secret of the feed; their digest is",
    "evidence.older": "Nothing was kept: it was matched by an older version of monitor",
    "evidence.headers": "Headers of the answer (status {status})",
    "evidence.header": "Header",
    "evidence.value": "Value",
}
