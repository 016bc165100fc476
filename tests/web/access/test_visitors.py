"""Who may look, by what they show: and what is wrong is refused, never passed over."""

from __future__ import annotations

import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from monitor.model import Access
from monitor.web.access.sessions import Sessions
from monitor.web.access.visitors import Barred, Shown, Visitor, Way, visitor
from tests.web.access.made import PROXY, TOKEN, TRUST, USERS, WITH_TOKEN, app_with, browser_of, log_in
from tests.world import NOW

MISSING = "/no-such-page"  # 404 for who may look


def status(app, *, peer="127.0.0.1", headers=()):
    return browser_of(app, peer=peer, Accept="*/*").get(MISSING, headers=list(headers)).status_code


@pytest.mark.parametrize(("settings", "peer", "headers", "expected"), [
    # nothing is asked of this machine
    ((), "127.0.0.1", (), 404),
    ((), "::1", (), 404),
    ((), "10.0.0.9", (), 403),
    # a token
    ((WITH_TOKEN,), "10.0.0.9", [("Authorization", f"Bearer {TOKEN}")], 404),
    ((WITH_TOKEN,), "10.0.0.9", [("Authorization", f"bearer {TOKEN}")], 404),
    ((WITH_TOKEN,), "127.0.0.1", (), 401),
    ((WITH_TOKEN,), "127.0.0.1", [("Authorization", "Bearer wrong")], 401),
    ((WITH_TOKEN,), "127.0.0.1", [("Authorization", "Bearer ")], 401),
    ((WITH_TOKEN,), "127.0.0.1", [("Authorization", "Bearer é".encode())], 401),
    ((WITH_TOKEN,), "127.0.0.1", [("Authorization", f"Basic {TOKEN}")], 401),
    ((WITH_TOKEN,), "127.0.0.1", [("Authorization", f"Bearer {TOKEN}"), ("Authorization", "Bearer wrong")], 401),
    # users
    ((USERS,), "127.0.0.1", (), 401),
    ((USERS,), "127.0.0.1", [("Authorization", f"Bearer {TOKEN}")], 401),
    ((USERS,), "127.0.0.1", [("Authorization", "Bearer ")], 401),
    ((USERS,), "127.0.0.1", [("X-Forwarded-User", "salma")], 401),
    ((USERS, WITH_TOKEN), "127.0.0.1", [("Authorization", f"Bearer {TOKEN}")], 404),
    # a proxy
    ((TRUST,), PROXY, [("X-Forwarded-User", "salma")], 404),
    ((TRUST,), f"::ffff:{PROXY}", [("X-Forwarded-User", "salma")], 404),
    ((TRUST,), PROXY, [("X-Forwarded-User", "سلمى".encode())], 404),
    ((TRUST,), PROXY, (), 403),
    ((TRUST,), PROXY, [("X-Forwarded-User", "")], 403),
    ((TRUST,), PROXY, [("X-Forwarded-User", "a" * 81)], 403),
    ((TRUST,), PROXY, [("X-Forwarded-User", "a\tb")], 403),
    ((TRUST,), PROXY, [("X-Forwarded-User", "salma"), ("X-Forwarded-User", "omar")], 403),
    ((TRUST,), "127.0.0.1", (), 403),
    ((TRUST,), "127.0.0.1", [("X-Forwarded-User", "salma")], 403),
    ((TRUST,), "10.0.0.2", [("X-Forwarded-User", "salma")], 403),
    ((TRUST,), "10.0.0.2", [("X-Forwarded-User", "salma"), ("X-Forwarded-For", PROXY)], 403),
    ((TRUST,), "", [("X-Forwarded-User", "salma")], 403),
    (("trust: {proxy: 172.18.0.0/16, header: Remote-User}",), "172.18.3.4", [("Remote-User", "salma")], 404),
    (("trust: {proxy: 172.18.0.0/16, header: Remote-User}",), "172.19.3.4", [("Remote-User", "salma")], 403),
    (("trust: {proxy: unix, header: Remote-User}",), "127.0.0.1", [("Remote-User", "salma")], 403),
    (("trust: {proxy: unix, header: Remote-User}",), "", [("Remote-User", "salma")], 403),
    # several ways: a wrong proof is not passed over for another
    ((TRUST, USERS), "127.0.0.1", (), 401),
    ((TRUST, USERS), "127.0.0.1", [("X-Forwarded-User", "salma")], 403),
    ((TRUST, WITH_TOKEN), "127.0.0.1", [("Authorization", f"Bearer {TOKEN}")], 404),
    ((TRUST, WITH_TOKEN), PROXY, [("Authorization", "Bearer wrong"), ("X-Forwarded-User", "salma")], 401),
])  # fmt: skip
def test_who_may_look(tmp_path, settings, peer, headers, expected):
    assert status(app_with(tmp_path, *settings), peer=peer, headers=headers) == expected


