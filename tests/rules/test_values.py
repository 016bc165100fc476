from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Severity
from monitor.rules import values
from monitor.rules.problems import Refused


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("30s", timedelta(seconds=30)),
        ("15m", timedelta(minutes=15)),
        ("15 minutes", timedelta(minutes=15)),
        ("2h", timedelta(hours=2)),
        ("10d", timedelta(days=10)),
        ("1w", timedelta(weeks=1)),
        ("0s", timedelta()),
        ("30 دقيقة", timedelta(minutes=30)),
        ("٣٠ دقيقة", timedelta(minutes=30)),
        ("۵ دقائق", timedelta(minutes=5)),
        ("3 ساعات", timedelta(hours=3)),
        ("ساعتان", timedelta(hours=2)),
        ("ساعتين", timedelta(hours=2)),
        ("ساعة", timedelta(hours=1)),
        ("نصف ساعة", timedelta(minutes=30)),
        ("يومًا", timedelta(days=1)),
        ("4 أيّام", timedelta(days=4)),
        ("أسبوعان", timedelta(weeks=2)),
        ("١٥ دقيقه", timedelta(minutes=15)),
        ("ربع ساعه", timedelta(minutes=15)),
    ],
)
def test_lengths_of_time_are_read_in_both_languages(written: str, length: timedelta) -> None:
    assert values.duration(written) == length


@pytest.mark.parametrize(
    "written", ["", "15", "m", "half an hour", "1.5h", "-5m", "12:30", "1h30m", "5 parsecs", "٣٠", "9" * 30 + "d"]
)
def test_what_is_no_length_of_time_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="R204"):
        values.duration(written)


@given(st.integers(0, 3650), st.sampled_from(["s", "m", "h", "d", " ثانية", " دقيقة", " ساعة", " يوم"]))
def test_a_number_and_a_unit_is_so_many_of_the_unit(count: int, unit: str) -> None:
    one = values.duration(f"1{unit}")
    assert values.duration(f"{count}{unit}") == count * one


@pytest.mark.parametrize(
    ("written", "severity"),
    [
        ("critical", Severity.CRITICAL),
        ("High", Severity.HIGH),
        ("متوسط", Severity.MEDIUM),
        ("مُرتفع", Severity.HIGH),
        ("حرجة", Severity.CRITICAL),
        ("منخفض", Severity.LOW),
        ("معلومة", Severity.INFO),
        ("متوسطه", Severity.MEDIUM),
    ],
)
def test_severities_are_read_in_both_languages(written: str, severity: Severity) -> None:
    assert values.severity(written) == severity


@pytest.mark.parametrize(
    ("written", "near"),
    [
        ("15 words", 15),
        ("1 word", 1),
        ("0 words", 0),
        ("١٥ كلمة", 15),
        ("sentence", "sentence"),
        ("جملة", "sentence"),
        ("عنوان", "title"),
    ],
)
def test_distances_are_read_in_both_languages(written: str, near: object) -> None:
    assert values.near(written) == near


@pytest.mark.parametrize("written", ["15", "word", "99999 words", "15 letters", "-1 words"])
def test_what_is_no_distance_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="R209"):
        values.near(written)


def test_auto_is_asked_by_the_feeds_own_rhythm() -> None:
    assert values.every("auto") is None
    assert values.every("30s") == timedelta(seconds=30)


def test_a_day_may_have_arabic_digits() -> None:
    assert values.day("٢٠٢٧-٠٣-٣١") == date(2027, 3, 31)


@pytest.mark.parametrize("written", ["../../etc/passwd", "/etc/passwd", "Asia", "asia\x00", "زمن", "A" * 5000])
def test_a_time_zone_that_is_none_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="R209"):
        values.timezone(written)
