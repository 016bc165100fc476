"""Three days of news, told to a monitor that keeps its state in its directory, and to one with PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

import pytest

from monitor.store.which import VARIABLE
from tests.postgres import Postgres
from tests.web.access.made import WITH_TOKEN
from tests.web.browser.scene import RULES, PageClock, make
from tests.web.pages.conftest import Told
from tests.world import FakeClock

# So that the API answers.
WRITTEN = f"{RULES}web: {{{WITH_TOKEN}, hosts: [testserver]}}\n"


@dataclass(frozen=True)
class Kept:
    """`url` None: in the directory."""

    told: Told
    url: str | None

    @contextmanager
    def asked(self) -> Iterator[None]:
        """Whoever opens the state within finds this one."""
        with pytest.MonkeyPatch.context() as patch:
            if self.url:
                patch.setenv(VARIABLE, self.url)
            else:
                patch.delenv(VARIABLE, raising=False)
            yield


class Steady(Random):
    """Channels are told side by side: which of two that fail draws first, and so how long it waits, differs. So would
    what is tried anew by a clock that goes on meanwhile: they are told by one that stands still."""

    def random(self) -> float:
        return 0.5


@dataclass(frozen=True)
class Both:
    on_sqlite: Kept
    on_postgres: Kept


@pytest.fixture(scope="session")
def both(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """To be read. In directories of one name, because answers name it."""
    url = postgres.fresh()
    made = [_made(tmp_path_factory.mktemp(name) / "desk", where) for name, where in (("file", None), ("server", url))]
    yield Both(*made)
    postgres.drop(url)


def _made(folder, url: str | None) -> Kept:
    folder.mkdir()
    kept = Kept(Told(folder / "rules.yaml", folder / "state", None), url)
    with kept.asked(), pytest.MonkeyPatch.context() as patch:
        patch.setattr("tests.world.Random", Steady)
        patch.setattr("tests.web.browser.scene.PageClock", FakeClock)
        scene = make(folder)
        scene.close()
    scene.rules.write_text(WRITTEN, encoding="utf-8")
    return Kept(Told(scene.rules, scene.state, PageClock(scene.now)), url)
