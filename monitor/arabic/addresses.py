"""Addresses, secrets, and who may look at the pages (R309, R314 to R316)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # addresses
    "this feed address cannot be used: <why*>": "عنوان الخلاصة هذا لا يصلح: <why*>",
    "this heartbeat address cannot be used: <why*>": "عنوان إشارة الحياة هذا لا يصلح: <why*>",
    "this web address cannot be used: <why*>": "عنوان الصفحات هذا لا يصلح: <why*>",
    "this proxy cannot be used: <why*>": "هذا الخادم الوكيل لا يصلح: <why*>",
    "its host or port is wrong": "اسم الخادم أو منفذه خطأ",
    "a space or a sign stands in it that no address has": "فيه مسافة أو علامة لا تكون في عنوان",
    "it does not begin with <schemes>": "لا يبدأ بـ <schemes>",
    "it has no host": "ليس فيه اسم خادم",
    "a user name, '?' or '#' stands in it": "فيه اسم مستخدم أو `?` أو `#`",
    "'//' stands in its path": "في مساره `//`",
    "write one '/' there, for example <address>": "اكتب `/` واحدة هناك، مثل `<address>`",
    "pages of monitor's own are at /<path>": "للمرصد صفحات عنوانها `/<path>`",
    "choose another path, for example <address>": "اختر مسارًا آخر، مثل `<address>`",
    "write where people open it in a browser, for example https://monitor.example.org": (
        "اكتب العنوان الذي تُفتح به في المتصفح، مثل `https://monitor.example.org`"
    ),
    "write https:// instead": "اكتب `https://` بدلًا منه",
    'write it with braces: "${<name>}"': 'اكتبه بقوسين: `"${<name>}"`',
    "write the whole address: https://<address>": "اكتب العنوان كاملًا: `https://<address>`",
    "write an address that begins with https:// or http://, as the browser shows it": (
        "اكتب عنوانًا يبدأ بـ `https://` أو `http://` كما يظهر في المتصفح"
    ),
    "write http://host:port, socks5://host:port or socks5h://host:port": (
        "اكتب `http://host:port` أو `socks5://host:port` أو `socks5h://host:port`"
    ),
    "the value of <name> is no notification address": "قيمة <name> ليست عنوان قناة",
    "'<name>' is no notification address": "«<name>» ليس عنوان قناة",
    "an Apprise address begins like slack://, tgram:// or mailtos://; see the list of services in docs/": (
        "يبدأ عنوان القناة بمثل `slack://` أو `tgram://` أو `mailtos://`؛ وقائمة الخدمات في `docs/`"
    ),
    "headers are a block of 'Name: value' lines": "تُكتب الترويسات أسطرًا من صورة `Name: value`",
    'write e.g. {Authorization: "Bearer ${TOKEN}"}': 'اكتب مثلًا `{Authorization: "Bearer ${TOKEN}"}`',
    "'<name>' is no header name": "«<name>» ليس اسم ترويسة",
    "header names are Latin letters and '-'": "أسماء الترويسات حروف لاتينية و`-`",
    "the header <name> is set by monitor itself": "الترويسة <name> يكتبها المرصد بنفسه",
    "remove it": "احذفها",
    "the value of the header <name> has a line end or a letter that is not ASCII": (
        "في قيمة الترويسة <name> سطر جديد أو حرف ليس من `ASCII`"
    ),
    "headers are one line of ASCII": "الترويسة سطر واحد من حروف `ASCII`",
    "'<name>' is no host": "«<name>» ليس اسم خادم",
    "a host is like news.example": "اسم الخادم مثل `news.example`",
    "write the host alone: <name>": "اكتب اسم الخادم وحده: <name>",
    "this looks like the fingerprint of a certificate; a pin is of the key in it, and in base64": (
        "تبدو هذه بصمة شهادة؛ والمطلوب في `pin` بصمة المفتاح الذي فيها، بترميز `base64`"
    ),
    "'<name>' is no pin": "«<name>» ليس بصمة مفتاح",
    "write sha256// and 44 signs of base64; docs/feeds.md says how to get them": (
        "اكتب `sha256//` ثم 44 علامة من `base64`؛ وفي `docs/feeds.md` كيف تُعرف"
    ),
    "a pin needs an address with https://": "لا تُقبل بصمة مفتاح (`pin`) إلا مع عنوان يبدأ بـ `https://`",
    "write https:// or remove 'pin'": "اكتب `https://` أو احذف `pin`",
    "the key that messages are signed with is a secret, and stands in the file": (
        "المفتاح الذي تُوقَّع به الرسائل سر، وهو مكتوب في الملف"
    ),
    'put it into an environment variable, and write "${HOOK_SECRET}" here': (
        'ضعه في متغير بيئة، واكتب هنا `"${HOOK_SECRET}"`'
    ),
    "the key that messages are signed with has fewer than <n> characters, and can be guessed": (
        "المفتاح الذي تُوقَّع به الرسائل أقصر من <n|حرف|حرفين|حروف|حرفًا>، ويمكن تخمينه"
    ),
    "make a long one: openssl rand -hex 32": "اصنع سرًّا طويلًا: `openssl rand -hex 32`",
    "only a channel with a cloudevents+https:// address signs what it sends": (
        "لا توقّع ما ترسله إلا قناة يبدأ عنوانها بـ `cloudevents+https://`"
    ),
    "remove 'secret', or write such an address": "احذف `secret`، أو اكتب مثل هذا العنوان",
    # secrets
    "a '${' is never closed": "تُفتح `${` ولا تُغلق",
    "write ${NAME}, with the closing brace": "اكتب `${NAME}` بالقوس الذي يغلقها",
    "'<name>' names no variable and no file": "لا يسمّي <name> متغيرًا ولا ملفًا",
    "write ${NAME} for a variable of the environment, or ${file:/path/to/secret}": (
        "اكتب `${NAME}` لمتغير من البيئة، أو `${file:/path/to/secret}` لملف"
    ),
    "this address is a secret, and stands in the file": "هذا العنوان سر، وهو مكتوب في الملف",
    'put the whole address into an environment variable, and write "${<name>}" here': (
        'ضع العنوان كله في متغير بيئة، واكتب هنا `"${<name>}"`'
    ),
    "a password or token stands in the file": "في الملف كلمة مرور أو رمز دخول",
    "put the secret into an environment variable or a file, and write ${NAME} or ${file:/path} in its place": (
        "ضع السر في متغير بيئة أو في ملف، واكتب مكانه `${NAME}` أو `${file:/path}`"
    ),
    "the header <name> stands in the file with its secret": "الترويسة <name> مكتوبة في الملف مع سرها",
    'put the value into an environment variable, and write <name>: "${NAME}"': (
        'ضع القيمة في متغير بيئة، واكتب `<name>: "${NAME}"`'
    ),
    # written_web
    "users are a block of names, each with the hash of a password": (
        "يُكتب المستخدمون كتلة أسماء، مع كل اسم تجزئة كلمة مروره"
    ),
    "let 'monitor web --hash' make the line: it asks for the password and prints it": (
        "يكتب لك الأمر `monitor web --hash` هذا السطر: يسأل عن كلمة المرور ويطبعه"
    ),
    "'<name>' is what those are called who log in with the token": "«<name>» اسم من يدخلون برمز الدخول",
    "'<name>' is no name to log in with": "«<name>» لا يصلح اسمًا للدخول",
    "use another name, of letters, digits and . _ - @ +": "اختر اسمًا آخر من حروف وأرقام و`. _ - @ +`",
    "this is no hash of a password for <name>": "هذه ليست تجزئة كلمة مرور لـ <name>",
    "to try this hash would take too much work at each log-in": (
        "فحص هذه التجزئة يتطلب عملًا أكثر مما يُقبل عند كل دخول"
    ),
    "the token for the pages is a secret, and stands in the file": "رمز دخول الصفحات سر، وهو مكتوب في الملف",
    'put it into an environment variable, and write "${WEB_TOKEN}" here': (
        'ضعه في متغير بيئة، واكتب هنا `"${WEB_TOKEN}"`'
    ),
    "the token for the pages has fewer than <n> characters, or signs that no header can hold": (
        "رمز دخول الصفحات أقصر من <n|حرف|حرفين|حروف|حرفًا>، أو فيه علامات لا تحملها ترويسة"
    ),
    "write the name alone: <name>": "اكتب الاسم وحده: <name>",
    "a host is like monitor.lan": "اسم الخادم مثل `monitor.lan`",
    "'<name>' is no address of a proxy": "«<name>» ليس عنوان خادم وكيل",
    "write the address that it connects from: 10.0.0.1, its network: 172.18.0.0/16, or unix for a socket": (
        "اكتب العنوان الذي يتصل منه، مثل `10.0.0.1`، أو شبكته، مثل `172.18.0.0/16`، "
        "أو `unix` إن كان يتصل بمقبس (`socket`)"
    ),
    "nearly everybody would be believed as the proxy": "بهذا يُصدَّق كل أحد تقريبًا كأنه الخادم الوكيل",
    "write its own address": "اكتب عنوانه هو",
    "write its name, for example X-Forwarded-User": "اكتب اسمها، مثل `X-Forwarded-User`",
    "the header <name> holds something else than a user's name": "في الترويسة <name> غير اسم المستخدم",
    "have the proxy write the user's name into one of its own, for example X-Forwarded-User": (
        "اجعل الخادم الوكيل يكتب اسم المستخدم في ترويسة خاصة به، مثل `X-Forwarded-User`"
    ),
    "write [monitor.lan]": "اكتب `[monitor.lan]`",
    "nothing is said of the pages: neither their address nor who may look": (
        "لم يُذكر عن الصفحات شيء: لا عنوانها ولا من يفتحها"
    ),
    "write url: https://…, as people open it in a browser, or users, token, trust": (
        "اكتب `url: https://…` كما تُفتح في المتصفح، أو `users` أو `token` أو `trust`"
    ),
    "'hosts' lets others on the network in, and nobody is asked who they are": (
        "يسمح `hosts` بدخول غيرك من الشبكة، ولا يُسأل أحد من هو"
    ),
    "add users, token or trust beside it": "أضف معه `users` أو `token` أو `trust`",
}
