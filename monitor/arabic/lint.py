"""What `monitor lint` finds weak in rules that can be used (R401 to R430)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # lint_rules
    "the rule '<id>' has no tests": "القاعدة «<id>» بلا اختبارات",
    "add 'tests:' with a headline that it must match and one that it must not": (
        "أضف `tests:` وتحته عنوان يجب أن تطابقه وعنوان يجب ألا تطابقه"
    ),
    "the rule '<id>' has no test that it must match": "ليس للقاعدة «<id>» اختبار يجب أن تطابقه",
    "add '- match: …': a rule that matches nothing passes all others": (
        "أضف `- match: …`؛ فالقاعدة التي لا تطابق شيئًا تنجح في كل ما سواه"
    ),
    "the rule '<id>' matches all news of a place: weather, sport and culture, too": (
        "القاعدة «<id>» تطابق كل أخبار المكان، حتى الطقس والرياضة والثقافة"
    ),
    "add what must happen there, e.g. - event: clash": "أضف ما يجب أن يحدث هناك، مثل `- event: clash`",
    "'near' has nothing to bind in the rule '<id>': there are not two items under 'all'": (
        "ليس في القاعدة «<id>» ما يربطه `near`: تحت `all` أقل من عنصرين"
    ),
    "put the words that must stand close together under 'all'": "ضع تحت `all` الكلمات التي يجب أن تتقارب",
    "the rule '<id>' is switched off": "القاعدة «<id>» موقوفة",
    "remove 'enabled: false' to use it": "احذف `enabled: false` لتعمل",
    "the rule '<id>' has looked at nothing since <day>": "القاعدة «<id>» لا تنظر في شيء منذ <day>",
    "give it a later day under 'expires', or remove the rule": "اكتب تحت `expires` يومًا بعده، أو احذف القاعدة",
    "no text in <languages> has «<text>», which the rule '<id>' asks for": (
        "لا نص بلغة <languages> فيه «<text>»، وهو ما تطلبه القاعدة «<id>»"
    ),
    "add the words of those languages, or take the right ones under 'languages'": (
        "أضف كلمات تلك اللغات، أو صحّح اللغات تحت `languages`"
    ),
    "the rule '<id>' looks at texts in <languages>, and its feeds are in <others>": (
        "القاعدة «<id>» تنظر في نصوص بلغة <languages>، وخلاصاتها بلغة <others>"
    ),
    "name other feeds or languages; without 'languages' it looks at texts in any": (
        "اذكر خلاصات أو لغات أخرى؛ ومن دون `languages` تنظر القاعدة في كل اللغات"
    ),
    "no rule uses the group '<name>'": "لا قاعدة تستعمل المجموعة «<name>»",
    "write '- group: <name>', or remove it": "اكتب `- group: <name>` في قاعدة، أو احذفها",
    "no rule tells the channel '<name>'": "لا قاعدة تُبلغ القناة «<name>»",
    "add 'notify: [<name>]' to a rule or under 'defaults', or name it in a chain ('acknowledge')": (
        "أضف `notify: [<name>]` إلى قاعدة أو تحت `defaults`، أو اذكرها في سلسلة (`acknowledge`)"
    ),
    "'<name>' is a shipped place; its shipped spellings are replaced by yours": (
        "«<name>» مكان مرفق؛ وما كتبته يحلّ محل طرق كتابته المرفقة"
    ),
    "check that all spellings you need are in the list": "تأكد من أن كل طرق الكتابة التي تحتاج إليها في القائمة",
    # lint_pairs
    "the rules '<id>' and '<other>' (line <n>) find the same texts": (
        "القاعدتان «<id>» و«<other>» (السطر <n>) تجدان النصوص نفسها"
    ),
    "keep one; it can name several channels under 'notify'": "أبقِ واحدة؛ ويمكنها أن تذكر عدة قنوات تحت `notify`",
    "all that the rule '<id>' finds is told by '<other>' already, to the same people": (
        "كل ما تجده القاعدة «<id>» تُبلغ به «<other>» القنوات نفسها أصلًا"
    ),
    "remove it, or give it a higher severity or channels of its own": (
        "احذفها، أو اجعل أهميتها أعلى، أو أعطها قنوات خاصة بها"
    ),
    # lint_exclusions
    "'none' of the rule '<id>' excludes every text with <what*>, <so*>": (
        "ما تحت `none` في القاعدة «<id>» يستبعد كل نص فيه <what*>، <so*>"
    ),
    "so that it never counts": "فلا يُحسب أبدًا",
    "so that it never matches": "فلا تطابق أبدًا",
    "take it out of 'none', or the item on line <n> out of the rule": (
        "احذفه من `none`، أو احذف من القاعدة العنصر الذي في السطر <n>"
    ),
    "only <what*> under 'none' keeps the rule '<id>' from matching this test": (
        "لا يمنع القاعدة «<id>» من مطابقة هذا الاختبار إلا <what*> تحت `none`"
    ),
    "narrow the exclusion to a phrase, or make it a 'no_match' test": (
        "اجعل الاستثناء عبارة أضيق، أو اجعل الاختبار `no_match`"
    ),
    # lint_articles
    "the articles of the feed '<id>' are read, and no rule looks into them": (
        "مقالات الخلاصة «<id>» تُقرأ، ولا قاعدة تبحث فيها"
    ),
    "write 'search_in: [title, summary, body]' in a rule or under 'defaults', or remove 'full_text'": (
        "اكتب `search_in: [title, summary, body]` في قاعدة أو تحت `defaults`، أو احذف `full_text`"
    ),
    "the rule '<id>' looks only into articles, and no feed has its articles read": (
        "القاعدة «<id>» لا تبحث إلا في نص المقال، ولا خلاصة تُقرأ مقالاتها"
    ),
    "write 'full_text: true' under the feeds that carry headlines only, or add 'title' to 'search_in'": (
        "اكتب `full_text: true` تحت الخلاصات التي لا تحمل إلا العناوين، أو أضف `title` إلى `search_in`"
    ),
    # lint_words
    "«<text>» stands twice in one list (first on line <n>)": (
        "«<text>» مكتوب مرتين في قائمة واحدة (أولاهما في السطر <n>)"
    ),
    "remove one: spellings with and without hamza or marks are the same word": (
        "احذف أحدهما: الكلمة بالهمزة والحركات وبدونها كلمة واحدة"
    ),
    "<inner> is found by <outer> already": "<inner> يجده <outer> أصلًا",
    "remove it: <why*>": "احذفه: <why*>",
    "'starts' finds every word that begins so": "`starts` تجد كل كلمة تبدأ هكذا",
    "a word finds its forms by itself; write {exact: …} where one form alone is meant": (
        "الكلمة تجد صيغها من نفسها؛ وإن قُصدت صيغة واحدة فاكتب `{exact: …}`"
    ),
    "the place '<inner>' lies within '<outer>', which finds it already": (
        "المكان «<inner>» يقع في «<outer>»، وهو يجده أصلًا"
    ),
    "remove it, or write {place: <outer>, exactly: true}": "احذفه، أو اكتب `{place: <outer>, exactly: true}`",
    "«<text>» can never be found: there is the end of a sentence in it": ("لا يمكن أن يوجد «<text>»: فيه نهاية جملة"),
    "a phrase stands in one sentence; put its parts under 'all' with 'near'": (
        "العبارة تكون في جملة واحدة؛ ضع أجزاءها تحت `all` مع `near`"
    ),
    "«<word>» has two letters, and its forms are many": "«<word>» من حرفين، وصيغها كثيرة",
    "write {exact: <word>}, or a longer phrase around it": "اكتب `{exact: <word>}`، أو عبارة أطول هي فيها",
    "«<text>» is the name of a place: <why*>": "«<text>» اسم مكان: <why*>",
    "as a name alone it is found there, too": "ومكتوبًا اسمًا وحده يوجد حيث يُذكر ذلك المكان أيضًا",
    "as a word it takes endings": "ومكتوبًا كلمةً تُقبل بعده لواحق",
    "as a word it misses other spellings, such as <names>": (
        "ومكتوبًا كلمةً لا توجد الأخبار التي تكتبه بصورة أخرى، مثل <names>"
    ),
    "it is an ordinary word as well": "وهو كلمة عادية أيضًا",
    "it also means <also*>": "ويعني أيضًا: <also*>",
    "write - place: <ids> (in brackets: {place: <ids>}), which knows every spelling<and*>": (
        "اكتب `- place: <ids>` (وبين قوسين: `{place: <ids>}`)، وهو يعرف كل طرق كتابته<and*>"
    ),
    "write <line>, which knows every spelling<and*>": "اكتب `<line>`، وهو يعرف كل طرق كتابته<and*>",
    " and when the place is meant": "، ومتى يُقصد به المكان",
    " and the places within it ('exactly: true' leaves those out)": "، وما يقع فيه من أماكن (`exactly: true` تستثنيها)",
    "«<word>» also means <also*>, and nothing else in the rule '<id>' tells them apart": (
        "تعني «<word>» أيضًا: <also*>، وليس في القاعدة «<id>» ما يفرّق بينهما"
    ),
    "write - event: <event>, which has it with what makes it one; or a phrase, e.g. «<phrase>»": (
        "اكتب `- event: <event>`، ففيه الكلمة مع سياقها؛ أو اكتب عبارة، مثل «<phrase>»"
    ),
    "write a phrase, e.g. «<phrase>», or have something else under 'all' that tells them apart": (
        "اكتب عبارة، مثل «<phrase>»، أو ضع تحت `all` ما يفرّق بينهما"
    ),
}
