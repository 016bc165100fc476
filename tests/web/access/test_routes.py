"""Every address of the pages, found by walking the application: whoever adds one finds it here.

Advisories R9 (an interface without a log-in), R11 (forms from elsewhere), R13 (no policy), R19 (scripts of others), R21
(names that lead here); threats G1 to G9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
from starlette.routing import BaseRoute, Mount, Route

from monitor.web.headers import HEADERS
from monitor.web.static_files import FOLDER
from tests.web.access.made import USERS, app_with, browser_of, log_in
from tests.web.site import ORIGIN, csrf_of

# What may be seen by anybody; said here once more, so that one who opens a further address has to say it twice.
OPEN = {"/login", "/preferences", "/healthz", "/a/{rest:path}", "/static"}
STREAMS = {"/live"}  # never ends for one who may look
CHANGING = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    template: str
    methods: frozenset[str]

    @property
    def path(self) -> str:
        return re.sub(r"\{[^}]*\}", "1", self.template)


def addresses(routes: list[BaseRoute], within: str = "") -> Iterator[Address]:
    for route in routes:
        if isinstance(route, Route):
            yield Address(within + route.path, frozenset(route.methods or ()))
        elif isinstance(route, Mount):
            yield Address(within + route.path, frozenset({"GET"}))
            yield from addresses(list(route.routes), within + route.path)
        else:
            raise AssertionError(f"{route!r} is of no kind that this test knows")


@cache
def app():
    return app_with(Path(mkdtemp()), USERS)


@cache
def insider():
    browser = browser_of(app())
    assert log_in(browser).status_code == 303
    return browser


@cache
def token():
    return csrf_of(insider().get("/logout").text)


ALL = sorted({(each.template, method) for each in addresses(app().routes) for method in each.methods})
GUARDED = [(template, method) for template, method in ALL if template not in OPEN]
by_address = pytest.mark.parametrize(("template", "method"), ALL, ids=" ".join)
guarded = pytest.mark.parametrize(("template", "method"), GUARDED, ids=" ".join)


def ask(browser, method, template, **headers):
    path = Address(template, frozenset()).path + ("/site.css" if template == "/static" else "")
    return browser.request(method, path, headers={k.replace("_", "-"): v for k, v in headers.items()})


def test_there_are_addresses_and_each_that_is_open_is_one():
    assert len(GUARDED) > 3
    assert {template for template, _ in ALL} >= OPEN


@guarded
def test_nobody_sees_it_without_logging_in(template, method):
    person, program = browser_of(app()), browser_of(app(), Accept="*/*")
    if method in ("GET", "HEAD"):
        answer = ask(person, method, template)
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/login")
        assert ask(program, method, template).status_code == 401
    assert ask(person, method, template, Origin=ORIGIN).status_code in (303, 401)


@by_address
def test_it_is_asked_for_by_a_name_of_ours(template, method):
    for browser in (browser_of(app()), insider()):
        assert ask(browser, method, template, Host="evil.example").status_code == 421


@pytest.mark.parametrize("template", sorted({template for template, _ in ALL} - {"/a/{rest:path}"}))
def test_nothing_is_changed_by_another_site_or_without_the_token_of_a_form(template):
    good = {"Origin": ORIGIN, "X_CSRF_Token": token()}
    for headers in (
        {},
        {"Origin": ORIGIN},
        good | {"X_CSRF_Token": "A" * 43},
        good | {"Origin": "https://evil.example"},
        good | {"Sec_Fetch_Site": "cross-site"},
    ):
        assert ask(insider(), "POST", template, **headers).status_code == 403, headers
    for method in CHANGING[1:]:
        assert ask(insider(), method, template, Origin=ORIGIN).status_code == 403, method


@pytest.mark.parametrize(("template", "method"), [each for each in ALL if each[1] in CHANGING], ids=" ".join)
def test_what_changes_something_is_never_done_by_asking_for_a_page(template, method):
    assert method == "POST" or template.startswith("/api/v1/"), "a form knows no other"
    if (template, "GET") not in ALL and template not in OPEN:
        assert ask(insider(), "GET", template).status_code in (404, 405)


@pytest.mark.parametrize("template", sorted({template for template, _ in ALL} - {"/a/{rest:path}"}))
def test_other_methods_are_refused(template):
    known = {method for each, method in ALL if each == template}
    for method in {"DELETE", "PURGE"} - known:
        answer = ask(insider(), method, template, Origin=ORIGIN, X_CSRF_Token=token())
        assert answer.status_code in (404, 405), method


@by_address
def test_every_answer_has_its_headers(template, method):
    answers = [ask(browser_of(app()), method, template), ask(browser_of(app()), method, template, Host="evil.example")]
    if template not in STREAMS and method in ("GET", "HEAD"):
        answers.append(ask(insider(), method, template))
    for answer in answers:
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert "unsafe" not in answer.headers["content-security-policy"]
        for name in HEADERS.keys() - {"Content-Security-Policy", "Referrer-Policy"}:
            assert name in answer.headers, name
        assert answer.headers["referrer-policy"] in ("same-origin", "no-referrer")
        kept = answer.headers.get("cache-control", "")
        assert template == "/static" or "no-store" in kept or kept.startswith("private, no-cache")
        assert "server" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/", "/no-such-page", "//evil.example/..", "/%2e%2e/", "/stories/%00", "/a/", "/a/x?t=" + "A" * 3000]
)
def test_addresses_that_are_none_are_guarded_as_well(path):
    answer = browser_of(app()).get(f"http://127.0.0.1:8080{path}", headers={"Host": "evil.example"})
    assert answer.status_code == 421
    answer = browser_of(app()).get(f"http://127.0.0.1:8080{path}")
    assert answer.status_code in (303, 403, 404)
    assert "content-security-policy" in answer.headers


def test_an_address_that_somebody_adds_is_guarded_unless_they_say_so_twice(tmp_path):
    from starlette.responses import PlainTextResponse

    made = app_with(tmp_path, USERS)
    for path in ("/more", "/login/more", "/healthz/more", "/staticky", "/apparel", "/api/v1/more"):
        made.router.routes.insert(0, Route(path, lambda request: PlainTextResponse("secret"), methods=["GET", "POST"]))
        assert "secret" not in browser_of(made).get(path).text
        assert "secret" not in browser_of(made).post(path, headers={"Origin": ORIGIN}).text


def test_no_page_has_a_script_or_a_style_of_its_own_or_of_another_site():
    """R19: whatever runs is a file of ours, and of these a test of ours knows each."""
    for template, method in ALL:
        if method != "GET" or template in STREAMS or template == "/static":
            continue
        answer = ask(insider(), method, template)
        page = answer.text if answer.headers.get("content-type", "").startswith("text/html") else ""
        for tag in re.findall(r"<script\b[^>]*>", page):
            assert re.search(r'src="/static/', tag), (template, tag)
        assert not re.search(r"<(?:style|iframe|object|embed)\b|\son[a-z]+=|\sstyle=|javascript:", page), template
        for tag in re.findall(r"<(?:link|img|source)\b[^>]*>", page):
            assert re.search(r'(?:href|src)="/static/|rel="(?:alternate|next|prev)"', tag), (template, tag)


def test_the_one_script_of_others_is_known_and_has_its_licence():
    assert (FOLDER / "htmx.LICENSE.txt").is_file()
    others = {path.name for path in FOLDER.rglob("*.min.*")}
    assert others <= {"htmx.min.js"}
