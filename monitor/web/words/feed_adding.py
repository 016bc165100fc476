"""Adding feeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AR: Final[Mapping[str, str]] = {
    "feed_adding.title": "إضافة خلاصة",
    "feed_adding.by_address": "بعنوانها",
    "feed_adding.address": "عنوان الخلاصة، أو عنوان موقع يذكر خلاصاته",
    "feed_adding.address_hint": "تُقرأ مرة واحدة وتُعرض عليك قبل أن يُكتب شيء.",
    "feed_adding.look": "ألقِ نظرة",
    "feed_adding.by_list": "من قائمة (OPML)",
    "feed_adding.file": "ملف OPML من قارئ خلاصات",
    "feed_adding.file_hint": "لا يُطلب شيء من عناوينه قبل أن تختار.",
    "feed_adding.open_list": "افتح القائمة",
    "feed_adding.no_address": "اكتب عنوانًا يبدأ بـ https://",
    "feed_adding.no_file": "اختر ملفًا أولًا.",
    "feed_adding.no_opml": "تعذّرت قراءة الملف. صدّر قائمة الخلاصات من جديد بصيغة OPML.",
    "feed_adding.headlines_only": (
        "لا تحمل هذه الخلاصة إلا العناوين. إن أردت أن تبحث القواعد في نص الأخبار فعلّم «اقرأ المقالات» أدناه."
    ),
    "feed_adding.articles": "اقرأ المقالات",
    "feed_adding.articles_hint": (
        "تُقرأ صفحة كل خبر جديد أيضًا، ويبحث في نصها ما كان من القواعد يبحث في نص المقال. اتركها إن لم يُجز الناشر ذلك."
    ),
    "feed_adding.articles_missing": "لقراءة المقالات ثبّت أولًا: pip install 'monitor[articles]'",
    "feed_adding.busy": "هناك من يلقي نظرة على خلاصات أخرى الآن. أعد المحاولة بعد لحظات.",
    "feed_adding.none_chosen": "لم تختر شيئًا من القائمة.",
    "feed_adding.preview": "نظرة على الخلاصة",
    "feed_adding.unreadable": "تعذّرت القراءة",
    "feed_adding.remedy": "افتح العنوان في المتصفح. إن انتقل فاكتب الجديد، وإن كان صفحة فابحث فيها عن رابط RSS.",
    "feed_adding.inside": "هذا عنوان داخل شبكتك. إن كنت تقصده فاكتبه في ملف القواعد بيدك.",
    "feed_adding.placeholder": (
        "في العنوان ${…}، وكان سيوضع مكانه سر من أسرارنا ويُرسل إلى ذلك الخادم. "
        "إن كنت تقصد ذلك فاكتبه في ملف القواعد بيدك."
    ),
    "feed_adding.announced": "هذه صفحة، وهي تذكر هذه الخلاصات:",
    "feed_adding.known": "هذه الخلاصة موجودة عندك:",
    "feed_adding.twins": "يبدو أن خلاصة عندك تأتي بالأخبار نفسها:",
    "feed_adding.moved": "انتقلت نهائيًا إلى",
    "feed_adding.use_it": "استعمل هذا العنوان",
    "feed_adding.undated": "أخبارها بلا تواريخ: لن يُعرف القديم من الجديد إلا بوقت رصده.",
    "feed_adding.partly_dated": "بعض أخبارها بلا تاريخ ({count} منها مؤرخ).",
    "feed_adding.empty": "يمكن قراءتها، لكن لا خبر فيها الآن.",
    "feed_adding.oddities": "ملاحظات",
    "feed_adding.number": "أخبار فيها الآن",
    "feed_adding.newest": "أحدثها",
    "feed_adding.rate": "الإيقاع",
    "feed_adding.guessed": "اللغة على الأرجح",
    "feed_adding.matched": "القواعد التي تطابق أخبارها",
    "feed_adding.none_matched": "لا قاعدة تطابق أخبارها الحالية.",
    "feed_adding.entries": "أحدث الأخبار",
    "feed_adding.settings": "ما سيُكتب في ملف القواعد",
    "feed_adding.name": "الاسم، كما تذكره التنبيهات",
    "feed_adding.id": "المعرّف",
    "feed_adding.id_hint": "أحرف لاتينية صغيرة وأرقام وشرطات؛ يبقى كما هو.",
    "feed_adding.language": "اللغة",
    "feed_adding.tags": "الوسوم",
    "feed_adding.tags_hint": "تفصل بينها فواصل؛ بها تختار القواعد خلاصاتها.",
    "feed_adding.private": "خادمها داخل شبكتك، وقد أذنتَ بذلك لخلاصة أخرى منه.",
    "feed_adding.into": "الملف",
    "feed_adding.add": "أضفها",
    "feed_adding.cancel": "إلغاء",
    "feed_adding.not_understood": "كُتب الملف بطريقة لا نعرف كيف نضيف إليها. أضف الخلاصة إلى feeds بيدك.",
    "feed_adding.no_files": "لا يمكن قراءة ملف القواعد.",
    "feed_adding.list": "خلاصات القائمة",
    "feed_adding.listed": "خلاصات في القائمة: {count}",
    "feed_adding.skipped": "ما تُرك",
    "feed_adding.left_out": (
        "لا يُعرض بعد أول ما عُرض: {count}. للقوائم الطويلة الأمر \u2068monitor feeds import-opml\u2069."
    ),
    "feed_adding.choose": "اختر",
    "feed_adding.there": "موجودة:",
    "feed_adding.refused": "لا يؤخذ بعنوانها",
    "feed_adding.look_at_chosen": "ألقِ نظرة على أول {count} مما اخترت",
    "feed_adding.add_chosen": "أضف ما اخترت",
    "feed_adding.feed": "الخلاصة",
    "feed_adding.state": "الحالة",
}
EN: Final[Mapping[str, str]] = {
    "feed_adding.title": "Add a feed",
    "feed_adding.by_address": "By its address",
    "feed_adding.address": "The feed's address, or that of a site that names its feeds",
    "feed_adding.address_hint": "It is read once and shown to you before anything is written.",
    "feed_adding.look": "Have a look",
    "feed_adding.by_list": "From a list (OPML)",
    "feed_adding.file": "An OPML file of a feed reader",
    "feed_adding.file_hint": "None of its addresses is asked before you choose.",
    "feed_adding.open_list": "Open the list",
    "feed_adding.no_address": "Write an address that begins with https://",
    "feed_adding.no_file": "Choose a file first.",
    "feed_adding.no_opml": "The file cannot be read. Export the list of feeds again, as OPML.",
    "feed_adding.headlines_only": (
        "This feed carries headlines only. For rules to look into the reports themselves, tick “Read the articles” "
        "below."
    ),
    "feed_adding.articles": "Read the articles",
    "feed_adding.articles_hint": (
        "The page of each new entry is read as well, and rules that look into articles search its text. "
        "Leave it where the publisher does not want that."
    ),
    "feed_adding.articles_missing": "To have articles read, install first: pip install 'monitor[articles]'",
    "feed_adding.busy": "Others are having a look at feeds just now. Try again in a moment.",
    "feed_adding.none_chosen": "Nothing of the list is chosen.",
    "feed_adding.preview": "A look at the feed",
    "feed_adding.unreadable": "It cannot be read",
    "feed_adding.remedy": (
        "Open the address in a browser. If it moved, write the new one; if it is a page, look for a link to RSS on it."
    ),
    "feed_adding.inside": "This address is inside your network. If you mean it, write it into the rules file yourself.",
    "feed_adding.placeholder": (
        "The address holds ${…}: a secret of ours would be put there and sent to that server. "
        "If you mean it, write it into the rules file yourself."
    ),
    "feed_adding.announced": "This is a page, and it names these feeds:",
    "feed_adding.known": "This feed is there already:",
    "feed_adding.twins": "A feed that is there seems to bring the same news:",
    "feed_adding.moved": "It has moved for good to",
    "feed_adding.use_it": "Use this address",
    "feed_adding.undated": "Its entries have no dates: old and new are told apart only by when they were seen.",
    "feed_adding.partly_dated": "Some of its entries have no date ({count} have one).",
    "feed_adding.empty": "It can be read, and has no entry just now.",
    "feed_adding.oddities": "Oddities",
    "feed_adding.number": "Entries in it now",
    "feed_adding.newest": "The newest",
    "feed_adding.rate": "Rhythm",
    "feed_adding.guessed": "Language, most likely",
    "feed_adding.matched": "Rules that match its entries",
    "feed_adding.none_matched": "No rule matches its entries of now.",
    "feed_adding.entries": "Newest entries",
    "feed_adding.settings": "What will be written into the rules file",
    "feed_adding.name": "Name, as alerts call it",
    "feed_adding.id": "Id",
    "feed_adding.id_hint": "Small Latin letters, digits and hyphens; it stays as it is.",
    "feed_adding.language": "Language",
    "feed_adding.tags": "Tags",
    "feed_adding.tags_hint": "With commas between them; rules choose their feeds by them.",
    "feed_adding.private": "Its server is inside your network, as you allowed for another feed there.",
    "feed_adding.into": "File",
    "feed_adding.add": "Add it",
    "feed_adding.cancel": "Cancel",
    "feed_adding.not_understood": (
        "The file is written in a way that we do not know how to add to. Add the feed under feeds: yourself."
    ),
    "feed_adding.no_files": "The rules file cannot be read.",
    "feed_adding.list": "Feeds of the list",
    "feed_adding.listed": "Feeds in the list: {count}",
    "feed_adding.skipped": "What was left out",
    "feed_adding.left_out": (
        "Not shown behind the first ones: {count}. For long lists there is 'monitor feeds import-opml'."
    ),
    "feed_adding.choose": "Choose",
    "feed_adding.there": "There already:",
    "feed_adding.refused": "Its address is not taken",
    "feed_adding.look_at_chosen": "Have a look at the first {count} chosen",
    "feed_adding.add_chosen": "Add those chosen",
    "feed_adding.feed": "Feed",
    "feed_adding.state": "State",
}
