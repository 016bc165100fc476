"""Every id that the rules file allows has its pages, whatever our own pages are called."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.routing import Match, Mount, Route

from monitor.web.addresses import OF_FEEDS, OF_RULES, feed_at, rule_at
from monitor.web.pages import feed_adding, feeds, playground, routes, rule_editor, rules, trials
from tests.web.site import a_desk, client, csrf_of

ROUTES = routes()
IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{0,40}", fullmatch=True)
NAMES = sorted(OF_RULES | OF_FEEDS)


def leads_to(path: str, method: str = "GET"):
    """The endpoint that answers, and what it is given."""
    scope = {"type": "http", "path": path, "method": method, "headers": []}
    for route in ROUTES:
        match, found = route.matches(dict(scope))
        if match is Match.FULL:
            return found["endpoint"], found["path_params"]
    return None, {}


@given(IDS)
@example("new")
@example("lint")
@example("trials")
@example("add")
def test_every_id_has_its_page_its_editor_its_tests_its_trial(written):
    at = rule_at(written)
    assert leads_to(at) == (rules.one_rule, {"rule": written})
    assert leads_to(f"{at}/edit") == (rule_editor.edit, {"rule": written})
    assert leads_to(f"{at}/edit", "POST") == (rule_editor.done, {"rule": written})
    assert leads_to(f"{at}/tests") == (rules.tests_of_rule, {"rule": written})
    assert leads_to(f"{at}/trial", "POST") == (trials.of_rule, {"rule": written})
    assert leads_to(feed_at(written)) == (feeds.one, {"id": written})


@given(IDS)
@example("new")
def test_an_address_with_the_sign_is_that_of_the_same_rule(written):
    assert leads_to(f"/rules/~{written}") == (rules.one_rule, {"rule": written})


@pytest.mark.parametrize(
    ("path", "method", "endpoint"),
    [
        ("/rules/new", "GET", rule_editor.new),
        ("/rules/try", "GET", playground.playground),
        ("/rules/lint", "GET", rules.weak_spots),
        ("/rules/trial", "POST", trials.of_draft),
        ("/rules/sync/yaml", "POST", rule_editor.yaml_changed),
        ("/feeds/add", "GET", feed_adding.form),
        ("/feeds.opml", "GET", feeds.exported),
    ],
)
def test_our_own_pages_are_where_they_were(path, method, endpoint):
    assert leads_to(path, method) == (endpoint, {})


def test_every_name_that_our_own_pages_take_is_known():
    """Whoever adds a page at `/rules/…` adds its name there, or a rule of that id has none."""
    for section, known in (("rules", OF_RULES), ("feeds", OF_FEEDS)):
        paths = [route.path for route in ROUTES if isinstance(route, Route | Mount)]
        taken = {found[1] for path in paths if (found := re.match(rf"/{section}/([^/{{]+)", path))}
        assert taken == known


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    ids = "\n".join(f"  - {{id: {name}, title: {{en: Rule {name}}}, any: [غارة]}}" for name in NAMES)
    listed = "\n".join(f"  - {{id: {name}, url: https://news.example/{name}.xml}}" for name in NAMES)
    desk = a_desk(tmp_path_factory.mktemp("names"), f"version: 1\nfeeds:\n{listed}\nrules:\n{ids}\n")
    return client(desk, accept_language="en")


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_that_is_called_like_a_page_of_ours_is_found_from_the_list_and_all_leads_back_to_it(browser, name):
    assert f'href="{rule_at(name)}"' in browser.get("/rules").text
    page = browser.get(rule_at(name)).text
    assert f"Rule {name}" in page
    assert f'href="{rule_at(name)}/edit"' in page
    editor = browser.get(f"{rule_at(name)}/edit").text
    assert f'action="{rule_at(name)}/edit"' in editor
    begun = browser.post(f"{rule_at(name)}/trial", data={"csrf": csrf_of(page)}, follow_redirects=False)
    assert begun.status_code in (303, 409)  # one runs at a time
    assert f'href="{feed_at(name)}"' in browser.get("/feeds").text
    assert browser.get(feed_at(name)).status_code == 200
