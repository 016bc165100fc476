"""Downloads and feeds over HTTP."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
import stix2

from monitor.exports.formats import FORMATS
from monitor.store import open_store
from monitor.store.wish_rows import Wishes
from monitor.web import downloads
from monitor.web.pages import exports
from monitor.web.words import TEXTS
from tests.store.builders import tell
from tests.web.site import RULES, a_desk, client
from tests.world import NOW, FakeClock

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """Alerts 1.1 (two days old, seen), 2.1 (of another rule), 3.1."""
    store = open_store(tmp_path / "state", now=NOW)
    tell(store, "غارة أولى", seen_at=NOW - timedelta(days=2))
    tell(store, "غارة ثانية", seen_at=NOW - timedelta(hours=2), rule_id="clashes")
    tell(store, "غارة ثالثة", seen_at=NOW - timedelta(hours=1))
    Wishes(store.database).acknowledge("1.1", by="سلمى", now=NOW)
    store.close()
    desk = a_desk(tmp_path)
    monkeypatch.setattr(desk, "clock", FakeClock())
    return desk


def get(desk, address, status=200, **headers):
    answer = client(desk, **{"accept_language": "en", **headers}).get(address)
    assert answer.status_code == status, answer.text[:500]
    return answer


def ids(answer) -> list[str]:
    return [each["alert"] for each in answer.json()]


CHOICES = [
    ("", ["3.1", "2.1", "1.1"]),
    ("&rule=strikes", ["3.1", "1.1"]),
    ("&rule=strikes&rule=clashes&seen=no", ["3.1", "2.1"]),
    ("&seen=yes", ["1.1"]),
    ("&since=2026-11-22", ["3.1", "2.1"]),
    ("&severity=low", []),
    ("&story=2", ["2.1"]),
    ("&story=99", []),
]


@pytest.mark.parametrize(("filters", "expected"), CHOICES)
def test_a_download_holds_what_the_page_shows(desk, filters, expected):
    assert ids(get(desk, f"/export?format=json{filters}")) == expected


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_a_file_to_keep_with_its_kind_and_length(desk, name):
    answer = get(desk, f"/export?format={name}")
    how = FORMATS[name]
    assert answer.headers["content-type"] == how.media
    assert answer.headers["content-disposition"] == f'attachment; filename="alerts-2026-11-22.{how.suffix}"'
    assert int(answer.headers["content-length"]) == len(answer.content)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_download_of_a_story_is_named_by_it(desk):
    assert 'filename="story-2-2026-11-22.csv"' in get(desk, "/export?format=csv&story=2").headers["content-disposition"]


def test_what_is_downloaded_can_be_read(desk):
    rows = list(csv.DictReader(io.StringIO(get(desk, "/export?format=csv").content.decode("utf-8-sig"), newline="")))
    assert [row["alert"] for row in rows] == ["3.1", "2.1", "1.1"]
    assert "xl/workbook.xml" in ZipFile(io.BytesIO(get(desk, "/export?format=xlsx").content)).namelist()
    bundle = stix2.parse(get(desk, "/export?format=stix&tlp=amber").text)
    assert bundle.objects[0].definition.tlp == "amber"


def test_a_spreadsheet_is_titled_in_the_language_of_the_reader(desk):
    def titles(language):
        content = get(desk, "/export?format=xlsx", accept_language=language).content
        return ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()

    assert "العنوان" in titles("ar")
    assert "Headline" in titles("en")


def test_a_download_holds_the_newest_where_there_are_too_many(desk, monkeypatch):
    monkeypatch.setattr(exports, "MOST", 2)
    assert ids(get(desk, "/export?format=json")) == ["3.1", "2.1"]


def test_an_unknown_format_is_refused_with_those_there_are(desk):
    for address in ("/export", "/export?format=pdf"):
        text = get(desk, address, 400).text
        assert "This format is not known." in text
        assert "geojson" in text


def test_who_asks_while_others_are_served_is_told_when_to_ask_again(desk, monkeypatch):
    nobody = downloads.BoundedSemaphore(1)
    monkeypatch.setattr(downloads, "AT_ONCE", nobody)
    monkeypatch.setattr(downloads, "PATIENCE", 0.01)
    for _ in range(2):  # a turn is given back
        assert get(desk, "/export?format=json").status_code == 200
        get(desk, "/export?format=pdf", 400)
    with nobody:
        answer = get(desk, "/export?format=json", 503)
    assert "Other downloads are being written" in answer.text
    assert answer.headers["retry-after"] == "30"


@pytest.mark.parametrize("story", ["x", "-1", "", "9" * 19, "9" * 5000, "١"])
def test_a_story_that_cannot_be_is_not_found(desk, story):
    get(desk, f"/export?format=json&story={story}", 404)


def test_a_missing_library_is_named_with_its_extra(desk, monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr("monitor.exports.extras.import_module", missing)
    for language, title in (("ar", "تحتاج هذه الصيغة إلى مكتبة لم تُثبَّت"), ("en", "This format needs a library")):
        text = client(desk, accept_language=language).get("/export?format=stix").text
        assert f"<h1>{title}" in text
        assert re.search(
            r'<p class="problem"><bdi dir="ltr" lang="en">pip install &#39;monitor\[stix\]&#39;</bdi></p>', text
        )


def test_it_is_said_where_a_table_is_downloaded_in_which_language_its_columns_are(desk):
    for language in ("ar", "en"):
        page = client(desk, accept_language=language).get("/").text
        assert TEXTS[language]["exports.columns"] in page
    header = get(desk, "/export?format=csv").text.splitlines()[0]
    assert client(desk, accept_language="ar").get("/export?format=csv").text.splitlines()[0] == header
    assert header.isascii() or header.startswith("\ufeff")


def test_the_feeds_hold_the_alerts_as_they_are_filtered(desk):
    feed = ElementTree.fromstring(get(desk, "/alerts.atom?rule=strikes&nonsense=1").content)
    assert len(feed.findall(f"{ATOM}entry")) == 2
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
    assert links == {
        "self": "http://127.0.0.1:8080/alerts.atom?rule=strikes",
        "alternate": "http://127.0.0.1:8080/?rule=strikes",
    }
    told = get(desk, "/alerts.json?seen=yes")
    assert told.headers["content-type"] == "application/feed+json"
    assert [item["_monitor"]["alert"] for item in told.json()["items"]] == ["1.1"]


def test_a_feed_has_the_newest_only(desk, monkeypatch):
    monkeypatch.setattr(exports, "IN_A_FEED", 1)
    assert [item["_monitor"]["alert"] for item in get(desk, "/alerts.json").json()["items"]] == ["3.1"]


@pytest.mark.parametrize("address", ["/alerts.atom", "/alerts.json", "/alerts.atom?severity=low"])
def test_who_has_a_feed_as_it_is_gets_nothing_again(desk, address):
    first = get(desk, address)
    tag = first.headers["etag"]
    for asked in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = get(desk, address, 304, if_none_match=asked)
        assert again.content == b""
        assert again.headers["etag"] == tag
    assert get(desk, address, if_none_match='"other"').content == first.content


def test_a_new_alert_makes_a_feed_another(desk):
    tag = get(desk, "/alerts.atom").headers["etag"]
    with desk.store() as store:
        tell(store, "غارة رابعة", seen_at=NOW)
    assert get(desk, "/alerts.atom", if_none_match=tag).headers["etag"] != tag


def test_no_cache_of_others_keeps_a_feed(desk):
    assert get(desk, "/alerts.atom").headers["cache-control"] == "private, no-cache"


def test_where_people_reach_it_is_what_a_feed_says(tmp_path, monkeypatch):
    desk = a_desk(tmp_path, RULES + "web: {url: https://desk.example/news}\n")
    monkeypatch.setattr(desk, "clock", FakeClock())
    assert get(desk, "/alerts.json?seen=no").json()["feed_url"] == "https://desk.example/news/alerts.json?seen=no"


def test_the_pages_lead_to_both(desk):
    text = get(desk, "/?rule=strikes").text
    assert 'href="/export?rule=strikes&amp;format=csv"' in text
    assert '<link rel="alternate" type="application/atom+xml" title="Alerts" href="/alerts.atom?rule=strikes">' in text
    assert 'href="/export?format=stix&amp;story=2"' in get(desk, "/stories/2").text


def test_nobody_changes_anything_there(desk):
    for address in ("/alerts.atom", "/export?format=csv"):
        assert client(desk).post(address).status_code in (403, 405)
