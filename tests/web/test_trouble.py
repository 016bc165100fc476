"""What an asker sees when something went wrong: the frame, a plain word, a remedy; and the policy, always."""

from __future__ import annotations

import pytest
from starlette.routing import Route

from monitor.errors import StateError
from monitor.web import pages
from monitor.web.words.common import AR, EN
from tests.web.site import ORIGIN, a_desk, client

HOSTILE = "/tmp/<script>alert(1)</script>/monitor.db: damaged"


def broken(request):
    raise ZeroDivisionError("a secret detail")


def stateless(request):
    raise StateError(HOSTILE)


@pytest.fixture
def desk(tmp_path, monkeypatch):
    found = pages.routes()
    monkeypatch.setattr(pages, "routes", lambda: [*found, Route("/broken", broken), Route("/stateless", stateless)])
    return a_desk(tmp_path)


@pytest.fixture(params=["ar", "en"])
def language(request):
    return request.param


@pytest.mark.parametrize(
    ("method", "path", "status", "key"),
    [
        ("GET", "/no-such-page", 404, "error.404"),
        ("GET", "/static/no-such-file.css", 404, "error.404"),
        ("GET", "/preferences", 405, "error.405"),
        ("GET", "/broken", 500, "error.500"),
        ("GET", "/stateless", 503, "error.state"),
    ],
)
def test_each_error_is_told_in_the_language_of_the_reader_with_a_remedy(desk, language, method, path, status, key):
    answer = client(desk, accept_language=language).request(method, path)
    words = AR if language == "ar" else EN
    assert answer.status_code == status
    assert f"<h1>{words[key]}</h1>" in answer.text
    assert words[f"{key}.remedy"].split("`")[0] in answer.text
    assert f'<html lang="{language}"' in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "secret" not in answer.text


def test_a_method_that_is_not_taken_is_answered_with_those_that_are(desk):
    assert client(desk).get("/preferences").headers["allow"] == "POST"


def test_what_an_error_says_is_escaped(desk):
    page = client(desk).get("/stateless").text
    assert "<script>alert" not in page


def test_a_part_that_htmx_asked_for_is_answered_with_a_part(desk):
    page = client(desk, accept_language="en", hx_request="true").get("/broken").text
    assert page.startswith('<div class="notice error" role="alert" data-trouble>')
    assert EN["error.500"] in page


@pytest.mark.parametrize("path", ["/broken", "/stateless", "/no-such-page"])
def test_where_even_the_frame_breaks_both_languages_are_told(desk, monkeypatch, path):
    monkeypatch.setattr("monitor.web.trouble.render", broken)
    answer = client(desk).get(path)
    key = {"/broken": "error.500", "/stateless": "error.state", "/no-such-page": "error.404"}[path]
    assert answer.status_code == {"/broken": 500, "/stateless": 503, "/no-such-page": 404}[path]
    assert AR[key] in answer.text
    assert EN[key] in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_state_that_is_damaged_is_told_and_breaks_no_frame(tmp_path):
    desk = a_desk(tmp_path)
    desk.state.mkdir()
    (desk.state / "monitor.db").write_bytes(b"no database at all" * 500)
    browser = client(desk, accept_language="en")
    assert browser.get("/no-such-page").status_code == 404
    answer = browser.get("/live?after=0")
    assert answer.status_code == 503
    assert EN["error.state"] in answer.text


def test_a_refused_rules_file_is_told_with_its_first_place(tmp_path, monkeypatch):
    monkeypatch.setattr("monitor.web.desk.LOOK_EVERY", 0.0)
    desk = a_desk(tmp_path)
    desk.path.write_text(desk.path.read_text("utf-8").replace("severity: high", "severity: hihg"), encoding="utf-8")
    browser = client(desk, accept_language="en")
    browser.get("/no-such-page")
    page = browser.get("/no-such-page").text
    assert EN["refused"] in page
    assert "rules.yaml:8:" in page
    assert 'href="/operations"' in page


def test_too_large_a_form_is_refused_before_it_is_read(desk):
    answer = client(desk).post("/preferences", content=b"x" * 200_000, headers={"Origin": ORIGIN})
    assert answer.status_code == 413
