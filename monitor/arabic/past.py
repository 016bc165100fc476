"""What a trial of rules on the past says: why an alert is gained or lost, what was left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # difference
    "the rule is gone": "حُذفت القاعدة",
    "the rule is new": "القاعدة جديدة",
    "the rule is not matched now": "القاعدة لا تطابق الآن",
    "the rule was not matched before": "لم تكن القاعدة تطابق",
    "before: <what*>": "من قبل: <what*>",
    "now: <what*>": "الآن: <what*>",
    "held before: <clause>": "كان متحققًا: <clause>",
    "now holds: <clause>": "صار متحققًا: <clause>",
    "excluded by <what>": "استبعده <what>",
    "<what> is missing": "ينقص <what>",
    "<what> are missing": "ينقص <what>",
    # reasons, as a decision has them
    "<reason*> (<why*>)": "<reason*> (<why*>)",
    "first report": "أول خبر عن هذا الحدث",
    "told by further independent sources": "أكدته مصادر مستقلة أخرى",
    "escalated": "ارتفعت أهميته",
    "the story changed": "تغيّر ما يُروى عنه",
    "corrected": "صُحّح",
    "denied": "نُفي",
    "the feed was polled for the first time": "أول قراءة للخلاصة",
    "already alerted": "سبق الإبلاغ عنه",
    "older than max_age": "أقدم مما تقبله القاعدة",
    "the rule has expired": "انتهت مدة القاعدة",
    "muted": "مكتوم",
    "another story stands for it": "تنبيه آخر يغني عنه",
    "below min_sources": "مصادر أقل مما تطلبه القاعدة",
    "within the rule's throttle": "ضمن مهلة القاعدة",
    "counted, not told by itself": "يُحسب ولا يُبلَّغ عنه وحده",
    # trial
    "the source had told this very text before": "روى المصدر هذا النص نفسه من قبل",
    "a later alert of the story took its place while it waited, or it was muted": (
        "حلّ محلّه وهو ينتظر تنبيه أحدث من القصة، أو كُتم"
    ),
    "no channel takes it: see 'notify' of the rule, and 'min_severity' of its channels": (
        "لا تأخذه أي قناة: انظر `notify` في القاعدة و`min_severity` في قنواتها"
    ),
    "Other rules stand for these (inhibit), and were tried too: <names>.": (
        "قواعد أخرى تغني عن هذه (`inhibit`)، وقد جُرّبت معها: <names>."
    ),
    "Switched off (enabled: false), so nothing of it would be sent: <names>.": (
        "موقوفة (`enabled: false`)، فلا يُرسل منها شيء: <names>."
    ),
    "Rules that wait for silence are not tried: <names>. When a feed answered and brought nothing is not kept.": (
        "قواعد الصمت لا تُجرَّب: <names>. فلا يُحفظ متى أجابت الخلاصة بلا جديد."
    ),
    "What a feed held when it was read for the first time is matched and told to nobody, as it was then.": (
        "ما كان في الخلاصة عند أول قراءة لها يُطابَق ولا يُبلَّغ عنه أحد، كما كان حينها."
    ),
    "Mutes are left out: this tells what the rules would say. With --mutes they are kept.": (
        "لا يُحسب الكتم: هذا ما تقوله القواعد وحدها. ومع `--mutes` يُحسب."
    ),
    "Who else hears of an alert that nobody acknowledges is left out (<names>).": (
        "لا يُحسب من يُبلَّغ بعد ذلك بتنبيه لم يؤكد أحد الاطلاع عليه (<names>)."
    ),
    # archive
    " and <n> more": " و<n|سطر آخر|سطران آخران|أسطر أخرى|سطرًا آخر>",
    "Lines that are no document were passed over: <lines>.": "تُركت أسطر ليست مستندات: <lines>.",
    "<undated> of <all> documents have no date that can be read in 'published': each was taken as seen with"
    " the dated"
    " one before it.": (
        "<undated> من <all> من المستندات بلا تاريخ يُقرأ في `published`: عُدّ كل منها مرصودًا مع المؤرخ الذي قبله."
    ),
    "No document has a date that can be read in 'published': all were taken as seen at one moment, so"
    " nothing can be"
    " said of days, and a throttle lets one alert of a story pass.": (
        "لا مستند له تاريخ يُقرأ في `published`: عُدّت كلها مرصودة في لحظة واحدة، فلا يُقال شيء عن الأيام،"
        " ولا يمرّ من القصة"
        " مع المهلة إلا تنبيه واحد."
    ),
    "<n> documents lie outside the time asked about.": "<n|مستند|مستندان|مستندات|مستندًا> خارج المدة المطلوبة.",
    "An archive does not tell which feed brought a document: rules for certain feeds looked at all, and each"
    " 'source'"
    " counts as one newsroom.": (
        "لا يذكر الأرشيف أي خلاصة جاءت بالمستند: فنظرت قواعد الخلاصات المحددة في كل شيء، وعُدّ كل `source` غرفة أخبار."
    ),
}
