"""The pages over HTTP, without a browser: a desk on rules and a state of the test's own."""

from __future__ import annotations

from pathlib import Path

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


def client(desk: Desk, **headers: str) -> TestClient:
    """Speaks as a browser on this machine does; an error of ours is an answer, as in life."""
    named = {key.replace("_", "-"): value for key, value in headers.items()}
    return TestClient(make_app(desk), base_url="http://127.0.0.1:8080", headers=named, raise_server_exceptions=False)
