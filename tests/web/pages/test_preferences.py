"""The language and the look that a reader wants: kept in cookies, and no way out of our pages."""

from __future__ import annotations

import pytest

from tests.web.site import ORIGIN, a_desk, client, post

PLAIN = "/no-such-page"


@pytest.fixture
def browser(tmp_path):
    return client(a_desk(tmp_path), accept_language="en")


def test_what_is_chosen_is_kept_and_the_reader_is_back_where_they_were(browser):
    answer = post(browser, "/preferences", {"language": "ar", "theme": "dark", "back": "/rules?q=%D8%A7"}, on=PLAIN)
    assert (answer.status_code, answer.headers["location"]) == (303, "/rules?q=%D8%A7")
    cookies = answer.headers.get_list("set-cookie")
    assert len(cookies) == 2
    assert all("HttpOnly" in each and "SameSite=lax" in each and "Path=/" in each for each in cookies)
    page = browser.get(PLAIN).text
    assert '<html lang="ar" dir="rtl" data-theme="dark">' in page


def test_what_is_not_offered_is_not_taken(browser):
    answer = post(browser, "/preferences", {"language": "xx", "theme": '"><script>'}, on=PLAIN)
    assert (answer.status_code, answer.headers.get_list("set-cookie")) == (303, [])


def test_nobody_else_chooses_for_the_reader(browser):
    answer = browser.post("/preferences", data={"language": "ar"}, headers={"Origin": "https://elsewhere.example"})
    assert answer.status_code == 403
    assert browser.post("/preferences", data={"language": "ar"}, headers={"Origin": ORIGIN}).status_code == 403
    assert browser.get("/preferences").status_code == 405


def test_an_address_may_ask_for_a_language(browser):
    assert 'lang="ar"' in browser.get(f"{PLAIN}?lang=ar").text
    assert '<html lang="en"' in browser.get(f"{PLAIN}?lang=xx").text


@pytest.mark.parametrize(
    ("written", "led_to"),
    [
        ("/", "/"),
        ("/stories/7", "/stories/7"),
        ("/search?q=a%26b&lang=ar", "/search?q=a%26b"),
        ("/search?q=", "/search?q="),
        ("/search?lang=ar", "/search"),
        ("", "/"),
        ("stories", "/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example/", "/"),
        ("/\\elsewhere.example/", "/"),
        ("/a\\..\\b", "/"),
        ("/\t/elsewhere.example/", "/"),
        ("/\n/elsewhere.example/", "/"),
        ("/ok\r\nSet-Cookie: a=b", "/"),
        ("javascript:alert(1)", "/"),
        (" /", "/"),
        ("///elsewhere.example", "/"),
    ],
)
def test_the_way_back_never_leads_elsewhere(browser, written, led_to):
    answer = post(browser, "/preferences", {"theme": "dark", "back": written}, on=PLAIN)
    assert (answer.status_code, answer.headers["location"]) == (303, led_to)
