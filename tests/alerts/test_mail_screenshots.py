"""The mail as a browser shows it on a phone: Arabic and English, light and dark.

The pictures are for people to look at: they go to $MONITOR_ARTIFACTS where that is set, else where pytest keeps its
temporary files.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from monitor.alerts.fit import Limits
from monitor.alerts.render import notice, render, render_digest
from monitor.alerts.samples import FULL, HOSTILE, LINKS, LONG, NOW, PLAIN
from tests.alerts.browser import Seen, contrast, look
from tests.alerts.made import DAMASCUS

LIMITS = Limits(title=200, body=30_000)
LOOKS = [
    pytest.param(language, dark, id=f"{language}-{'dark' if dark else 'light'}")
    for language in ("ar", "en")
    for dark in (False, True)
]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = Path(os.environ.get("MONITOR_ARTIFACTS") or tmp_path) / "mail"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _mail(alert, language: str) -> str:
    return render(
        alert, language=language, zone=DAMASCUS, now=NOW, limits=LIMITS, format="html", links=LINKS
    ).body  # fmt: skip


def _assert_readable(seen: Seen, *, dark: bool) -> None:
    measured = seen.measured
    assert measured["dark"] is dark
    assert measured["width"] == 390
    assert measured["scrolls"] <= 390
    assert measured["remote"] == []
    assert seen.picture.stat().st_size > 5_000
    for text in measured["texts"]:
        assert text["left"] >= 0, text
        assert text["right"] <= 390, text
        assert text["size"] >= 13, text
        assert contrast(text["colour"], text["ground"]) >= 4.5, text


@pytest.mark.parametrize(("language", "dark"), LOOKS)
def test_an_alert_can_be_read_on_a_phone(pictures, language, dark):
    name = f"alert-{language}-{'dark' if dark else 'light'}.png"
    seen = look(_mail(FULL, language), pictures / name, dark=dark)
    _assert_readable(seen, dark=dark)
    first = seen.measured["texts"][0]
    assert (first["direction"], first["align"]) == (("rtl", "right") if language == "ar" else ("ltr", "left"))
    links = [text for text in seen.measured["texts"] if text["text"].startswith("https://")]
    assert links
    assert all(text["direction"] == "ltr" for text in links)


@pytest.mark.parametrize(("language", "dark"), LOOKS)
def test_long_and_hostile_alerts_stay_within_the_page(pictures, language, dark):
    for name, alert in (("long", LONG), ("hostile", HOSTILE)):
        picture = pictures / f"{name}-{language}-{'dark' if dark else 'light'}.png"
        _assert_readable(look(_mail(alert, language), picture, dark=dark), dark=dark)


def test_digests_and_notices_look_the_same(pictures):
    digest = render_digest([PLAIN, FULL], language="ar", zone=DAMASCUS, now=NOW, limits=LIMITS, format="html")
    _assert_readable(look(digest.body, pictures / "digest-ar-light.png", dark=False), dark=False)
    told = notice("القناة لا تعمل", "desk: HTTP 500\n" + "x" * 300, LIMITS, format="html", language="ar")
    _assert_readable(look(told.body, pictures / "notice-ar-dark.png", dark=True), dark=True)


def test_contrast_is_measured_as_defined():
    assert contrast("rgb(0, 0, 0)", "rgb(255, 255, 255)") == pytest.approx(21)
    assert contrast("rgb(119, 119, 119)", "rgb(255, 255, 255)") == pytest.approx(4.48, abs=0.01)
