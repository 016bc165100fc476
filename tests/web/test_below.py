"""The pages below a path of a host that has other pages, too: whatever they lead to is below it."""

from __future__ import annotations

import re
from collections import deque
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.routing import Match, Mount

from monitor.links import Links, key_in
from monitor.rules.addresses import PAGES
from monitor.store import open_reader
from monitor.store.views.history import Wanted, history
from monitor.web.app import make_app
from monitor.web.below import in_page, path_of
from monitor.web.desk import Desk
from tests.web.access.made import PASSWORD, TOKEN, USERS, app_with, browser_of
from tests.web.api.conftest import told
from tests.web.site import csrf_of

__all__ = ["told"]

BELOW = "/monitor"
URL = f"url: https://news.example{BELOW}/"
ORIGIN = "https://news.example"
INNER = {"value", "content", "d", "placeholder"}  # what forms bring back, what is no address

FOLLOWED = ("href", "src", "hx-get", "data-live")
OTHERS = {"/alerts/new": 400, "/logout": 303, "/login": 303}  # it wants to know since when; nobody has to


class Addresses(HTMLParser):
    """Every attribute that begins as an address of a host does, and where the page itself leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        for name, value in attrs:
            if name not in INNER and value and (value.startswith("/") or name in ("href", "src", "action")):
                self.found.add((name, value))


@pytest.fixture(scope="module")
def app(told, tmp_path_factory) -> Starlette:
    """Over the scene of the browser tests."""
    folder = tmp_path_factory.mktemp("below")
    rules = told.rules.read_text(encoding="utf-8").replace("web: {", f"web: {{{URL}, ", 1)
    (folder / "rules.yaml").write_text(rules, encoding="utf-8")
    return make_app(Desk(folder / "rules.yaml", told.state, clock=told.clock, environ={"WEB_TOKEN": TOKEN}))


@pytest.fixture(scope="module")
def browser(app):
    return browser_of(app, base=ORIGIN, Authorization=f"Bearer {TOKEN}")


def route_of(app: Starlette, path: str) -> str:
    scope = {"type": "http", "path": path, "method": "GET", "headers": [], "root_path": ""}
    found = next((route for route in app.routes if route.matches(scope)[0] is not Match.NONE), None)
    assert found is not None, f"{path} leads nowhere"
    return path if isinstance(found, Mount) else found.path


def test_all_that_pages_lead_to_is_below_the_path_and_is_there(app, browser):
    """From the first page on, two addresses of each route."""
    asked: dict[str, int] = {}
    waiting = deque([f"{BELOW}/"])
    while waiting:
        address = waiting.popleft()
        path, _, _ = address.partition("?")
        assert path == BELOW or path.startswith(f"{BELOW}/"), address
        route = route_of(app, path.removeprefix(BELOW))
        asked[route] = asked.get(route, 0) + 1
        if asked[route] > 2 or route == "/live" or route.endswith((".zip", ".opml")):
            continue
        answer = browser.get(address)
        assert answer.status_code == OTHERS.get(route, 200), address
        if answer.headers.get("content-type", "").startswith("text/html"):
            for name, value in sorted(Addresses(answer.text).found):
                there = urljoin(f"{ORIGIN}{address}", value).partition("#")[0]
                if there.startswith(f"{ORIGIN}/"):
                    assert urlsplit(there).path.startswith(f"{BELOW}/"), (address, name, value)
                    waiting.extend([there.removeprefix(ORIGIN)] if name in FOLLOWED else [])
    wanted = {"/", "/stories/{story_id:int}", "/map", "/search", "/rules/{rule:written_id}", "/rules/new", "/feeds"}
    assert asked.keys() >= wanted | {"/operations", "/api/v1/", "/live", "/static/site.css"}


@pytest.mark.parametrize("path", ["/", "/rules", "/static/site.css", "/api/v1/alerts", "/healthz"])
def test_a_proxy_may_take_the_path_off_or_leave_it(browser, path):
    left, taken_off = browser.get(f"{BELOW}{path}"), browser.get(path)
    assert left.status_code == taken_off.status_code == 200
    assert re.sub(r"\d{5,}|\d+ \w+ ago", "", left.text) == re.sub(r"\d{5,}|\d+ \w+ ago", "", taken_off.text)


def test_no_path_that_the_pages_may_lie_below_is_called_like_one_of_them(app):
    """Else what a proxy left could not be told from what it took off."""
    assert {route.path.split("/")[1] for route in app.routes} - {""} == PAGES


@pytest.mark.parametrize("path", ["/monitoring/rules", "/monito/rules", "/monitor/monitor/rules"])
def test_what_is_not_below_the_path_is_not_taken_for_it(browser, path):
    assert browser.get(path).status_code == 404


def test_lists_for_programs_lead_on_below_the_path(browser):
    answer = browser.get(f"{BELOW}/api/v1/alerts?limit=1")
    assert answer.headers["link"].startswith(f"<{BELOW}/api/v1/alerts?limit=1&after=")
    assert browser.get(f"{BELOW}/api/v1/openapi.json").json()["servers"] == [{"url": f"{BELOW}/"}]
    made = browser.post(f"{BELOW}/api/v1/mutes", json={"kind": "rule", "subject": "strikes", "lasts_seconds": 99999})
    assert made.headers["location"].startswith(f"{BELOW}/api/v1/mutes/")


@pytest.mark.parametrize("path", ["/rules/", "/feeds/"])
def test_an_address_with_a_slash_too_many_leads_to_the_one_without_by_the_scheme_of_the_browser(browser, path):
    answer = browser.get(f"{BELOW}{path}", headers={"X-Forwarded-Proto": "https"})
    assert (answer.status_code, answer.headers["location"]) == (307, f"{BELOW}{path[:-1]}")


@pytest.mark.parametrize(
    ("base", "name", "path"),
    [
        (ORIGIN, "__Host-monitor_session-monitor", "/"),
        ("http://127.0.0.1:8080", "monitor_session", BELOW),
    ],
)
def test_people_log_in_and_come_back_to_where_they_wanted_to_go(tmp_path, base, name, path):
    browser = browser_of(app_with(tmp_path, USERS, URL), base=base)
    sent = browser.get(f"{BELOW}/rules?q=a")
    assert sent.headers["location"] == f"{BELOW}/login?next=%2Frules%3Fq%3Da"
    form = browser.get(sent.headers["location"]).text
    assert f'action="{BELOW}/login"' in form
    fields = {"csrf": csrf_of(form), "name": "salma", "password": PASSWORD, "next": "/rules?q=a"}
    answer = browser.post(f"{BELOW}/login", data=fields, headers={"Origin": base})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{BELOW}/rules?q=a")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"{name}=")
    assert re.search(rf"Path={re.escape(path)}(;|$)", cookie)
    page = browser.get(answer.headers["location"])
    assert page.status_code == 200
    kept = browser.post(
        f"{BELOW}/preferences",
        data={"csrf": csrf_of(page.text), "language": "ar", "back": "/rules?q=a"},
        headers={"Origin": base},
    )
    assert (kept.status_code, kept.headers["location"]) == (303, f"{BELOW}/rules?q=a")
    out = browser.post(f"{BELOW}/logout", data={"csrf": csrf_of(page.text)}, headers={"Origin": base})
    assert (out.status_code, out.headers["location"]) == (303, f"{BELOW}/login")
    assert browser.get(f"{BELOW}/rules").status_code == 303


def test_the_part_of_a_page_leads_whoever_was_logged_out_to_the_log_in(tmp_path):
    browser = browser_of(app_with(tmp_path, USERS, URL), base=ORIGIN)
    assert browser.get(f"{BELOW}/rules/lint", headers={"HX-Request": "true"}).headers["hx-redirect"] == f"{BELOW}/login"
    here = {"HX-Request": "true", "HX-Current-URL": f"{ORIGIN}{BELOW}/rules?q=a"}
    answer = browser.get(f"{BELOW}/rules/lint", headers=here)
    assert answer.headers["hx-redirect"] == f"{BELOW}/login?next=%2Frules%3Fq%3Da"


def test_feeds_to_subscribe_to_name_addresses_below_the_path(browser):
    told = browser.get(f"{BELOW}/alerts.json").json()
    for address in (told["feed_url"], told["home_page_url"]):
        assert urlsplit(address).path.startswith(f"{BELOW}/")


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (None, ""),
        ("https://a.example", ""),
        ("https://a.example/", ""),
        ("https://a.example/x/y/", "/x/y"),
    ],
)
def test_the_path_is_that_of_the_address_of_the_pages(url, path):
    assert path_of(url) == path


@pytest.mark.parametrize(
    ("page", "made"),
    [
        ('<a href="/rules">', '<a href="/x&amp;y/rules">'),
        ('<form method="post" action="/">', '<form method="post" action="/x&amp;y/">'),
        ('<a href="//elsewhere.example">', '<a href="//elsewhere.example">'),
        ('<a href="https://elsewhere.example/">', '<a href="https://elsewhere.example/">'),
        ('<a href="?after=1">', '<a href="?after=1">'),
        ('<input value="/rules">', '<input value="/rules">'),
        ("<p>a href=&#34;/rules&#34;</p>", "<p>a href=&#34;/rules&#34;</p>"),
    ],
)
def test_only_addresses_of_ours_are_given_the_path(page, made):
    assert in_page(page, "/x&y") == made


def test_links_of_messages_open_below_the_path(app, browser):
    desk: Desk = app.state.desk
    with open_reader(desk.state) as reader:
        alert = history(reader, Wanted(), limit=1)[0].alert
    link = Links(desk.config.web, key_in(desk.state)).of(alert)["open"]
    assert urlsplit(link).path.startswith(f"{BELOW}/a/")
    assert browser.get(link.removeprefix(ORIGIN)).status_code == 200
