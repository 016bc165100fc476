"""The query of a rule or of a search: one line, with signs (R206, R319 to R321)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # query
    "the query has more than <n> characters": "العبارة أطول من <n|حرف|حرفين|حروف|حرفًا>",
    "put words into groups: group:name": "ضع الكلمات في مجموعات: `group:name`",
    "this ')' closes nothing": "القوس `)` هنا لا يغلق شيئًا",
    "remove it, or write the '(' that it belongs to": "احذفه، أو اكتب القوس `(` الذي يفتحه",
    "the query has nothing to look for (only exclusions)": "ليس في العبارة ما يُبحث عنه (استثناءات فقط)",
    "write first what must be found: <like>": "اكتب أولًا ما يجب أن يوجد: `<like>`",
    "OR with an exclusion would find almost everything": "`OR` مع استثناء تجد كل شيء تقريبًا",
    "write: (first OR second) NOT third": "اكتب: `(الأول OR الثاني) NOT الثالث`",
    "a distance binds words of one part of an entry: put 'title:' before all of it, or use AND": (
        "المسافة تربط كلمات جزء واحد من الخبر: ضع `title:` قبل العبارة كلها، أو استعمل `AND`"
    ),
    "<sign> stands between different parts of an entry, so it never holds": (
        "<sign> بين جزأين مختلفين من الخبر، فلا تتحقق أبدًا"
    ),
    "NOT stands twice": "`NOT` مكتوبة مرتين",
    "one is enough; two would mean nothing": "تكفي واحدة؛ ولا معنى لاثنتين",
    "an exclusion of an exclusion": "استثناء من استثناء",
    "remove both NOT": "احذف `NOT` الاثنتين",
    "NOT behind '<sign>'": "`NOT` بعد `<sign>`",
    "write it before: NOT <sign>…": "اكتبها قبله: `NOT <sign>…`",
    "this '(' is never closed": "القوس `(` هنا لا يُغلق",
    "write the ')' that belongs to it": "اكتب القوس `)` الذي يغلقه",
    "more than <n> boxes within each other": "أكثر من <n|قوس|قوسين|أقواس|قوسًا>، بعضها داخل بعض",
    "'<name>:' before an exclusion": "`<name>:` قبل استثناء",
    "write NOT <name>:…": "اكتب `NOT <name>:…`",
    "a part of an entry within another one is never found": "لا يقع جزء من الخبر داخل جزء آخر",
    "keep one of the two": "أبقِ أحدهما",
    "'<name>:' names nothing": "`<name>:` لا تسمّي شيئًا",
    "write one id: <name>:name, and for several <name>:one OR <name>:two": (
        "اكتب معرّفًا واحدًا: `<name>:name`، ولعدة معرّفات `<name>:one OR <name>:two`"
    ),
    "'<word>' in small letters is a word to look for, and no operator": (
        "`<word>` بحروف صغيرة كلمة يُبحث عنها، وليست رابطًا"
    ),
    'write <sign>, or "<word>" if it is meant itself': 'اكتب `<sign>`، أو `"<word>"` إن قُصدت الكلمة نفسها',
    "write the exclusion behind it: (first <sign> second) NOT third": (
        "اكتب الاستثناء بعدها: `(الأول <sign> الثاني) NOT الثالث`"
    ),
    "<sign> cannot bind what has an exclusion in it": "لا تربط <sign> ما فيه استثناء",
    "<sign> puts words in order, and this has none: a box of AND or NEAR": (
        "تشترط <sign> ترتيب الكلمات، ولا ترتيب لما بينه `AND` أو `NEAR`"
    ),
    "bind words, phrases or lists with OR, or use NEAR": "اربط كلمات أو عبارات أو قوائم بـ `OR`، أو استعمل `NEAR`",
    # query_row
    "nothing stands in these parentheses": "لا شيء بين هذين القوسين",
    "write words there, or remove them": "اكتب بينهما كلمات، أو احذفهما",
    "'<sign>' has nothing on its right": "لا شيء بعد `<sign>`",
    "'<sign>' has nothing on its left": "لا شيء قبل `<sign>`",
    "nothing stands behind this '('": "لا شيء بعد القوس `(`",
    "write words and a ')', or remove it": "اكتب كلمات وقوس الإغلاق `)`، أو احذفه",
    "the query begins with ')'": "تبدأ العبارة بقوس الإغلاق `)`",
    "write for example: <like>": "اكتب مثلًا: `<like>`",
    'write "<phrase>" for the phrase, or AND between them': 'اكتب `"<phrase>"` للعبارة، أو `AND` بينهما',
    "<sign> binds «<one>» alone, without «<other>» beside it": "تربط <sign> «<one>» وحدها، دون «<other>» التي بجانبها",
    "write what belongs there, or remove it": "اكتب ما يلزم هناك، أو احذفها",
    "<one> and <other> in one row could be read in two ways": "اجتماع <one> و<other> بلا أقواس يُقرأ على وجهين",
    "put two of the three into parentheses": "ضع اثنين من الثلاثة بين قوسين",
    # query_words
    "<sign> closes a quotation that nothing opens": "علامة التنصيص <sign> تغلق ما لم يُفتح",
    'put straight quotes around it: "…"': 'ضع حولها علامتي تنصيص مستقيمتين: `"…"`',
    "this quotation is never closed": "علامة التنصيص هذه لا تُغلق",
    'close it with the same sign: "…"': 'أغلقها بالعلامة نفسها: `"…"`',
    "'~' is no distance here": "`~` هنا ليست مسافة",
    "write it between two words: first NEAR/5 second": "اكتب المسافة بين كلمتين: `الأولى NEAR/5 الثانية`",
    "there are <names>; a ':' that is meant itself needs quotes": (
        "الممكن: <names>؛ وإن قُصدت `:` نفسها فضع الكلمة بين علامتي تنصيص"
    ),
    "'<name>:' is no part of an entry and no kind of name": "`<name>:` ليس جزءًا من الخبر ولا نوعًا من الأسماء",
    "at most <n> words; 8 to 15 are usual": "أقصى المسافة <n|كلمة واحدة|كلمتان|كلمات|كلمة>، والمعتاد من 8 إلى 15",
    "'<word>' <what*>": "`<word>` <what*>",
    "is no distance here": "هنا ليست مسافة",
    "does not say how many words": "لا تبيّن عدد الكلمات",
    "write <name>/<n>: at most so many words between": "اكتب `<name>/<n>`: هذا العدد من الكلمات بينهما على الأكثر",
    "write the word itself": "اكتب الكلمة نفسها",
    "'<word>' is searched for as it stands": "يُبحث عن «<word>» كما هي، وليست رابطًا",
    "write AND": "اكتب `AND`",
    "write OR": "اكتب `OR`",
    "write NOT": "اكتب `NOT`",
    "write AND <word>": "اكتب `AND <word>`",
    "write NOT <word>": "اكتب `NOT <word>`",
    "'<sign>' joins nothing here": "العلامة «<sign>» لا تربط هنا شيئًا",
    "write OR or AND between the words": "اكتب `OR` أو `AND` بين الكلمات",
    "'<sign>' before a word means nothing here": "لا معنى هنا للعلامة `<sign>` قبل الكلمة",
    "'*' stands for any ending, at the end of a word": "`*` تعني أي نهاية، ومكانها آخر الكلمة",
    "write the beginning of the word: begin*": "اكتب أول الكلمة: `أول*`",
    "'<sign>' is no wildcard here": "العلامة `<sign>` هنا لا تنوب عن حروف",
    "plain words find their forms by themselves; remove it": "الكلمة العادية تجد صيغها من نفسها؛ احذفها",
}
