"""Each page in both languages, and each resource of the API."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections import deque
from collections.abc import Iterator
from difflib import unified_diff
from html import unescape
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from monitor.web.api.resources import all_operations
from monitor.web.app import make_app
from monitor.web.desk import Desk
from tests.web.access.made import TOKEN
from tests.web.access.test_routes import addresses
from tests.web.site import ORIGIN

from .conftest import Both, Kept

BEGINNINGS = ("/", "/alerts.json", "/search?q=قصف", "/rules/lint", "/rules/medical-hit/tests")
MOST, OF_A_KIND = 60, 2  # pages; there are more with conditions than anybody looks at
# By what is there to be met in the scene's pages.
NOT_MET = {
    "/live",  # never ends
    "/alerts/new",  # asked by a script
    "/static",
    "/login",
    "/logout",
    "/healthz",
    "/a/{rest:path}",  # only a message has such links
    "/rules/trials/{job}",  # only while one is made
    "/rules/trials/{job}/part",
    "/cluster",  # of workers, who have no state in a file
}
# What differs between two monitors, whatever keeps their state.
_OWN = (
    (re.compile(r'name="csrf" (?:value|content)="[^"]*"'), "csrf"),
    (re.compile(r"(<dt>(?:Size of the database|حجم قاعدة البيانات)</dt><dd>).*?</dd>", re.DOTALL), "size"),
    (re.compile(r"<dt>(?:Kept in|محفوظة في|Free on its disk|المتاح على القرص)</dt><dd>.*?</dd>", re.DOTALL), "where"),
    (re.compile(r"<dt>(?:Last backup|آخر نسخة احتياطية)</dt><dd>.*?</dd>", re.DOTALL), "backup"),
)


def _desk(kept: Kept) -> Desk:
    return Desk(kept.told.rules, kept.told.state, clock=kept.told.clock, environ={"WEB_TOKEN": TOKEN})


def browser(kept: Kept) -> TestClient:
    """Rules are looked through for weak spots beside the pages: it waits until that is done."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    made = TestClient(make_app(_desk(kept)), base_url=ORIGIN, headers=headers, follow_redirects=False)
    end = time.monotonic() + 60
    while "hx-trigger" in made.get("/rules/lint").text:
        assert time.monotonic() < end, "nobody looks through the rules"
        time.sleep(0.05)
    return made


def page(kept: Kept, asked: TestClient, path: str, language: str) -> str:
    with kept.asked():
        answer = asked.get(path, headers={"Accept-Language": language})
    told = _unpacked(answer.content) if answer.content.startswith(b"PK") else answer.text
    told = told.replace(str(kept.told.rules.parent), "desk")
    for own, name in _OWN:
        told = own.sub(name, told)
    return f"{answer.status_code} {answer.headers.get('location', '')}\n{told}"


def _unpacked(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = sorted({*archive.namelist()} - {"docProps/core.xml"})  # that of a table: when it was made
        return "\n".join(f"{name}: {archive.read(name)!r}" for name in names)


def links(html: str) -> Iterator[str]:
    for found in re.findall(r'(?:href|action)="([^"]+)"', html):
        parts = urlsplit(unescape(found))
        if not parts.netloc and not parts.scheme and re.match("/(?!static/)", parts.path):
            yield parts._replace(fragment="").geturl()


def walked(kept: Kept, asked: TestClient) -> dict[str, str]:
    """From the first page along all links; of each kind of address not more than a few."""
    found: dict[str, str] = {}
    waiting, kinds = deque(BEGINNINGS), dict[str, int]()
    while waiting and len(found) < MOST:
        path = waiting.popleft()
        kind = re.sub(r"\d+", "1", urlsplit(path).path)
        if path in found or kinds.get(kind, 0) >= OF_A_KIND or kind in NOT_MET:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        found[path] = page(kept, asked, path, "en")
        waiting.extend(links(found[path]))
    return found


@pytest.fixture(scope="module")
def seen(both: Both) -> dict[str, str]:
    return walked(both.on_sqlite, browser(both.on_sqlite))


def form_of(template: str) -> re.Pattern[str]:
    parts = re.split(r"\{[^}]*\}", template)
    return re.compile("[^/]+".join(map(re.escape, parts)))


def test_every_page_is_met_on_the_way(both: Both, seen):
    met = {urlsplit(path).path for path, told in seen.items() if told.startswith(("200", "303"))}
    wanted = {each.template for each in addresses(make_app(_desk(both.on_sqlite)).routes) if "GET" in each.methods}
    unmet = {each for each in wanted if "/api/" not in each and not any(map(form_of(each).fullmatch, met))}
    assert unmet == NOT_MET


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_page_is_the_same_whatever_keeps_the_state(both: Both, seen, language):
    on_sqlite, on_postgres = browser(both.on_sqlite), browser(both.on_postgres)
    others = dict[str, str]()
    for path, english in seen.items():
        told = english if language == "en" else page(both.on_sqlite, on_sqlite, path, language)
        other = page(both.on_postgres, on_postgres, path, language)
        if other != told:
            others[path] = "\n".join(unified_diff(told.splitlines(), other.splitlines(), n=0, lineterm=""))
    assert not others, "\n".join(f"{path}\n{differs}" for path, differs in others.items())


def resources(ids: dict[str, list[str]]) -> Iterator[str]:
    for operation in all_operations():
        if operation.method == "GET" and "{trial}" not in operation.path and operation.path != "/cluster":
            names = re.findall(r"\{(\w+)\}", operation.path)
            for each in ids[names[0]] if names else [""]:
                query = "?q=قصف" if operation.path == "/search" else ""
                yield re.sub(r"\{\w+\}", each, operation.path) + query


def resource(kept: Kept, asked: TestClient, path: str) -> object:
    with kept.asked():
        answer = asked.get(f"/api/v1{path}")
    assert answer.status_code == 200, (path, answer.text)
    if answer.headers["content-type"] == "application/zip":
        return _unpacked(answer.content)
    told = answer.json()
    if path == "/operations":
        del told["state_bytes"]
    return told


def test_a_resource_is_the_same_whatever_keeps_the_state(both: Both):
    on_sqlite, on_postgres = browser(both.on_sqlite), browser(both.on_postgres)

    def ids_of(plural: str) -> list[str]:
        return [str(each["id"]) for each in resource(both.on_sqlite, on_sqlite, f"/{plural}")[plural]]

    ids = {name: ids_of(plural) for name, plural in PLURALS.items()}
    for path in resources(ids):
        told = resource(both.on_sqlite, on_sqlite, path)
        assert json.dumps(resource(both.on_postgres, on_postgres, path), indent=1) == json.dumps(told, indent=1), path


PLURALS = {"alert": "alerts", "delivery": "deliveries", "feed": "feeds", "rule": "rules", "story": "stories"}
