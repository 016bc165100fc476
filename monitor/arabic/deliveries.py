"""Why a message was not delivered, as it is recorded (`pipeline`, `alerts`), beside what `alerts.answered` knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # pipeline
    "channel '<id>' is not configured, or its address is not set": "القناة «<id>» ليست في القواعد، أو لا قيمة لعنوانها",
    "could not be sent (<error>)": "تعذّر الإرسال (<error>)",
    "could not be read (<error>)": "تعذّرت القراءة (<error>)",
    "<what*>; told to the channel '<id>' instead": "<what*>؛ وأُبلغت القناة «<id>» بدلًا منها",
    # alerts.send, alerts.service, alerts.verdict
    "nobody reads the console": "لا أحد يقرأ الطرفية",
    "an earlier message to this channel is still on its way": "رسالة سابقة إلى هذه القناة ما زالت في الطريق",
    "Apprise could not handle this channel (<error>)": "تعذّر على `Apprise` التعامل مع هذه القناة (<error>)",
    "not sent": "لم تُرسل",
    "<schema>:// reaches only this machine; use a channel that reaches people": (
        "لا يصل `<schema>://` إلا إلى هذا الجهاز؛ استعمل قناة تصل إلى الناس"
    ),
    "optional=yes would report lost alerts as sent; remove it from the address": (
        "مع `optional=yes` تُعدّ التنبيهات الضائعة مرسلة؛ احذفها من العنوان"
    ),
    "this recipient is no longer in the channel's address": "لم يعد هذا المرسل إليه في عنوان القناة",
    "this is no Apprise address; it must begin like slack://, tgram:// or mailto://": (
        "ليس هذا عنوان قناة؛ يبدأ العنوان بمثل `slack://` أو `tgram://` أو `mailto://`"
    ),
    "something is missing in this <schema>:// address; compare it with Apprise's documentation": (
        "ينقص شيء في هذا العنوان `<schema>://`؛ قارنه بدليل `Apprise`"
    ),
    "no service of Apprise has this kind of address; see https://appriseit.com/services/": (
        "لا خدمة بهذا النوع من العناوين؛ انظر `https://appriseit.com/services/`"
    ),
    "Apprise refuses this <schema>:// address; compare it with its documentation": (
        "يرفض `Apprise` هذا العنوان `<schema>://`؛ قارنه بدليله"
    ),
    "this is no address of a notification service": "ليس هذا عنوان خدمة إشعارات",
    "<schema>:// does not work here": "لا يعمل `<schema>://` هنا",
    "<schema>:// does not work here; install the Python package <names>": (
        "لا يعمل `<schema>://` هنا؛ ثبّت من حزم `Python`: <names>"
    ),
    "this cloudevents address has no host; write cloudevents+https://host/path": (
        "ليس في عنوان `cloudevents` اسم خادم؛ اكتب `cloudevents+https://host/path`"
    ),
    "a header in this cloudevents address is none; write ?+Name=value in ASCII": (
        "في عنوان `cloudevents` ترويسة لا تصلح؛ اكتب `?+Name=value` بحروف `ASCII`"
    ),
    "the service took nothing; check the channel's address with 'monitor notify test'": (
        "لم تأخذ الخدمة شيئًا؛ تحقق من عنوان القناة بالأمر `monitor notify test`"
    ),
}
