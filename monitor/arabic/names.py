"""Names: of places, groups, events, channels, feeds and rules, and what stands in their stead (R301 to R318, R325)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # names
    "this <kind*> stands twice (first on <where*>)": "<kind*> مكتوب مرتين (أولاهما في <where*>)",
    "remove one of the two feeds": "احذف إحدى الخلاصتين",
    "the host '<host>' stands twice under 'sources' (first on <where*>)": (
        "الموقع «<host>» مكتوب مرتين تحت `sources` (أولاهما في <where*>)"
    ),
    "leave it to one of the two": "أبقه لواحدة منهما",
    "the <kind*> id '<id>' is used twice (first on <where*>)": (
        "<kind*>: المعرّف «<id>» مستعمل مرتين (أولاهما في <where*>)"
    ),
    "give it an id of its own, with 'id:'": "أعطِ هذه معرّفًا خاصًا بها في `id:`",
    "give it another id": "اختر له معرّفًا آخر",
    "there is no place '<name>'": "لا يوجد مكان بالمعرّف «<name>»",
    "'monitor places search' finds ids by any name; or add your own under 'places'": (
        "يدلّك الأمر `monitor places search` على المعرّف من أي اسم؛ أو أضف مكانك تحت `places`"
    ),
    "<what*> If not, add it under 'places'": "<what*> وإلا فأضفه تحت `places`",
    "there is no group '<name>'": "لا توجد مجموعة باسم «<name>»",
    "it is a shipped event: write event: <name>": "هو حدث مرفق: اكتب `event: <name>`",
    "add it under 'groups'": "أضفها تحت `groups`",
    "there is no event '<name>'": "لا يوجد حدث باسم «<name>»",
    "it is a group: write group: <name>": "هي مجموعة: اكتب `group: <name>`",
    "events are: <names>": "الأحداث هي: <names>",
    "several are a list: [<names>]": "إن كانت عدة فاكتبها قائمة: `[<names>]`",
    "there is no channel '<name>'": "لا توجد قناة باسم «<name>»",
    "add it under 'channels', or use 'console'": "أضفها تحت `channels`، أو استعمل `console`",
    "the channel '<name>' takes the monitor's own trouble, no alerts": "القناة «<name>» لأعطال المرصد، لا للتنبيهات",
    "name another channel, or remove 'for: operations' from it": "اذكر قناة أخرى، أو احذف منها `for: operations`",
    "'<name>' is nearly the newsroom '<other>', and counts as another voice": (
        "«<name>» يشبه غرفة الأخبار «<other>»، ويُعدّ صوتًا غيرها"
    ),
    "write source: <name>, or add yours under 'sources'": "اكتب `source: <name>`، أو أضف غرفتك تحت `sources`",
    "no feed has the tag '<name>'": "لا خلاصة بالوسم «<name>»",
    "add it under the 'tags' of a feed": "أضفه تحت `tags` في خلاصة",
    "there is no feed '<name>'": "لا توجد خلاصة بالمعرّف «<name>»",
    "it is a tag: write tag:<name>": "هو وسم: اكتب `tag:<name>`",
    "feeds are named by their id; 'monitor feeds list' shows them": (
        "تُذكر الخلاصة بمعرّفها؛ والأمر `monitor feeds list` يعرض المعرّفات"
    ),
    "no rule has the tag '<name>'": "لا قاعدة بالوسم «<name>»",
    "add it under the 'tags' of a rule": "أضفه تحت `tags` في قاعدة",
    "there is no rule '<name>'": "لا توجد قاعدة بالمعرّف «<name>»",
    "rules are named by their id": "تُذكر القاعدة بمعرّفها",
    # literal_names
    "'<name>' is the name of a group; here the word itself is searched for": (
        "«<name>» اسم مجموعة، لكن الذي يُبحث عنه هنا هو الكلمة نفسها"
    ),
    "'<name>' is the name of a place; here the word itself is searched for": (
        "«<name>» معرّف مكان، لكن الذي يُبحث عنه هنا هو الكلمة نفسها"
    ),
    "'<name>' is the name of a event; here the word itself is searched for": (
        "«<name>» اسم حدث، لكن الذي يُبحث عنه هنا هو الكلمة نفسها"
    ),
    "write <ref>, or put the word into the <kind*>'s list": "اكتب `<ref>`، أو ضع الكلمة في قائمته",
    # terms
    "the search text '<text>' is too short: <left*> once marks and signs are taken off": (
        "نص البحث «<text>» أقصر مما يكفي: بعد حذف الحركات والعلامات <left*>"
    ),
    "nothing of it is left": "لا يبقى منه شيء",
    "one letter is left": "يبقى حرف واحد",
    "write at least two letters; a single letter stands in almost every headline": (
        "اكتب حرفين على الأقل؛ فالحرف الواحد في كل عنوان تقريبًا"
    ),
    "'starts' means any ending already": "`starts` تعني أصلًا أي نهاية",
    "leave the '*' out: {starts: <text>}": "احذف `*`: `{starts: <text>}`",
    "'<text>' has several words, and 'starts' takes one": "في «<text>» عدة كلمات، و`starts` تأخذ كلمة واحدة",
    "write one word's beginning here; for a phrase, write the phrase as a plain text": (
        "اكتب هنا أول كلمة واحدة؛ أما العبارة فاكتبها نصًا عاديًا"
    ),
    "a search text runs over several lines, which YAML joins into one phrase": (
        "نص البحث ممتد على عدة أسطر، فيُقرأ عبارة واحدة"
    ),
    "is a '- ' missing on the second line? A long phrase goes in quotes": (
        "هل تنقص `- ` في السطر الثاني؟ أما العبارة الطويلة فتوضع بين علامتي تنصيص"
    ),
    "${…} is filled in under 'feeds' and 'channels' only": "لا يُملأ `${…}` إلا تحت `feeds` و`channels`",
    "write the search text itself": "اكتب نص البحث نفسه",
    "'<text>' is searched for literally in a plain text": "«<text>» في نص عادي يُبحث عنه بحروفه",
    "put a space behind the ':', as in  <text>": "ضع مسافة بعد `:`، هكذا: `<text>`",
    "<kind*> stands inside one search text: «<text>»": "<kind*> داخل نص بحث واحد: «<text>»",
    "a comma": "فاصلة",
    "an Arabic comma": "فاصلة عربية",
    "one search text a line:  - <text>  and so on; in [a, b] the comma is the Latin ','": (
        "نص بحث في كل سطر: `- <text>` وهكذا؛ والفاصلة في `[a, b]` هي اللاتينية `,`"
    ),
    "plain words find their forms by themselves; for any ending write {starts: <word>}": (
        "الكلمة العادية تجد صيغها من نفسها؛ ولأي نهاية اكتب `{starts: <word>}`"
    ),
    "put the words into a list: [first, second]; a word 'أو' that is meant itself: {exact: …}": (
        "ضع الكلمات في قائمة: `[الأولى, الثانية]`؛ وإن قُصدت كلمة «أو» نفسها فاكتب `{exact: …}`"
    ),
    "put each word on a line of its own under 'all'": "ضع كل كلمة في سطر تحت `all`",
    "put what must not be there under 'none'": "ضع ما يجب ألا يوجد تحت `none`",
    "put the words under 'all' and write 'near: 8 words' in the rule": (
        "ضع الكلمات تحت `all`، واكتب في القاعدة `near: 8 كلمات`"
    ),
    "the regular expression has more than <n> characters": "التعبير النمطي أطول من <n|حرف|حرفين|حروف|حرفًا>",
    "use words and lists": "استعمل كلمات وقوائم",
    "the regular expression '<text>' has an empty alternative, so it matches every text": (
        "في التعبير النمطي «<text>» خيار فارغ، فيطابق كل نص"
    ),
    "remove the '|' that has nothing on one side": "احذف `|` التي لا شيء إلى أحد جانبيها",
    "the regular expression '<text>' repeats too much: more than <n> characters": (
        "في التعبير النمطي «<text>» تكرار أكثر مما يُقبل: فوق <n|حرف|حرفين|حروف|حرفًا>"
    ),
    "write smaller numbers in { }, or '+' for any number": "اكتب في `{ }` أعدادًا أصغر، أو `+` لأي عدد",
    "it is too deep": "تداخله أكثر مما يُقبل",
    "the regular expression cannot be read: <why*>": "تعذّرت قراءة التعبير النمطي: <why*>",
    "the regular expression cannot be read: <why>": "تعذّرت قراءة التعبير النمطي: <why>",
    "put it in single quotes; a bracket or sign that is meant itself needs '\\'": (
        "ضعه بين علامتي تنصيص مفردتين؛ والقوس أو العلامة المقصودة بذاتها تسبقها `\\`"
    ),
    "the regular expression '<text>' matches the empty text, so it matches everywhere": (
        "التعبير النمطي «<text>» يطابق النص الفارغ، فيطابق في كل موضع"
    ),
    "ask for at least one letter: '+' instead of '*'": "اطلب حرفًا واحدًا على الأقل: `+` بدل `*`",
}
