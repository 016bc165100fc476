"""Rules versions: why a worker does not go by the newest (`cluster`, `store/rules_rows`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # rules_watch
    "no rules were published yet: 'monitor rules publish' does it": (
        "لم تُنشر قواعد بعد: انشرها بالأمر `monitor rules publish`"
    ),
    "rules version <number> cannot be used:": "تعذّر العمل بالإصدار <number> من القواعد:",
    "Version <number> stays in force here.": "يبقى الإصدار <number> ساريًا هنا.",
    "Version <number> is in force here.": "الإصدار <number> هو الساري هنا.",
    "The rest of it is in force here: no worker had all that it needs, and nothing would be watched.": (
        "بقية هذا الإصدار سارية هنا: ليس لدى أي عامل كل ما يحتاج إليه، ولولا ذلك لما رُصد شيء."
    ),
    "No rules are in force here.": "لا قواعد سارية هنا.",
    "it is not there any more": "لم يعد موجودًا",
    "rules version <number> cannot be loaded: see the log, and report it": (
        "تعذّر تحميل الإصدار <number> من القواعد: انظر في السجل، وأبلغ عنه"
    ),
    # rules_rows
    "rules version <number> is damaged: its files cannot be read. Publish the rules again with 'monitor rules publish',"
    " or bring a backup of the database back.": (
        "الإصدار <number> من القواعد تالف: تتعذّر قراءة ملفاته. أعد نشر القواعد بالأمر `monitor rules publish`،"
        " أو استعد نسخة احتياطية من قاعدة البيانات."
    ),
    # published
    "<path> changed while it was read: publish it once it is written": (
        "تغيّر <path> أثناء قراءته: انشره بعد أن تكتمل كتابته"
    ),
    "<path> cannot be published: <why*>. Give it another name.": "لا يُنشر <path>: <why*>. سمّه باسم آخر.",
    "publish the rules again with 'monitor rules publish'; nothing else writes rules versions": (
        "أعد نشر القواعد بالأمر `monitor rules publish`؛ فلا شيء سواه يكتب إصداراتها"
    ),
    "<directory> cannot take rules version <number>: <why*>. Give this user write permission on it, and room.": (
        "تعذّر وضع الإصدار <number> من القواعد في <directory>: <why*>. امنح هذا المستخدم صلاحية الكتابة"
        " فيه، وأفسح له مكانًا."
    ),
    "others than this user may write there": "يستطيع غير هذا المستخدم أن يكتب فيه",
    "<directory> is not empty: name a new directory, so that nothing in it is overwritten": (
        "المجلد <directory> ليس فارغًا: سمّ مجلدًا جديدًا كي لا يُكتب فوق شيء فيه"
    ),
    "<path> cannot be written: <why>": "تتعذّر الكتابة في <path>: <why>",
    "it is the rules file, and not among the files": "هو ملف القواعد، وليس بين الملفات",
    "there are more than <n> files": "فيه أكثر من <n|ملف|ملفين|ملفات|ملفًا>",
    "a file cannot lie below another file": "لا يكون ملف تحت ملف آخر",
    "its name leads elsewhere": "اسمه يقود إلى مكان آخر",
    "its name is not a text that can be printed": "اسمه ليس نصًا يُطبع",
    "its name is too long": "اسمه أطول مما يجوز",
    "it is too large": "هو أكبر مما يجوز",
}