@pytest.mark.parametrize(
    ("version", "access", "way"),
    [
        ("1.0", Access(), Barred("access.proxy")),
        ("1.1", Access(), Visitor(way=Way.THIS_MACHINE)),
        ("2", Access(), Visitor(way=Way.THIS_MACHINE)),
    ],
)
def test_a_proxy_that_says_nothing_of_itself_is_known_by_its_old_http(tmp_path, version, access, way):
    shown = Shown(headers=Headers({"host": "127.0.0.1:8080"}), peer="127.0.0.1", session_cookie="", version=version)
    assert visitor(shown, access, Sessions(tmp_path), now=NOW) == way


@pytest.mark.parametrize("peer", ["127.0.0.1", "10.0.0.9"])
@pytest.mark.parametrize("more", [(), (USERS,)])
def test_where_the_token_has_no_value_nobody_may_look(tmp_path, peer, more):
    app = app_with(tmp_path, WITH_TOKEN, *more, environ={})
    answer = browser_of(app, peer=peer).get("/", headers={"Authorization": "Bearer "})
    assert answer.status_code == 403
    assert "web.token" in answer.text
    assert browser_of(app, peer=peer).post("/login", data={}).status_code == 403


def test_a_change_of_the_rules_counts_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.web.desk.LOOK_EVERY", 0.0)
    app = app_with(tmp_path)
    assert status(app) == 404
    (tmp_path / "rules.yaml").write_text(
        (tmp_path / "rules.yaml").read_text(encoding="utf-8") + f"web: {{{USERS}}}\n", encoding="utf-8"
    )
    status(app)  # the file is seen to have changed
    assert status(app) == 401


@pytest.mark.parametrize(("host", "expected"), [
    ("monitor.lan", 401), ("monitor.lan:8080", 401), ("desk.example", 401), ("10.0.0.7", 421), ("other.example", 421),
    ("127.0.0.1", 401), ("monitor.lan.evil.example", 421), ("evil.example", 421),
])  # fmt: skip
def test_names_that_are_configured_count_where_a_password_is(tmp_path, host, expected):
    app = app_with(tmp_path, USERS, "hosts: [monitor.lan]", "url: https://desk.example")
    assert browser_of(app, Accept="*/*").get("/", headers={"Host": host}).status_code == expected


def test_without_a_password_the_name_in_the_links_opens_no_page(tmp_path):
    """Else a proxy that says nothing of itself would show the pages to everybody who has a message."""
    app = app_with(tmp_path, "url: https://desk.example")
    assert browser_of(app).get("/", headers={"Host": "desk.example"}).status_code == 421
    assert browser_of(app).get("/a/1.1", headers={"Host": "desk.example"}).status_code != 421


def test_the_address_that_was_connected_to_may_be_named(tmp_path):
    app = app_with(tmp_path, USERS)
    assert browser_of(app, base="http://10.0.0.7:8080", Accept="*/*").get("/").status_code == 401


def test_a_program_with_the_token_needs_no_form_and_no_cookie_counts_for_it(tmp_path):
    app = app_with(tmp_path, WITH_TOKEN, USERS)
    app.router.routes.append(Route("/do", lambda request: PlainTextResponse(request.state.user), methods=["POST"]))
    browser = browser_of(app)
    shown = {"Authorization": f"Bearer {TOKEN}"}
    assert browser.post("/do", headers=shown).text == "token"
    assert log_in(browser).status_code == 303
    assert browser.post("/do", headers=shown).text == "token"
    assert browser.post("/do").status_code == 403
    assert browser.post("/do", headers={"Authorization": "Bearer wrong"}).status_code == 401


def test_a_name_that_is_no_text_is_no_name(tmp_path):
    shown = Shown(headers=Headers(raw=[(b"x-user", b"\xff")]), peer=PROXY, session_cookie="")
    access = Access(proxy=PROXY, header="x-user")
    assert visitor(shown, access, Sessions(tmp_path), now=NOW) == Barred("access.no_name")
