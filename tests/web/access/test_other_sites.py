"""What another site may have a browser ask us for: nothing but a page, by a link that somebody follows. Where nobody
has to log in, a page of any site reaches ours through a browser on the same machine."""

from __future__ import annotations

import threading

import pytest

from monitor.web.access.origin import Led, led
from monitor.web.workshop.bench import Bench, NoAnswer
from tests.web.access.made import WITH_TOKEN, app_with, browser_of
from tests.web.access.test_routes import ALL, STREAMS, ask, insider
from tests.web.site import RULES, a_desk, client

PICTURE = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "image"}
LINK = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
OF_OURS = {"Sec_Fetch_Site": "same-origin", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
FOR_ALL = {"/healthz", "/a/{rest:path}"}
READ = sorted({template for template, method in ALL if method == "GET"} - FOR_ALL)


@pytest.mark.parametrize(
    ("site", "mode", "dest", "expected"),
    [
        ("same-origin", "cors", "empty", Led.HERE),
        ("none", "navigate", "document", Led.HERE),
        (None, None, None, Led.HERE),
        ("cross-site", "navigate", "document", Led.BY_LINK),
        ("same-site", "navigate", "document", Led.BY_LINK),
        ("cross-site", "navigate", "iframe", Led.WITHIN),
        ("cross-site", "navigate", None, Led.WITHIN),
        ("cross-site", "no-cors", "document", Led.WITHIN),
        ("same-site", "cors", "empty", Led.WITHIN),
        ("cross-site", None, None, Led.WITHIN),
        ("nonsense", "no-cors", "image", Led.WITHIN),
    ],
)
def test_a_browser_says_who_has_it_ask(site, mode, dest, expected):
    said = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest}
    assert led({name: value for name, value in said.items() if value is not None}) is expected


@pytest.mark.parametrize("template", READ)
@pytest.mark.parametrize(
    "how",
    [
        PICTURE,
        PICTURE | {"Sec_Fetch_Site": "same-site"},
        PICTURE | {"Sec_Fetch_Mode": "cors", "Sec_Fetch_Dest": "empty"},
        LINK | {"Sec_Fetch_Dest": "iframe"},
        LINK | {"Sec_Fetch_Dest": "object"},
    ],
    ids=["picture", "another port", "script", "frame", "object"],
)
def test_nothing_is_loaded_into_a_page_of_another_site(template, how):
    assert ask(insider(), "GET", template, **how).status_code == 403
    assert ask(insider(), "HEAD", template, **how).status_code == 403


@pytest.mark.parametrize("template", sorted({*READ} - STREAMS - {"/static"}))
def test_a_link_on_another_site_leads_to_pages_and_begins_nothing(template):
    """Whatever answers with a file, or in a part of a page, has to say of itself that it is none."""
    answer = ask(insider(), "GET", template, **LINK)
    is_page = answer.headers.get("content-type", "").startswith("text/html") and "<h1>" in answer.text
    assert is_page or answer.status_code in (303, 403), template
    assert "attachment" not in answer.headers.get("content-disposition", "")


@pytest.mark.parametrize(
    "path",
    [
        "/rules/strikes?tests",
        "/rules/strikes/tests",
        "/rules/lint",
        "/rules/try?text=a",
        "/export?format=csv",
        "/alerts.atom?severity=high",
        "/feeds.opml",
        "/stories/1/evidence.zip",
    ],
)
def test_what_takes_work_is_begun_when_somebody_goes_on_from_the_page_that_says_so(path):
    """Of a browser that says where it comes from; a program that says nothing gets what it asks for."""
    browser = insider()
    headers = {name.replace("_", "-"): value for name, value in LINK.items()}
    stopped = browser.get(path, headers=headers)
    assert stopped.status_code == 403
    assert f'href="{path.replace("&", "&amp;")}"' in stopped.text
    for said in ({name.replace("_", "-"): value for name, value in OF_OURS.items()}, {}):
        assert browser.get(path, headers=said).status_code in (200, 404)


@pytest.mark.parametrize(
    "path", ["/", "/search?q=a", "/rules", "/rules/strikes", "/rules/try", "/feeds", "/operations"]
)
def test_links_in_mail_and_chat_open_the_pages(path):
    headers = {name.replace("_", "-"): value for name, value in LINK.items()}
    assert insider().get(path, headers=headers).status_code == 200


@pytest.fixture
def begun(monkeypatch):
    """What was asked of the process that works for the pages of rules."""
    orders: list[object] = []

    def ask(_, order, **__):
        orders.append(order["task"])
        raise NoAnswer("workshop.stopped")

    monkeypatch.setattr(Bench, "ask", ask)
    monkeypatch.setattr(Bench, "warm", lambda _, order: orders.append(order["task"]))
    return orders


@pytest.mark.parametrize(("path", "task"), [("/rules", "lint"), ("/rules/strikes", "lint"), ("/rules/try", "warm")])
def test_a_page_that_begins_work_ahead_does_not_when_another_site_led_there(tmp_path, begun, path, task):
    browser = browser_of(app_with(tmp_path))
    for said, expected in ((LINK, []), (OF_OURS, [task])):
        page = browser.get(path, headers={name.replace("_", "-"): value for name, value in said.items()})
        for each in threading.enumerate():
            if each.name == "lint":
                each.join()
        assert begun == expected
        assert ('hx-trigger="load' in page.text) == (task == "lint" and path == "/rules" and said is OF_OURS)


def test_where_another_site_led_to_a_rule_its_tests_wait_to_be_run(tmp_path, begun):
    tested = RULES + "    tests: [{match: غارة على الجسر}]\n"
    browser = client(a_desk(tmp_path, tested))
    page = browser.get("/rules/strikes", headers={name.replace("_", "-"): value for name, value in LINK.items()}).text
    assert 'href="/rules/strikes?tests=run#tests" hx-get="/rules/strikes/tests"' in page
    assert 'hx-trigger="load' not in page
    assert 'hx-get="/rules/strikes/tests" hx-trigger="load"' in browser.get("/rules/strikes").text


@pytest.mark.parametrize("path", ["/healthz", "/a/none"])
def test_signed_links_and_the_sign_of_life_are_for_all_sites(tmp_path, path):
    browser = browser_of(app_with(tmp_path, WITH_TOKEN))
    as_picture = browser.get(path, headers={name.replace("_", "-"): value for name, value in PICTURE.items()})
    assert (as_picture.status_code, as_picture.text) == (browser.get(path).status_code, browser.get(path).text)


def test_a_program_reads_why_it_was_refused(tmp_path):
    browser = browser_of(app_with(tmp_path, WITH_TOKEN), Authorization="Bearer 0123456789abcdef-of-the-test")
    answer = browser.get("/api/v1/alerts", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "another site" in answer.json()["detail"]
