"""The links of messages under the name of the pages: without a log-in, and no further than they lead."""

from __future__ import annotations

import pytest

from monitor.web.app import make_app
from monitor.web.desk import Desk as PagesDesk
from tests.web.access.made import USERS, browser_of
from tests.web.links.desk import BASE, Desk
from tests.web.site import RULES

BEHIND_THE_PROXY = {"X_Forwarded_For": "203.0.113.9", "X_Forwarded_Proto": "https"}


@pytest.fixture(scope="module")
def alert(tmp_path_factory):
    made = Desk(tmp_path_factory.mktemp("alert"))
    yield made
    made.close()


@pytest.fixture(params=[f"web: {{url: '{BASE}'}}\n", f"web: {{url: '{BASE}', {USERS}}}\n"], ids=["open", "log-in"])
def browser(alert, request, tmp_path):
    (tmp_path / "rules.yaml").write_text(RULES + request.param, encoding="utf-8")
    desk = PagesDesk(tmp_path / "rules.yaml", alert.state, clock=alert.clock, environ={})
    return browser_of(make_app(desk), peer="10.0.0.1", base="http://monitor.example", **BEHIND_THE_PROXY)


def test_a_link_opens_its_alert_without_a_log_in_and_sets_no_cookie(browser, alert):
    answer = browser.get(alert.path())
    assert answer.status_code == 200
    assert alert.alert.title in answer.text
    assert "set-cookie" not in answer.headers
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_it_opens_nothing_else(browser):
    answer = browser.get("/")
    assert answer.status_code in (303, 421)
    assert answer.headers.get("location", "/login") == "/login"


def test_what_it_does_is_asked_first_and_done_by_a_form_of_ours_alone(browser, alert):
    path = alert.path("mute")
    asked = browser.get(path)
    assert (asked.status_code, "<form" in asked.text) == (200, True)
    assert alert.wishes.muted(f"link of alert {alert.alert.id}", now=alert.clock.now()) is None
    form = {"doing": "do"}
    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": BASE, "Sec-Fetch-Site": "cross-site"}):
        assert browser.post(path, data=form, headers=headers).status_code == 403
    assert browser.post(path, data={"doing": "a" * 5000}, headers={"Origin": BASE}).status_code == 413
    assert alert.wishes.muted(f"link of alert {alert.alert.id}", now=alert.clock.now()) is None


def test_a_seen_alert_is_recorded_once(browser, alert):
    for _ in range(2):
        answer = browser.post(alert.path("ack"), data={"doing": "do"}, headers={"Origin": BASE})
        assert answer.status_code == 200
    assert alert.wishes.acknowledged(alert.alert.id) is not None


@pytest.mark.parametrize("change", [
    lambda path: path.partition("?")[0],
    lambda path: path[:-1] + ("A" if path[-1] != "A" else "B"),
    lambda path: path.replace("/a/", "/a/9"),
    lambda path: path.replace("?", "/ack?"),
    lambda path: "/a/../rules?" + path.partition("?")[2],
    lambda path: "/a/",
])  # fmt: skip
def test_a_token_opens_what_it_was_made_for_and_nothing_else(browser, alert, change):
    answer = browser.get(change(alert.path()))
    assert answer.status_code in (303, 403, 404, 421)
    assert alert.alert.title not in answer.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_other_methods_do_nothing(browser, alert, method):
    assert browser.request(method, alert.path("ack"), headers={"Origin": BASE}).status_code in (403, 405)
