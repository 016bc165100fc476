"""The state directory, its disk, the monitor itself: troubles of which operators hear (`store`, `app`, `daemon`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    # ballast, straits, held, status
    "<why*>. It was tried for <count> seconds.": "<why*>. استمرت المحاولة <count> ثانية.",
    "<path> cannot be looked at: <why*>": "تعذّر النظر في <path>: <why*>",
    "the file system of <path> is read-only: look at the system's log for disk errors": (
        "نظام ملفات <path> للقراءة فقط: ابحث في سجل النظام عن أخطاء القرص"
    ),
    "the disk of <path> is full: make room on it": "امتلأ قرص <path>: أفرغ بعضه",
    "the room kept in <path> for a full disk is used up: make room on its disk": (
        "استُهلكت المساحة المحجوزة في <path> لامتلاء القرص: أفرغ بعض القرص"
    ),
    "The disk of <path> is full. The room kept for this was given up, so that recording goes on for a while."
    " Make room"
    " on the disk.": "امتلأ قرص <path>. تُركت المساحة المحجوزة لذلك ليستمر التسجيل حينًا. أفرغ بعض القرص.",
    "The disk of <path> takes nothing more (full, read-only or broken). Feeds are polled and alerts are"
    " sent, but what"
    " is new is only remembered in memory: if monitor ends now, these alerts are sent once more. Do not"
    " restart it; make"
    " room on the disk, or look at the system's log for disk errors.": (
        "قرص <path> لا يقبل مزيدًا (ممتلئ أو للقراءة فقط أو معطوب). تُقرأ الخلاصات وتُرسل التنبيهات، لكن"
        " الجديد في الذاكرة"
        " وحدها: إن توقف المرصد الآن أُرسلت هذه التنبيهات مرة أخرى. لا تُعد تشغيله؛ أفرغ بعض القرص، أو ابحث"
        " في سجل النظام عن"
        " أخطائه."
    ),
    "The disk of <path> is nearly full: there is no room for the <n> MiB that are kept for when it is. Make"
    " room on the"
    " disk.": "كاد قرص <path> يمتلئ: لا مكان فيه لما يُحجز لذلك (<n> م.ب). أفرغ بعض القرص.",
    "<path> could not be written: <why*> What was remembered since the disk failed is lost, and alerts of"
    " that time may"
    " be sent once more. See that the disk has room and is sound.": (
        "تعذّرت الكتابة في <path>: <why*> ضاع ما حُفظ في الذاكرة منذ تعطّل القرص، وقد تُرسل تنبيهات تلك"
        " المدة مرة أخرى. تأكد من"
        " أن في القرص مكانًا ومن سلامته."
    ),
    "the disk failed while it was read.": "تعطّل القرص أثناء القراءة.",
    "the disk takes nothing, and <n> MiB wait in memory already. Make room on the disk.": (
        "القرص لا يقبل شيئًا، وفي الذاكرة <n> م.ب تنتظر. أفرغ بعض القرص."
    ),
    # database
    "<path>: <what*> (<error>).": "<path>: <what*> (<error>).",
    "the disk is full; nothing that was recorded is lost. Make room on it": (
        "امتلأ القرص، ولم يضع مما سُجّل شيء. أفرغ بعضه"
    ),
    "another process keeps it locked. See which with `fuser` or `lsof`, and let it finish": (
        "تقفله عملية أخرى. اعرفها بالأمر `fuser` أو `lsof`، ودعها تنتهي"
    ),
    "it cannot be written. Give this user write permission on the directory and its files": (
        "تتعذّر الكتابة فيه. امنح هذا المستخدم صلاحية الكتابة في المجلد وملفاته"
    ),
    "it cannot be opened. Give this user permission on the directory and its files": (
        "يتعذّر فتحه. امنح هذا المستخدم الصلاحية على المجلد وملفاته"
    ),
    "the disk does not answer as it should. Look at the system's log for disk errors": (
        "القرص لا يجيب كما يجب. ابحث في سجل النظام عن أخطائه"
    ),
    "<path> is damaged: <what>. Put a backup in its place, or move it and its -wal and -shm files away to"
    " begin anew:"
    " what the feeds hold then will be taken as known, and no alert sent for it.": (
        "<path> تالف: <what>. ضع مكانه نسخة احتياطية، أو انقله مع ملفيه `-wal` و`-shm` لتبدأ من جديد: عندئذ"
        " يُعدّ ما في"
        " الخلاصات معروفًا ولا يُرسل عنه تنبيه."
    ),
    "<path> was written by a newer version of monitor (schema <found>; this version knows up to <known>)."
    " Install that"
    " version again, or put a backup from before the upgrade in its place.": (
        "كتب <path> إصدارٌ أحدث من المرصد (بنيته <found>، وهذا الإصدار يعرف حتى <known>). أعد تثبيت ذلك"
        " الإصدار، أو ضع مكانه"
        " نسخة احتياطية من قبل الترقية."
    ),
    "<path> was written by an older version of monitor. Run `monitor check` once to convert it.": (
        "كتب <path> إصدارٌ أقدم من المرصد. شغّل `monitor check` مرة ليُحوَّل."
    ),
    "migration <n>: a row of <table> refers to nothing": "الترقية <n>: سطر في <table> يشير إلى غير موجود",
    # opening, place, lock
    "the file is empty, but it was not when it was last used": "الملف فارغ، ولم يكن كذلك حين استُعمل آخر مرة",
    "the file is gone or empty, but its log <name> is there": "الملف مفقود أو فارغ، وسجله <name> موجود",
    "<path> is a database, but none of monitor's. Move it away, or name another directory with --state.": (
        "<path> قاعدة بيانات ليست للمرصد. انقلها، أو سمّ مجلدًا آخر بـ `--state`."
    ),
    "<path> is not the database that was used here the last time. If it was begun anew, what the feeds hold"
    " now is taken"
    " as known and not announced, and alerts that waited to be sent are gone; 'monitor db restore' brings a backup"
    " back.": (
        "<path> ليست قاعدة البيانات التي استُعملت هنا آخر مرة. إن بدأت من جديد فما في الخلاصات الآن يُعدّ"
        " معروفًا ولا يُبلَّغ عنه،"
        " وقد ضاعت تنبيهات كانت تنتظر الإرسال؛ والأمر `monitor db restore` يعيد نسخة احتياطية."
    ),
    "<path> cannot be read: <why*>. Give this user permission on it.": (
        "تعذّرت قراءة <path>: <why*>. امنح هذا المستخدم الصلاحية عليه."
    ),
    "<path> cannot be read: <why*>. Give this user permission to read it.": (
        "تعذّرت قراءة <path>: <why*>. امنح هذا المستخدم صلاحية قراءته."
    ),
    "<path> cannot be written: <why*>. Give this user write permission on the state directory.": (
        "تعذّرت الكتابة في <path>: <why*>. امنح هذا المستخدم صلاحية الكتابة في مجلد الحالة."
    ),
    "<path> cannot be locked: <why*>. Put the state on a local disk.": (
        "تعذّر قفل <path>: <why*>. ضع مجلد الحالة على قرص محلي."
    ),
    "<path>: this file system cannot carry a shared log (WAL). Put the state on a local disk.": (
        "<path>: نظام الملفات هذا لا يحمل سجلًا مشتركًا (`WAL`). ضع مجلد الحالة على قرص محلي."
    ),
    "<path> is on a network file system (<kind>): two machines that use it at once can destroy the state."
    " Put it on a"
    " local disk.": (
        "<path> على نظام ملفات شبكي (<kind>): إن استعمله جهازان معًا فقد يتلف مجلد الحالة. ضعه على قرص محلي."
    ),
    "<path> cannot be the state directory: <why*>. Name another with --state.": (
        "لا يصلح <path> مجلدًا للحالة: <why*>. سمّ غيره بـ `--state`."
    ),
    "<path> is in use: <holder*>": "<path> مستعمل: <holder*>",
    "pid <pid> (<command>) since <time> UTC": "العملية <pid> (<command>)، منذ <time> بتوقيت `UTC`",
    "pid <pid> on <host> (<command>) since <time> UTC": "العملية <pid> على <host> (<command>)، منذ <time> بتوقيت `UTC`",
    "another process": "عملية أخرى",
    # inspect
    "bring a backup back with 'monitor db restore'; what this state holds stays beside it": (
        "أعد نسخة احتياطية بالأمر `monitor db restore`؛ وما في مجلد الحالة يبقى بجانبها"
    ),
    "<n> deliveries of alerts that are not there: they cannot be sent": (
        "<n|رسالة|رسالتان|رسائل|رسالة> عن تنبيهات غير موجودة: لا يمكن إرسالها"
    ),
    "<n> entries count as seen, but are not stored: should they be published anew, nobody is told": (
        "أخبار معدودة مرصودةً وليست محفوظة، عددها <n>: إن نُشرت من جديد فلن يُبلَّغ أحد"
    ),
    "<n> entries are stored, but do not count as seen: they may be announced once more": (
        "أخبار محفوظة وليست معدودة مرصودةً، عددها <n>: قد يُبلَّغ عنها مرة أخرى"
    ),
    "<n> versions do not agree with their entry about its feed or its story": (
        "نسخ لا توافق خبرها في الخلاصة أو القصة، عددها <n>"
    ),
    "<n> entries cannot be found by their address: their edits are taken for new entries": (
        "أخبار لا توجد بعنوانها، عددها <n>: تعديلاتها تُعدّ أخبارًا جديدة"
    ),
    "<n> reports do not agree with their entry about its story": "تقارير لا توافق خبرها في القصة، عددها <n>",
    "<n> stories would give two alerts one number: the second would not be told": (
        "قصص يأخذ فيها تنبيهان رقمًا واحدًا، عددها <n>: لن يُبلَّغ بالثاني"
    ),
    "<path> is not there, or empty.": "<path> غير موجود أو فارغ.",
    "the file is damaged: <what>": "الملف تالف: <what>",
    "<table> <row> refers to a <other> that is not there": "<table> <row> يشير إلى <other> غير موجود",
    "something is stored that cannot be read (<error>)": "حُفظ ما لا يُقرأ (<error>)",
    # app, reload, daemon, lookout, beacon, web.beside
    "Messages have no links": "الرسائل بلا روابط",
    "Rule <id> may have missed something": "ربما فات القاعدة <id> شيء",
    "Some <what> came to nothing within monitor": "عمل لم يكتمل داخل المرصد (<what>)",
    "They cannot be compiled (<error>): see the log, and report it.": (
        "تعذّر تجهيزها (<error>): انظر في السجل، وأبلغ عنه."
    ),
    "The state directory wants a look": "مجلد الحالة يستدعي النظر",
    "The changed rules were refused; the old ones stay in force": "رُفضت القواعد المعدّلة، وتبقى السابقة سارية",
    "The state is damaged": "مجلد الحالة تالف",
    "The disk does not take what must be recorded": "القرص لا يقبل ما يجب تسجيله",
    "<path> has no feeds any more: nothing would be watched. To stop watching, stop monitor.": (
        "لم تعد في <path> خلاصات: فلا شيء يُراقَب. إن أردت وقف المراقبة فأوقف المرصد."
    ),
    "Rules in force fail their own tests ('monitor test' explains)": (
        "قواعد سارية لا تجتاز اختباراتها (يشرح الأمر `monitor test` السبب)"
    ),
    "<place>: <rule>: should match:": "<place>: يجب أن تطابق القاعدة <rule>",
    "<place>: <rule>: should not match:": "<place>: يجب ألا تطابق القاعدة <rule>",
    "<place>: <rule>: should match (<because>):": "<place>: يجب أن تطابق القاعدة <rule> (<because>)",
    "<place>: <rule>: should not match (<because>):": "<place>: يجب ألا تطابق القاعدة <rule> (<because>)",
    "The rules in force have warnings": "على القواعد السارية تحذيرات",
    "Channel <id> cannot be used": "لا يمكن استعمال القناة <id>",
    "no tick for <n> seconds": "لا إشارة حياة منذ <n|ثانية|ثانيتين|ثوانٍ|ثانية>",
    "It was set by <n> seconds. Times in alerts may have been wrong before.": (
        "قُدّمت أو أُخّرت بالثواني: <n>. ربما كانت أوقات التنبيهات خاطئة قبل ذلك."
    ),
    "The clock of this machine was set": "ضُبطت ساعة هذا الجهاز",
    "The state cannot be written": "تتعذّر الكتابة في مجلد الحالة",
    "The heartbeat address does not answer: its service will raise the alarm": (
        "عنوان إشارة الحياة لا يجيب: ستطلق خدمته الإنذار"
    ),
    "Look at 'heartbeat' in the rules file, and at the service that it belongs to.": (
        "انظر في `heartbeat` في ملف القواعد، وفي الخدمة التي هو لها."
    ),
    "an alert has waited for <n> minutes to be sent": "تنبيه ينتظر الإرسال منذ <n|دقيقة|دقيقتين|دقائق|دقيقة>",
    "<n> of <all> feeds asked lately do not answer": "لا يجيب <n> من <all> من الخلاصات التي سُئلت أخيرًا",
    "it cannot be reached (libcurl error <code>)": "لا يمكن الوصول إليه (خطأ `libcurl` <code>)",
    "its address cannot be used": "عنوانه لا يصلح",
    "it answered <status>": "أجاب بالرمز <status>",
    "the host name of the proxy was not found": "لم يُعثر على اسم الخادم الوكيل",
    "its host name was not found": "لم يُعثر على اسم خادمه",
    "its answer is too long": "جوابه أطول مما يُقبل",
    "it hung up without an answer": "أنهى الاتصال بلا جواب",
    "the connection broke": "انقطع الاتصال",
    "no secure connection: its certificate is not trusted": "لا اتصال آمن: شهادته غير موثوقة",
    "They are begun again and again, and end. The log says why. Alerts do not need them.": (
        "تبدأ مرة بعد مرة ثم تتوقف. السبب في السجل. والتنبيهات لا تحتاج إليها."
    ),
    "The pages do not stay up": "الصفحات لا تبقى عاملة",
    # doctor.software
    "<version>: <what*>; <remedy*>": "<version>: <what*>؛ <remedy*>",
    "update it to <version> or later; your system's package may have it mended under the old number": (
        "حدّثه إلى <version> أو أحدث؛ وقد تكون حزمة نظامك أصلحته بالرقم القديم"
    ),
    "two connections can damage the database when its log begins anew (rare)": (
        "قد يُتلف اتصالان قاعدة البيانات حين يبدأ سجلها من جديد (نادر)"
    ),
    "a long host name overflows memory at a SOCKS5 proxy (CVE-2023-38545)": (
        "اسم خادم طويل يتجاوز حدود الذاكرة عند خادم وكيل `SOCKS5` (`CVE-2023-38545`)"
    ),
    "it closes a file twice, perhaps somebody else's (CVE-2025-0665)": (
        "يغلق ملفًا مرتين، وقد يكون لغيره (`CVE-2025-0665`)"
    ),
    "a certificate can overflow memory (CVE-2022-3602)": "قد تتجاوز شهادة حدود الذاكرة (`CVE-2022-3602`)",
    "no longer mended by its makers": "لم يعد صانعوه يصلحونه",
    "it takes an address with a blank before it for another (CVE-2023-24329)": (
        "يقرأ العنوان الذي تسبقه مسافة عنوانًا آخر (`CVE-2023-24329`)"
    ),
}
