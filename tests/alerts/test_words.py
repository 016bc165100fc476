from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from monitor.alerts.words import LABELS, SEVERITIES, ago, moment
from monitor.model import Severity
from tests.alerts.made import DAMASCUS, NOW


@pytest.mark.parametrize(
    ("at", "language", "shown"),
    [
        (
            datetime(2026, 11, 22, 11, 5, tzinfo=UTC),
            "ar",
            "الأحد 22 تشرين الثاني، 14:05 بتوقيت دمشق (\u206811:05 UTC\u2069)",
        ),
        (
            datetime(2026, 11, 22, 11, 5, tzinfo=UTC),
            "en",
            "Sunday 22 November, 14:05 Damascus time (\u206811:05 UTC\u2069)",
        ),
        # another year is named
        (
            datetime(2025, 1, 6, 9, 0, tzinfo=UTC),
            "ar",
            "الاثنين 6 كانون الثاني 2025، 12:00 بتوقيت دمشق (\u206809:00 UTC\u2069)",
        ),
        # after midnight in Damascus it is still yesterday in UTC
        (
            datetime(2026, 11, 21, 22, 30, tzinfo=UTC),
            "en",
            "Sunday 22 November, 01:30 Damascus time (\u20682026-11-21 22:30 UTC\u2069)",
        ),
    ],
)
def test_a_moment_is_told_in_local_time_and_in_utc(at, language, shown):
    assert moment(at, language=language, zone=DAMASCUS, now=NOW) == shown


def test_utc_is_not_told_twice():
    assert moment(NOW, language="en", zone=ZoneInfo("UTC"), now=NOW) == "Sunday 22 November, 11:11 \u2068UTC\u2069"


def test_a_zone_without_an_arabic_name_is_named_in_latin_letters():
    shown = moment(NOW, language="ar", zone=ZoneInfo("America/New_York"), now=NOW)
    assert shown == "الأحد 22 تشرين الثاني، 06:11 بتوقيت \u2068New York\u2069 (\u206811:11 UTC\u2069)"


def test_a_zone_that_is_only_an_offset_goes_unnamed():
    shown = moment(NOW, language="en", zone=timezone(timedelta(hours=3)), now=NOW)
    assert shown == "Sunday 22 November, 14:11 (\u206811:11 UTC\u2069)"


@pytest.mark.parametrize(
    ("age", "ar", "en"),
    [
        (timedelta(seconds=59), "", ""),
        (timedelta(minutes=-5), "", ""),
        (timedelta(minutes=1), "قبل دقيقة", "1 minute ago"),
        (timedelta(minutes=2), "قبل دقيقتين", "2 minutes ago"),
        (timedelta(minutes=3), "قبل 3 دقائق", "3 minutes ago"),
        (timedelta(minutes=10), "قبل 10 دقائق", "10 minutes ago"),
        (timedelta(minutes=11), "قبل 11 دقيقة", "11 minutes ago"),
        (timedelta(hours=1), "قبل ساعة", "1 hour ago"),
        (timedelta(hours=2), "قبل ساعتين", "2 hours ago"),
        (timedelta(hours=47), "قبل 47 ساعة", "47 hours ago"),
        (timedelta(days=2), "قبل يومين", "2 days ago"),
        (timedelta(days=5), "قبل 5 أيام", "5 days ago"),
        (timedelta(days=30), "قبل 30 يومًا", "30 days ago"),
        (timedelta(days=103), "قبل 103 أيام", "103 days ago"),
    ],
)
def test_an_age_is_counted_as_the_language_counts(age, ar, en):
    assert (ago(age, "ar"), ago(age, "en")) == (ar, en)


def test_both_languages_have_a_word_for_everything():
    assert LABELS["ar"].keys() == LABELS["en"].keys()
    assert set(SEVERITIES["ar"]) == set(SEVERITIES["en"]) == set(Severity)
