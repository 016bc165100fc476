"""The file itself: that it can be read, and that its lines fit together (R101 to R117)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # yaml_source
    "the file has <n> bytes; at most <most> are read": "حجم الملف <n> بايت، ولا يُقرأ أكثر من <most>",
    "split it: put rules into further files and name them under 'include'": (
        "قسّمه: انقل قواعد إلى ملفات أخرى واذكرها تحت `include`"
    ),
    "the file is saved as UTF-16": "الملف محفوظ بترميز `UTF-16`",
    "save it as UTF-8 (in Windows Notepad: Save as, Encoding: UTF-8)": (
        "احفظه بترميز `UTF-8` (في مفكرة ويندوز: «حفظ باسم»، ثم الترميز)"
    ),
    "the byte <byte> here is not UTF-8": "البايت <byte> هنا ليس من ترميز `UTF-8`",
    "the last line has no line end: was the file cut off while it was written or copied?": (
        "السطر الأخير بلا نهاية: هل انقطع الملف أثناء كتابته أو نسخه؟"
    ),
    "look at the end of the file, then add an empty line": "انظر في آخر الملف، ثم أضف سطرًا فارغًا",
    "the character <name> cannot stand in a YAML file": "لا يجوز المحرف <name> في ملف `YAML`",
    "delete it and type the line anew": "احذفه واكتب السطر من جديد",
    "this line is indented with a tab": "أول هذا السطر علامة جدولة (`Tab`)",
    "YAML allows only spaces: use two for each tab": "لا تُقبل في أول السطر إلا المسافات: ضع مسافتين بدل كل علامة",
    "the file is empty, or everything in it is commented out": "الملف فارغ، أو كل ما فيه تعليقات",
    "a rules file has at least 'version: 1' and 'rules:'": "في ملف القواعد على الأقل `version: 1` و`rules:`",
    "the file holds no settings (lines like 'version: 1')": "ليس في الملف إعدادات (أسطر مثل `version: 1`)",
    "begin with 'version: 1' and then 'rules:', each on a line of its own": (
        "ابدأ بـ `version: 1` ثم `rules:`، كل منهما في سطر"
    ),
    "more than <n> blocks and lists inside one another": "تداخل الكتل والقوائم أعمق من <n|مستوى|مستويين|مستويات|مستوى>",
    "write it flatter; groups keep long lists out of rules": (
        "قلّل التداخل؛ وضع القوائم الطويلة في مجموعات خارج القواعد"
    ),
    "more than <n> blocks and lists inside one another; write it flatter; groups keep long lists out of rules": (
        "تداخل الكتل والقوائم أعمق من <n|مستوى|مستويين|مستويات|مستوى>؛ قلّل التداخل، "
        "وضع القوائم الطويلة في مجموعات خارج القواعد"
    ),
    "a second document begins here; remove the line '---'": "يبدأ هنا مستند ثانٍ؛ احذف السطر `---`",
    "a list or block stands where the name of a setting should be": "قائمة أو كتلة في موضع اسم إعداد",
    "a setting's name is a plain word; if this is a search text or a ${…}, put it in quotes": (
        "اسم الإعداد كلمة واحدة؛ وإن كان هذا نص بحث أو `${…}` فضعه بين علامتي تنصيص"
    ),
    "the merge key '<<' is not allowed": "مفتاح الدمج `<<` غير مسموح به",
    "write the settings out; what many rules share goes under 'defaults' or 'groups'": (
        "اكتب الإعدادات كاملة؛ وما تشترك فيه القواعد يوضع تحت `defaults` أو `groups`"
    ),
    "'<key>' stands twice in the same block (first on line <line>)": (
        "الإعداد «<key>» مكتوب مرتين في كتلة واحدة (أولاهما في السطر <line>)"
    ),
    "keep one of the two, or put both into one list": "أبقِ واحدًا منهما، أو اجمعهما في قائمة واحدة",
    "the invisible character <name> stands in <where>": "المحرف غير المرئي <name> داخل <where>",
    "delete it: it cannot be seen, and the text would never be found": "احذفه: لا يُرى، ولن يوجد النص بسببه أبدًا",
    "YAML ignores everything from here on: <rest>": "يُهمَل كل ما بعد علامة `#` هنا: <rest>",
    "put the whole text in quotes; if it is a comment, write a space after '#'": (
        "ضع النص كله بين علامتي تنصيص؛ وإن كان تعليقًا فاكتب مسافة بعد `#`"
    ),
    "the anchor '&<name>' is not allowed": "العلامة `&` قبل <name> غير مسموح بها (`anchor`)",
    "remove it; what many rules share goes under 'defaults' or 'groups'": (
        "احذفها؛ وما تشترك فيه القواعد يوضع تحت `defaults` أو `groups`"
    ),
    "the tag '<name>' is not allowed": "العلامة <name> غير مسموح بها (`tag`)",
    "remove it; if the '!' belongs to the text, put the text in quotes": (
        "احذفها؛ وإن كانت `!` من النص فضعه بين علامتي تنصيص"
    ),
    "'*<name>' is a YAML alias, and aliases are not allowed": (
        "تُقرأ `*` قبل <name> إحالةً إلى غيره (`alias`)، والإحالات غير مسموح بها"
    ),
    "write it out. For any ending of a word: {starts: word}; for a '*' in the text, put the text in quotes": (
        "اكتبه كاملًا. لأي نهاية للكلمة اكتب `{starts: كلمة}`؛ وإن كانت `*` من النص فضعه بين علامتي تنصيص"
    ),
    "a second document begins here": "يبدأ هنا مستند ثانٍ",
    "remove the line '---'; a second file goes under 'include'": "احذف السطر `---`؛ والملف الثاني يُذكر تحت `include`",
    "<what*> (type an ordinary space instead)": "<what*> (اكتب مكانه مسافة عادية)",
    # yaml_hints
    "the invisible character <name> stands in this line": "في هذا السطر المحرف غير المرئي <name>",
    "delete it, or retype the line": "احذفه، أو اكتب السطر من جديد",
    "a ${…} inside { } or [ ] must stand in quotes": "إذا وقع `${…}` داخل `{ }` أو `[ ]` وجب أن يكون بين علامتي تنصيص",
    'write it as "${NAME}", with the quotes': 'اكتبه `"${NAME}"` بعلامتي التنصيص',
    "a tab": "علامة جدولة (`Tab`)",
    "use spaces": "استعمل المسافات",
    "no value can begin with <name*>: YAML keeps this sign for itself": (
        "لا يجوز أن تبدأ القيمة بـ <name*>: لهذه العلامة معنى خاص في `YAML`"
    ),
    'put it in quotes: "<text>"': 'ضعه بين علامتي تنصيص: `"<text>"`',
    "a value that begins with '>' means something else to YAML": "القيمة التي تبدأ بـ `>` تعني في `YAML` شيئًا آخر",
    "a tag": "علامة `tag`",
    "an alias": "إحالة `alias`",
    "an anchor": "علامة `anchor`",
    "'*' at the beginning of a value is a YAML alias, and aliases are not allowed": (
        "تُقرأ `*` في أول القيمة إحالةً إلى غيرها (`alias`)، والإحالات غير مسموح بها"
    ),
    "for any ending of a word write {starts: word}; for a '*' in the text, put the text in quotes": (
        "لأي نهاية للكلمة اكتب `{starts: كلمة}`؛ وإن كانت `*` من النص فضعه بين علامتي تنصيص"
    ),
    "'<sign>' at the beginning of a value is an anchor or a tag, and neither is allowed": (
        "للعلامة <sign> في أول القيمة معنى خاص في `YAML`، وهو غير مسموح به"
    ),
    "remove the sign, or put the whole text in quotes": "احذف العلامة، أو ضع النص كله بين علامتي تنصيص",
    "a second ':' on this line": "في هذا السطر `:` ثانية",
    "a text with ': ' in it must stand in quotes: <name>: \"<text>\"": (
        'النص الذي فيه `: ` يوضع بين علامتي تنصيص: `<name>: "<text>"`'
    ),
    "a quotation mark opens here and is never closed": "تُفتح هنا علامة تنصيص ولا تُغلق",
    "close it at the end of the text": "أغلقها في آخر النص",
    "a list opens here and is not closed": "تبدأ هنا قائمة بقوس لا يُغلق",
    "a block opens here and is not closed": "تبدأ هنا كتلة إعدادات بقوس لا يُغلق",
    "close it with '<sign>' — or, better, put each item on a line of its own": (
        "أغلقه بـ <sign>، والأفضل أن تضع كل عنصر في سطر"
    ),
    "a ',' or '<sign>' is missing before this": "تنقص قبل هذا `,` أو <sign>",
    "put texts with signs in them in quotes": "ضع النصوص التي فيها علامات بين علامتي تنصيص",
    "what begins here is never ended: is the file cut off?": "ما يبدأ هنا لا ينتهي: هل انقطع الملف؟",
    "look at the end of the file": "انظر في آخر الملف",
    "a backslash in double quotes begins an escape that does not exist": (
        "الشرطة المائلة العكسية بين علامتي تنصيص مزدوجتين تبدأ رمزًا لا وجود له"
    ),
    "use single quotes '…', or write each backslash twice": (
        "استعمل علامتي تنصيص مفردتين `'…'`، أو اكتب كل شرطة عكسية مرتين"
    ),
    "the text goes on after the closing quotation mark": "يستمر النص بعد علامة التنصيص التي تغلقه",
    "put the quotes around the whole text, or leave them out; inside '…' write an apostrophe twice": (
        "ضع علامتي التنصيص حول النص كله أو احذفهما؛ وداخل `'…'` تُكتب العلامة المفردة مرتين"
    ),
    "a list cannot begin on this line": "لا يمكن أن تبدأ قائمة في هذا السطر",
    "put '- …' on the next line, indented by two more spaces": "ضع `- …` في السطر التالي، بزيادة مسافتين في أوله",
    "the file ends in the middle of something: is it cut off?": "ينتهي الملف قبل أن يكتمل ما فيه: هل انقطع؟",
    "complete the line (a setting is 'name: value')": "أكمل السطر (الإعداد يُكتب `name: value`)",
    "this line is no 'name: value' and no list item": "هذا السطر ليس إعدادًا (`name: value`) ولا عنصرًا في قائمة",
    "is a ':' or a '- ' missing?": "هل تنقصه `:` أو `- `؟",
    "this line does not fit to the line above": "هذا السطر لا يلائم السطر الذي فوقه",
    "indent it like the lines of the same block; or is a ':' missing in the line above?": (
        "ضع في أوله مسافات بقدر أسطر كتلته؛ أو لعل `:` تنقص في السطر الذي فوقه"
    ),
    "this line does not fit into the block<since*>": "هذا السطر لا يلائم الكتلة<since*>",
    " that begins on line <line>": " التي تبدأ في السطر <line>",
    "all lines of one block begin in the same column; the items of a list begin with '- '": (
        "أسطر الكتلة الواحدة تبدأ في العمود نفسه؛ وعناصر القائمة تبدأ بـ `- `"
    ),
    # config
    "the file keeps changing": "الملف ما زال يتغير",
    "wait until it is written, then try again": "انتظر حتى تكتمل كتابته ثم أعد المحاولة",
    "'<path>' is already read, as <name>": "الملف <path> قُرئ من قبل باسم <name>",
    "remove one of the two; a file is included once, and never by itself": (
        "احذف أحدهما؛ كل ملف يُدرج مرة واحدة، ولا يُدرج نفسه"
    ),
    "more than <n> files are included": "أُدرج أكثر من <n|ملف|ملفين|ملفات|ملفًا>",
    "put some of them together": "اجمع بعضها في ملف واحد",
    "'<path>' cannot be read: <reason*>": "تعذّرت قراءة <path>: <reason*>",
    "its name is not possible": "اسمه لا يصلح",
    "look at its name and its permissions; a path is relative to the file that includes it": (
        "تحقق من اسمه ومن صلاحياته؛ والمسار يبدأ من الملف الذي يُدرجه"
    ),
    "go to the folder where it is, name it with --config FILE, or let 'monitor init' write a first one": (
        "انتقل إلى مجلده، أو سمّه بـ `--config FILE`، أو اكتب ملفًا أول بالأمر `monitor init`"
    ),
    "name the rules file with --config FILE": "سمّ ملف القواعد بـ `--config FILE`",
    "the file of <reference> cannot be read: <reason*>": "تعذّرت قراءة الملف الذي يسمّيه <reference>: <reason*>",
    "it is none of the files that belong together": "ليس من الملفات التي تُنشر معًا",
    "write its path relative to the file that names it": "اكتب مساره بدءًا من الملف الذي يسمّيه",
    "<reference> has no whole path: its file does not go with the rules": (
        "مسار <reference> ليس كاملًا: ملفه لا يُنقل مع القواعد"
    ),
    "write ${file:/whole/path}, the same on every machine, or ${NAME}": (
        "اكتب `${file:/whole/path}` كما هو على كل جهاز، أو `${NAME}`"
    ),
    "it is not a text in UTF-8": "ليس نصًا بترميز `UTF-8`",
    "look at its permissions: monitor must be able to read it": "تحقق من صلاحياته: يجب أن يستطيع المرصد قراءته",
    # full_texts
    "articles cannot be read: the library for it is not installed": "تتعذّر قراءة المقالات: المكتبة اللازمة غير مثبَّتة",
    "pip install 'monitor[articles]', or remove full_text from all feeds": (
        "ثبّتها بالأمر `pip install 'monitor[articles]'`، أو احذف `full_text` من كل الخلاصات"
    ),
    "the template '<name>' cannot be read: <reason*>": "تعذّرت قراءة القالب <name>: <reason*>",
    "look at its name and its permissions; its path begins at this file": (
        "تحقق من اسمه ومن صلاحياته؛ ومساره يبدأ من هذا الملف"
    ),
    # of the system (os.strerror)
    "No such file or directory": "لا يوجد ملف بهذا الاسم",
    "Permission denied": "لا صلاحية لقراءته",
    "Is a directory": "هو مجلد لا ملف",
    "Not a directory": "في مساره ما ليس مجلدًا",
    "File name too long": "اسمه أطول من اللازم",
    "Too many levels of symbolic links": "رابطه يدور على نفسه",
    "Input/output error": "خطأ في القراءة من القرص",
    # all of a reading
    "… and <n> more problems": "… و<n|خطأ آخر|خطآن آخران|أخطاء أخرى|خطأ آخر>",
    "mend these first": "أصلح هذه أولًا",
    "did you mean '<word>' (<level>)? <more*>": "هل تقصد «<word>» (<level>)؟ <more*>",
    "did you mean '<word>' (<level>) or '<other>' (<second>)? <more*>": (
        "هل تقصد «<word>» (<level>) أو «<other>» (<second>)؟ <more*>"
    ),
    "did you mean <names>?": "هل تقصد <names>؟",
    "did you mean <names>? <more*>": "هل تقصد <names>؟ <more*>",
}
