"""Why nobody was told, in the language of the page."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from monitor.model import Mute, MuteKind
from monitor.web.decisions import in_words

MUTE = Mute(
    id=3, kind=MuteKind.RULE, subject="harbours", until=datetime(2026, 11, 22, 14, 5, tzinfo=UTC),
    reason="a drill: known", by="x", begun_at=datetime(2026, 11, 22, tzinfo=UTC),
)  # fmt: skip
SENTENCES = [
    "an edit that changes nothing that is told",
    "published 2026-11-20 10:00 UTC, and the rule's max_age is 24 h",
    "the rule's last day was 2026-11-20",
    MUTE.in_words,
    "rule medical-hit tells this very story",
    "alert 12.1 told the story; nothing is new here",
    "one independent source so far, and the rule wants 2",
    "3 independent sources so far, and the rule wants 4",
    "killed: 6, told before: 3",
    "killed: 6, told before: 60, which one newsroom alone says",
    "it tells the event, of which only a denial was told",
    "alert 3.1 of rule medical-hit stands for it until 2026-11-22 14:05 UTC: قصف على البلدة",
    "3 stories within 1 h, of 5",
    "1 story within 1 h 30 min (usual at these hours: 2.5), of 8",
    "9 stories within 2 h: alert 4.1 tells it",
    "9 stories within 2 h: alert 4.1 tells it when its throttle ends at 2026-11-22 14:05 UTC",
    "9 stories within 2 h: a surge wants two weeks to compare with, and this rule has looked since 2026-11-20",
    "the source had told this very text before",
    "the same words",
    "76% of its phrases are the other's",
]


@pytest.mark.parametrize("why", SENTENCES)
def test_each_reason_is_told_in_arabic(why):
    told = in_words(why, "ar")
    assert told != why
    assert any("\u0621" <= char <= "\u064a" for char in told)
    assert in_words(why, "en") == why


def test_a_mute_is_told_with_all_it_says():
    told = in_words(MUTE.in_words, "ar")
    for part in ("3", "harbours", "2026-11-22 14:05 UTC", "a drill: known"):
        assert part in told


def test_what_nobody_has_translated_stays_as_it_is_and_nothing_stays_nothing():
    assert in_words("something quite new", "ar") == "something quite new"
    assert in_words("", "ar") == ""
