"""What things are called where a sentence names their kind, and how sentences stand in one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SENTENCES: Final[Mapping[str, str]] = {
    "feed": "الخلاصة",
    "feed address": "عنوان الخلاصة",
    "rule": "القاعدة",
    "channel": "القناة",
    "place": "المكان",
    "group": "المجموعة",
    "event": "الحدث",
    "source": "غرفة الأخبار",
    "heartbeat": "إشارة الحياة",
    "place <id>": "المكان <id>",
    "group <id>": "المجموعة <id>",
    "event <id>": "الحدث <id>",
    "killed": "القتلى",
    "wounded": "الجرحى",
    "title": "العنوان",
    "summary": "الملخص",
    "body": "نص المقال",
    "tanwin": "`tanwin` (التنوين)",
    "hamza": "`hamza` (الهمزة)",
    "yaa": "`yaa` (الياء)",
    "shadda": "`shadda` (الشدّة)",
    "<where>: error <code>: <what*>": "<where>: خطأ <code>: <what*>",
    "<where>: warning <code>: <what*>": "<where>: تحذير <code>: <what*>",
    "= <remedy*>": "العلاج: <remedy*>",
    "<who>: <what*>": "<who>: <what*>",
    "<what*>: <more*>": "<what*>: <more*>",
    "<what*>; <more*>": "<what*>؛ <more*>",
    "line <n>": "السطر <n>",
    "<file>, line <n>": "<file>، السطر <n>",
}
