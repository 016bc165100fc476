"""The page of searching over HTTP: what is found, what is said where a query cannot be read, and nothing that runs."""

from __future__ import annotations

import re
from html import unescape

import pytest
from markupsafe import escape

from monitor.search.keeping import LEAST
from monitor.web.pages import search
from monitor.web.words import TEXTS
from tests.search.world import an_archive
from tests.store.builders import DAY, NOW
from tests.web.site import a_desk, client
from tests.world import FakeClock

RULES = """\
version: 1
timezone: Asia/Damascus
feeds:
  - {id: local, name: Local Wire, url: https://local.example/feed.xml, language: ar}
  - {id: other, name: الجريدة, url: https://other.example/feed.xml, language: en}
rules:
  - {id: strikes, title: {ar: غارات, en: Air strikes}, any: [غارة]}
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    folder = tmp_path_factory.mktemp("search")
    made = a_desk(folder, RULES)
    made.clock = FakeClock(NOW)
    with an_archive(made.state) as archive:
        archive.write("قصف على ديرالزور", link="https://local.example/1")
        archive.now = NOW - 2 * DAY
        archive.write("غارة على المرفأ", alerted=True, body="كلام قبله. " * 60 + "جسر الحرية")
        archive.write(
            "غارة <script>alert(1)</script><b onclick=x>ليلية</b>", feed_id="other", link="javascript:alert(1)"
        )
    return made


@pytest.fixture
def get(desk):
    asked = client(desk)

    def page(address: str, language: str = "en") -> str:
        answer = asked.get(address, headers={"accept-language": language})
        assert answer.status_code == 200
        return unescape(answer.text)

    return page


def titles(page: str) -> list[str]:
    return [re.sub("<[^>]+>", "", each) for each in re.findall(r"<h3.*?</h3>", page)]


ASKED = [
    ("غارة", ["غارة ليلية", "غارة على المرفأ"]),
    ("بدير الزور", ["قصف على ديرالزور"]),
    ("بدير الزور&words=1", []),
    ("غارة&feed=other", ["غارة ليلية"]),
    ("غارة&outcome=alerted", ["غارة على المرفأ"]),
    ("قصف OR غارة&days=7", ["غارة ليلية", "غارة على المرفأ"]),
    ("قصف OR غارة&until=2026-02-25", ["قصف على ديرالزور"]),
    ("قصف OR غارة&since=2026-02-25", ["غارة ليلية", "غارة على المرفأ"]),
    ("جسر", []),
    ("جسر&where=all", ["غارة على المرفأ"]),
    ("غارة&feed=nowhere&days=x&before=y&since=0", ["غارة ليلية", "غارة على المرفأ"]),
]


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize(("query", "found"), ASKED, ids=[each[0] for each in ASKED])
def test_what_is_found(get, query, found, language):
    assert titles(get(f"/search?q={query}", language)) == found


def test_words_are_marked_and_what_became_of_an_entry_is_told(get):
    page = get("/search?q=غارة&outcome=alerted")
    assert "<mark>غارة</mark> على المرفأ" in page
    assert 'href="/stories/1"' in page
    assert 'href="/rules/strikes"' in page


def test_of_a_long_text_the_place_is_shown_where_it_was_found(get):
    page = get("/search?q=جسر&where=all")
    assert "… " in page
    assert "<mark>جسر</mark>" in page


def test_nothing_that_a_feed_wrote_runs(get):
    page = get("/search?q=غارة")
    assert "<script>alert" not in page
    assert "onclick" not in page
    assert "javascript:" not in page


def test_a_query_can_be_saved_as_a_rule(get):
    page = get("/search?q=دير الزور&where=all&language=ar")
    (address,) = re.findall(r'href="(/rules/new[^"]*)"', page)
    rule = get(unescape(address)).partition('name="yaml"')[2].partition("</textarea>")[0]
    assert "- {name: دير الزور}" in rule
    assert "search_in: [title, summary, body]" in rule
    assert "languages: [ar]" in rule


def test_a_mistake_is_shown_in_its_place_with_a_remedy(get):
    page = get("/search?q=قصف (جسر")
    assert "قصف <mark>(جسر</mark>" in page
    assert "never closed" in page
    assert titles(page) == []


def test_a_hint_does_not_keep_from_searching(get):
    page = get("/search?q=غارة or")
    assert "in small letters" in page


def test_filters_that_are_set_can_be_taken_away_one_by_one(get):
    page = get("/search?q=غارة&feed=other&outcome=unmatched")
    assert 'href="/search?q=%D8%BA%D8%A7%D8%B1%D8%A9&outcome=unmatched"' in page
    assert 'href="/search?q=%D8%BA%D8%A7%D8%B1%D8%A9&feed=other"' in page


def test_without_a_query_it_says_what_may_be_asked(get):
    assert "Write a word or more" in get("/search")
    assert "اكتب كلمة" in get("/search", "ar")


def test_nothing_found_says_what_to_try(get):
    assert "Try fewer words" in get("/search?q=زلزال")


def test_pages_lead_to_each_other(get, monkeypatch):
    monkeypatch.setattr("monitor.web.pages.search.PAGE", 1)
    page = get("/search?q=غارة")
    older = re.search(r'rel="next" href="([^"]+)"', page)
    assert older
    second = get(older[1])
    assert (titles(page), titles(second)) == (["غارة ليلية"], ["غارة على المرفأ"])
    assert 'rel="prev" href="/search?q=' in second
    assert 'rel="next"' not in second


def test_an_empty_state_is_searched_in_vain(tmp_path):
    answer = client(a_desk(tmp_path, RULES)).get("/search?q=غارة")
    assert answer.status_code == 200
    assert not (tmp_path / "state" / "search.db").exists()


def test_work_that_is_not_done_says_how_far_it_came(get, monkeypatch):
    from monitor.search.page import Budget

    monkeypatch.setattr("monitor.web.pages.search.Budget", lambda **_said: Budget(judged=1))
    page = get("/search?q=قصف OR غارة")
    assert "Searched back to" in page
    assert "Go on with older ones" in page


def test_a_page_takes_into_the_index_what_came_and_waits_for_nobody_who_makes_ready_for_it(tmp_path, monkeypatch):
    made = a_desk(tmp_path, RULES)
    made.clock = FakeClock(NOW)
    with an_archive(made.state) as archive:
        for number in range(LEAST):
            archive.write(f"غارة {number}")
        for is_being_made, reached in ((True, False), (False, True)):
            monkeypatch.setattr(search, "is_being_made", lambda is_being_made=is_being_made: is_being_made)
            assert len(titles(client(made).get("/search?q=غارة").text)) == LEAST
            with archive.index() as index:
                assert bool(index.about().reached) is reached


ARABIC_LETTERS = re.compile("[\u0621-\u064a]")


@pytest.mark.parametrize("key", ["phrase", "or", "near", "not", "place", "title"])
def test_examples_are_in_the_language_of_the_page_and_are_queries(desk, key):
    for language in ("ar", "en"):
        written = TEXTS[language][f"search.ex.{key}.written"]
        page = client(desk, accept_language=language).get("/search", params={"q": written}).text
        assert f"<code>{escape(written)}</code>" in page
        assert TEXTS[language]["search.refused"] not in page
        assert key == "place" or bool(ARABIC_LETTERS.search(written)) == (language == "ar")
