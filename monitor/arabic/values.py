"""Settings and their values: which there are, and what may stand in them (R201 to R210)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # judge
    "unknown setting '<name>'": "لا يوجد إعداد باسم «<name>»",
    "one item cannot have both '<one>' and '<other>'": "لا يجتمع `<one>` و`<other>` في عنصر واحد",
    "make two items of it, or put both into a box: {all: [{…}, {…}]}": (
        "اجعلهما عنصرين، أو ضعهما معًا في `{all: [{…}, {…}]}`"
    ),
    "several are a list: {<kind>: [<names>]}": "إن كانت عدة فاكتبها قائمة: `{<kind>: [<names>]}`",
    "settings have English names; <meant*>": "أسماء الإعدادات بالإنكليزية؛ <meant*>",
    "settings here: <names>": "الإعدادات الممكنة هنا: <names>",
    "put it under 'all': - <key>: …": "ضعه تحت `all`:  `- <key>: …`",
    "settings have English names, and a text with ': ' in it must stand in quotes; <meant*>": (
        "أسماء الإعدادات بالإنكليزية، والنص الذي فيه `: ` يوضع بين علامتي تنصيص؛ <meant*>"
    ),
    "this rule has no id": "هذه القاعدة بلا معرّف",
    "give it one in small Latin letters, e.g. id: dez-airport-clashes": (
        "أعطها معرّفًا بحروف لاتينية صغيرة، مثل `id: dez-airport-clashes`"
    ),
    "this feed has no address": "هذه الخلاصة بلا عنوان",
    "write url: https://…": "اكتب `url: https://…`",
    "the heartbeat has no address": "ليس لإشارة الحياة (`heartbeat`) عنوان",
    'write url: "${HEARTBEAT_URL}"': 'اكتب `url: "${HEARTBEAT_URL}"`',
    "it is not said which proxy is trusted": "لم يُذكر الخادم الوكيل الموثوق",
    "write the address that it connects from: proxy: 10.0.0.1": "اكتب العنوان الذي يتصل منه: `proxy: 10.0.0.1`",
    "it is not said where the proxy names the user": "لم يُذكر أين يسمّي الخادم الوكيل المستخدم",
    "write header: X-Forwarded-User": "اكتب `header: X-Forwarded-User`",
    "the file does not say its version": "لا يذكر الملف إصداره",
    "write 'version: 1' at the top": "اكتب `version: 1` في أول الملف",
    "the setting '<name>' is missing": "ينقص الإعداد `<name>`",
    "write '<name>: …'": "اكتب `<name>: …`",
    "an item with nothing in it": "عنصر لا شيء فيه",
    "write a word, or e.g. {place: deir-ez-zor}": "اكتب كلمة، أو مثلًا `{place: deir-ez-zor}`",
    "'<name>' cannot stand inside a list of items": "لا يجوز `<name>` داخل قائمة عناصر",
    "what must not be found goes under the rule's own 'none'": "ما يجب ألا يوجد يُكتب تحت `none` في القاعدة نفسها",
    "'<name>' is no kind of item": "«<name>» ليس نوعًا من أنواع العناصر",
    "if this is a search text with ': ' in it, put it in quotes: \"<text>: …\"": (
        'إن كان هذا نص بحث فيه `: ` فضعه بين علامتي تنصيص: `"<text>: …"`'
    ),
    "this value is of the wrong kind here": "هذه القيمة ليست من النوع المطلوب هنا",
    "write <what*>": "اكتب <what*>",
    "a block of 'name: value' lines": "أسطرًا من صورة `name: value`",
    "a list: each item on a line of its own, as '- …'": "قائمة، كل عنصر في سطر يبدأ بـ `- `",
    "a single text": "نصًا واحدًا",
    "true or false": "`true` أو `false`",
    # shape
    "a list": "قائمة",
    "one text": "نص واحد",
    "a block of settings": "كتلة إعدادات",
    "a block of settings is expected here, not <kind*>": "المنتظر هنا كتلة إعدادات لا <kind*>",
    "write 'name: value' lines; settings here: <names>": (
        "اكتب أسطرًا من صورة `name: value`؛ والإعدادات الممكنة هنا: <names>"
    ),
    "'<name>' is not <what*>": "لا يُقبل «<name>» هنا: المطلوب <what*>",
    "write <names> or <last>": "اكتب <names> أو <last>",
    "nothing is written here": "لم يُكتب هنا شيء",
    "add items below it, each as '- …', or remove the line": "أضف تحته عناصر، كل منها `- …`، أو احذف السطر",
    "this must be a list": "يجب أن تكون هذه قائمة",
    "put each item on a line of its own, as '- …'": "ضع كل عنصر في سطر يبدأ بـ `- `",
    "the list is empty": "القائمة فارغة",
    "add items, or remove the line": "أضف إليها عناصر، أو احذف السطر",
    "a kind of rule": "نوع قاعدة",
    "something that stories share": "ما تشترك فيه القصص",
    "a part of an entry": "جزء من الخبر",
    "a language of messages": "لغة رسائل",
    "a purpose": "غرض",
    "a part of speech": "قسم من أقسام الكلام",
    "a letter to be strict about": "حرف يُدقَّق فيه",
    # values
    "'<value>' is not a length of time": "«<value>» ليس مدة",
    "write 30s, 15m, 2h or 10d (or '30 دقيقة')": "اكتب مدة مثل «30 دقيقة» أو `15m` أو `2h` أو `10d`",
    "write 30s, 15m, 2h or 10d (or '30 دقيقة'), or 'auto'": (
        "اكتب مدة مثل «30 دقيقة» أو `15m` أو `2h` أو `10d`، أو `auto`"
    ),
    "<what*>, or 'auto'": "<what*>، أو `auto`",
    "'<value>' is too long": "«<value>» أطول مما يُقبل",
    "at most <n> days": "أقصى المدة <n|يوم واحد|يومان|أيام|يومًا>",
    "which unit? e.g. <n>m for minutes, <m>h for hours": "بأي وحدة؟ مثلًا `<n>m` للدقائق و`<m>h` للساعات",
    "'<value>' is not a number of people": "«<value>» ليس عددًا من الناس",
    'write ">=5" in quotes, or >, =, < or <= and a number': 'اكتب `">=5"` بين علامتي تنصيص، أو `>` أو `=` أو `<` وعددًا',
    "'<value>' asks nothing: <why*>": "«<value>» لا يشترط شيئًا: <why*>",
    "every number is at least none": "كل عدد لا يقل عن صفر",
    "nothing is less than none": "لا عدد أقل من صفر",
    'write ">=1", or "=0" for none': 'اكتب `">=1"`، أو `"=0"` لمن يريد الصفر',
    "'<value>' is no number of stories": "«<value>» ليس عددًا من القصص",
    "write 5 stories; 2 is the least": "اكتب مثلًا «5 قصص»؛ وأقل ما يُقبل 2",
    "'<value>' is no surge": "«<value>» ليست زيادة",
    "write 3x: three times what is usual at these hours": "اكتب `3x`، أي ثلاثة أضعاف المعتاد في هذه الساعات",
    "'<value>' is not a rate": "«<value>» ليست سرعة إرسال",
    "write 1/s, 20/min or 100/h (or 20/دقيقة)": "اكتب `1/s` أو `20/min` أو `100/h` (أو «20/دقيقة»)",
    "a rate of zero would send nothing": "بسرعة صفر لا يُرسل شيء",
    "write a number above zero, or remove the channel": "اكتب عددًا أكبر من صفر، أو احذف القناة",
    "'<value>' is no time at all here": "«<value>» هنا لا مدة فيها",
    "write a length above zero, e.g. 24h": "اكتب مدة أكبر من صفر، مثل `24h`",
    "'<value>' is too short: a message takes a moment to arrive, and a person to read it": (
        "«<value>» أقصر مما يكفي: لا بد من وقت لتصل الرسالة ويقرأها أحد"
    ),
    "write 1m or more; 10m to 30m are usual": "اكتب دقيقة (`1m`) أو أكثر؛ والمعتاد من `10m` إلى `30m`",
    "'<value>' is too often: a feed is asked every 30 seconds at most": (
        "«<value>» أكثر مما يُقبل: لا تُسأل الخلاصة أكثر من مرة كل 30 ثانية"
    ),
    "write 30s or more; 5m is usual, and kind to the sites": ("اكتب `30s` أو أكثر؛ والمعتاد `5m`، وهو أرفق بالمواقع"),
    "severity '<value>' is not known": "«<value>» ليست من درجات الأهمية",
    "use info, low, medium, high or critical (or معلومة، منخفض، متوسط، مرتفع، حرج)": (
        "اكتب حرج أو مرتفع أو متوسط أو منخفض أو معلومة"
    ),
    "'<value>' is not a distance": "«<value>» ليست مسافة",
    "write '<n> words'": "اكتب `<n> words`",
    "write '15 words', 'sentence' or 'title'": "اكتب «15 كلمة» أو `sentence` (في جملة) أو `title` (في العنوان)",
    "'<value>' is too far": "«<value>» مسافة أبعد مما يُقبل",
    "at most <n> words; 10 to 20 are usual": "أقصى المسافة <n|كلمة واحدة|كلمتان|كلمات|كلمة>، والمعتاد من 10 إلى 20",
    "'<value>' is not a day": "«<value>» ليس تاريخ يوم",
    "write year-month-day, e.g. 2027-03-31": "اكتب السنة ثم الشهر ثم اليوم، مثل `2027-03-31`",
    "'<value>' cannot be an id": "«<value>» لا يصلح معرّفًا",
    "use Latin letters, digits, '-' and '_', e.g. dez-airport-clashes": (
        "استعمل حروفًا لاتينية وأرقامًا و`-` و`_`، مثل `dez-airport-clashes`"
    ),
    "the id '<value>' is too long": "المعرّف «<value>» أطول مما يُقبل",
    "at most <n> characters": "أقصى الطول <n|حرف واحد|حرفان|حروف|حرفًا>",
    "'<value>' is not a time zone": "«<value>» ليست منطقة زمنية",
    "write one like Asia/Damascus or UTC": "اكتب مثلًا `Asia/Damascus` أو `UTC`",
    "'<value>' is not a language": "«<value>» ليست رمز لغة",
    "write its code: ar, en, fa, ckb, tr, he, ru …": "اكتب رمزها: `ar` أو `en` أو `fa` أو `ckb` أو `tr` أو غيرها",
    "'<value>' is neither true nor false": "«<value>» ليست `true` ولا `false`",
    "write <what*>, without quotes": "اكتب <what*> بلا علامتي تنصيص",
    "'<value>' is no time of the day": "«<value>» ليس وقتًا من اليوم",
    'write one like "08:00", or true': 'اكتب وقتًا مثل `"08:00"`، أو `true`',
    'write one like "22:00" or "06:30"': 'اكتب وقتًا مثل `"22:00"` أو `"06:30"`',
    "'<value>' does not say when a digest goes out": "«<value>» لا يبيّن متى يُرسل الموجز",
    "write 'daily <clock>', with the hour first: daily 07:00": "اكتب الساعة برقمين: «يومي 07:00»، وهنا `daily <clock>`",
    "write 'weekly <day> <clock>': the day (mon to sun, or الاثنين), then the time": (
        "اكتب اليوم ثم الوقت: «أسبوعي الاثنين 07:00»، وهنا `weekly <day> <clock>`"
    ),
    "write hourly, daily 07:00 or weekly mon 07:00 (or كل ساعة، يومي 07:00، أسبوعي الاثنين 07:00)": (
        "اكتب «كل ساعة» أو «يومي 07:00» أو «أسبوعي الاثنين 07:00»"
    ),
    "'<value>' is not a whole number of <n> or more": "«<value>» ليس عددًا صحيحًا من <n> فأكثر",
    "write <n> or more, in digits and without quotes": "اكتب <n> أو أكثر، بالأرقام وبلا علامتي تنصيص",
    "the weight <value> is too high": "الوزن <value> أكبر مما يُقبل",
    "1 to <n>; 1 is what others have": "من 1 إلى <n>؛ و1 هو وزن غيره",
    "one text is expected here, not <kind*>": "المنتظر هنا نص واحد لا <kind*>",
    "write a single text, in quotes if it has ': ' in it": "اكتب نصًا واحدًا، بين علامتي تنصيص إن كان فيه `: `",
    "write a value, or remove the line; a text with '#' needs quotes": (
        "اكتب قيمة أو احذف السطر؛ والنص الذي فيه `#` يوضع بين علامتي تنصيص"
    ),
    # written, written_names, written_parts, written_rule
    "put each one on a line of its own, beginning with '- '": "ضع كلًّا منها في سطر يبدأ بـ `- `",
    "version <value> of the rule language is not known": "الإصدار <value> من لغة القواعد غير معروف",
    "write version: <n>": "اكتب `version: <n>`",
    "this must be a block of names": "يجب أن تكون هذه كتلة أسماء",
    "write 'name:' lines, without '- ', and indent what belongs to each": (
        "اكتب أسطرًا مثل `name:` بلا `- `، وتحت كل اسم ما يخصه بمسافات في أوله"
    ),
    "write a text, or one per language: {ar: …, en: …}": "اكتب نصًا، أو نصًا لكل لغة: `{ar: …, en: …}`",
    "a text, or one per language, is expected here": "المنتظر هنا نص، أو نص لكل لغة",
    "write {ar: …, en: …} or a single text": "اكتب `{ar: …, en: …}` أو نصًا واحدًا",
    "the quiet hours end when they begin": "تنتهي ساعات الهدوء حين تبدأ",
    "write two times, e.g. {from: 22:00, to: 06:00}, or a 'digest'": (
        "اكتب وقتين، مثل `{from: 22:00, to: 06:00}`، أو اكتب `digest`"
    ),
    "'<name>' is for alerts, and this channel is told of the monitor's own trouble, which does not wait": (
        "الإعداد `<name>` للتنبيهات، وهذه القناة لأعطال المرصد، وهي لا تنتظر"
    ),
    "remove '<name>', or 'for: operations'": "احذف `<name>`، أو احذف `for: operations`",
    "the context of a place takes words and names only": "لا يُكتب في سياق المكان إلا كلمات وأسماء",
    "write texts, {name: …}, {word: …}, {exact: …} or {starts: …}": (
        "اكتب نصوصًا، أو `{name: …}` أو `{word: …}` أو `{exact: …}` أو `{starts: …}`"
    ),
    "the spelling '<name>' is never found: '<ban>' under 'ban' covers it": (
        "الكتابة «<name>» لن توجد أبدًا: «<ban>» تحت `ban` تغطيها"
    ),
    "ban only what stands around the name, as in [حماة الوطن], or remove the spelling": (
        "ضع تحت `ban` العبارة التي حول الاسم، مثل `[حماة الوطن]`، أو احذف هذه الكتابة"
    ),
    "a test has either 'match' or 'no_match'": "في الاختبار إما `match` وإما `no_match`",
    "write '- match: …' and '- no_match: …' as two tests": "اكتب `- match: …` و`- no_match: …` اختبارين",
    "the channel '<name>' stands twice under 'then'": "القناة «<name>» مكتوبة مرتين تحت `then`",
    "name each channel once; it is told of an alert once": "اذكر كل قناة مرة؛ فهي تُبلَّغ بالتنبيه مرة واحدة",
}
