"""What servers answered, in Arabic. It is kept in English, as logs and machines read it; of what feeds and services may
answer, this knows the sentences after which somebody has to do something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from monitor.alerts.words import FSI, PDI

_SENTENCES: Final[Mapping[str, str]] = {
    # of channels (alerts.verdict)
    "the service does not take this message": "الخدمة لا تقبل هذه الرسالة",
    "the token or password is refused; renew it in the channel's address": "رُفض الرمز؛ جدّده في عنوان القناة",
    "access is refused; check the token and its rights": "رُفض الدخول؛ تحقق من الرمز وصلاحياته",
    "the service does not know this address; check the channel's address": "العنوان مجهول عند الخدمة؛ تحقق منه",
    "the channel is gone": "لم تعد القناة موجودة",
    "the message is too long": "الرسالة أطول مما تقبله الخدمة",
    "too many messages": "رسائل أكثر مما تقبله الخدمة",
    "the service did not answer its own gateway in time": "لم تجب الخدمة في الوقت المتاح",
    "the service is in trouble": "الخدمة متعطلة",
    "refused": "رُفض",
    "a redirect, which is not followed; give the final address": "تحويل لا يُتبع؛ اكتب العنوان النهائي",
    "but the service did not take the message": "لكن الخدمة لم تأخذ الرسالة",
    "but with a web page, as from a captive portal or a proxy, in place of the service's word": (
        "لكن الجواب صفحة ويب، كأنه من بوابة دخول أو خادم وكيل، لا من الخدمة"
    ),
    "the mail server takes no connection": "خادم البريد لا يقبل الاتصال",
    "no secure connection to the mail server": "لا اتصال آمن بخادم البريد",
    "user or password is refused; renew it in the channel's address": "رُفضت كلمة المرور؛ جدّدها في عنوان القناة",
    "the sender is refused": "رُفض المرسل",
    "the recipient is refused": "رُفض المرسل إليه",
    "the message is refused": "رُفضت الرسالة",
    # of feeds (feeds.answer)
    "it wants a password": "يطلب كلمة مرور",
    "it lets us not read this": "لا يسمح بالقراءة",
    "no such page": "لا صفحة بهذا العنوان",
    "asked too often": "كثرت الطلبات",
}  # fmt: skip
_CHANNEL: Final = re.compile(
    r"(?P<code>(?:HTTP|SMTP) [\d. ]*\d)(?: from (?P<host>\S+?))?: (?P<what>[^()]+?)(?: \('(?P<said>.*)'\))?"
)
_TOLD_INSTEAD: Final = re.compile(r"(?P<what>.+); told to the channel '(?P<id>[^']+)' instead", re.DOTALL)
_FEED: Final = re.compile(r"(?P<host>\S+) answered (?P<status>\d{3})(?: \((?P<what>[^()]+)\))?")


def in_arabic(answer: str) -> str:
    """What was answered; '' where nobody has translated it. What the other side itself said stays as it is."""
    if found := _TOLD_INSTEAD.fullmatch(answer):
        told = in_arabic(found["what"])
        return f"{told}؛ وأُبلغت القناة «{FSI}{found['id']}{PDI}» بدلًا منها" if told else ""
    if (found := _FEED.fullmatch(answer)) and (not found["what"] or found["what"] in _SENTENCES):
        meant = f" ({_SENTENCES[found['what']]})" if found["what"] else ""
        return f"أجاب {FSI}{found['host']}{PDI} بالرمز {found['status']}{meant}"
    if (found := _CHANNEL.fullmatch(answer)) and found["what"] in _SENTENCES:
        host = f" من {FSI}{found['host']}{PDI}" if found["host"] else ""
        said = f" ({FSI}{found['said']}{PDI})" if found["said"] else ""
        return f"{FSI}{found['code']}{PDI}{host}: {_SENTENCES[found['what']]}{said}"
    return ""
