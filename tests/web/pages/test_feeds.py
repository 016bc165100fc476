"""The pages of feeds over HTTP: what needs somebody stands first, with its remedy; and nothing secret shows."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest

from monitor.feeds.rhythm import learned
from monitor.model import FeedState
from monitor.store.views.feeds import Counts
from monitor.trouble import Finding, Kind, Trouble
from monitor.web.desk import Desk
from monitor.web.feeds.standing import Level, standing
from tests.web.site import a_desk, client
from tests.world import NOW, feed


@pytest.fixture
def get(scene):
    desk = scene.desk()
    asked = client(desk, accept_language="en")

    def page(path: str, status: int = 200, language: str = "en") -> str:
        answer = asked.get(path, headers={"accept-language": language})
        assert answer.status_code == status
        return unescape(answer.text)

    return page


def names(page: str) -> list[str]:
    return re.findall(r'<h2 id="feed-\d+"><a href="/feeds/([^"]+)"', page)


def test_feeds_that_need_somebody_stand_first_with_what_to_do(get):
    page = get("/feeds")
    assert set(names(page)[:2]) == {"sanabil", "archive"}
    assert set(names(page)[2:]) == {"difaf", "manara", "harbour", "kopru"}
    assert "Feed 'صوت السنابل'" in re.sub("[\u2068\u2069]", "", page)
    assert "cannot be read, 16 times in a row: too slow" in re.sub("[\u2068\u2069]", "", page)
    assert "Open its address in a browser." in page


def test_the_same_in_arabic_says_why_in_arabic(get):
    page = re.sub("[\u2068\u2069]", "", get("/feeds", language="ar"))
    assert "بطء شديد" in page
    assert "لا تُقرأ" in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=harbour", ["harbour"]),
        ("q=ضفاف", ["difaf"]),
        ("tag=syria", ["difaf"]),
        ("level=down", ["archive", "sanabil"]),
        ("level=down&q=quay", ["archive"]),
        ("q=nothing+like+it", []),
        ("level=nonsense", []),
        ("page=99", []),
    ],
)
def test_the_list_is_filtered(get, query, found):
    assert sorted(names(get(f"/feeds?{query}"))) == found


@pytest.mark.parametrize("query", ["page=-1", "page=x", "page=", "page=٣", "page=999999999999999999999"])
def test_a_page_that_is_none_is_the_first(get, query):
    assert len(names(get(f"/feeds?{query}"))) == 6


def test_many_feeds_are_paged(get, monkeypatch):
    monkeypatch.setattr("monitor.web.pages.feeds.PAGE", 4)
    first, second = get("/feeds"), get("/feeds?page=2")
    assert (len(names(first)), len(names(second))) == (4, 2)
    assert 'href="/feeds?page=2"' in first
    assert 'rel="prev" href="/feeds"' in second


def test_what_came_of_a_feed_is_counted(get):
    page = get("/feeds/difaf")
    facts = dict(re.findall(r'<dt>([^<]+)</dt><dd class="num">(\d+)</dd>', page))
    assert facts["Entries kept"] == "5"
    assert facts["Matched a rule (30 days)"] == "4"
    assert facts["Alerts (30 days)"] == "4"


def test_a_feeds_entries_tell_what_matched_and_what_did_not(get):
    page = get("/feeds/difaf")
    rows = re.findall(r"<tr data-item>(.*?)</tr>", page, re.DOTALL)
    assert len(rows) == 5
    [quiet] = [row for row in rows if "موسم القطاف" in row]
    assert "Matched no rule" in quiet
    assert "/rules/try?text=" in quiet
    [strike] = [row for row in rows if "تقتل 4 عمال" in row]
    assert "Air strikes" in strike
    assert "Alerted" in strike
    assert re.search(r'href="/stories/\d+"', strike)


def test_entries_are_paged_by_the_last_one_seen(get, monkeypatch):
    monkeypatch.setattr("monitor.web.pages.feeds.ENTRIES", 3)
    first = get("/feeds/difaf")
    older = re.search(r'rel="next" href="(\?after=[\d.]+)"', first)[1]
    second = get(f"/feeds/difaf{older}")
    rows = [re.findall(r"<tr data-item>(.*?)</tr>", page, re.DOTALL) for page in (first, second)]
    assert [len(each) for each in rows] == [3, 2]
    assert not set(rows[0]) & set(rows[1])
    assert 'rel="prev" href="/feeds/difaf"' in second


@pytest.mark.parametrize("after", ["x", "1", "1.x", ".", "٣.٣", "9" * 30 + ".1"])
def test_a_place_among_entries_that_is_none_is_the_first(get, after):
    assert len(re.findall("<tr data-item>", get(f"/feeds/difaf?after={after}"))) == 5


def test_a_feed_that_is_not_in_the_rules_has_no_page(get):
    get("/feeds/nobody", status=404)


def test_a_rule_that_looks_at_no_feed_is_named(scene, tmp_path):
    rules = tmp_path / "rules.yaml"
    text = scene.rules.read_text(encoding="utf-8")
    rules.write_text(
        text.replace("    any: [زلزال, earthquake]", "    any: [زلزال, earthquake]\n    languages: [he]"),
        encoding="utf-8",
    )
    desk = Desk(rules, scene.state, clock=scene.clock, environ={})
    page = client(desk, accept_language="en").get("/feeds").text
    blind = page.partition("Rules that look at no feed")[2].partition("</ul>")[0]
    assert re.findall(r'href="/rules/([^"]+)"', blind) == ["never-met"]


def test_places_that_alerts_told_of_are_counted(get):
    page = get("/feeds")
    assert re.search(r"Idlib.*?</tr>", page, re.DOTALL)


def test_no_secret_of_an_address_shows(tmp_path, scene):
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        'version: 1\nfeeds:\n  - {id: paid, name: Paid, url: "https://paid.example/rss?key=${PAID_KEY}"}\n'
        "rules:\n  - {id: strikes, any: [strike]}\n",
        encoding="utf-8",
    )
    desk = Desk(rules, tmp_path / "state", clock=scene.clock, environ={"PAID_KEY": "s3cr3t-of-ours-4711"})
    asked = client(desk, accept_language="en")
    pages = [asked.get(path) for path in ("/feeds", "/feeds/paid", "/feeds.opml")]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert not any("s3cr3t" in page.text for page in pages)
    assert "${PAID_KEY}" in pages[1].text
    assert "paid.example" not in pages[2].text


def test_the_list_is_downloaded_as_opml(scene):
    desk = scene.desk()
    answer = client(desk).get("/feeds.opml")
    assert "attachment" in answer.headers["content-disposition"]
    found = ElementTree.fromstring(answer.content)
    assert {each.get("xmlUrl") for each in found.iter("outline") if each.get("xmlUrl")} >= {"https://difaf.example/rss"}


def test_without_anything_recorded_the_feeds_are_not_read_yet(tmp_path, scene):
    desk = Desk(scene.rules, tmp_path / "state", clock=scene.clock, environ={})
    asked = client(desk, accept_language="en")
    assert asked.get("/feeds").text.count('<span aria-hidden="true">…</span> Not read yet</span>') == 6
    page = asked.get("/feeds/difaf").text
    assert "No entry of it is kept yet." in page
    assert "its rhythm is not known yet" in page


def test_without_feeds_the_page_says_so(tmp_path, scene):
    rules = tmp_path / "rules.yaml"
    rules.write_text("version: 1\nrules:\n  - {id: strikes, any: [strike]}\n", encoding="utf-8")
    desk = Desk(rules, tmp_path / "state", clock=scene.clock, environ={})
    assert "There are no feeds" in client(desk, accept_language="en").get("/feeds").text


NOW_READ = FeedState(
    feed_id="one", next_poll_at=NOW, last_polled_at=NOW, last_success_at=NOW, last_new_at=NOW, window=9
)


@pytest.mark.parametrize(
    ("state", "level", "kinds"),
    [
        (None, Level.NEW, 0),
        (NOW_READ, Level.WELL, 0),
        (replace(NOW_READ, failures=1, last_error="too slow"), Level.WEAK, 0),
        (replace(NOW_READ, failures=3, failing_since=NOW, last_error="too slow"), Level.DOWN, 1),
        (replace(NOW_READ, moved_to="https://new.example/#of-x", moved_times=3), Level.ADVICE, 1),
        (replace(NOW_READ, moved_to="https://new.example/#of-x", moved_times=1), Level.WELL, 0),
        (replace(NOW_READ, gap_at=NOW - timedelta(hours=2)), Level.WEAK, 1),
        (replace(NOW_READ, warnings=("the text was encoded twice",)), Level.WEAK, 1),
        (replace(NOW_READ, window=0), Level.DOWN, 1),
    ],
)
def test_a_feed_stands_as_its_state_says(state, level, kinds):
    found = standing(feed("one"), state, (), Counts(), newsroom="One", language="en", zone=UTC, now=NOW)
    assert (found.level, len(found.troubles)) == (level, kinds)
    assert all(each.what and each.remedy for each in found.troubles)


def test_a_silence_is_told_by_the_look_that_knows_what_is_usual():
    finding = Finding(kind=Kind.FEED_SILENT, subject="one", since=NOW - timedelta(days=2), facts={"name": "One"})
    recorded = [Trouble(finding=finding, begun_at=NOW - timedelta(days=2))]
    silent = replace(NOW_READ, last_new_at=NOW - timedelta(days=9))
    told = {"newsroom": "One", "language": "en", "zone": UTC, "now": NOW}
    assert standing(feed("one"), silent, recorded, Counts(), **told).level is Level.WEAK
    assert standing(feed("one"), silent, (), Counts(), **told).level is Level.WELL


def test_the_week_is_told_by_the_readers_clock():
    blob = None
    for hour in range(24 * 28):
        at = datetime(2026, 1, 5, tzinfo=UTC) + timedelta(hours=hour)
        blob = learned(blob, since=at, until=at + timedelta(hours=1), new=5 if at.hour == 6 else 0)
    state, zone = replace(NOW_READ, rhythm=blob), ZoneInfo("Asia/Damascus")
    found = standing(feed("one"), state, (), Counts(), newsroom="One", language="en", zone=zone, now=NOW)
    assert max(range(24), key=found.by_hour.__getitem__) == 9
    assert found.a_day == pytest.approx(5, rel=0.3)


def seen_for(hours: int, *, new: int = 2) -> bytes | None:
    blob = None
    for hour in range(hours):
        at = NOW + timedelta(hours=hour - hours)
        blob = learned(blob, since=at, until=at + timedelta(hours=1), new=new)
    return blob


def page_of_feed(desk, rhythm: bytes | None, language: str = "en", *, silent_for: timedelta = timedelta(0)) -> str:
    now = desk.clock.now()
    with desk.store() as store, store.ingest() as tx:
        tx.feed_state(
            replace(NOW_READ, feed_id="wire", rhythm=rhythm, last_new_at=now - silent_for, last_polled_at=now)
        )
    return re.sub("[\u2068\u2069]", "", client(desk, accept_language=language).get("/feeds/wire").text)


RULES_OF_ONE = """\
version: 1
feeds: [{{id: wire, name: Wire, url: https://news.example/feed.xml, every: {every}}}]
rules: [{{id: strikes, any: [غارة]}}]
"""


def test_of_some_hours_no_pace_is_told_and_of_a_day_it_is(tmp_path):
    desk = a_desk(tmp_path, RULES_OF_ONE.format(every="5m"))
    early = page_of_feed(desk, seen_for(3, new=48))
    assert "too early to say how much it publishes" in early
    assert "a day" not in re.sub("less than a day", "", early[early.index('id="rhythm"') : early.index('id="entries"')])
    assert "about 48 a day" in page_of_feed(desk, seen_for(24))


@pytest.mark.parametrize(
    ("language", "silent_for", "told"),
    [
        ("en", timedelta(hours=1), "usually about 2 more come in such a time"),
        ("en", timedelta(minutes=30), ""),
        ("ar", timedelta(hours=1), "والمعتاد أن يصل في مثل هذه المدة خبران"),
        ("ar", timedelta(hours=6), "والمعتاد أن يصل في مثل هذه المدة نحو 12 خبرًا"),
    ],
)
def test_what_is_usual_is_told_of_a_feed_that_has_brought_less(tmp_path, language, silent_for, told):
    desk = a_desk(tmp_path, RULES_OF_ONE.format(every="5m"))
    page = page_of_feed(desk, seen_for(24 * 7), language, silent_for=silent_for)
    assert (told or "in such a time") in page if told else "in such a time" not in page


@pytest.mark.parametrize(
    ("every", "language", "told"),
    [
        ("30s", "ar", "30 ثانية"), ("30s", "en", "30 seconds"), ("90s", "en", "90 seconds"), ("1m", "ar", "دقيقة"),
        ("5m", "en", "5 minutes"), ("auto", "en", "by its own rhythm"),
    ],
)  # fmt: skip
def test_how_often_a_feed_is_asked_is_told_to_the_second(tmp_path, every, language, told):
    desk = a_desk(tmp_path, RULES_OF_ONE.format(every=every))
    page = re.sub("[\u2068\u2069]", "", client(desk, accept_language=language).get("/feeds/wire").text)
    label = {"ar": "تُسأل كل", "en": "Asked every"}[language]
    assert re.search(rf"<dt>{label}</dt><dd>{told}</dd>", page)


def test_a_rule_without_a_title_in_the_reader_s_language_breaks_no_page(tmp_path):
    rules = """\
version: 1
feeds:
  - {id: wire, name: Wire, url: https://news.example/feed.xml, language: ar}
rules:
  - {id: arabic-only, title: {ar: غارات}, any: [غارة], languages: [tr]}
  - {id: untitled, any: [غارة], languages: [tr]}
"""
    asked = client(a_desk(tmp_path, rules), accept_language="en")
    page = asked.get("/feeds").text
    assert re.findall(r'href="/rules/[^"]+"><bdi dir="auto">(.*?)</bdi>', page) == ["غارات", "untitled"]
