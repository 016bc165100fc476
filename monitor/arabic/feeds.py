"""Feeds: why one cannot be read, and what was odd about what could be (`feeds`, `given`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# Why a feed could not be read (`FetchFailure`), or an article (`Unread`).
FAILURES: Final[Mapping[str, str]] = {
    "the address cannot be used": "العنوان لا يصلح",
    "the address is not on the public internet": "العنوان ليس على الإنترنت العامة",
    "the host name was not found": "لم يُعثر على اسم الخادم",
    "no connection": "لا اتصال",
    "no secure connection": "لا اتصال آمن",
    "too slow": "بطء شديد",
    "too large": "حجم كبير جدًا",
    "the answer broke off or was damaged": "انقطع الجواب أو تلف",
    "too many redirects": "تحويلات كثيرة",
    "the server refused": "رفض الخادم الطلب",
    "the answer is not a feed": "الجواب ليس خلاصة",
    "no web page": "ليست صفحة ويب",
    "no text of an article in it": "ليس فيها نص مقال",
    "its address leads to another page": "عنوانها يقود إلى صفحة أخرى",
    "its reader broke on it": "تعطّل القارئ عند قراءتها",
    "more came than are read": "جاء منها أكثر مما يُقرأ",
    "nobody read it in time": "لم تُقرأ في وقتها",
}
SENTENCES: Final[Mapping[str, str]] = {
    **FAILURES,
    # answer, transfer, inflate, lookup
    "<host> answered <status> (it wants a password)": "أجاب <host> بالرمز <status> (يطلب كلمة مرور)",
    "<host> answered <status> (it lets us not read this)": "أجاب <host> بالرمز <status> (لا يسمح بالقراءة)",
    "<host> answered <status> (no such page)": "أجاب <host> بالرمز <status> (لا صفحة بهذا العنوان)",
    "<host> answered <status> (asked too often)": "أجاب <host> بالرمز <status> (كثرت الطلبات)",
    "<host> answered 304 to an unconditional request": "أجاب <host> بالرمز `304` عن طلب بلا شروط",
    "<host> answered <status>": "أجاب <host> بالرمز <status>",
    "<host> sent an empty answer": "أرسل <host> جوابًا فارغًا",
    "more than <n> bytes or <m> lines of headers": "الترويسات أكثر من <n> بايت أو <m> سطرًا",
    "more than <n> bytes": "أكثر من <n> بايت",
    "more than <n> bytes when inflated": "أكثر من <n> بايت بعد فك الضغط",
    "a content coding that was not asked for": "ترميز لم يُطلب",
    "the compressed body is damaged": "المحتوى المضغوط تالف",
    "the compressed body breaks off": "المحتوى المضغوط منقطع",
    "the compressed body is in too many pieces": "المحتوى المضغوط في قطع أكثر مما يُقبل",
    "too many names are being looked up": "أسماء كثيرة يُبحث عنها في وقت واحد",
    "the name was not found": "لم يُعثر على الاسم",
    "the name has no address": "ليس للاسم عنوان",
    "no answer in time": "لا جواب في الوقت المتاح",
    "the answer broke off": "انقطع الجواب",
    "<host> leads to an address that was not approved": "يؤدي <host> إلى عنوان لم يؤذن به",
    "the server's key is not the one that is pinned<remedy*>": "مفتاح الخادم ليس المفتاح المثبَّت في `pin`<remedy*>",
    "; if its owner says that it is new, write pin: <pin>": "؛ إن قال صاحبه إنه جديد فاكتب `pin: <pin>`",
    "<host>: no whole answer within <n> s": "<host>: لم يكتمل الجواب خلال <n|ثانية|ثانيتين|ثوانٍ|ثانية>",
    "<host>: more than <n> redirects": "<host>: أكثر من <n|تحويل|تحويلين|تحويلات|تحويلًا>",
    "monitor stopped before the answer came": "توقف المرصد قبل وصول الجواب",
    "the certificates that SSL_CERT_FILE names cannot be read: <why*>": (
        "تعذّرت قراءة الشهادات التي يسمّيها `SSL_CERT_FILE`: <why*>"
    ),
    "let SSL_CERT_FILE name a readable PEM file, or unset it": ("اجعل `SSL_CERT_FILE` يسمّي ملف `PEM` يُقرأ، أو ألغِه"),
    # request, urls
    "a redirect leads to <host>, which is not on the public internet": (
        "يؤدي تحويل إلى <host>، وهو ليس على الإنترنت العامة"
    ),
    "<host> is not on the public internet": "<host> ليس على الإنترنت العامة",
    "<host> is not on the public internet; if it is yours, write allow_private: true under the feed": (
        "<host> ليس على الإنترنت العامة؛ إن كان لك فاكتب تحت الخلاصة `allow_private: true`"
    ),
    "a header of the feed holds a character that no header can hold": "في ترويسة للخلاصة محرف لا تحمله ترويسة",
    "the address is too long": "العنوان أطول مما يُقبل",
    "the address holds a space, a control character or a backslash": "في العنوان مسافة أو محرف تحكم أو شرطة عكسية",
    "the address does not begin with http:// or https://": "لا يبدأ العنوان بـ `http://` أو `https://`",
    "the address names no host that could be understood": "ليس في العنوان اسم خادم يُفهم",
    "the redirect's address holds a control character or a backslash": "في عنوان التحويل محرف تحكم أو شرطة عكسية",
    "the redirect's address holds a user name": "في عنوان التحويل اسم مستخدم",
    "the redirect to <host> leaves https for http": "التحويل إلى <host> يترك `https` إلى `http`",
    "the proxy's address is not http://, socks5:// or socks5h:// with a host and a port": (
        "عنوان الخادم الوكيل ليس `http://` أو `socks5://` أو `socks5h://` مع اسم ومنفذ"
    ),
    "the proxy's address has no port": "ليس في عنوان الخادم الوكيل منفذ",
    "the address has an impossible port": "في العنوان منفذ لا يمكن",
    "the address has an IPv6 host that cannot be read": "في العنوان خادم `IPv6` لا يُقرأ",
    "the address has an IPv4 host that cannot be read": "في العنوان خادم `IPv4` لا يُقرأ",
    "the address has a host name that cannot be written in IDNA": "في العنوان اسم خادم لا يُكتب بصيغة `IDNA`",
    # parse, parts, decode
    "an empty document": "مستند فارغ",
    "none of its <n> entries can be read": "لا يُقرأ شيء مما فيها، وهو <n|خبر واحد|خبران|أخبار|خبرًا>",
    "<n> entries too many were left out": "تُرك <n|خبر زائد|خبران زائدان|أخبار زائدة|خبرًا زائدًا> على الحد",
    "the document breaks off before its end": "ينقطع المستند قبل نهايته",
    "<n> entries could not be read": "تعذّرت قراءة <n|خبر واحد|خبرين|أخبار|خبرًا>",
    "a web page, where a feed should be (a login, a captcha, or the wrong address)": (
        "صفحة ويب مكان الخلاصة (تسجيل دخول، أو فحص آلي، أو عنوان خطأ)"
    ),
    "no RSS, RDF or Atom document": "ليس مستند `RSS` أو `RDF` أو `Atom`",
    "Arabic text was encoded twice; repaired": "نص عربي مرمَّز مرتين، وقد أُصلح",
    "<n> damaged characters": "فيه <n|حرف تالف|حرفان تالفان|حروف تالفة|حرفًا تالفًا>",
    "<n> parts are not UTF-8": "أجزاء ليست بترميز `UTF-8`: <n>",
    "the text is <codec>, which no label says": "ترميز النص <codec>، ولا إعلان عنه",
    "neither UTF-8 nor labelled; read as <codec>": "ليس `UTF-8` ولا إعلان عن ترميزه؛ قُرئ بترميز <codec>",
    # box
    "the parser breaks on it: <why*>": "تعطّل قارئ الخلاصات به: <why*>",
    "it takes too much memory to read": "تتطلب قراءته ذاكرة أكثر مما يُقبل",
    "it could not be read (<error>)": "تعذّرت قراءته (<error>)",
    "<entry*> breaks the parser; it was read without its markup": "<entry*> عطّل القارئ؛ فقُرئ بلا تنسيقه",
    "<entry*> breaks the parser; it could not be read": "<entry*> عطّل القارئ؛ وتعذّرت قراءته",
    "an entry without a title": "خبر بلا عنوان",
    "the entry '<title>'": "الخبر «<title>»",
    "it does not start; is <library> installed?": "لا يبدأ؛ هل `<library>` مثبَّت؟",
    "<host>, which the feed names, is not on the public internet": (
        "<host>، وقد سمّته الخلاصة، ليس على الإنترنت العامة"
    ),
    "<host> is not the feed's own host, and its name is for the socks5h proxy alone to look up": (
        "<host> ليس خادم الخلاصة نفسه، ولا يبحث عن اسمه إلا الوكيل socks5h"
    ),
    "it takes too much memory": "تتطلب قراءتها ذاكرة أكثر مما يُقبل",
    "it takes too long": "يستغرق أكثر مما يُقبل",
    "it answers nonsense": "جوابه غير مفهوم",
    "the monitor is shutting down": "المرصد يتوقف",
    "it dies (<code>)": "يتوقف فجأة (<code>)",
    # articles
    "the page was not to be had": "تعذّر جلب الصفحة",
    "the page may not be asked for": "لا يُسمح بطلب الصفحة",
    "it was asked without conditions": "طُلبت بلا شروط",
    "its entry was edited meanwhile": "عُدّل خبرها في هذه الأثناء",
    "its entry is not kept any more": "لم يعد خبرها محفوظًا",
    # opml
    "the file is larger than <n> bytes": "حجم الملف أكثر من <n> بايت",
    "the file holds a DOCTYPE, which no list of feeds needs": "في الملف `DOCTYPE`، ولا حاجة إليه في قائمة خلاصات",
    "the file is no OPML": "الملف ليس `OPML`",
    "<what*>: export the list of feeds again, as OPML": "<what*>: صدّر قائمة الخلاصات من جديد بصيغة `OPML`",
    "a feed without a name": "خلاصة بلا اسم",
    "<n> feeds after the first <m>": "<n|خلاصة|خلاصتان|خلاصات|خلاصة> بعد أول <m>",
    "the address holds '${', which would be filled in from our environment": (
        "في العنوان `${`، وكان سيوضع مكانها شيء من بيئتنا"
    ),
    # given: what is explained
    "open it in a browser": "افتحه في المتصفح",
    "write the whole address, as the browser shows it": "اكتب العنوان كاملًا كما يظهر في المتصفح",
    "save the page, and name the file instead": "احفظ الصفحة واذكر الملف مكانها",
    "look at the spelling of its host, and at the name servers of this machine": (
        "تحقق من كتابة اسم الخادم، ومن خوادم الأسماء على هذا الجهاز"
    ),
    "open it in a browser; if it opens there, look at this machine's firewall and proxy": (
        "افتحه في المتصفح؛ إن فُتح هناك فتحقق من جدار الحماية والخادم الوكيل على هذا الجهاز"
    ),
    "open it in a browser and look at its certificate": "افتحه في المتصفح وانظر في شهادته",
    "open it in a browser; if it opens quickly there, look at this machine's network": (
        "افتحه في المتصفح؛ إن فُتح هناك سريعًا فتحقق من شبكة هذا الجهاز"
    ),
    "save what matters of it, and name the file instead": "احفظ المهم منه واذكر الملف مكانه",
    "open it in a browser; if it is whole there, save the page and name the file instead": (
        "افتحه في المتصفح؛ إن كان هناك كاملًا فاحفظ الصفحة واذكر الملف مكانها"
    ),
    "open it in a browser, and give the address where you end": "افتحه في المتصفح، واكتب العنوان الذي تنتهي إليه",
    "open it in a browser; if it opens there, save the page and name the file instead": (
        "افتحه في المتصفح؛ إن فُتح هناك فاحفظ الصفحة واذكر الملف مكانها"
    ),
    "<path> cannot be read: <why*>; look at its permissions": "تعذّرت قراءة <path>: <why*>؛ تحقق من صلاحياته",
    "<path> is larger than <n> bytes; cut out what you want explained": (
        "حجم <path> أكثر من <n> بايت؛ اقتطع منه ما تريد شرحه"
    ),
    "the address cannot be read: <why*>: <detail*>; <remedy*>": "تعذّرت قراءة العنوان: <why*>: <detail*>؛ <remedy*>",
    "<source> is a feed without an entry; try again when something is published": (
        "<source> خلاصة لا خبر فيها؛ أعد المحاولة حين يُنشر شيء"
    ),
    "<source> has no text that can be read without running its scripts; copy the text instead": (
        "ليس في <source> نص يُقرأ بلا تشغيل برامجه؛ انسخ النص مكانه"
    ),
    "<source> is no feed, no web page and no text; save or copy its text, and give that": (
        "<source> ليس خلاصة ولا صفحة ولا نصًا؛ احفظ نصه أو انسخه، واكتب ذلك"
    ),
}
