"""A rule as a whole: what it can find, what its parts have to do with each other, whom it tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # written_rule
    "rule '<id>' asks for <n> of <all> under 'any'": "القاعدة «<id>» تطلب <n> مما تحت `any`، وفيه <all> فقط",
    "lower 'at_least', or add items under 'any'": "خفّض `at_least`، أو أضف عناصر تحت `any`",
    "'escalate' raises to '<to>', and the rule is '<severity>' already": (
        "يرفع `escalate` الأهمية إلى `<to>`، وأهمية القاعدة `<severity>` أصلًا"
    ),
    "name a higher severity under 'to', or lower the rule's own": "اذكر تحت `to` أهمية أعلى، أو خفّض أهمية القاعدة",
    "the channel '<name>' is told at once already, by 'notify'": "القناة «<name>» تُبلَّغ فورًا أصلًا، بحسب `notify`",
    "name another channel, or remove it from one of the two": "اذكر قناة أخرى، أو احذفها من أحد الموضعين",
    # overall
    "<rule*> has nothing to look for (<reason*>)": "<rule*> لا شيء فيها يُبحث عنه (<reason*>)",
    "rule '<id>'": "القاعدة «<id>»",
    "this rule": "هذه القاعدة",
    "neither 'all' nor 'any' nor 'query'": "لا `all` فيها ولا `any` ولا `query`",
    "only exclusions": "استثناءات فقط",
    "add 'all:' or 'any:' with what must be found": "أضف `all:` أو `any:` وتحته ما يجب أن يوجد",
    "the channel 'console' is the terminal and has no address": "القناة `console` هي الطرفية، ولا عنوان لها",
    "remove its url, or choose another id": "احذف عنوانها (`url`)، أو اختر معرّفًا آخر",
    "the channel '<name>' has no address": "القناة «<name>» بلا عنوان",
    'write url: "${<name>}"': 'اكتب `url: "${<name>}"`',
    "the channel '<name>' takes no alerts, so that none can fall back": (
        "القناة «<name>» لا تأخذ تنبيهات، فلا بديل عنها لأي تنبيه"
    ),
    "remove 'fallback'; every channel for operations hears of the monitor's trouble": (
        "احذف `fallback`؛ فكل قنوات التشغيل تُبلَّغ بأعطال المرصد"
    ),
    "the place '<name>' has no name and no spelling": "المكان «<name>» بلا اسم ولا كتابة",
    "write name: {ar: …, en: …}, or 'terms' with its spellings": (
        "اكتب `name: {ar: …, en: …}`، أو `terms` وفيه طرق كتابته"
    ),
    # never
    "this can never hold: its items belong to different parts of an entry": (
        "لن يتحقق هذا أبدًا: عناصره من أجزاء مختلفة من الخبر"
    ),
    "'near' and 'sentence' bind words of one part, and no part lies in another: name one of title, summary, body": (
        "يربط `near` و`sentence` كلمات جزء واحد، ولا جزء داخل جزء: اذكر واحدًا من `title` و`summary` و`body`"
    ),
    # kinds
    "a <kind> wants '<name>'": "القاعدة من نوع `<kind>` تحتاج إلى `<name>`",
    "write how long: within: 1h": "اكتب المدة: `within: 1h`",
    "write how long: for: 6h": "اكتب المدة: `for: 6h`",
    "name the feeds that are expected to bring something: ids, or tag:name": (
        "اذكر الخلاصات التي يُنتظر منها جديد، بمعرّفاتها أو بـ `tag:وسم`"
    ),
    "'tests' means nothing to the silence of whole feeds": "لا معنى للاختبارات (`tests`) في صمت خلاصات كاملة",
    "add 'all:' or 'any:', or remove the tests": "أضف `all:` أو `any:`، أو احذف الاختبارات",
    "'<name>' belongs to rules of kind: <kind>": "الإعداد `<name>` للقواعد من نوع `kind: <kind>`",
    "add 'kind: <kind>', or remove the line": "أضف `kind: <kind>`، أو احذف السطر",
    "'<name>' means nothing to a rule of kind: <kind>": "لا معنى للإعداد `<name>` في قاعدة من نوع `kind: <kind>`",
    "remove the line, or make another rule for it": "احذف السطر، أو اكتب له قاعدة أخرى",
    "a volume has either 'count' or 'surge'": "في قاعدة الكثرة إما `count` وإما `surge`",
    "make two rules of it": "اجعلها قاعدتين",
    "the volume<rule*> says neither 'count' nor 'surge'": "قاعدة الكثرة<rule*> ليس فيها `count` ولا `surge`",
    " of the rule '<id>'": " «<id>»",
    "write count: 5 stories, or surge: 3x": "اكتب `count: 5 قصص`، أو `surge: 3x`",
    # circles
    "the place '<name>' lies within itself": "المكان «<name>» واقع داخل نفسه",
    "name a larger place under 'within', or remove the line": "اذكر تحت `within` مكانًا أكبر، أو احذف السطر",
    "the group '<name>' holds itself": "المجموعة «<name>» تحوي نفسها",
    "remove it from its own list": "احذفها من قائمتها",
    "the channel '<name>' falls back on itself<way*>": "بديل القناة «<name>» هو القناة نفسها<way*>",
    ", by way of '<name>'": "، مرورًا بـ «<name>»",
    "name another channel under 'fallback', or remove the line": "اذكر تحت `fallback` قناة أخرى، أو احذف السطر",
    "the rule '<name>' keeps itself quiet<way*>": "القاعدة «<name>» تُسكت نفسها<way*>",
    "name other rules under 'inhibit'; of two, only one may stand for the other": (
        "اذكر تحت `inhibit` قواعد أخرى؛ ومن كل قاعدتين واحدة فقط تغني عن الأخرى"
    ),
    # scores
    "this weight counts for nothing": "هذا الوزن لا أثر له",
    "weights are added up in an 'any' with 'min_score': write one there, or remove the weight": (
        "تُجمع الأوزان في `any` إذا كان معه `min_score`: اكتبه هناك، أو احذف الوزن"
    ),
    "'min_score' counts what is found of 'any', and there is none": (
        "يحسب `min_score` ما وُجد مما تحت `any`، ولا `any` هنا"
    ),
    "add 'any:' with items": "أضف `any:` وتحته عناصر",
    "'min_score' and 'at_least' cannot stand together": "لا يجتمع `min_score` و`at_least`",
    "keep one of them: at_least: 2 counts items, min_score: 2 adds their weights up": (
        "أبقِ أحدهما: `at_least: 2` يعدّ العناصر، و`min_score: 2` يجمع أوزانها"
    ),
    "a score of <score> is never reached: all items of 'any' together have <most>": (
        "لا يُبلغ الوزن <score> أبدًا: مجموع أوزان ما تحت `any` هو <most>"
    ),
    "lower 'min_score', or give items a 'weight'": "خفّض `min_score`، أو أعطِ العناصر وزنًا (`weight`)",
    # items
    "strict about <letters*>, but no form of '<word>' has it": (
        "طُلب التدقيق في <letters*>، وليس في أي صيغة من صيغ «<word>»"
    ),
    "write the word with the letters that matter, or remove <letters*>": (
        "اكتب الكلمة بالحروف المقصودة، أو احذف <letters*>"
    ),
    # read
    "there are no rules": "لا توجد قواعد",
    "write at least one rule under 'rules:', or include a file with some": (
        "اكتب تحت `rules:` قاعدة واحدة على الأقل، أو أدرج ملفًا فيه قواعد"
    ),
    "'<name>' belongs into the main file, not into one that is included": (
        "مكان `<name>` الملف الرئيسي، لا ملف يُدرج فيه"
    ),
    "move it there": "انقله إليه",
    "the rule '<id>' looks at nothing: all its feeds are left out": (
        "القاعدة «<id>» لا تنظر في شيء: كل خلاصاتها متروكة"
    ),
    "give their ${…} a value, or name other feeds": "أعطِ `${…}` فيها قيمة، أو اذكر خلاصات أخرى",
    # filling
    "nobody may look at the pages: <reference> has no value": "لا يستطيع أحد فتح الصفحات: <reference> بلا قيمة",
    "create the file <name>": "أنشئ الملف <name>",
    "set it: export <name>=…, and start monitor again where it runs": (
        "عيّن قيمته: `export <name>=…`، وأعد تشغيل المرصد حيث يعمل"
    ),
    "on line <n>": "في السطر <n>",
    "the <kind*> <called*> is left out: <names> <lacks*>": "<kind*> <called*> خارج الاستعمال: <names> <lacks*>",
    "has no value": "بلا قيمة",
    "have no value": "بلا قيمة",
    "address": "(العنوان)",
    "<what*>, or remove the <kind*>": "<what*>، أو احذف <kind*>",
}
