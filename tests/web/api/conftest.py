"""A desk over the scene of the browser tests, whose pages want a token, and a program that has it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from monitor.web.app import make_app
from monitor.web.desk import Desk
from tests.web.access.made import TOKEN, WITH_TOKEN
from tests.web.browser.scene import PageClock, make
from tests.web.pages.conftest import Told
from tests.web.site import ORIGIN

# The examples of the document mean something here.
RULE = "  - {id: strikes, title: {en: Strikes}, any: [إضراب]}\n"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@dataclass(frozen=True)
class Api:
    """`app` serves what `told` left. `program` shows the token."""

    told: Told
    desk: Desk
    app: Starlette
    program: TestClient

    def get(self, path: str, status: int = 200):
        answer = self.program.get(f"/api/v1{path}")
        assert answer.status_code == status, answer.text
        return answer.json()


def an_api(told: Told) -> Api:
    desk = Desk(told.rules, told.state, clock=told.clock, environ={"WEB_TOKEN": TOKEN})
    app = make_app(desk)
    program = TestClient(app, base_url=ORIGIN, headers=BEARER, raise_server_exceptions=False)
    return Api(told, desk, app, program)


def copied(told: Told, folder: Path) -> Told:
    folder.mkdir(exist_ok=True)
    rules, state = folder / "rules.yaml", folder / "state"
    shutil.copy(told.rules, rules)
    shutil.copytree(told.state, state)
    return Told(rules, state, told.clock)


@pytest.fixture(scope="session")
def told(tmp_path_factory) -> Told:
    made = make(tmp_path_factory.mktemp("api"))
    made.close()
    rules = made.rules.read_text(encoding="utf-8").replace("rules:\n", f"rules:\n{RULE}", 1)
    made.rules.write_text(f"{rules}web: {{{WITH_TOKEN}, hosts: [testserver]}}\n", encoding="utf-8")
    return Told(made.rules, made.state, made.world.clock)


@pytest.fixture(scope="module")
def api(told, tmp_path_factory) -> Api:
    """To be read."""
    return an_api(copied(told, tmp_path_factory.mktemp("read") / "api"))


@pytest.fixture
def own(told, tmp_path) -> Api:
    """To be changed."""
    made = copied(told, tmp_path / "own")
    return an_api(Told(made.rules, made.state, PageClock(told.now)))
