"""What docs/why/arabic.md and its Arabic sister say in passing is what the matcher does."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from monitor.cli.group import cli
from tests.docs.markdown import blocks, read
from tests.text.torture import Row, is_found

ENGLISH, ARABIC = "docs/why/arabic.md", "docs/ar/arabic.md"

FOUND = [
    ("اشتباك", "اشتباكان"), ("اشتباك", "اشْتبـــاك"), ("اشتباك", "Ø§Ø´ØªØ¨Ø§Ùƒ"), ("غارة", "ﺍﻟﻐﺎﺭﺓ"), ("غارة", "الغاره"),
    ("جرحى", "١٠جرحى"), ("غارة", "فغارة"), ("غارة", "كغارة"), ("غارة", "وبغارة"), ("غارة", "وللغارة"),
    ("غارة", "غاراتهم"),
    ("مستشفى", "مستشفاهم"), ("مبنى", "مبنيين"), ("عسكري", "عسكريون"), ("اعتداء", "اعتداءات"), ("إخلاء", "لإخلائهم"),
    ("مطار", "مطارا"), ("كمين", "كمينان"), ("مقاتل", "مقاتلوه"), ("جريح", "جريحة"), ("جسر", "جسور"),
    ("قاعدة جوية", "القاعدة الجوية"), ("قاعدة جوية", "بقواعد جوية"), ("قاعدة جوية", "قاعدته الجوية"),
    ("{word: قصف, forms: [noun, verb]}", "يقصف"), ("{verb: استعاد}", "استعيدت"), ("{verb: قتل}", "ستقتلهم"),
    ("{name: إدلب}", "أدلب"), ("{name: دير الزور}", "دير-الزور"), ("{place: al-bab}", "مدينة الباب"), ("معبر", "معبرا"),
]  # fmt: skip
NOT_FOUND = [
    ("مطار", "أمطار"), ("{name: تل}", "كتل"), ("{name: سرت}", "فسرت"), ("نفق", "النفقه"), ("حرب", "الحربي"),
    ("خط", "خطة"), ("جامع", "جامعة"), ("شعب", "شعبة"), ("عرب", "عربة"), ("قصف", "يقصف"), ("{verb: نسف}", "ناسفة"),
    ("قاعدة جوية", "القاعدة البحرية والجوية"), ("{name: حماة}", "حماية"), ("{name: الرقة}", "ورقة"),
    ("{name: القائم}", "قائمة"), ("{name: حمص}", "الحمص"), ("قتل", "مقتل"), ("قتل", "قاتل"), ("قتل", "قتال"),
    ("جسر", "عالجسر"), ("حريق", "نار"), ("نفق", "إنفاق"), ("{name: درعا}", "درعاً"),
]  # fmt: skip
CLAIMS = [(*claim, True) for claim in FOUND] + [(*claim, False) for claim in NOT_FOUND]


@pytest.mark.parametrize("page", [ENGLISH, ARABIC])
@pytest.mark.parametrize(("term", "surface", "found"), CLAIMS, ids=[f"{claim[0]}: {claim[1]}" for claim in CLAIMS])
def test_an_example_of_the_page_is_true(page: str, term: str, surface: str, found: bool) -> None:
    assert surface in read(page)
    assert is_found(Row(surface, term, found, "", page)) == found


def test_the_explanation_that_the_page_shows_is_the_one_that_is_given(tmp_path: Path) -> None:
    rules = (
        "version: 1\nrules:\n  - {id: hama-shelling, all: [{place: hama}, {event: shelling-missile}], near: 10 words}\n"
    )
    (tmp_path / "rules.yaml").write_text(rules, encoding="utf-8")
    arguments = ["explain", "القصف وحماية المدنيين", "--config", str(tmp_path / "rules.yaml")]
    shown = [block.text for block in blocks(ENGLISH) if block.info == "text"]
    assert CliRunner().invoke(cli, arguments).stdout == shown[0]
