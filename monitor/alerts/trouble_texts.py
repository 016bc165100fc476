"""What is said of a trouble in each language: what is wrong, what to do, that it is over.

The names in braces are facts of the finding, in words of the language (`troubles.spoken`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.alerts.words import Language
from monitor.trouble import Kind


@dataclass(frozen=True, slots=True)
class Phrases:
    """`many`: the heading over several of a kind, {count} of them."""

    what: str
    remedy: str
    over: str
    many: str = ""


PHRASES: Mapping[Language, Mapping[Kind, Phrases]] = {
    "en": {
        Kind.NETWORK: Phrases(
            "The network seems down: {failing} of {feeds} feeds fail ({error})",
            "Look at this machine's network, name servers and proxy. Every feed is asked again within an hour.",
            "The network is back, after {lasted}",
        ),
        Kind.FEED_FAILING: Phrases(
            "Feed {name} cannot be read, {failures} times in a row: {error}",
            "Open its address in a browser. If it moved, change its url in the rules file; if it is gone, remove it.",
            "Feed {name} can be read again, after {lasted}",
            "{count} feeds cannot be read",
        ),
        Kind.FEED_GONE: Phrases(
            "Feed {name} is gone: its server says that it will not come back ({error})",
            "Find its new address on the publisher's page and change its url, or remove it from the rules file.",
            "Feed {name} can be read again, after {lasted}",
            "{count} feeds are gone",
        ),
        Kind.FEED_SILENT: Phrases(
            "Feed {name} is silent: nothing new for {lasting}{usual}",
            "Look at the publisher's page. If it has news that the feed has not, watch another feed of it.",
            "Feed {name} brings news again, after {lasted}",
            "{count} feeds are silent",
        ),
        Kind.FEED_EMPTY: Phrases(
            "Feed {name} is empty: it can be read, and holds no entry",
            "Open its address in a browser. If it stays empty, look for the publisher's other feeds.",
            "Feed {name} has entries again, after {lasted}",
            "{count} feeds are empty",
        ),
        Kind.FEED_GARBLED: Phrases(
            "Feed {name} comes damaged: {warning}",
            "Rules may miss what they cannot read. Tell the publisher, or watch another feed of it.",
            "Feed {name} comes whole again",
            "{count} feeds come damaged",
        ),
        Kind.FEED_OVERFLOWS: Phrases(
            "Feed {name} publishes faster than it is asked: some of its entries may have been missed",
            "Ask it more often: give it a shorter 'every', down to 30s. After a pause of ours this is expected once.",
            "Feed {name} was followed without a gap for a day",
            "{count} feeds publish faster than they are asked",
        ),
        Kind.FEED_MOVED: Phrases(
            "Feed {name} has moved for good, to {to}",
            "It is still read. Change its url in the rules file before the old address ends.",
            "Feed {name} is read at its own address",
            "{count} feeds have moved",
        ),
        Kind.FEED_ARTICLES: Phrases(
            "Articles of feed {name}: {unread} of the newest {articles} could not be read ({error})",
            "Rules look at what the feed itself carries. Open an article of it in a browser; if its text needs a login "
            "or a script, remove 'full_text' from the feed.",
            "Articles of feed {name} can be read again, after {lasted}",
            "Articles of {count} feeds cannot be read",
        ),
        Kind.RULE_BLIND: Phrases(
            "Rule {subject} is blind: {down} of its {of} feeds cannot be read ({names})",
            "Mend these feeds, or give the rule others. Until then its silence means nothing.",
            "Rule {subject} sees again, after {lasted}",
            "{count} rules are blind",
        ),
        Kind.CHANNEL_REFUSES: Phrases(
            "Channel {subject} refuses: {given_up} given up ({error})",
            "Mend its address and try it with 'monitor notify test {subject}'. What was given up is sent again by "
            "'monitor deliveries --resend-dead'.",
            "Channel {subject} takes alerts again, after {lasted}",
            "{count} channels refuse",
        ),
        Kind.CHANNEL_LATE: Phrases(
            "Channel {subject} is late: {waiting} waiting, the oldest for {lasting} ({error})",
            "Nothing is lost, it is tried again and again. 'monitor notify test {subject}' shows what is wrong.",
            "Channel {subject} is on time again, after {lasted}",
            "{count} channels are late",
        ),
        Kind.CANARY_LOST: Phrases(
            "The daily test of channel {subject} has not arrived ({error})",
            "Alerts on this channel would not arrive either. 'monitor notify test {subject}' shows what is wrong.",
            "The daily test of channel {subject} arrives again",
            "The daily tests of {count} channels have not arrived",
        ),
        Kind.CLOCK: Phrases(
            "The clock of this machine is wrong, or was: feeds were read {ahead} in the future",
            "Look at it with 'date -u', and let it be set over the network (NTP). Times in alerts may be wrong.",
            "The clock is right again",
        ),
    },
    "ar": {
        Kind.NETWORK: Phrases(
            "يبدو أن الشبكة منقطعة: تعذّرت قراءة {failing} من أصل {feeds} ({error})",
            "تحقّق من اتصال هذا الجهاز بالشبكة ومن خوادم الأسماء والوكيل. تُعاد محاولة كل خلاصة خلال ساعة.",
            "عادت الشبكة بعد {lasted}",
        ),
        Kind.FEED_FAILING: Phrases(
            "تعذّرت قراءة الخلاصة {name} {failures}: {error}",
            "افتح عنوانها في المتصفح. إن انتقلت فغيّر عنوانها في ملف القواعد، وإن زالت فاحذفها منه.",
            "عادت الخلاصة {name} مقروءة بعد {lasted}",
            "خلاصات تعذّرت قراءتها: {count}",
        ),
        Kind.FEED_GONE: Phrases(
            "زالت الخلاصة {name}: يقول خادمها إنها لن تعود ({error})",
            "ابحث في موقع الناشر عن عنوانها الجديد وغيّره في ملف القواعد، أو احذفها منه.",
            "عادت الخلاصة {name} مقروءة بعد {lasted}",
            "خلاصات زالت: {count}",
        ),
        Kind.FEED_SILENT: Phrases(
            "الخلاصة {name} صامتة: لا جديد فيها منذ {lasting}{usual}",
            "انظر في موقع الناشر. إن كانت فيه أخبار ليست في الخلاصة فراقب خلاصة أخرى له.",
            "عاد الجديد إلى الخلاصة {name} بعد {lasted}",
            "خلاصات صامتة: {count}",
        ),
        Kind.FEED_EMPTY: Phrases(
            "الخلاصة {name} فارغة: تُقرأ وليس فيها خبر",
            "افتح عنوانها في المتصفح. إن بقيت فارغة فابحث عن خلاصات أخرى للناشر.",
            "عادت الأخبار إلى الخلاصة {name} بعد {lasted}",
            "خلاصات فارغة: {count}",
        ),
        Kind.FEED_GARBLED: Phrases(
            "الخلاصة {name} تصل تالفة: {warning}",
            "قد تفوت القواعدَ أخبارٌ لا تُقرأ. أبلغ الناشر أو راقب خلاصة أخرى له.",
            "عادت الخلاصة {name} سليمة",
            "خلاصات تصل تالفة: {count}",
        ),
        Kind.FEED_OVERFLOWS: Phrases(
            "الخلاصة {name} تنشر أسرع مما تُقرأ، وربما فاتت أخبار منها",
            "زد عدد قراءاتها: قيمة أقصر في \u2068every\u2069، وأقلّها \u206830s\u2069. هذا متوقع مرة بعد توقف البرنامج.",
            "تُقرأ الخلاصة {name} بلا انقطاع منذ يوم",
            "خلاصات تنشر أسرع مما تُقرأ: {count}",
        ),
        Kind.FEED_MOVED: Phrases(
            "انتقلت الخلاصة {name} نهائيًا إلى {to}",
            "ما زالت تُقرأ. غيّر عنوانها في ملف القواعد قبل أن ينتهي العنوان القديم.",
            "الخلاصة {name} تُقرأ من عنوانها",
            "خلاصات انتقلت: {count}",
        ),
        Kind.FEED_ARTICLES: Phrases(
            "مقالات الخلاصة {name}: تعذّرت قراءة {unread} من أحدث {articles} ({error})",
            "تنظر القواعد في ما تحمله الخلاصة نفسها. افتح أحد مقالاتها في المتصفح؛ إن كان نصه يحتاج إلى تسجيل دخول أو "
            "إلى برنامج نصي فاحذف \u2068full_text\u2069 منها.",
            "عادت مقالات الخلاصة {name} تُقرأ بعد {lasted}",
            "خلاصات تعذّرت قراءة مقالاتها: {count}",
        ),
        Kind.RULE_BLIND: Phrases(
            "القاعدة {subject} لا ترى: خلاصات تعذّرت قراءتها {down} من أصل {of} ({names})",
            "أصلح هذه الخلاصات أو أعطِ القاعدة غيرها. حتى ذلك الحين لا يعني صمتها شيئًا.",
            "عادت القاعدة {subject} ترى بعد {lasted}",
            "قواعد لا ترى: {count}",
        ),
        Kind.CHANNEL_REFUSES: Phrases(
            "القناة {subject} ترفض: لم يصل عبرها {given_up} ({error})",
            "أصلح عنوانها وجرّبها بالأمر \u2068monitor notify test {subject}\u2069. ما لم يصل عبرها يعيد إرساله الأمر "
            "\u2068monitor deliveries --resend-dead\u2069.",
            "عادت القناة {subject} تستقبل التنبيهات بعد {lasted}",
            "قنوات ترفض: {count}",
        ),
        Kind.CHANNEL_LATE: Phrases(
            "القناة {subject} متأخرة: في الانتظار {waiting}، الأقدم منذ {lasting} ({error})",
            "لم يضع شيء، والمحاولة مستمرة. الأمر \u2068monitor notify test {subject}\u2069 يبيّن العلّة.",
            "عادت القناة {subject} في موعدها بعد {lasted}",
            "قنوات متأخرة: {count}",
        ),
        Kind.CANARY_LOST: Phrases(
            "لم يصل الاختبار اليومي إلى القناة {subject} ({error})",
            "لن تصل التنبيهات إلى هذه القناة أيضًا. الأمر \u2068monitor notify test {subject}\u2069 يبيّن العلّة.",
            "عاد الاختبار اليومي يصل إلى القناة {subject}",
            "قنوات لم يصلها الاختبار اليومي: {count}",
        ),
        Kind.CLOCK: Phrases(
            "ساعة هذا الجهاز خاطئة أو كانت كذلك: سُجّلت قراءات تسبق وقتها بمقدار {ahead}",
            "تحقّق منها بالأمر \u2068date -u\u2069 واضبطها عبر الشبكة (\u2068NTP\u2069). قد تكون أوقات التنبيهات خاطئة.",
            "عادت الساعة صحيحة",
        ),
    },
}

# Headings, in Arabic, of what a part of monitor reports in its own words, by the first word of the trouble's name.
REPORTED: Mapping[str, str] = {
    "rules": "رُفضت القواعد المعدّلة، وتبقى القديمة سارية",
    "published": "رُفضت قواعد منشورة في أحد العاملين، وتبقى السابقة سارية فيه",
    "tests": "قواعد سارية لا تجتاز اختباراتها",
    "warnings": "في القواعد السارية ما يستدعي النظر",
    "rule": "ربما فات قاعدةً شيءٌ",
    "channel": "قناة لا يمكن استعمالها",
    "dead": "تنبيهات لم تُسلَّم",
    "state": "تعذّرت الكتابة في مجلد الحالة",
    "disk": "القرص لا يقبل ما يجب تسجيله",
    "damage": "مجلد الحالة تالف",
    "lost": "عمل لم يكتمل داخل المرصد",
    "heartbeat": "تعذّر إرسال إشارة حياة المرصد إلى عنوانها",
    "clock": "ضُبطت ساعة الجهاز",
    "": "عطل في المرصد",
}

# How the end of such a report is told where "over" before its heading would say the contrary.
REPORTED_OVER: Mapping[str, Mapping[Language, str]] = {
    "rules": {"en": "The rules file as it is now is in force", "ar": "ملف القواعد بصورته الحالية سارٍ الآن"},
}
