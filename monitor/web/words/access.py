"""Why somebody may not look, or may not do what they asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AR: Final[Mapping[str, str]] = {
    "access.no_password": "الصفحات بلا كلمة مرور، فلا تُفتح إلا من هذا الجهاز. أضف users أو token أو trust تحت web.",
    "access.proxy": "وصل الطلب عبر خادم وكيل، والصفحات بلا كلمة مرور. أضف users أو token أو trust تحت web في القواعد.",
    "access.no_token": "ينتظر ملف القواعد رمز دخول لا قيمة له. عيّن المتغير المذكور في web.token ثم أعد التشغيل.",
    "access.wrong_token": "رمز الدخول غير صحيح.",
    "access.not_the_proxy": "سمّى الطلبُ مستخدمًا، وليس مصدره الخادم الوكيل المذكور في web.trust.",
    "access.no_name": "لم يذكر الخادم الوكيل من أنت، أو ذكره على نحو لا يُقرأ.",
    "access.log_in": "سجّل الدخول أولًا.",
    "access.elsewhere": "لم يأت هذا الطلب من صفحة من صفحاتنا، فلم يُنفَّذ شيء.",
    "access.other_site": "طلبت هذا صفحةٌ من موقع آخر من غير أن تفتحه أنت. افتح العنوان بنفسك.",
    "access.by_link": "رابط من موقع آخر",
    "access.by_link.remedy": "قادك إلى هنا رابط في موقع آخر، وفي هذا العنوان عمل يبدأ أو ملف يُنزَّل. لم يبدأ شيء بعد.",
    "access.by_link.go_on": "المتابعة",
    "access.stale": "انتهت صلاحية هذه الصفحة قبل إرسالها، فلم يُنفَّذ شيء. افتحها من جديد وأعد المحاولة.",
    "access.too_much": "ما أُرسل أكبر مما يُقبل هنا.",
    "access.too_slow": "انقطع الإرسال قبل اكتماله.",
    "access.unreadable": "تعذّرت قراءة ما أُرسل.",
}
EN: Final[Mapping[str, str]] = {
    "access.no_password": "Without a password they open on this machine alone. Add users, token or trust under web.",
    "access.proxy": "This came through a proxy, and there is no password. Add users, token or trust under web.",
    "access.no_token": "The token has no value. Set the variable that web.token names in the rules, then start again.",
    "access.wrong_token": "The token is not right.",
    "access.not_the_proxy": "The request names a user, and does not come from the proxy in web.trust.",
    "access.no_name": "The proxy did not say who you are, or not in a way that can be read.",
    "access.log_in": "Log in first.",
    "access.elsewhere": "This was not sent by a page of ours, so nothing was done.",
    "access.other_site": "A page of another site asked for this, not you. Open the address yourself.",
    "access.by_link": "A link from another site",
    "access.by_link.remedy": "It led to something that takes work, or is a file. Nothing was begun yet.",
    "access.by_link.go_on": "Go on",
    "access.stale": "This page was too old when it was sent, so nothing was done. Open it again and try once more.",
    "access.too_much": "What was sent is larger than what is taken here.",
    "access.too_slow": "The sending broke off before its end.",
    "access.unreadable": "What was sent cannot be read.",
}
