"""The pages over HTTP, without a browser: a desk on rules and a state of the test's own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from monitor.web.app import make_app
from monitor.web.desk import Desk

RULES = """\
version: 1
timezone: Asia/Damascus
feeds:
  - {id: wire, name: Wire, url: https://news.example/feed.xml}
rules:
  - id: strikes
    title: {ar: غارات, en: Air strikes}
    severity: high
    any: [غارة, air strike]
"""


def a_desk(folder: Path, rules: str = RULES, **others: str) -> Desk:
    """The rules stand in `rules.yaml`, the state in `state`, of this folder; `others` are files NAME.yaml beside it."""
    path = folder / "rules.yaml"
    path.write_text(rules, encoding="utf-8")
    for name, text in others.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return Desk(path, folder / "state", environ={})


ORIGIN = "http://127.0.0.1:8080"


class Browser(TestClient):
    """Sends what changes something as our own pages would, unless a test says where it comes from."""

    def request(self, method: str, url: Any, **more: Any) -> Response:
        headers = dict(more.pop("headers", None) or {})
        if method not in ("GET", "HEAD", "OPTIONS") and not {"origin", "sec-fetch-site"} & {*map(str.lower, headers)}:
            page = super().request("GET", "/no-such-page").text
            headers |= {"Origin": ORIGIN, "X-CSRF-Token": csrf_of(page)}
        return super().request(method, url, headers=headers, **more)


def client(desk: Desk, *, peer: str = "127.0.0.1", **headers: str) -> TestClient:
    """Speaks as a browser on this machine does; an error of ours is an answer, as in life."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return Browser(make_app(desk), base_url=ORIGIN, headers=named, raise_server_exceptions=False, client=(peer, 50000))


def csrf_of(page: str) -> str:
    """What a form of this page would bring back."""
    found = re.search(r'name="csrf" (?:value|content)="([^"]+)"', page)
    assert found is not None, "this page has no form"
    return found[1]


def post(browser: TestClient, path: str, fields: Mapping[str, str] | None = None, *, on: str, **more: Any) -> Response:
    """Sends a form as our own page at `on`, which has one, would do it. Redirects are not followed, unless asked to."""
    token = csrf_of(browser.get(on).text)
    sent = {**(fields or {}), "csrf": token}
    return browser.post(path, data=sent, headers={"Origin": ORIGIN}, **{"follow_redirects": False, **more})
