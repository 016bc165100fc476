"""The scene of the browser tests, made once for all pages that are only read; a copy of it for those that change it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from monitor.ports import Clock
from monitor.web.desk import Desk
from tests.web.browser.scene import make


@dataclass(frozen=True)
class Told:
    """What a scene left: a rules file and a state. Nobody has it open."""

    rules: Path
    state: Path
    clock: Clock

    @property
    def now(self) -> datetime:
        return self.clock.now()

    def desk(self) -> Desk:
        return Desk(self.rules, self.state, clock=self.clock, environ={})


@pytest.fixture(scope="session")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Told:
    """To be read."""
    made = make(tmp_path_factory.mktemp("scene"))
    made.close()
    return Told(made.rules, made.state, made.world.clock)


@pytest.fixture
def fresh(scene: Told, tmp_path: Path) -> Told:
    """To be changed."""
    rules, state = tmp_path / "rules.yaml", tmp_path / "state"
    shutil.copy(scene.rules, rules)
    shutil.copytree(scene.state, state)
    return Told(rules, state, scene.clock)
