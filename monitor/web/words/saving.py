"""Why a rules file was not written, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

AR: Final[Mapping[str, str]] = {
    "saving.title": "لم يُحفظ الملف",
    "saving.unknown": "هذا الملف ليس من ملفات القواعد السارية. افتح الصفحة من جديد.",
    "saving.unreadable": "تعذّرت قراءة الملف. تأكد من اسمه ومن صلاحياته ومن أنه محفوظ بترميز UTF-8.",
    "saving.changed": "تغيّر الملف منذ فتحتَ هذه الصفحة، فلم يُكتب شيء. افتح الصفحة من جديد وأعد التعديل.",
    "saving.large": "الملف أكبر من الحد المسموح به. انقل جزءًا من القواعد إلى ملف آخر واذكره تحت include.",
    "saving.tests": "لن يقبل المرصد هذه القواعد، فلم يُكتب شيء:",
    "saving.forbidden": "لا يملك المرصد صلاحية الكتابة في الملف أو في مجلده. امنحه الصلاحية، أو عدّل الملف في مكانه.",
    "saving.ahead": "لا يمكن حفظ التعديل من هنا",
    "saving.ahead.still": "تستطيع مع ذلك أن تجرّب كل شيء هنا، ثم تعدّل الملف بنفسك في مكانه.",
    "saving.read_only": (
        "مجلد الملف للقراءة فقط. في الحاوية: اربط المجلد دون ‎:ro‎ (أو دون read_only) واجعله ملكًا لمستخدم الحاوية؛ "
        "ومع systemd: ضع الملف في مجلد يُسمح للخدمة بالكتابة فيه."
    ),
    "saving.foreign": "الملف ملك لمستخدم آخر، ولو كُتب من هنا لتغيّر مالكه. اجعله ملكًا لمستخدم المرصد، أو عدّله في مكانه.",
    "saving.mounted": "الملف مربوط بمفرده داخل الحاوية فلا يمكن استبداله. اربط مجلده بدلًا منه.",
    "saving.full": "لا مساحة على القرص. أفرغ بعضه ثم أعد المحاولة.",
    "saving.broken": "تعذّرت كتابة الملف، وبقي على حاله.",
    "saving.unsound": "في القواعد خطأ بهذا التعديل، فلم يُكتب شيء:",
}
EN: Final[Mapping[str, str]] = {
    "saving.title": "The file was not saved",
    "saving.unknown": "This is none of the rules files in force. Open the page anew.",
    "saving.unreadable": "The file cannot be read. Look at its name and permissions, and whether it is saved as UTF-8.",
    "saving.changed": "The file has changed since you opened this page; nothing was written. Open it anew.",
    "saving.large": "The file is larger than a rules file may be. Move rules into another one, named under include.",
    "saving.tests": "monitor would not take these rules over, so nothing was written:",
    "saving.forbidden": (
        "monitor may not write to the file or to its folder. Give it permission, or edit the file where it is."
    ),
    "saving.ahead": "What you change here cannot be saved from here",
    "saving.ahead.still": "You can still try everything here, and then change the file yourself, where it is.",
    "saving.read_only": (
        "Its folder is read-only. In a container: mount the folder without :ro (or read_only), and let it belong to "
        "the container's user. With systemd: put the file into a folder that the service may write to."
    ),
    "saving.foreign": (
        "The file belongs to another user, and writing it from here would change that. "
        "Let it belong to monitor's user, or edit it where it is."
    ),
    "saving.mounted": "The file is mounted by itself in the container and cannot be replaced. Mount its folder.",
    "saving.full": "There is no room on the disk. Make some, then try again.",
    "saving.broken": "The file could not be written; it is as it was.",
    "saving.unsound": "With this change the rules have a mistake; nothing was written:",
}
