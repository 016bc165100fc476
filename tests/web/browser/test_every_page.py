"""No page and no form without a test in the browser: whoever adds one finds here what is missing.

A test says with `covers` what it asks our server for; that it does, `conftest` looks when it is over.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

import pytest
from starlette.routing import BaseRoute, Route

from monitor.links import ACTIONS
from monitor.web import pages, render
from monitor.web.pages.alerts import _DID
from monitor.web.pages.api import DOCUMENT, PREFIX
from tests.web.browser.covered import Action, covered_by, every_test, pattern
from tests.web.browser.eyes import LANGUAGES, WIDTHS

TEMPLATES = Path(render.__file__).parent / "templates"
NOT_FOR_READERS = {"/healthz": "asked by what watches over the process"}
TESTS = every_test()
COVERED = [action for test in TESTS.values() for action in covered_by(test)]


def is_everywhere(test: object) -> bool:
    marks = {mark.args[0]: mark.args[1] for mark in getattr(test, "pytestmark", ()) if mark.name == "parametrize"}
    return marks.get("language") == LANGUAGES and marks.get("width") == WIDTHS


@pytest.mark.parametrize("name", [name for name, test in TESTS.items() if covered_by(test)])
def test_what_covers_something_is_done_in_both_languages_on_phone_and_desk(name):
    assert is_everywhere(TESTS[name]), f"{name} covers something and is not @everywhere"


# --- addresses


def first_that_fits(routes: Sequence[BaseRoute], action: Action) -> Route | None:
    """As the application chooses."""
    for route in routes:
        if isinstance(route, Route) and action.method in (route.methods or ()):
            path = re.sub(r"\{\w+:path\}", "{}/{}", route.path)
            if any(pattern(each).fullmatch(action.path) for each in (path, path.replace("{}/{}", "{}"))):
                return route
    return None


def never_asked(routes: Sequence[BaseRoute], covered: Iterable[Action]) -> list[str]:
    reached = {(route.path, action.method) for action in covered if (route := first_that_fits(routes, action))}
    every = [(each.path, method) for each in routes if isinstance(each, Route) for method in each.methods or ()]
    return [f"{method} {path}" for path, method in every if method != "HEAD" and (path, method) not in reached]


def is_for_readers(route: BaseRoute) -> bool:
    path = getattr(route, "path", "")
    return path not in NOT_FOR_READERS and (not path.startswith(PREFIX) or path in (f"{PREFIX}/", DOCUMENT))


def test_every_address_is_gone_to():
    routes = list(filter(is_for_readers, pages.routes()))
    assert len(routes) > 40
    missing = never_asked(routes, COVERED)
    assert not missing, "no test in the browser @covers " + ", ".join(missing)


def test_an_address_that_nobody_goes_to_is_found():
    added = Route("/rules/more", lambda request: None, methods=["GET", "POST"])
    assert sorted(never_asked([added, *pages.routes()], COVERED)[:2]) == ["GET /rules/more", "POST /rules/more"]
    assert "GET /healthz" in never_asked(pages.routes(), COVERED)


# --- forms, and what htmx asks for


@dataclass(frozen=True, slots=True)
class Sends:
    """What an element of a template sends, `{}` for what is filled in. `name` and `value` of the button, if it has
    them."""

    template: str
    method: str
    address: str
    name: str = ""
    value: str = ""

    def is_done_by(self, action: Action) -> bool:
        address = re.compile(re.escape(self.address).replace(r"\{\}", ".+"))
        if action.method != self.method or not address.fullmatch(action.path):
            return False
        if not self.name:
            return True
        return self.name in action.fields and ("{}" in self.value or action.fields[self.name] in (self.value, ""))


class Senders(HTMLParser):
    def __init__(self, template: str) -> None:
        super().__init__()
        self.template, self.found, self._form = template, list[Sends](), ("", "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        for method in ("get", "post"):
            if f"hx-{method}" in told:
                self._add(method, told[f"hx-{method}"])
        if tag == "form":
            self._form = (told.get("method", "get"), told.get("action", ""))
            self._add(*self._form)
        if tag == "button" and "name" in told:
            self._add(self._form[0], told.get("formaction", self._form[1]), told["name"], told.get("value", ""))

    def _add(self, method: str, address: str, name: str = "", value: str = "") -> None:
        if method != "dialog":
            self.found.append(Sends(self.template, method.upper(), address, name, value))


def senders(template: str, source: str) -> Iterator[Sends]:
    parser = Senders(template)
    parser.feed(re.sub(r"\{\{.*?\}\}", "{}", re.sub(r"\{[%#].*?[%#]\}", "", source, flags=re.S), flags=re.S))
    yield from parser.found


def never_sent(found: Iterable[Sends], covered: Sequence[Action]) -> list[Sends]:
    return [each for each in found if not any(map(each.is_done_by, covered))]


def test_every_form_and_each_of_its_buttons_is_used():
    found = [each for path in sorted(TEMPLATES.glob("*.html")) for each in senders(path.name, path.read_text("utf-8"))]
    assert len({each.template for each in found}) > 20
    missing = never_sent(found, COVERED)
    assert not missing, "no test in the browser @covers " + "\n".join(map(str, missing))


def test_a_form_and_a_button_that_nobody_uses_are_found():
    written = """<form method="post" action="/rules/{{ rule.id }}/edit">
    {% if a > b %}<button name="do" value="burn"></button>{% endif %}<button name="do" value="save"></button></form>
    <p hx-get="/rules/{{ a ~ "b" }}/more"></p>"""
    missing = never_sent(senders("x.html", written), COVERED)
    assert [(each.address, each.value) for each in missing] == [("/rules/{}/edit", "burn"), ("/rules/{}/more", "")]


@pytest.mark.parametrize("deed", _DID)
def test_each_thing_that_is_done_with_an_alert_is_done(deed):
    assert any(action.method == "POST" and action.path == f"/alerts/{{alert_id}}/{deed}" for action in COVERED)


@pytest.mark.parametrize("deed", [each for each in ACTIONS if each != "open"])
@pytest.mark.parametrize("doing", ["do", "undo"])
def test_what_each_link_of_a_message_does_is_done_and_undone(deed, doing):
    asked = Action("POST", f"/a/1.1/{deed}", {"doing": doing, "subject": "rule", "lasts": "7d"})
    assert any(action.fits(asked) for action in COVERED if action.path.startswith("/a/"))
