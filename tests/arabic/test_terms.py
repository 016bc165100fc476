"""One Arabic word for each thing: the rejected ones stand nowhere that people read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READ = sorted(
    [
        *(ROOT / "docs" / "ar").glob("*.md"),
        *(ROOT / "monitor" / "arabic").glob("*.py"),
        *(ROOT / "monitor" / "web").rglob("*.py"),
        *(ROOT / "monitor" / "alerts").glob("*.py"),
        *(ROOT / "monitor" / "exports").glob("*.py"),
    ]
)
TERMS = [
    # what is said, what is not
    ("الأهمية", r"الخطورة|الشدة\b|درجة الخطر"),
    ("خلاصة", r"تغذية (?:إخبارية|RSS)|\bفيد\b|تلقيم"),
    ("كلمة المرور", r"كلمة (?:ال)?سر\b"),
    ("خادم وكيل", r"بروكسي|\bوسيط"),
    ("الإنكليزية", r"إنجليزي"),
    ("كتم", r"إسكات|\bصامت مؤقت"),
    ("ليس مطابقًا", r"لا ينطبق"),
    ("قناة", r"قنال\b"),
    ("إشارة حياة", r"نبض المرصد|نبضات"),
    ("معرّف", r"\bالآي ?دي"),
    ("الموجز", r"الملخص اليومي|نشرة مجمعة"),
]


@pytest.mark.parametrize(("said", "rejected"), TERMS, ids=[said for said, _ in TERMS])
def test_a_thing_has_one_word(said: str, rejected: str) -> None:
    found = {path.name: hits for path in READ if (hits := re.findall(rejected, path.read_text(encoding="utf-8")))}
    assert found == {}, f"say {said}"


def test_the_glossary_has_every_word_of_the_field():
    table = (ROOT / "docs" / "ar" / "terms.md").read_text(encoding="utf-8")
    words = "feed entry document rule match story report voice alert channel delivery severity mute evidence backtest"
    assert [word for word in words.split() if f"| {word} |" not in table] == []
