"""What an explanation says beside its clauses: why a rule does not look, how near it came, what went wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # filters
    "it is switched off (enabled: false)": "هي موقوفة (`enabled: false`)",
    "it expired: its last day was <day>": "انتهت مدتها: كان آخر أيامها <day>",
    "it looks at other feeds (<names>), not at <feed>": "تنظر في خلاصات أخرى (<names>)، لا في <feed>",
    "it looks at other languages (<names>), not at this one": "تنظر في لغات أخرى (<names>)، لا في هذه",
    "it looks at other languages (<names>), not at <language>": "تنظر في لغات أخرى (<names>)، لا في <language>",
    # explain
    "the rule does not look at the <field*>; with 'search_in: [<fields>]' it matches": (
        "لا تنظر القاعدة في <field*>؛ ومع `search_in: [<fields>]` تطابق"
    ),
    "title and summary": "العنوان والملخص",
    "title and body": "العنوان ونص المقال",
    "summary and body": "الملخص ونص المقال",
    "it looks only at the feeds <names>": "لا تنظر إلا في الخلاصات <names>",
    "not close enough": "ليست قريبة بما يكفي",
    # clauses
    "no number of killed is told": "لم يُذكر عدد القتلى",
    "no number of wounded is told": "لم يُذكر عدد الجرحى",
    "found <figure*>": "وُجد <figure*>",
    "found <figure*>, wanted <bound>": "وُجد <figure*>، والمطلوب <bound>",
    "<n> or more": "<n> أو أكثر",
    "<n> to <m>": "من <n> إلى <m>",
    "they do not stand so close in this order": "ليست بهذا القرب وبهذا الترتيب",
    "the closest they come is <n> words": "أقرب ما بينها <n|كلمة واحدة|كلمتان|كلمات|كلمة>",
    "they are not all in one field: <where*>": "ليست كلها في جزء واحد: <where*>",
    "the title has <what*>; the summary has <other*>; the body has <rest*>": (
        "في العنوان <what*>، وفي الملخص <other*>، وفي نص المقال <rest*>"
    ),
    "the title has <what*>; the summary has <other*>": "في العنوان <what*>، وفي الملخص <other*>",
    "the title has <what*>; the body has <other*>": "في العنوان <what*>، وفي نص المقال <other*>",
    "the summary has <what*>; the body has <other*>": "في الملخص <what*>، وفي نص المقال <other*>",
    "no sentence has them all; <where*> lacks <what*>": "لا جملة تجمعها كلها؛ وينقص <where*>: <what*>",
    "the title": "العنوان",
    "the summary": "الملخص",
    "the body": "نص المقال",
    "sentence <n> of the <field*>": "الجملة <n> من <field*>",
    # operators, leaves
    "<sum*> = <score> of <least>": "<sum*> = <score> من <least>",
    "0 of <least>": "0 من <least>",
    "<box*>: too many ways to choose them in this text; use fewer or rarer terms": (
        "<box*>: طرق اختيارها في هذا النص أكثر مما يُحسب؛ استعمل عبارات أقل أو أندر"
    ),
    "all of these": "كل ما يلي",
    "any of these": "أي مما يلي",
    "at least <n> of these": "ما لا يقل عن <n> مما يلي",
    "a score of at least <n> of these": "مما يلي ما يبلغ وزنه <n>",
    "the first of these, without the others": "الأول مما يلي دون ما بعده",
    "all of these in the title": "كل ما يلي في العنوان",
    "all of these, at most <n> words between each and the next": (
        "كل ما يلي، وبين كل عبارة والتي تليها <n|كلمة واحدة|كلمتان|كلمات|كلمة> على الأكثر"
    ),
    "all of these in this order, at most <n> words between each and the next": (
        "كل ما يلي بترتيبه، وبين كل عبارة والتي تليها <n|كلمة واحدة|كلمتان|كلمات|كلمة> على الأكثر"
    ),
    "all of these in one sentence": "كل ما يلي في جملة واحدة",
    "the regex <regex> took longer than <n> ms in the <field*>; write it without nested repetition, or use"
    " terms and near": (
        "استغرق التعبير النمطي <regex> أكثر من <n> مللي ثانية في <field*>؛ اكتبه بلا تكرار داخل تكرار، أو"
        " استعمل كلمات"
        " مع `near`"
    ),
    # almost, otherwise: those of which the pages have no sentence of their own
    "with tanwin it is another word than «<word>»": "بالتنوين كلمة غير «<word>»",
    "before so short a word, ك or ف is mostly the word's own first letter": (
        "الكاف أو الفاء قبل كلمة بهذا القصر من أصلها في الغالب"
    ),
    "'strict' tells its letters from those of «<word>»": "يفرّق `strict` بين حروفها وحروف «<word>»",
    "with this hamza it is another word": "بهذه الهمزة كلمة أخرى",
    "the name has the article, so it is expected": "أل من الاسم، فلا بد منها",
    "with the article it is another word: a name is found as it is written": ("مع أل كلمة أخرى: الاسم يوجد كما يُكتب"),
    "it is the verb, which a noun does not find: <what> does": "هو فعل، والاسم لا يجد فعله: يجده <what>",
    # rules/matcher, evidence
    "<error>: see the log, and report it": "<error>: انظر في السجل، وأبلغ عنه",
}
