"""What a test does in the browser: it says so itself, and it is looked whether it did.

    @everywhere
    @covers("POST /alerts/{alert_id}/mute", "POST /rules/new do=save")
    def test_…

`test_every_page` wants every address and every form of the pages to be covered in this way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Request

Test = Callable[..., None]
HERE: Final = Path(__file__).parent
_BLANK: Final = re.compile(r"\\\{[^}]*\\\}")  # {name}, as re.escape leaves it


@dataclass(frozen=True, slots=True)
class Action:
    """`path` may have blanks, as routes have: {name}. `fields`: what a form or an address says beside it; '' for
    anything but nothing."""

    method: str
    path: str
    fields: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, written: str) -> Self:
        method, path, *fields = written.split(" ")
        return cls(method, path, dict(each.split("=", 1) for each in fields))

    @classmethod
    def asked(cls, request: Request) -> Self:
        """What a browser asked for; of a form with a file only that it was sent."""
        is_form = "urlencoded" in request.headers.get("content-type", "")
        return cls.at(request.url, request.method, (request.post_data_buffer or b"").decode() if is_form else "")

    @classmethod
    def at(cls, url: str, method: str = "GET", body: str = "") -> Self:
        parts = urlsplit(url)
        return cls(method, parts.path, dict(parse_qsl(f"{parts.query}&{body}")))

    def fits(self, asked: Action) -> bool:
        """Whether that was asked which this one says."""
        if self.method != asked.method or not pattern(self.path).fullmatch(asked.path):
            return False
        return all(name in asked.fields and value in ("", asked.fields[name]) for name, value in self.fields.items())


def pattern(path: str) -> re.Pattern[str]:
    """Of the addresses that a path with blanks stands for."""
    return re.compile(_BLANK.sub("[^/]+", re.escape(path)))


def covers(*actions: str) -> Callable[[Test], Test]:
    """What the test will have asked our server for when it is over, in each of its combinations."""

    def mark(test: Test) -> Test:
        test.covers = (*covered_by(test), *map(Action.of, actions))  # type: ignore[attr-defined]
        return test

    return mark


def not_asked(test: object, asked: Iterable[Action]) -> list[Action]:
    """What a test says to cover and has not asked for."""
    done = [*asked]
    return [each for each in covered_by(test) if not any(map(each.fits, done))]


def covered_by(test: object) -> tuple[Action, ...]:
    found: tuple[Action, ...] = getattr(test, "covers", ())
    return found


def every_test() -> dict[str, Any]:
    """Of this package, by module and name."""
    modules = [import_module(f"{__package__}.{path.stem}") for path in sorted(HERE.glob("test_*.py"))]
    return {
        f"{module.__name__.rpartition('.')[2]}.{name}": each
        for module in modules
        for name, each in vars(module).items()
        if name.startswith("test_") and getattr(each, "__module__", "") == module.__name__
    }
