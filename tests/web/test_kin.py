"""Why two reports are one event, as a reader is told."""

from __future__ import annotations

import pytest

from monitor.web.kin import kinship
from monitor.web.names import Names
from tests.web.site import a_desk

RULES = """\
version: 1
feeds: [{id: quay, name: The Old Quay, url: https://quay.example/feed.xml}]
rules: [{id: strikes, title: غارات, any: [غارة]}]
"""


@pytest.mark.parametrize(
    ("why", "arabic", "english"),
    [
        ("same place aleppo", "المكان نفسه: حلب", "same place Aleppo"),
        ("same event airstrike", "الحدث نفسه: غارة جوية", "same event: Air strike"),
        ("told within 2 h", "بينهما أقل من ساعتين", "told within 2 h"),
        ("told 14 h apart", "بينهما 14 ساعة", "told 14 h apart"),
        ("same number killed: 4", "عدد القتلى نفسه: 4", "same number killed: 4"),
        ("76% of the words", "76٪ من الكلمات مشتركة", "76% of the words"),
        ("30% of the words that both languages have", "30٪ من الكلمات مشتركة بين اللغتين", None),
        ("the later toll is higher", "الحصيلة في الأحدث أعلى", "the later toll is higher"),
        ("the same headline", "العنوان نفسه", "the same headline"),
        ("what nobody has translated", "what nobody has translated", "what nobody has translated"),
    ],
)
def test_a_reason_is_told_in_the_readers_language(tmp_path, why, arabic, english):
    config = a_desk(tmp_path, RULES).config
    assert kinship(why, Names(config, "ar"), "ar") == arabic
    assert kinship(why, Names(config, "en"), "en") == (english or why)
