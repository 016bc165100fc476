"""The words of alerts that no single entry brings about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.alerts.marks import shown
from monitor.alerts.occasions import MOST_HEADLINES, headlines, heard_title, silence_title, volume_title

HOUR = timedelta(hours=1)
LRI, PDI = "\u2068", "\u2069"


@pytest.mark.parametrize(
    ("count", "within", "languages", "told"),
    [
        (5, HOUR, ("en",), "5 stories within 1 hour"),
        (5, HOUR, ("ar",), "5 أخبار خلال ساعة"),
        (12, 2 * HOUR, ("ar",), "12 خبرًا خلال ساعتين"),
        (2, 3 * HOUR, ("ar", "en"), f"خبران خلال 3 ساعات · {LRI}2 stories within 3 hours{PDI}"),
    ],
)
def test_a_volume_says_how_many_in_how_long(count: int, within: timedelta, languages, told: str) -> None:
    assert volume_title(count, within, languages) == told


def test_a_silence_names_its_feeds_and_how_long_it_is() -> None:
    feeds = ["Nakhla", "الجريدة"]
    named = f"{LRI}Nakhla{PDI}, {LRI}الجريدة{PDI}"
    assert silence_title(feeds, 6 * HOUR, ("en",), matching=False) == f"Nothing new from {named} for 6 hours"
    assert silence_title(feeds, 6 * HOUR, ("ar",), matching=True).startswith("لا جديد يطابق القاعدة من")
    assert heard_title(feeds, 7 * HOUR, ("en",)) == f"{named}: heard again after 7 hours"
    assert silence_title([str(n) for n in range(8)], HOUR, ("en",), matching=False).count(LRI) == 5


def test_headlines_are_plain_in_order_and_at_most_so_many() -> None:
    told = headlines(["<b>أول</b>", "a &amp; c", *map(str, range(10))])
    assert shown(told).text.startswith("أول ◆ a & c ◆ 0")
    assert told.endswith(f" ◆ +{12 - MOST_HEADLINES}")
