"""Who may ask: as on the pages. What goes wrong is told in a form that programs read."""

from __future__ import annotations

import pytest

from tests.web.access.made import TOKEN, USERS, WITH_TOKEN, app_with, browser_of, log_in
from tests.web.api.conftest import BEARER
from tests.web.site import ORIGIN, a_desk, client, csrf_of

JSON = {"Content-Type": "application/json"}


def is_problem(answer, status):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert told["status"] == status
    assert told["title"]
    assert "no-store" in answer.headers["cache-control"]
    return told


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    return app_with(tmp_path_factory.mktemp("access"), USERS, WITH_TOKEN)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic eDp4"}])
@pytest.mark.parametrize("path", ["/alerts", "/openapi.json", "/none"])
def test_who_shows_nothing_or_the_wrong_thing_is_asked_who_they_are(app, path, headers):
    answer = browser_of(app, Accept="*/*", **headers).get(f"/api/v1{path}")
    is_problem(answer, 401)
    assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_program_with_the_token_reads_and_writes_without_a_form(app):
    program = browser_of(app, Accept="*/*", **BEARER)
    assert program.get("/api/v1/alerts").json() == {"alerts": [], "next": None}
    mute = {"kind": "rule", "subject": "strikes", "lasts_seconds": 60}
    made = program.post("/api/v1/mutes", json=mute)
    assert (made.status_code, made.json()["by"]) == (201, "token")


def test_a_person_who_is_logged_in_reads_and_writes_with_the_token_of_a_page_alone(app):
    browser = browser_of(app, Accept="*/*")
    log_in(browser)
    assert browser.get("/api/v1/mutes").status_code == 200
    token = csrf_of(browser.get("/logout").text)
    mute = {"kind": "source", "subject": "wire", "lasts_seconds": 60}
    good = {"Origin": ORIGIN, "X-CSRF-Token": token}
    for bad in (
        {},
        {"Origin": ORIGIN},
        {"X-CSRF-Token": token},
        good | {"X-CSRF-Token": "A" * 43},
        good | {"Origin": "https://evil.example"},
        good | {"Sec-Fetch-Site": "cross-site"},
    ):
        is_problem(browser.post("/api/v1/mutes", json=mute, headers=bad), 403)
    made = browser.post("/api/v1/mutes", json=mute, headers=good)
    assert (made.status_code, made.json()["by"]) == (201, "salma")


def test_without_a_log_in_this_machine_reads(tmp_path):
    assert client(a_desk(tmp_path)).get("/api/v1/rules").status_code == 200
    is_problem(client(a_desk(tmp_path), peer="192.0.2.7").get("/api/v1/rules"), 403)
    is_problem(client(a_desk(tmp_path), X_Forwarded_For="192.0.2.7").get("/api/v1/rules"), 403)


def test_another_name_is_none_of_ours(app):
    is_problem(browser_of(app, Host="evil.example", **BEARER).get("/api/v1/alerts"), 421)


REFUSED = (
    ("GET", "/none", {}, b"", 404),
    ("PATCH", "/alerts", {}, b"", 405),
    ("GET", "/trials", {}, b"", 405),
    ("POST", "/mutes", JSON, b"{", 400),
    ("POST", "/mutes", JSON, b"[" * 100_000, 400),
    ("POST", "/mutes", JSON, b"\xff", 400),
    ("POST", "/mutes", JSON, b"", 400),
    ("POST", "/mutes", {"Content-Type": "text/plain"}, b"{}", 415),
    ("POST", "/mutes", {"Content-Type": "application/x-www-form-urlencoded"}, b"kind=rule", 415),
    ("POST", "/mutes", {}, b"{}", 415),
    ("POST", "/mutes", JSON, b"[]", 422),
    ("POST", "/mutes", JSON, b"{}", 422),
    ("POST", "/mutes", JSON, b'{"kind":"rule","subject":"strikes","lasts_seconds":"60"}', 422),
    ("POST", "/mutes", JSON, b'{"kind":"rule","subject":"strikes","lasts_seconds":60,"more":1}', 422),
    ("POST", "/mutes", JSON, b'{"kind":"rule","subject":"\\ud800","lasts_seconds":60}', 400),
    ("POST", "/explain", JSON, b'"' + b"x" * 2**20 + b'"', 413),
    ("GET", "/alerts?limit=x", {}, b"", 422),
    ("GET", "/alerts?rule=%00&limit=x", {}, b"", 422),
)


@pytest.mark.parametrize(("method", "path", "headers", "body", "status"), REFUSED)
def test_what_is_not_asked_properly_is_a_problem(app, method, path, headers, body, status):
    program = browser_of(app, Accept="*/*", **BEARER)
    answer = program.request(method, f"/api/v1{path}", headers=headers, content=body)
    told = is_problem(answer, status)
    if status == 422:
        assert told["errors"]
    if status == 405:
        assert answer.headers["allow"]


def test_a_state_that_cannot_be_read_is_a_problem(tmp_path):
    made = app_with(tmp_path, WITH_TOKEN)
    (tmp_path / "state").mkdir(exist_ok=True)
    (tmp_path / "state" / "monitor.db").write_bytes(b"no database " * 1000)
    answer = browser_of(made, Accept="*/*", **BEARER).get("/api/v1/alerts")
    assert "/" not in is_problem(answer, 503)["title"]
    assert answer.headers["retry-after"]


def test_an_error_of_ours_is_a_problem_and_tells_nothing(app, monkeypatch):
    from monitor.web.api.resources import alerts

    def broken(*_, **__):
        raise RuntimeError(TOKEN)

    monkeypatch.setattr(alerts, "history", broken)
    answer = browser_of(app, Accept="*/*", **BEARER).get("/api/v1/alerts")
    is_problem(answer, 500)
    assert TOKEN not in answer.text
