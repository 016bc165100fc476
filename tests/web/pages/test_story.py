"""The page of a story over HTTP."""

from __future__ import annotations

import re

import pytest

from monitor.store.views import story as module
from tests.web.browser import scene
from tests.web.pages.test_alerts import desk, plain
from tests.web.site import client


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made = scene.make(tmp_path_factory.mktemp("stories"))
    yield made
    made.close()


def page(of: scene.Scene, address: str, language: str = "en", status: int = 200) -> str:
    answer = client(desk(of), accept_language=language).get(address)
    assert answer.status_code == status
    return answer.text


def address_of(shared, words: str) -> str:
    for card in re.findall(r"<article.*?</article>", page(shared, "/"), re.DOTALL):
        if words in plain(card):
            return re.search(r'href="(/stories/\d+)"', card)[1]
    raise AssertionError(words)


@pytest.fixture
def hospital(shared) -> str:
    return page(shared, address_of(shared, "6 قتلى"))


def reports(text: str) -> list[str]:
    return re.findall(r'<article class="card" id="entry-.*?</article>', text, re.DOTALL)


def test_every_report_is_told_in_the_order_seen_with_whose_word_it_is_and_how_it_came(hospital):
    first, second, third = map(plain, reports(hospital))
    assert "منارة الجزيرة" in first
    assert "25 November, 09:01" in first
    assert "independent voice" in first
    assert "How it came into the story" not in first
    assert "How it came into the story" in second
    assert "same event: Shelling or rockets" in third
    assert "the same event" not in third  # which would say it twice
    assert "Harbour Desk" in third


def test_the_change_of_a_text_is_shown_word_by_word(hospital):
    (changed, *_) = reports(hospital)
    assert "Versions: 2" in changed
    assert re.search(r"<del>3\s*</del><ins>6\s*</ins>", changed)


def test_every_decision_is_told_with_its_reason_the_quiet_ones_too(hospital):
    told = plain(hospital)
    assert "first report" in told
    assert "the story changed" in told
    assert "killed: 6, told before: 3" in told
    assert "not told" in told
    assert "told the story; nothing is new here" in told


def test_deliveries_are_told_with_tries_and_answers(shared, hospital):
    told = plain(hospital)
    assert "accepted as 4711" in told
    assert "503 Service Unavailable: try later" in told
    assert "is tried again" in told
    strikes = plain(page(shared, address_of(shared, "تقتل 4")))
    assert "550 no such mailbox" in strikes
    assert "could not be sent" in strikes


def test_the_course_of_the_story_and_the_mutes_that_hold_are_told(shared, hospital):
    assert "How the story went on" in hospital
    crossing = plain(page(shared, address_of(shared, "البوكمال")))
    assert "Muted until" in crossing
    assert "known closure" in crossing


def test_in_arabic_nothing_of_ours_stays_english(shared):
    text = page(shared, address_of(shared, "6 قتلى"), "ar")
    ours = plain(re.sub(r"<(code|bdi|kbd|time)\b.*?</\1>", "", text[text.index("<main") : text.index("</main>")]))
    formats = {"XLSX", "JSON", "GeoJSON", "STIX", "MISP"}
    assert set(re.findall(r"[A-Za-z]{4,}", ours)) <= formats


def test_a_story_with_many_reports_goes_on_on_further_pages(shared, monkeypatch):
    monkeypatch.setattr(module, "REPORTS", 2)
    address = address_of(shared, "6 قتلى")
    first = page(shared, address)
    assert len(reports(first)) == 2
    following = re.search(r'rel="next" href="([^"#]+)', first)[1]
    rest = page(shared, following)
    assert len(reports(rest)) == 1
    assert 'rel="next"' not in rest
    assert f'href="{address}"' in rest


@pytest.mark.parametrize("address", ["/stories/999999", f"/stories/{2**63}", f"/stories/{10**30}", "/stories/0"])
@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_story_that_is_not_kept_says_so(shared, address, language):
    told = page(shared, address, language, 404)
    assert {"ar": "لم تعد هذه القصة محفوظة", "en": "This story is no longer kept."}[language] in told


@pytest.mark.parametrize("address", ["/stories/x", "/stories/-1", "/stories/1.5"])
def test_what_is_no_number_of_a_story_is_no_page(shared, address):
    page(shared, address, status=404)


@pytest.mark.parametrize("after", ["x", "-1", "99999999999999999999999", "%00"])
def test_a_page_of_reports_that_nobody_can_mean_breaks_nothing(shared, after):
    page(shared, f"/stories/1?after={after}")
