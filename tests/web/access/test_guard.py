"""What stands before every page: by which name, by whom, and meant."""

from __future__ import annotations

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from monitor.web.app import make_app
from monitor.web.render import render
from monitor.web.visit import visit_of
from tests.web.site import ORIGIN, a_desk, csrf_of


def note(request: Request) -> PlainTextResponse:
    """A page that changes something: tells what it was given."""
    return PlainTextResponse(f"{visit_of(request).user}|{request.state.form.get('text')}")


async def reading(request: Request) -> PlainTextResponse:
    """One that reads what it was sent itself."""
    fields = await request.form()
    return PlainTextResponse(f"{fields.get('text')}")


def form_page(request: Request) -> PlainTextResponse:
    page = render(request, "trouble.html", key="back", detail="").body.decode()
    return PlainTextResponse(f'{page}<input type="hidden" name="csrf" value="{visit_of(request).csrf}">')


ROUTES = [
    Route("/form", form_page),
    Route("/note", note, methods=["POST"]),
    Route("/reading", reading, methods=["POST"]),
    Route("/rules/note", note, methods=["POST"]),
]


@pytest.fixture
def app(tmp_path):
    made = make_app(a_desk(tmp_path))
    made.router.routes.extend(ROUTES)
    return made


@pytest.fixture
def browser(app):
    return TestClient(app, base_url=ORIGIN, client=("127.0.0.1", 50000), raise_server_exceptions=False)


@pytest.fixture
def token(browser):
    return csrf_of(browser.get("/form").text)


def send(browser, path="/note", *, origin=ORIGIN, **more):
    headers = {"Origin": origin} if origin else {}
    return browser.post(path, **{"headers": headers | more.pop("headers", {}), **more})


def test_a_form_of_ours_is_taken_and_read_by_pages_of_both_kinds(browser, token):
    assert send(browser, data={"csrf": token, "text": "نص"}).text == "|نص"
    assert send(browser, "/reading", data={"csrf": token, "text": "نص"}).text == "نص"
    assert send(browser, "/reading", data={"csrf": token, "text": "a"}, files={"file": ("x", b"y")}).text == "a"


def test_the_token_may_come_in_a_header(browser, token):
    assert send(browser, data={"text": "a"}, headers={"X-CSRF-Token": token}).text == "|a"
    assert send(browser, json={"text": "a"}, headers={"X-CSRF-Token": token}).status_code == 200


@pytest.mark.parametrize(("origin", "headers"), [
    ("https://evil.example", {}),
    ("null", {}),
    ("http://127.0.0.1:9999", {}),  # another program of this machine
    (ORIGIN, {"Sec-Fetch-Site": "cross-site"}),
    (ORIGIN, {"Sec-Fetch-Site": "same-site"}),
    (ORIGIN, {"Sec-Fetch-Site": "none"}),
    (None, {}),
    (None, {"Referer": ORIGIN}),
])  # fmt: skip
def test_a_form_from_elsewhere_is_refused_even_with_the_token(browser, token, origin, headers):
    answer = send(browser, origin=origin, data={"csrf": token}, headers=headers)
    assert answer.status_code == 403


def test_what_a_browser_says_of_the_site_is_enough_where_it_hides_the_origin(browser, token):
    answer = send(browser, origin=None, data={"csrf": token}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200


@pytest.mark.parametrize("brought", [None, "", "x", "ت", "A" * 43])
def test_a_form_without_its_token_is_refused(browser, token, brought):
    assert send(browser, data={} if brought is None else {"csrf": brought}).status_code == 403


def test_the_token_of_one_browser_is_worth_nothing_in_another(app, token):
    other = TestClient(app, base_url=ORIGIN, client=("127.0.0.1", 50001))
    other.get("/form")
    assert send(other, data={"csrf": token}).status_code == 403


def test_a_token_without_the_cookie_it_belongs_to_is_worth_nothing(browser, token):
    browser.cookies.clear()
    assert send(browser, data={"csrf": token}).status_code == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PURGE"])
@pytest.mark.parametrize("path", ["/note", "/", "/nothing"])
def test_whatever_changes_something_wants_the_token(browser, method, path):
    browser.get("/form")
    assert browser.request(method, path, headers={"Origin": ORIGIN}).status_code == 403


@pytest.mark.parametrize(("host", "status"), [
    ("127.0.0.1:8080", 200), ("127.0.0.1", 200), ("localhost:8080", 200), ("LOCALHOST.", 200), ("[::1]:8080", 200),
    ("evil.example", 421), ("127.0.0.1.evil.example", 421), ("localhost@evil.example", 421), ("0.0.0.0:8080", 421),
    ("", 421), ("10.0.0.1", 421), ("monitor.example", 421), ("localhost:80:80", 421),
])  # fmt: skip
def test_the_pages_are_asked_for_by_a_name_of_ours(browser, host, status):
    answer = browser.get("/form", headers={"Host": host})
    assert (answer.status_code, "csrf" in answer.text) == (status, status == 200)


@pytest.mark.parametrize("header", [
    "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-User", "X-Real-IP", "Via",
])  # fmt: skip
def test_without_a_password_nobody_comes_through_a_proxy(browser, header):
    answer = browser.get("/form", headers={header: "10.1.2.3", "Accept-Language": "en"})
    assert answer.status_code == 403
    assert "users, token or trust under web" in answer.text


@pytest.mark.parametrize("peer", ["10.0.0.7", "192.168.1.2", "2001:db8::1", "", "::ffff:10.0.0.7"])
def test_without_a_password_nobody_comes_from_elsewhere(app, peer):
    there = TestClient(app, base_url=ORIGIN, client=(peer, 50000), headers={"Accept-Language": "en"})
    answer = there.get("/form")
    assert answer.status_code == 403
    assert "on this machine alone" in answer.text


@pytest.mark.parametrize(("path", "most"), [("/note", 64), ("/rules/note", 1024)])
def test_more_than_a_form_holds_is_not_read(browser, token, path, most):
    kept = {"csrf": token, "text": "a" * (most - 1) * 1024}
    assert send(browser, path, data=kept).status_code == 200
    assert send(browser, path, data=kept | {"more": "a" * 1024}).status_code == 413


@pytest.mark.parametrize(("content", "kind"), [
    (b"a=\xff", "application/x-www-form-urlencoded"),
    (b"&".join(b"a=1" for _ in range(1100)), "application/x-www-form-urlencoded"),
    (b"--x\r\nnonsense", "multipart/form-data; boundary=x"),
    (b"", "multipart/form-data"),
])  # fmt: skip
def test_what_is_no_form_does_no_harm(browser, content, kind):
    browser.get("/form")
    assert send(browser, content=content, headers={"Content-Type": kind}).status_code in (400, 403)


def test_our_files_need_no_cookie_and_set_none(browser):
    assert "set-cookie" not in browser.get("/static/site.css").headers


def test_a_web_socket_is_not_opened(browser):
    with pytest.raises(Exception), browser.websocket_connect("/form"):  # noqa: B017, PT011 - whichever the client has
        pass
